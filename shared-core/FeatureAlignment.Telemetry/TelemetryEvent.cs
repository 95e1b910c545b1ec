using System;

namespace FeatureAlignment.Telemetry;

/// <summary>Something that happened at one time.</summary>
public sealed record TelemetryEvent
{
    /// <summary>Creates an event.</summary>
    /// <param name="timeMilliseconds">Unix milliseconds of the device's clock, 0 (not set) to the end of the year 9999.</param>
    /// <param name="step">Samples seen in the run, 0 or more.</param>
    /// <param name="kind">A kind of <see cref="EventKinds"/> or a new one, 1 to 64 of a-z, 0-9 and _.</param>
    /// <param name="level">How much it matters that it arrives.</param>
    /// <param name="text">One sentence for people; control characters become visible ones.</param>
    /// <param name="data">Texts, numbers and arrays of numbers; null for none. Not to be added to any more.</param>
    /// <exception cref="ArgumentException">One of them is out of its range.</exception>
    public TelemetryEvent(long timeMilliseconds, long step, string kind, TelemetryPriority level, string text, TelemetryFields? data = null)
    {
        TimeMilliseconds = ArgumentChecks.Time(timeMilliseconds, nameof(timeMilliseconds));
        Step = ArgumentChecks.AtLeast(step, 0, nameof(step));
        Kind = TelemetryNames.RequireName(kind, nameof(kind));
        Level = TelemetryLevels.Require(level);
        Text = TelemetryText.Clean(text);
        Data = TelemetryFields.Take(data, allowBooleans: false, nameof(data));
    }

    /// <summary>Unix milliseconds of the device's clock; 0 when it is not set.</summary>
    public long TimeMilliseconds { get; }

    /// <summary>Samples seen in the run.</summary>
    public long Step { get; }

    /// <summary>What kind of thing happened.</summary>
    public string Kind { get; }

    /// <summary>How much it matters that it arrives.</summary>
    public TelemetryPriority Level { get; }

    /// <summary>One sentence for people.</summary>
    public string Text { get; }

    /// <summary>Details for programs.</summary>
    public TelemetryFields Data { get; }
}
