using System;

namespace FeatureAlignment.Device.Benchmark;

/// <summary>
/// Decides how much work the next slice has, and works out the rate. A slice is doubled until it lasts long enough for a coarse clock,
/// and only the time inside slices counts, so that the caller may do what it likes between them.
/// </summary>
internal sealed class RateMeter
{
    // A clock of 10 ms is then wrong by at most 5 % in one slice, and by less over several.
    private static readonly TimeSpan SliceGoal = TimeSpan.FromMilliseconds(200);

    private readonly TimeSpan duration;
    private readonly long mostUnits;
    private readonly int mostUnitsASlice;
    private TimeSpan elapsed;

    /// <param name="duration">Time that is measured, about.</param>
    /// <param name="mostUnits">Units after which it ends in any case.</param>
    /// <param name="mostUnitsASlice">Units that a slice never exceeds.</param>
    public RateMeter(TimeSpan duration, long mostUnits, int mostUnitsASlice)
    {
        this.duration = duration;
        this.mostUnits = mostUnits;
        this.mostUnitsASlice = mostUnitsASlice;
    }

    /// <summary>Units of the next slice, 1 or more.</summary>
    public int NextUnits { get; private set; } = 1;

    /// <summary>Units so far.</summary>
    public long Units { get; private set; }

    /// <summary>True after the duration, after the most units, or when a clock has not moved in slices of up to the longest.</summary>
    public bool IsFinished =>
        elapsed >= duration || Units >= mostUnits || (elapsed <= TimeSpan.Zero && Units >= (2L * mostUnitsASlice) - 1);

    /// <summary>Units a second; null when the clock did not move.</summary>
    public double? UnitsPerSecond => elapsed > TimeSpan.Zero ? Units / elapsed.TotalSeconds : null;

    /// <summary>Notes a slice of <see cref="NextUnits"/>.</summary>
    public void Record(TimeSpan sliceElapsed)
    {
        Units += NextUnits;
        elapsed += sliceElapsed;
        if (sliceElapsed < SliceGoal)
        {
            NextUnits = Math.Min(NextUnits * 2, mostUnitsASlice);
        }

        NextUnits = (int)Math.Max(1, Math.Min(NextUnits, mostUnits - Units));
    }
}
