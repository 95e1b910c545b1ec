using System;

namespace FeatureAlignment.Device.Storage;

/// <summary>What a checkpoint would be written for.</summary>
public enum CheckpointOccasion
{
    /// <summary>Learning goes on.</summary>
    Running,

    /// <summary>A layer has just been finished.</summary>
    LayerFinished,

    /// <summary>The application is about to stop, or a command asks for a checkpoint.</summary>
    Demanded,
}

/// <summary>Whether to write a checkpoint, and why or why not.</summary>
/// <param name="IsDue">True to write it now.</param>
/// <param name="IsPostponed">True when it would be due, had the day's bytes not been written already.</param>
/// <param name="Reason">A clause for log and screen.</param>
public readonly record struct CheckpointDecision(bool IsDue, bool IsPostponed, string Reason);

/// <summary>
/// Decides when to write a checkpoint: after a period, at the end of a layer, on demand. Where a checkpoint each period would exceed what
/// may be written in a day, the period is stretched so that the day's bytes last for the day; a part of them is kept for the
/// ends of layers. What is demanded is always written.
/// </summary>
public sealed class CheckpointSchedule
{
    // One eighth of the day's bytes is not for the ordinary checkpoints: it is for state and telemetry, and half of it for ends of layers.
    private const int OthersDivisor = 8;
    private const int LayerEndsDivisor = 16;

    private readonly TimeSpan period;
    private TimeSpan newest;

    /// <summary>Creates a schedule; the first period begins with the start of the device.</summary>
    /// <param name="period">Time between checkpoints; greater than 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The period is not greater than 0.</exception>
    public CheckpointSchedule(TimeSpan period)
    {
        if (period <= TimeSpan.Zero)
        {
            throw new ArgumentOutOfRangeException(nameof(period), $"Time between checkpoints must be greater than 0; was {period}.");
        }

        this.period = period;
    }

    /// <summary>The time between checkpoints of a size: what a power cut may cost.</summary>
    /// <param name="checkpointBytes">Bytes that one writes, 0 or more.</param>
    /// <param name="dailyBytes">Bytes that may be written in a day, greater than 0.</param>
    /// <returns>The period, or a longer one.</returns>
    public TimeSpan PeriodFor(long checkpointBytes, long dailyBytes)
    {
        double share = checkpointBytes / (double)(dailyBytes - dailyBytes / OthersDivisor);
        // Kept below what a TimeSpan holds: a checkpoint of many days' bytes waits for ever.
        var stretched = TimeSpan.FromDays(Math.Min(share, 36_500));
        return stretched > period ? stretched : period;
    }

    /// <summary>Decides; changes nothing.</summary>
    /// <param name="occasion">What for.</param>
    /// <param name="uptime">Time since the device started.</param>
    /// <param name="checkpointBytes">Bytes that it would write, 0 or more.</param>
    /// <param name="ledger">What was written today.</param>
    public CheckpointDecision Decide(CheckpointOccasion occasion, TimeSpan uptime, long checkpointBytes, WearLedger ledger)
    {
        ArgumentChecks.NotNull(ledger, nameof(ledger));
        switch (occasion)
        {
            case CheckpointOccasion.Demanded:
                return new(true, false, "demanded");
            case CheckpointOccasion.LayerFinished:
                return checkpointBytes <= ledger.RemainingBytes
                    ? new(true, false, "layer finished")
                    : new(false, true, "layer finished, but the day's bytes are written");
        }

        if (uptime - newest < period)
        {
            return new(false, false, "not due");
        }

        if (uptime - newest < PeriodFor(checkpointBytes, ledger.DailyBytes))
        {
            return new(false, true, "period stretched to spare the flash");
        }

        return checkpointBytes <= ledger.RemainingBytes - ledger.DailyBytes / LayerEndsDivisor
            ? new(true, false, "period over")
            : new(false, true, "the day's bytes are written");
    }

    /// <summary>A checkpoint was written.</summary>
    /// <param name="uptime">When.</param>
    public void Written(TimeSpan uptime) => newest = uptime;
}
