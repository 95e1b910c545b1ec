using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Threading.Tasks;
using Meadow;
using Meadow.Devices;
using Meadow.Peripherals.Displays;
using Meadow.Peripherals.Leds;
using Meadow.Peripherals.Sensors;
using Meadow.Peripherals.Sensors.Atmospheric;
using Meadow.Peripherals.Sensors.Buttons;
using Meadow.Peripherals.Sensors.Environmental;
using Meadow.Peripherals.Sensors.Light;
using Meadow.Peripherals.Sensors.Motion;

namespace FeatureAlignment.DeviceApp.Tests.Support;

/// <summary>A Project Lab around a board.</summary>
internal sealed class FakeProjectLab(FakeBoard board) : IProjectLabHardware
{
    public IMeadowDevice ComputeModule { get; } = new F7CoreComputeV2(board, board, board);

    public FakeButton Up { get; } = new();

    public FakeLed Led { get; } = new();

    public FakeThermometer Thermometer { get; } = new();

    public IButton? UpButton => Up;

    public FakeHygrometer Hygrometer { get; } = new();

    public IButton? DownButton { get; } = new FakeButton();

    public IButton? LeftButton => null;

    public IButton? RightButton => null;

    public IRgbPwmLed? RgbLed => Led;

    public ILightSensor? LightSensor { get; } = new FakeLightSensor();

    public ITemperatureSensor? TemperatureSensor2 => Thermometer;

    public IHumiditySensor? HumiditySensor => Hygrometer;

    public IBarometricPressureSensor? BarometricPressureSensor { get; } = new FakeBarometer();

    public IGasResistanceSensor? GasResistanceSensor => null;

    public IGyroscope? Gyroscope { get; } = new FakeGyroscope();

    public IAccelerometer? Accelerometer { get; } = new FakeAccelerometer();

    public IPixelDisplay? Display { get; } = new FakeDisplay();
}

internal sealed class FakeButton : IButton
{
    public event EventHandler? Clicked;

    public void Click() => Clicked?.Invoke(this, EventArgs.Empty);
}

internal sealed class FakeDisplay : IPixelDisplay
{
    public List<(int X, int Y, int Width, int Height, Color Color)> Fills { get; } = [];

    public int Shows { get; private set; }

    public int Width => 320;

    public int Height => 240;

    public void Show() => Shows++;

    public void Fill(int x, int y, int width, int height, Color fillColor) => Fills.Add((x, y, width, height, fillColor));
}

internal sealed class FakeLed : IRgbPwmLed
{
    public ConcurrentQueue<string> Shown { get; } = new();

    public bool IsBroken { get; set; }

    public void SetColor(Color color, float brightness = 1) => Show($"{Name(color)} steady");

    public Task StartBlink(Color color, TimeSpan onDuration, TimeSpan offDuration, float highBrightness = 1f, float lowBrightness = 0f)
    {
        Show(FormattableString.Invariant($"{Name(color)} {onDuration.TotalSeconds} on {offDuration.TotalSeconds} off"));
        return Task.CompletedTask;
    }

    public Task StopAnimation() => Task.CompletedTask;

    private void Show(string what)
    {
        if (IsBroken)
        {
            throw new InvalidOperationException("no pulse");
        }

        Shown.Enqueue(what);
    }

    private static string Name(Color color) => $"{color.R:X2}{color.G:X2}{color.B:X2}";
}
