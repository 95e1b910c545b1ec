using System;
using System.Threading;

namespace FeatureAlignment.Simulator.Devices;

/// <summary>Lets real time pass with simulated time.</summary>
/// <param name="speed">Simulated seconds in a second; null for no waiting.</param>
/// <param name="time">The real time.</param>
/// <param name="cancellation">Ends a wait.</param>
internal sealed class DevicePace(double? speed, TimeProvider time, CancellationToken cancellation)
{
    // Shorter waits are longer than asked for.
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(15);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    private readonly long start = time.GetTimestamp();
    private TimeSpan owed;

    public void Pass(TimeSpan duration)
    {
        if (speed is not { } factor)
        {
            return;
        }

        owed += duration / factor;
        TimeSpan ahead = owed - time.GetElapsedTime(start);
        while (ahead > ShortestWait && !cancellation.WaitHandle.WaitOne(ahead < LongestWait ? ahead : LongestWait))
        {
            ahead = owed - time.GetElapsedTime(start);
        }
    }
}
