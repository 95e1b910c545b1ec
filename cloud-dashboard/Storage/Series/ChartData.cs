using System.Collections.Generic;

namespace FeatureAlignment.Dashboard.Storage.Series;

/// <summary>One column of a chart.</summary>
/// <param name="X">Step or time of the last value.</param>
/// <param name="Min">Smallest value.</param>
/// <param name="Max">Largest value.</param>
/// <param name="Last">Value at <paramref name="X"/>: the line goes through it.</param>
/// <param name="Count">Points.</param>
/// <param name="AfterGap">The line must not be joined to the column before.</param>
public readonly record struct ChartBucket(long X, double Min, double Max, double Last, long Count, bool AfterGap);

/// <summary>What a chart draws.</summary>
/// <param name="RawPoints">Points that the shown range holds: "n raw, m shown".</param>
/// <param name="Level">Level that was read: 0 when every point was looked at.</param>
/// <param name="Buckets">Columns from left to right; empty ones are left out.</param>
public sealed record ChartData(long RawPoints, int Level, IReadOnlyList<ChartBucket> Buckets)
{
    public static ChartData Empty { get; } = new(0, 0, []);
}
