using System;
using System.Threading.Tasks;
using FeatureAlignment.DeviceApp.Board;
using FeatureAlignment.DeviceApp.Sensors;
using Meadow;
using Meadow.Devices;
using Meadow.Foundation.Leds;
using Meadow.Peripherals.Leds;

namespace FeatureAlignment.DeviceApp;

/// <summary>Composition root on an F7 Feather v2. Add sensors in <see cref="FeatherSensors"/>.</summary>
public sealed class FeatherApp : App<F7FeatherV2>
{
    private ApplicationHost? host;

    /// <inheritdoc/>
    public override Task Initialize()
    {
        host = ApplicationHost.Create(Device, Settings, sampling => new BoardParts(
            new RgbPwmLed(Device.Pins.OnboardLedRed, Device.Pins.OnboardLedGreen, Device.Pins.OnboardLedBlue, CommonType.CommonAnode),
            Display: null,
            FeatherSensors.Create(Device, sampling),
            new BoardButtons()));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override Task Run() => host!.Run(CancellationToken);

    /// <inheritdoc/>
    public override Task OnShutdown() => host?.StopAsync() ?? Task.CompletedTask;

    /// <inheritdoc/>
    public override Task OnError(Exception e)
    {
        host?.Report(e);
        return Task.CompletedTask;
    }
}
