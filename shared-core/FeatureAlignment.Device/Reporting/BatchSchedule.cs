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
    private static readonly TimeSpan[] Shortest = { TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(10) };

    // High priority does not wait for the first report.
    private readonly TimeSpan[] last = { TimeSpan.Zero, TimeSpan.Zero, -Shortest[(int)TelemetryPriority.High] };

    public BatchSchedule(TimeSpan reportPeriod) => ReportPeriod = reportPeriod;

    public TimeSpan ReportPeriod { get; set; }

    public bool MayClose(TelemetryPriority priority, TimeSpan uptime)
    {
        TimeSpan since = uptime - last[(int)priority];
        return since >= Shortest[(int)priority] && (priority == TelemetryPriority.High || since >= ReportPeriod);
    }

    public void Closed(TelemetryPriority priority, TimeSpan uptime) => last[(int)priority] = uptime;
}
