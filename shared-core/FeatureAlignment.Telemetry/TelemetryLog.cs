using System;

namespace FeatureAlignment.Telemetry;

/// <summary>A line of the device's log.</summary>
public sealed record TelemetryLog
{
    /// <summary>Creates a line.</summary>
    /// <param name="timeMilliseconds">Unix milliseconds of the device's clock, 0 (not set) to the end of the year 9999.</param>
    /// <param name="level">How bad it is.</param>
    /// <param name="text">The line; control characters, line ends among them, become visible ones.</param>
    /// <exception cref="ArgumentException">One of them is out of its range.</exception>
    public TelemetryLog(long timeMilliseconds, TelemetryLogLevel level, string text)
    {
        TimeMilliseconds = ArgumentChecks.Time(timeMilliseconds, nameof(timeMilliseconds));
        Level = TelemetryLevels.Require(level);
        Text = TelemetryText.Clean(text);
    }

    /// <summary>Unix milliseconds of the device's clock; 0 when it is not set.</summary>
    public long TimeMilliseconds { get; }

    /// <summary>How bad it is.</summary>
    public TelemetryLogLevel Level { get; }

    /// <summary>The line.</summary>
    public string Text { get; }
}
