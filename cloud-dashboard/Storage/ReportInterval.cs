using System;

namespace FeatureAlignment.Dashboard.Storage;

/// <summary>How far apart the reports of a device are, from the times of its batches: the median of the last three intervals, so that
/// neither one time offline counts nor a single event that is reported at once.</summary>
/// <param name="seen">When its last batch came, Unix milliseconds; 0 when none did.</param>
/// <param name="milliseconds">What was learned until then; 0 for nothing.</param>
internal sealed class ReportInterval(long seen, long milliseconds)
{
    // Batches that are closer than a board's shortest report period are one report, or were kept while it was offline.
    private const long Shortest = 5_000;

    private long seen = seen, oldest = milliseconds, older = milliseconds, newest = milliseconds;

    /// <summary>Milliseconds; 0 before the third report.</summary>
    public long Milliseconds => Math.Max(Math.Min(oldest, older), Math.Min(Math.Max(oldest, older), newest));

    /// <summary>A batch has come.</summary>
    public void Take(long received)
    {
        if (seen > 0 && received - seen >= Shortest)
        {
            (oldest, older, newest) = (older, newest, received - seen);
        }

        seen = Math.Max(seen, received);
    }
}
