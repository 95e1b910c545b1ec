using FeatureAlignment.Dashboard.Storage.Series;
using FeatureAlignment.Telemetry;

namespace FeatureAlignment.Dashboard.Storage;

/// <summary>A run of a device. Times are Unix milliseconds.</summary>
public sealed record RunRecord(
    long Id, string DeviceId, string Name, string Title, string Notes, string Tags, TelemetryFields? Settings, string App,
    long FirstSeenAt, long LastSeenAt, long LastStep);

/// <summary>What people change about a run; null leaves it.</summary>
public sealed record RunEdit(string? Title = null, string? Notes = null, string? Tags = null);

/// <summary>A series of a run and its newest point.</summary>
public sealed record SeriesRecord(int? Layer, string Name, long Points, SeriesEntry? Last);

/// <summary>A stored event.</summary>
public sealed record EventRecord(long Id, string DeviceId, long RunId, long ReceivedAt, TelemetryEvent Content)
{
    /// <summary>When it was, in Unix milliseconds; when it was received if the device's clock was not set.</summary>
    public long Time => Content.TimeMilliseconds != 0 ? Content.TimeMilliseconds : ReceivedAt;
}

/// <summary>A stored line of a log.</summary>
public sealed record LogRecord(long Id, string DeviceId, long RunId, long ReceivedAt, TelemetryLog Content)
{
    /// <inheritdoc cref="EventRecord.Time"/>
    public long Time => Content.TimeMilliseconds != 0 ? Content.TimeMilliseconds : ReceivedAt;
}

/// <summary>A stored picture.</summary>
public sealed record ImageRecord(long Id, long RunId, TelemetryImage Content);

/// <summary>Which events are wanted: newest first, at most <paramref name="Limit"/>, ids below <paramref name="Before"/> to turn
/// pages.</summary>
public sealed record EventFilter(
    string? DeviceId = null, long? RunId = null, string? Kind = null, long Before = long.MaxValue, int Limit = 200);

/// <summary>Which lines are wanted: newest first; <paramref name="Text"/> is looked for without regard to case of ASCII letters.</summary>
public sealed record LogFilter(
    string DeviceId, TelemetryLogLevel AtLeast = TelemetryLogLevel.Trace, string? Text = null, long Before = long.MaxValue,
    int Limit = 200);
