using System;

namespace FeatureAlignment.Telemetry;

/// <summary>
/// How much it matters that a record arrives. A full spool drops the lowest first; an event states its own as <c>level</c>.
/// </summary>
public enum TelemetryPriority
{
    /// <summary>Nice to have: pictures, chatter.</summary>
    Low,

    /// <summary>The ordinary flow.</summary>
    Normal,

    /// <summary>Must not be lost: anomalies, failures, answers to commands, a run's settings.</summary>
    High,
}

/// <summary>How bad a line of the log is; the same six as in Microsoft.Extensions.Logging.</summary>
public enum TelemetryLogLevel
{
    /// <summary>Every detail.</summary>
    Trace,

    /// <summary>For who looks for a fault.</summary>
    Debug,

    /// <summary>The ordinary course.</summary>
    Information,

    /// <summary>Unexpected, but it goes on.</summary>
    Warning,

    /// <summary>Something was not done.</summary>
    Error,

    /// <summary>The application cannot go on.</summary>
    Critical,
}

/// <summary>Words for levels on the wire, and the priority of each kind of record.</summary>
public static class TelemetryLevels
{
    private static readonly string[] Priorities = ["low", "normal", "high"];
    private static readonly string[] LogLevels = ["trace", "debug", "information", "warning", "error", "critical"];

    /// <summary>Word of a priority.</summary>
    /// <param name="priority">Which.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is none of the three.</exception>
    public static string ToWord(TelemetryPriority priority) => Priorities[(int)Require(priority)];

    /// <summary>Word of a log level.</summary>
    /// <param name="level">Which.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is none of the six.</exception>
    public static string ToWord(TelemetryLogLevel level) => LogLevels[(int)Require(level)];

    /// <summary>The priority that a word names.</summary>
    /// <param name="word">low, normal or high.</param>
    /// <param name="priority">Which.</param>
    /// <returns>False when it names none.</returns>
    public static bool TryParse(string? word, out TelemetryPriority priority)
    {
        int index = Array.IndexOf(Priorities, word);
        priority = (TelemetryPriority)Math.Max(index, 0);
        return index >= 0;
    }

    /// <summary>The log level that a word names.</summary>
    /// <param name="word">trace, debug, information, warning, error or critical.</param>
    /// <param name="level">Which.</param>
    /// <returns>False when it names none.</returns>
    public static bool TryParse(string? word, out TelemetryLogLevel level)
    {
        int index = Array.IndexOf(LogLevels, word);
        level = (TelemetryLogLevel)Math.Max(index, 0);
        return index >= 0;
    }

    /// <summary>Priority of a line of the log: high from error on, normal for warnings, else low.</summary>
    /// <param name="log">The line.</param>
    /// <exception cref="ArgumentNullException"><paramref name="log"/> is null.</exception>
    public static TelemetryPriority PriorityOf(TelemetryLog log)
    {
        ArgumentChecks.NotNull(log, nameof(log));
        return log.Level >= TelemetryLogLevel.Error ? TelemetryPriority.High
            : log.Level == TelemetryLogLevel.Warning ? TelemetryPriority.Normal : TelemetryPriority.Low;
    }

    /// <summary>Priority of a batch: the highest of what is in it. A run's settings are high, points normal, pictures low.</summary>
    /// <param name="batch">The batch.</param>
    /// <exception cref="ArgumentNullException"><paramref name="batch"/> is null.</exception>
    public static TelemetryPriority PriorityOf(TelemetryBatch batch)
    {
        ArgumentChecks.NotNull(batch, nameof(batch));
        TelemetryPriority highest = batch.RunSettings is not null ? TelemetryPriority.High
            : batch.Points.Count > 0 ? TelemetryPriority.Normal : TelemetryPriority.Low;
        foreach (TelemetryEvent one in batch.Events)
        {
            highest = one.Level > highest ? one.Level : highest;
        }

        foreach (TelemetryLog log in batch.Logs)
        {
            highest = PriorityOf(log) > highest ? PriorityOf(log) : highest;
        }

        return highest;
    }

    internal static TelemetryPriority Require(TelemetryPriority level) =>
        level is >= TelemetryPriority.Low and <= TelemetryPriority.High
            ? level
            : throw new ArgumentOutOfRangeException(nameof(level), $"level must be low, normal or high; was {(int)level}.");

    internal static TelemetryLogLevel Require(TelemetryLogLevel level) =>
        level is >= TelemetryLogLevel.Trace and <= TelemetryLogLevel.Critical
            ? level
            : throw new ArgumentOutOfRangeException(nameof(level), $"level must be one of trace to critical; was {(int)level}.");
}
