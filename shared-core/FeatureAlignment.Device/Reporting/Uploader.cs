using System;
using System.Collections.Generic;
using FeatureAlignment.Device.Platform;
using FeatureAlignment.Telemetry;

namespace FeatureAlignment.Device.Reporting;

/// <summary>Sends what waits in the spool, one batch at a time, and collects the commands that come back.</summary>
public sealed class Uploader
{
    private readonly TelemetrySpool spool;
    private readonly UploadSchedule schedule;
    private readonly IUplink uplink;
    private readonly string deviceId;
    private readonly Queue<TelemetryCommand> commands = new();
    private SpooledBatch? underWay;

    /// <summary>Creates the uploader; nothing is sent yet.</summary>
    /// <param name="spool">What waits.</param>
    /// <param name="schedule">Says when a batch may go.</param>
    /// <param name="uplink">The way out.</param>
    /// <param name="deviceId">Name of the device towards the other side.</param>
    public Uploader(TelemetrySpool spool, UploadSchedule schedule, IUplink uplink, string deviceId)
    {
        ArgumentChecks.NotNull(spool, nameof(spool));
        ArgumentChecks.NotNull(schedule, nameof(schedule));
        ArgumentChecks.NotNull(uplink, nameof(uplink));
        this.spool = spool;
        this.schedule = schedule;
        this.uplink = uplink;
        this.deviceId = deviceId;
    }

    /// <summary>Batches that arrived since the start.</summary>
    public long Delivered { get; private set; }

    /// <summary>Batches that the other side will never take; they are gone.</summary>
    public long Refused { get; private set; }

    /// <summary>Attempts that failed since the start.</summary>
    public long Failed { get; private set; }

    /// <summary>Records that arrived and that the other side could not use.</summary>
    public long Quarantined { get; private set; }

    /// <summary>Why the newest batch that was refused or failed did not arrive; empty when none ever was.</summary>
    public string LastFailure { get; private set; } = "";

    /// <summary>Takes the outcome of the batch under way, and sends the next when it may go. Returns at once.</summary>
    /// <param name="uptime">Time since the device started.</param>
    /// <param name="unixMilliseconds">Time of the device's clock; 0 when it is not set.</param>
    public void Advance(TimeSpan uptime, long unixMilliseconds)
    {
        if (underWay is SpooledBatch sent && uplink.TryTakeOutcome(out UplinkOutcome outcome))
        {
            underWay = null;
            Take(sent, outcome, uptime);
        }

        while (uplink.TryTakeCommand(out TelemetryCommand command))
        {
            commands.Enqueue(command);
        }

        if (underWay is null && schedule.MaySend(uptime) && uplink.IsReady && spool.TryPeek(out SpooledBatch next))
        {
            underWay = next;
            schedule.Sent(uptime);
            uplink.Send(new BatchHeader(deviceId, next.Boot, next.Sequence, unixMilliseconds), next.Body);
        }
    }

    /// <summary>The oldest command that came; the same one may come again, with the same id.</summary>
    /// <param name="command">Set when true is returned.</param>
    public bool TryTakeCommand(out TelemetryCommand command) => commands.TryDequeue(out command!);

    private void Take(SpooledBatch batch, UplinkOutcome outcome, TimeSpan uptime)
    {
        switch (outcome.Result)
        {
            case UplinkResult.Delivered:
                Delivered++;
                break;
            case UplinkResult.Refused:
                Refused++;
                LastFailure = outcome.Reason;
                break;
            default:
                Failed++;
                LastFailure = outcome.Reason;
                schedule.Failed(uptime, outcome.RetryAfter);
                return;
        }

        schedule.Succeeded();
        spool.Remove(batch.Boot, batch.Sequence);
        if (outcome.Answer is BatchAnswer answer)
        {
            Quarantined += answer.Quarantined;
            foreach (TelemetryCommand command in answer.Commands)
            {
                commands.Enqueue(command);
            }
        }
    }
}
