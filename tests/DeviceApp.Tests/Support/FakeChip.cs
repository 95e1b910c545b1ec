using System;
using Meadow;
using Meadow.Peripherals.Sensors;
using Meadow.Peripherals.Sensors.Atmospheric;
using Meadow.Peripherals.Sensors.Environmental;
using Meadow.Peripherals.Sensors.Light;
using Meadow.Peripherals.Sensors.Motion;
using Meadow.Units;

namespace FeatureAlignment.DeviceApp.Tests.Support;

/// <summary>A chip that Meadow polls: raises an event for each reading, and none while it does not answer.</summary>
internal class FakeChip<TUnit> : ISamplingSensor<TUnit> where TUnit : struct
{
    public event EventHandler<IChangeResult<TUnit>>? Updated;

    public TimeSpan? Interval { get; private set; }

    public void StartUpdating(TimeSpan? updateInterval = null) => Interval = updateInterval;

    public void Measure(TUnit value) => Updated?.Invoke(this, new Change { New = value });

    private sealed class Change : IChangeResult<TUnit>
    {
        public TUnit New { get; set; }

        public TUnit? Old { get; set; }
    }
}

internal sealed class FakeThermometer : FakeChip<Temperature>, ITemperatureSensor;

internal sealed class FakeHygrometer : FakeChip<RelativeHumidity>, IHumiditySensor;

internal sealed class FakeBarometer : FakeChip<Pressure>, IBarometricPressureSensor;

internal sealed class FakeGasSensor : FakeChip<Resistance>, IGasResistanceSensor;

internal sealed class FakeLightSensor : FakeChip<Illuminance>, ILightSensor;

internal sealed class FakeAccelerometer : FakeChip<Acceleration3D>, IAccelerometer;

internal sealed class FakeGyroscope : FakeChip<AngularVelocity3D>, IGyroscope;
