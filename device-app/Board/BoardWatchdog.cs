using System;
using FeatureAlignment.Device.Platform;
using Meadow.Hardware;

namespace FeatureAlignment.DeviceApp.Board;

/// <summary>
/// The processor's independent watchdog. It is started by the first feeding, so that a slow start does not count, and cannot be stopped
/// again: when the application has ended, the board restarts half a minute later, whatever else hangs.
/// </summary>
internal sealed class BoardWatchdog : IWatchdog
{
    // The hardware counts to 32.767 s at most, from an oscillator that may be some percent fast.
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private readonly IWatchdogController controller;
    private bool isStarted;

    public BoardWatchdog(IWatchdogController controller) => this.controller = controller;

    /// <inheritdoc/>
    public void Feed()
    {
        if (!isStarted)
        {
            controller.WatchdogEnable(Timeout);
            isStarted = true;
        }

        controller.WatchdogReset();
    }
}
