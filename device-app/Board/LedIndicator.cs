using System;
using System.Threading.Tasks;
using FeatureAlignment.Device.Platform;
using Meadow;
using Meadow.Peripherals.Leds;
using Microsoft.Extensions.Logging;

namespace FeatureAlignment.DeviceApp.Board;

/// <summary>The state as colour and rhythm, so that it can be told without seeing colours. The table is in device-app/README.md.</summary>
internal sealed class LedIndicator : IIndicator
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(200), Long = TimeSpan.FromMilliseconds(1800);

    private readonly IRgbPwmLed? led;
    private readonly ILogger logger;
    private IndicatorState? shown;
    private Task change = Task.CompletedTask;

    public LedIndicator(IRgbPwmLed? led, ILogger logger)
    {
        this.led = led;
        this.logger = logger;
    }

    /// <inheritdoc/>
    public void Show(IndicatorState state)
    {
        if (led is null || shown == state)
        {
            return;
        }

        // Ending a rhythm takes as long as one of its phases: changes queue up, the caller does not wait.
        shown = state;
        change = ChangeAfter(change, led, state);
    }

    private async Task ChangeAfter(Task earlier, IRgbPwmLed led, IndicatorState state)
    {
        await earlier.ConfigureAwait(false);
        try
        {
            await led.StopAnimation().ConfigureAwait(false);
            switch (state)
            {
                case IndicatorState.Starting: led.SetColor(Color.White); break;
                case IndicatorState.Learning: led.SetColor(Color.Blue); break;
                case IndicatorState.Watching: led.SetColor(Color.Green); break;
                case IndicatorState.Alarm: await led.StartBlink(Color.Red, Short, Short).ConfigureAwait(false); break;
                case IndicatorState.Paused: await led.StartBlink(Color.Blue, Short, Long).ConfigureAwait(false); break;
                case IndicatorState.Fault: led.SetColor(Color.Red); break;
            }
        }
#pragma warning disable CA1031 // A light that fails must not stop the learning; nobody awaits the last change.
        catch (Exception e)
#pragma warning restore CA1031
        {
            logger.LogWarning(e, "The light could not show {State}.", state);
        }
    }
}
