using System;

namespace FeatureAlignment.Dashboard.Storage.Series;

/// <summary>Tells where a series has a hole: where the next point comes far later than the rhythm so far lets expect.</summary>
/// <param name="MeanMilliseconds">Running mean of the intervals.</param>
/// <param name="Intervals">Intervals seen, counted up to <see cref="NeededIntervals"/>.</param>
/// <param name="LastTime">Latest time so far, Unix milliseconds; 0 before the first point.</param>
public readonly record struct GapDetector(double MeanMilliseconds, int Intervals, long LastTime)
{
    /// <summary>Intervals that make a rhythm.</summary>
    public const int NeededIntervals = 4;

    /// <summary>A gap is longer than so many mean intervals.</summary>
    public const double Factor = 8;

    /// <summary>A gap is at least so long: shorter ones are uploads in bursts.</summary>
    public const long FloorMilliseconds = 10_000;

    private const double Smoothing = 1.0 / 16;

    /// <summary>Takes the time of the next point.</summary>
    /// <param name="time">Unix milliseconds.</param>
    /// <param name="afterGap">Whether data is missing before it.</param>
    /// <returns>The detector from now on.</returns>
    public GapDetector Next(long time, out bool afterGap)
    {
        afterGap = false;
        if (LastTime == 0 || time < LastTime)
        {
            return this with { LastTime = Math.Max(time, LastTime) };
        }

        double interval = time - LastTime;
        if (Intervals < NeededIntervals)
        {
            return new((MeanMilliseconds * Intervals + interval) / (Intervals + 1), Intervals + 1, time);
        }

        afterGap = interval >= FloorMilliseconds && interval > Factor * MeanMilliseconds;
        // A gap counts no more than its threshold: one hole hardly changes the rhythm, a new rhythm is learned after a few points.
        double counted = afterGap ? Math.Max(Factor * MeanMilliseconds, FloorMilliseconds) : interval;
        return new(MeanMilliseconds + (counted - MeanMilliseconds) * Smoothing, Intervals, time);
    }
}
