// Read from WildernessLabs/Meadow.Core, develop 724db610: Source/implementations/f7/Meadow.F7/Devices/{F7FeatherBase,F7FeatherV2,
// F7CoreCompute}.cs, Devices/Definitions/IF7FeatherPinout.cs; WildernessLabs/Meadow.ProjectLab, 2.1.0.1 (9f015ea):
// Source/Meadow.ProjectLab/{ProjectLab,IProjectLabHardware}.cs; WildernessLabs/Meadow.Foundation, develop 423788a98:
// Source/Meadow.Foundation.Core/Leds/RgbPwmLed.cs.
// The originals drive hardware; here a test plays it.
using System;
using System.Threading.Tasks;
using Meadow.Hardware;
using Meadow.Peripherals.Displays;
using Meadow.Peripherals.Leds;
using Meadow.Peripherals.Sensors;
using Meadow.Peripherals.Sensors.Atmospheric;
using Meadow.Peripherals.Sensors.Buttons;
using Meadow.Peripherals.Sensors.Environmental;
using Meadow.Peripherals.Sensors.Light;
using Meadow.Peripherals.Sensors.Motion;

namespace Meadow.Devices
{
    public interface IF7FeatherPinout
    {
        IPin OnboardLedBlue { get; }

        IPin OnboardLedGreen { get; }

        IPin OnboardLedRed { get; }
    }

    public abstract class F7MicroBase(IPlatformOS platformOS, IDeviceInformation information, IWatchdogController watchdog) : IMeadowDevice
    {
        public IPlatformOS PlatformOS { get; } = platformOS;

        public IDeviceInformation Information { get; } = information;

        public void WatchdogEnable(TimeSpan timeout) => watchdog.WatchdogEnable(timeout);

        public void WatchdogReset() => watchdog.WatchdogReset();
    }

    public class F7FeatherV2(IPlatformOS platformOS, IDeviceInformation information, IWatchdogController watchdog, IF7FeatherPinout pins)
        : F7MicroBase(platformOS, information, watchdog)
    {
        public IF7FeatherPinout Pins { get; } = pins;
    }

    public class F7CoreComputeV2(IPlatformOS platformOS, IDeviceInformation information, IWatchdogController watchdog)
        : F7MicroBase(platformOS, information, watchdog);

    public interface IProjectLabHardware : IMeadowAppEmbeddedHardware
    {
        IButton? UpButton { get; }

        IButton? DownButton { get; }

        IButton? LeftButton { get; }

        IButton? RightButton { get; }

        IRgbPwmLed? RgbLed { get; }

        ILightSensor? LightSensor { get; }

        ITemperatureSensor? TemperatureSensor2 { get; }

        IHumiditySensor? HumiditySensor { get; }

        IBarometricPressureSensor? BarometricPressureSensor { get; }

        IGasResistanceSensor? GasResistanceSensor { get; }

        IGyroscope? Gyroscope { get; }

        IAccelerometer? Accelerometer { get; }

        IPixelDisplay? Display { get; }
    }

    public class ProjectLab : IMeadowAppEmbeddedHardwareProvider<IProjectLabHardware>
    {
        public IProjectLabHardware Create(IMeadowDevice device) => throw new NotSupportedException();
    }

    public abstract class ProjectLabCoreComputeApp : App<F7CoreComputeV2, ProjectLab, IProjectLabHardware>
    {
    }
}

namespace Meadow.Foundation.Leds
{
    public class RgbPwmLed(IPin redPwmPin, IPin greenPwmPin, IPin bluePwmPin, CommonType commonType = CommonType.CommonCathode) : IRgbPwmLed
    {
        internal (IPin Red, IPin Green, IPin Blue, CommonType Common) Wiring { get; } = (redPwmPin, greenPwmPin, bluePwmPin, commonType);

        public void SetColor(Color color, float brightness = 1)
        {
        }

        public Task StartBlink(
            Color color, TimeSpan onDuration, TimeSpan offDuration, float highBrightness = 1f, float lowBrightness = 0f) =>
            Task.CompletedTask;

        public Task StopAnimation() => Task.CompletedTask;
    }
}
