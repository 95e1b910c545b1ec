using System;

namespace FeatureAlignment.Dashboard.Storage.Series;

/// <summary>
/// One entry of a level: a point (level 0, <see cref="Count"/> 1) or what up to 16, 256 or 4096 points in succession come to (levels 1 to
/// 3).
/// </summary>
/// <param name="StepMin">Smallest step.</param>
/// <param name="StepMax">Largest step.</param>
/// <param name="TimeMin">Earliest time, Unix milliseconds.</param>
/// <param name="TimeMax">Latest time, Unix milliseconds.</param>
/// <param name="Min">Smallest value.</param>
/// <param name="Max">Largest value.</param>
/// <param name="Last">Value of the point that came last.</param>
/// <param name="Count">Points, 1 or more.</param>
/// <param name="AfterGap">Whether data is missing before the first point. A gap ends the entries before it, so there is none
/// inside.</param>
public readonly record struct SeriesEntry(
    long StepMin, long StepMax, long TimeMin, long TimeMax, double Min, double Max, double Last, int Count, bool AfterGap)
{
    /// <summary>A single point.</summary>
    public static SeriesEntry OfPoint(long step, long timeMilliseconds, double value, bool afterGap = false) =>
        new(step, step, timeMilliseconds, timeMilliseconds, value, value, value, 1, afterGap);

    /// <summary>This entry and the one that came after it, as one.</summary>
    public SeriesEntry With(in SeriesEntry next) => new(
        Math.Min(StepMin, next.StepMin), Math.Max(StepMax, next.StepMax), Math.Min(TimeMin, next.TimeMin), Math.Max(TimeMax, next.TimeMax),
        Math.Min(Min, next.Min), Math.Max(Max, next.Max), next.Last, Count + next.Count, AfterGap);
}
