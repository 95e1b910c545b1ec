using System;
using System.Diagnostics;
using System.Threading;
using FeatureAlignment.Device.Platform;

namespace FeatureAlignment.DeviceApp.Board;

/// <summary>The board's clock. Without a battery it starts years ago, and the network time server sets it some seconds later.</summary>
internal sealed class BoardClock : IDeviceClock
{
    // Before this the clock cannot have been set: this code did not exist.
    private static readonly DateTimeOffset Earliest = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Stopwatch sinceStart = Stopwatch.StartNew();
    private readonly Func<DateTimeOffset> now;

    public BoardClock(Func<DateTimeOffset>? now = null) => this.now = now ?? (() => DateTimeOffset.UtcNow);

    /// <inheritdoc/>
    public long UnixMilliseconds
    {
        get
        {
            DateTimeOffset time = now();
            return time >= Earliest ? time.ToUnixTimeMilliseconds() : 0;
        }
    }

    /// <inheritdoc/>
    public TimeSpan Uptime => sinceStart.Elapsed;

    /// <inheritdoc/>
    public void Wait(TimeSpan duration, CancellationToken stopping) => stopping.WaitHandle.WaitOne(duration);
}
