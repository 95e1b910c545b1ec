using System;
using FeatureAlignment.Device.Platform;
using Microsoft.Extensions.Logging;

namespace FeatureAlignment.DeviceApp.Sensors;

/// <summary>How often sensors are read in the background, and how old a value may be before it counts as none.</summary>
internal sealed record Sampling(TimeSpan Period, TimeSpan LongestAge, IDeviceClock Clock, ILogger Logger)
{
    // Meadow polls each chip on a task of its own: faster than this the bus is busy with nothing else.
    private static readonly TimeSpan ShortestPeriod = TimeSpan.FromMilliseconds(100), LongestPeriod = TimeSpan.FromSeconds(10);

    /// <summary>Twice for each reading that the application takes, so that a value is at most half a period old.</summary>
    public static Sampling For(TimeSpan sensorPeriod, IDeviceClock clock, ILogger logger)
    {
        TimeSpan half = sensorPeriod / 2;
        TimeSpan period = half < ShortestPeriod ? ShortestPeriod : half > LongestPeriod ? LongestPeriod : half;
        return new Sampling(period, (3 * period) + TimeSpan.FromSeconds(2), clock, logger);
    }
}
