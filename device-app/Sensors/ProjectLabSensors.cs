using System.Collections.Generic;
using FeatureAlignment.Device.Platform;
using Meadow.Devices;
using Meadow.Units;

namespace FeatureAlignment.DeviceApp.Sensors;

/// <summary>
/// Sensors of a Project Lab: BME688 (air), BMI270 (motion), BH1750 (light). One that does not answer at the start is NaN until a restart
/// finds it: the network's inputs stay the same.
/// </summary>
internal static class ProjectLabSensors
{
    public static IReadOnlyList<ISensor> Create(IProjectLabHardware hardware, Sampling sampling)
    {
        // The first temperature sensor is the BMI270's, of its own silicon; the second is that of the air.
        var temperature = SampledChip<Temperature>.Start(hardware.TemperatureSensor2, sampling);
        var humidity = SampledChip<RelativeHumidity>.Start(hardware.HumiditySensor, sampling);
        var pressure = SampledChip<Pressure>.Start(hardware.BarometricPressureSensor, sampling);
        var gas = SampledChip<Resistance>.Start(hardware.GasResistanceSensor, sampling);
        var acceleration = SampledChip<Acceleration3D>.Start(hardware.Accelerometer, sampling);
        var rotation = SampledChip<AngularVelocity3D>.Start(hardware.Gyroscope, sampling);
        var light = SampledChip<Illuminance>.Start(hardware.LightSensor, sampling);
        return new[]
        {
            temperature.Sensor("temperature", "°C", value => value.Celsius),
            humidity.Sensor("humidity", "%", value => value.Percent),
            pressure.Sensor("pressure", "hPa", value => value.Hectopascal),
            gas.Sensor("gas_resistance", "kΩ", value => value.Kiloohms),
            acceleration.Sensor("acceleration_x", "g", value => value.X.Gravity),
            acceleration.Sensor("acceleration_y", "g", value => value.Y.Gravity),
            acceleration.Sensor("acceleration_z", "g", value => value.Z.Gravity),
            rotation.Sensor("rotation_x", "°/s", value => value.X.DegreesPerSecond),
            rotation.Sensor("rotation_y", "°/s", value => value.Y.DegreesPerSecond),
            rotation.Sensor("rotation_z", "°/s", value => value.Z.DegreesPerSecond),
            light.Sensor("light", "lx", value => value.Lux),
        };
    }
}
