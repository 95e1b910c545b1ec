using System;

namespace FeatureAlignment.Device;

/// <summary>Something that is done once a period; what was missed is not made up for.</summary>
internal sealed class Every
{
    private TimeSpan last;

    /// <param name="period">Zero for never.</param>
    /// <param name="isDueAtOnce">True when the first time is now rather than after a period.</param>
    public Every(TimeSpan period, bool isDueAtOnce = false)
    {
        Period = period;
        last = isDueAtOnce ? -period : TimeSpan.Zero;
    }

    /// <summary>The period; may be changed at any time.</summary>
    public TimeSpan Period { get; set; }

    /// <summary>When it is due next, by the time since the start.</summary>
    public TimeSpan Next => Period > TimeSpan.Zero ? last + Period : TimeSpan.MaxValue;

    /// <summary>Time since it was done last.</summary>
    public TimeSpan Since(TimeSpan uptime) => uptime - last;

    /// <summary>True when it is due; counts as done then.</summary>
    public bool TryBegin(TimeSpan uptime)
    {
        if (uptime < Next)
        {
            return false;
        }

        last = uptime;
        return true;
    }
}
