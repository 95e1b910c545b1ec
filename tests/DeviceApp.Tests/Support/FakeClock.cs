using System;
using System.Threading;
using FeatureAlignment.Device.Platform;

namespace FeatureAlignment.DeviceApp.Tests.Support;

/// <summary>Time that passes when a test says so.</summary>
internal sealed class FakeClock : IDeviceClock
{
    public long UnixMilliseconds => 1_795_350_000_000 + (long)Uptime.TotalMilliseconds;

    public TimeSpan Uptime { get; set; }

    /// <summary>What happens in the world while the application waits, on its thread.</summary>
    public Action? Passing { get; set; }

    public void Wait(TimeSpan duration, CancellationToken stopping)
    {
        Uptime += duration;
        Passing?.Invoke();
    }
}
