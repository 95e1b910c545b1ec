using System;

namespace FeatureAlignment.Dashboard.Storage.Series;

/// <summary>What a chart has on its horizontal axis.</summary>
public enum ChartAxis
{
    /// <summary>Samples seen in the run.</summary>
    Step,

    /// <summary>Unix milliseconds.</summary>
    Time,
}

/// <summary>A part of a series, both ends included.</summary>
public readonly record struct ChartRange(ChartAxis Axis, long From, long To)
{
    /// <summary>All of it.</summary>
    public static ChartRange All { get; } = new(ChartAxis.Step, long.MinValue, long.MaxValue);

    /// <summary>Whether a chunk has something in the range.</summary>
    public bool Touches(SeriesChunk chunk) => Axis == ChartAxis.Step
        ? chunk.StepMax >= From && chunk.StepMin <= To
        : chunk.TimeMax >= From && chunk.TimeMin <= To;

    /// <summary>Whether an entry has something in the range.</summary>
    public bool Touches(in SeriesEntry entry) => XOf(entry) >= From && StartOf(entry) <= To;

    /// <summary>Whether all of an entry is in the range.</summary>
    public bool Encloses(in SeriesEntry entry) => StartOf(entry) >= From && XOf(entry) <= To;

    /// <summary>Whether a step or time is in the range.</summary>
    public bool Contains(long x) => x >= From && x <= To;

    /// <summary>Where an entry is drawn: its last step or time.</summary>
    public long XOf(in SeriesEntry entry) => Axis == ChartAxis.Step ? entry.StepMax : entry.TimeMax;

    /// <summary>The range that an entry takes up.</summary>
    public ChartRange Around(in SeriesEntry entry) => new(Axis, StartOf(entry), XOf(entry));

    /// <summary>Where an entry begins: its first step or time.</summary>
    public long StartOf(in SeriesEntry entry) => Axis == ChartAxis.Step ? entry.StepMin : entry.TimeMin;
}

/// <summary>Which part of a series a chart shows, and in how many buckets.</summary>
public sealed record ChartRequest
{
    /// <summary>Most buckets: more than a wide screen has columns.</summary>
    public const int MaxBuckets = 2_000;

    /// <param name="runId">The run.</param>
    /// <param name="layer">Index of the layer; null for the whole network.</param>
    /// <param name="name">Name of the metric.</param>
    /// <param name="axis">Horizontal axis.</param>
    /// <param name="from">Smallest step or time that is shown; null from the start.</param>
    /// <param name="to">Largest; null to the end.</param>
    /// <param name="buckets">1 to <see cref="MaxBuckets"/>.</param>
    /// <exception cref="ArgumentException">Buckets are out of range, or <paramref name="to"/> is before
    /// <paramref name="from"/>.</exception>
    public ChartRequest(long runId, int? layer, string name, ChartAxis axis, long? from = null, long? to = null, int buckets = 1_000)
    {
        if (buckets is < 1 or > MaxBuckets)
        {
            throw new ArgumentOutOfRangeException(nameof(buckets), $"buckets must be 1 to {MaxBuckets}; was {buckets}.");
        }

        if (to < from)
        {
            throw new ArgumentException($"to must not be before from; was {to}, from was {from}.", nameof(to));
        }

        (RunId, Layer, Name, Axis, From, To, Buckets) = (runId, layer, name, axis, from, to, buckets);
    }

    public long RunId { get; }

    public int? Layer { get; }

    public string Name { get; }

    public ChartAxis Axis { get; }

    public long? From { get; }

    public long? To { get; }

    public int Buckets { get; }
}
