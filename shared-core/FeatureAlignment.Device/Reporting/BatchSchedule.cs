using System;
using FeatureAlignment.Telemetry;

namespace FeatureAlignment.Device.Reporting;

/// <summary>
/// Decides when what was recorded becomes a batch. High priority does at once, yet not twice within 10 s; the rest with the report's
/// period, normal priority at least 15 s apart, low priority a minute: together at most 11 batches in any minute, below the 12 that
/// an uplink takes.
/// </summary>
internal sealed class BatchSchedule
{
    private readonly TimeSpan[] spacings;
    private readonly TimeSpan[] earliest;

    public BatchSchedule(TimeSpan reportPeriod)
    {
        spacings = new[]
        {
            Longer(reportPeriod, TimeSpan.FromSeconds(60)),
            Longer(reportPeriod, TimeSpan.FromSeconds(15)),
            TimeSpan.FromSeconds(10),
        };
        earliest = new[] { spacings[0], spacings[1], TimeSpan.Zero };
    }

    public bool MayClose(TelemetryPriority priority, TimeSpan uptime) => uptime >= earliest[(int)priority];

    public void Closed(TelemetryPriority priority, TimeSpan uptime) => earliest[(int)priority] = uptime + spacings[(int)priority];

    private static TimeSpan Longer(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
