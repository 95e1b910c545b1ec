using System;

namespace FeatureAlignment.Telemetry;

/// <summary>Something a device shall do, once for each id.</summary>
public sealed record TelemetryCommand
{
    /// <summary>Creates a command.</summary>
    /// <param name="id">Names it for ever, 1 to 64 of A-Z, a-z, 0-9, _, . and -.</param>
    /// <param name="name">What to do, 1 to 64 of a-z, 0-9 and _.</param>
    /// <param name="args">Texts, numbers, truth values and arrays of numbers; null for none. Not to be added to any more.</param>
    /// <param name="expiresMilliseconds">Unix milliseconds from which on it must not be done any more; 0 = never expires.</param>
    /// <exception cref="ArgumentException">One of them is out of its range.</exception>
    public TelemetryCommand(string id, string name, TelemetryFields? args = null, long expiresMilliseconds = 0)
    {
        Id = TelemetryNames.RequireKey(id, nameof(id));
        Name = TelemetryNames.RequireName(name, nameof(name));
        Args = TelemetryFields.Take(args, allowBooleans: true, nameof(args));
        ExpiresMilliseconds = ArgumentChecks.Time(expiresMilliseconds, nameof(expiresMilliseconds));
    }

    /// <summary>Names the command for ever.</summary>
    public string Id { get; }

    /// <summary>What to do.</summary>
    public string Name { get; }

    /// <summary>How to do it.</summary>
    public TelemetryFields Args { get; }

    /// <summary>Unix milliseconds from which on it must not be done any more; 0 = never expires.</summary>
    public long ExpiresMilliseconds { get; }
}
