// Read from WildernessLabs/Meadow.Contracts, 2.1.0.1 (d83b7ec): Source/Meadow.Contracts/Peripherals/Displays/IPixelDisplay.cs,
// Peripherals/Leds/{ILed,IRgbPwmLed,CommonType}.cs, Peripherals/Sensors/{ISensor,ISamplingSensor}.cs and below it Buttons/IButton.cs,
// Temperature/ITemperatureSensor.cs, Atmospheric/, Environmental/, Light/, Motion/.
using System;
using System.Threading.Tasks;
using Meadow.Units;

namespace Meadow.Peripherals.Displays
{
    public interface IPixelDisplay
    {
        int Width { get; }

        int Height { get; }

        void Show();

        void Fill(int x, int y, int width, int height, Color fillColor);
    }
}

namespace Meadow.Peripherals.Leds
{
    public enum CommonType
    {
        CommonCathode,
        CommonAnode,
    }

    public interface ILed
    {
        Task StopAnimation();
    }

    public interface IRgbPwmLed : ILed
    {
        void SetColor(Color color, float brightness = 1);

        Task StartBlink(Color color, TimeSpan onDuration, TimeSpan offDuration, float highBrightness = 1f, float lowBrightness = 0f);
    }
}

namespace Meadow.Peripherals.Sensors
{
    public interface ISensor
    {
    }

    public interface ISamplingSensor
    {
        void StartUpdating(TimeSpan? updateInterval = null);
    }

    public interface ISamplingSensor<UNIT> : ISensor, ISamplingSensor where UNIT : struct
    {
        event EventHandler<IChangeResult<UNIT>> Updated;
    }

    public interface ITemperatureSensor : ISamplingSensor<Temperature>
    {
    }
}

namespace Meadow.Peripherals.Sensors.Buttons
{
    public interface IButton : ISensor
    {
        event EventHandler Clicked;
    }
}

namespace Meadow.Peripherals.Sensors.Atmospheric
{
    public interface IHumiditySensor : ISamplingSensor<RelativeHumidity>
    {
    }

    public interface IBarometricPressureSensor : ISamplingSensor<Pressure>
    {
    }
}

namespace Meadow.Peripherals.Sensors.Environmental
{
    public interface IGasResistanceSensor : ISamplingSensor<Resistance>
    {
    }
}

namespace Meadow.Peripherals.Sensors.Light
{
    public interface ILightSensor : ISamplingSensor<Illuminance>
    {
    }
}

namespace Meadow.Peripherals.Sensors.Motion
{
    public interface IAccelerometer : ISamplingSensor<Acceleration3D>
    {
    }

    public interface IGyroscope : ISamplingSensor<AngularVelocity3D>
    {
    }
}
