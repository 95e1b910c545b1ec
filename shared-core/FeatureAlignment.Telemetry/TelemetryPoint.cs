using System;
using FeatureAlignment.Telemetry.Json;

namespace FeatureAlignment.Telemetry;

/// <summary>One value of one series at one time.</summary>
public sealed record TelemetryPoint
{
    /// <summary>Creates a point.</summary>
    /// <param name="timeMilliseconds">Unix milliseconds of the device's clock, 0 (not set) to the end of the year 9999.</param>
    /// <param name="step">Samples seen in the run, 0 or more.</param>
    /// <param name="layer">Index of the layer, from 0; null for the whole network.</param>
    /// <param name="name">A name of <see cref="MetricNames"/> or a new one, 1 to 64 of a-z, 0-9 and _.</param>
    /// <param name="value">A finite number in the unit of the name.</param>
    /// <exception cref="ArgumentException">One of them is out of its range; a value that is not finite is among that.</exception>
    public TelemetryPoint(long timeMilliseconds, long step, int? layer, string name, double value)
    {
        TimeMilliseconds = ArgumentChecks.Time(timeMilliseconds, nameof(timeMilliseconds));
        Step = ArgumentChecks.AtLeast(step, 0, nameof(step));
        Layer = layer is int index ? ArgumentChecks.AtLeast(index, 0, nameof(layer)) : null;
        Name = TelemetryNames.RequireName(name, nameof(name));
        Value = ArgumentChecks.Finite(value, nameof(value));
    }

    /// <summary>
    /// Creates a point of a float, which goes out with the few digits a float has; see <see cref="DecimalNumber.FromSingle"/>.
    /// </summary>
    /// <param name="timeMilliseconds">As above.</param>
    /// <param name="step">As above.</param>
    /// <param name="layer">As above.</param>
    /// <param name="name">As above.</param>
    /// <param name="value">A finite number in the unit of the name.</param>
    /// <exception cref="ArgumentException">As above.</exception>
    public static TelemetryPoint OfSingle(long timeMilliseconds, long step, int? layer, string name, float value) =>
        new(timeMilliseconds, step, layer, name, DecimalNumber.FromSingle(value));

    /// <summary>Unix milliseconds of the device's clock; 0 when it is not set.</summary>
    public long TimeMilliseconds { get; }

    /// <summary>Samples seen in the run.</summary>
    public long Step { get; }

    /// <summary>Index of the layer, from 0; null for the whole network.</summary>
    public int? Layer { get; }

    /// <summary>Name of the metric.</summary>
    public string Name { get; }

    /// <summary>The value, finite, in the unit of the name.</summary>
    public double Value { get; }
}
