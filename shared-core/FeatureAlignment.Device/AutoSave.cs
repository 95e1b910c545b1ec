using System;
using System.Globalization;
using FeatureAlignment.Checkpoints;
using FeatureAlignment.Device.Activities;
using FeatureAlignment.Device.Storage;
using FeatureAlignment.Telemetry;

namespace FeatureAlignment.Device;

/// <summary>Writes the activity's checkpoints when they are due, tells of them, and after a failure tries again.</summary>
internal sealed class AutoSave
{
    private readonly CheckpointSchedule schedule;
    private readonly WearLedger ledger;
    private readonly DeviceReporter reporter;
    private readonly Backoff backoff = new();
    private long lastBytes;
    private bool isPostponementTold;

    /// <param name="schedule">Decides.</param>
    /// <param name="ledger">Of the medium that the checkpoints are on.</param>
    /// <param name="reporter">Told of every checkpoint and every failure.</param>
    public AutoSave(CheckpointSchedule schedule, WearLedger ledger, DeviceReporter reporter)
    {
        this.schedule = schedule;
        this.ledger = ledger;
        this.reporter = reporter;
    }

    /// <summary>True while a checkpoint is asked for, whatever the period says and whether or not anything was learned.</summary>
    public bool IsDemanded { get; set; }

    /// <summary>Saves when it is due.</summary>
    public void SaveWhenDue(IActivity activity, TimeSpan uptime)
    {
        if (uptime < backoff.NotBefore || !(IsDemanded || activity.IsUnsaved))
        {
            return;
        }

        CheckpointOccasion occasion = IsDemanded ? CheckpointOccasion.Demanded
            : activity.WantsCheckpoint ? CheckpointOccasion.LayerFinished
            : CheckpointOccasion.Running;
        CheckpointDecision decision = schedule.Decide(occasion, uptime, lastBytes, ledger);
        if (decision.IsDue)
        {
            Save(activity, uptime, decision.Reason);
        }
        else if (decision.IsPostponed && !isPostponementTold)
        {
            isPostponementTold = true;
            reporter.Log(TelemetryLogLevel.Warning, $"A checkpoint waits: {decision.Reason}; see Storage.DailyWrites.");
        }
    }

    /// <summary>Saves now what has not been saved.</summary>
    /// <returns>True when everything is saved.</returns>
    public bool TrySave(IActivity activity, TimeSpan uptime, string reason) =>
        !(IsDemanded || activity.IsUnsaved) || Save(activity, uptime, reason);

    private bool Save(IActivity activity, TimeSpan uptime, string reason)
    {
        long before = ledger.Totals.BytesEver;
        try
        {
            activity.Save();
        }
        catch (Exception e) when (StorageFailure.Is(e) || e is NonFiniteParametersException)
        {
            backoff.Failed(uptime);
            reporter.Log(TelemetryLogLevel.Error, $"Could not write a checkpoint: {e.Message}");
            return false;
        }

        backoff.Succeeded();
        lastBytes = ledger.Totals.BytesEver - before;
        IsDemanded = false;
        schedule.Written(uptime);
        reporter.Event(
            EventKinds.CheckpointWritten, TelemetryPriority.Low,
            string.Format(CultureInfo.InvariantCulture, "Checkpoint of {0:N0} bytes: {1}.", lastBytes, reason));
        return true;
    }
}
