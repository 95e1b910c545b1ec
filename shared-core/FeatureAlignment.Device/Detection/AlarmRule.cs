using System;
using FeatureAlignment.Checkpoints;

namespace FeatureAlignment.Device.Detection;

/// <summary>
/// An alarm begins when k of the last n windows are anomalous, and ends when for 8 n windows never half of k were: a fault that shows under
/// load alone is one anomaly, not one for each load.
/// </summary>
public sealed class AlarmRule
{
    private const int QuietTimes = 8;

    private readonly int needed;
    private readonly int quietWindows;
    private readonly ulong mask;
    private ulong history;
    private int quiet;

    /// <summary>A rule without a past.</summary>
    /// <param name="needed">k, from 1 to n.</param>
    /// <param name="of">n, from 1 to 64.</param>
    public AlarmRule(int needed, int of)
    {
        ArgumentChecks.InRange(of, 1, 64, "Windows that are looked at for an alarm");
        ArgumentChecks.InRange(needed, 1, of, "Windows that make an alarm");
        this.needed = needed;
        quietWindows = QuietTimes * of;
        mask = ulong.MaxValue >> (64 - of);
    }

    /// <summary>True while an alarm lasts.</summary>
    public bool IsAlarm { get; private set; }

    /// <summary>True when half of k or more of the last n windows are anomalous: an alarm may be near, or not yet over.</summary>
    public bool IsSuspicious => CountBits(history) >= (needed + 1) / 2;

    /// <summary>Takes the next window.</summary>
    /// <param name="isAnomalous">Whether it is above the threshold.</param>
    /// <returns>True when the alarm begins or ends with it.</returns>
    public bool Add(bool isAnomalous)
    {
        history = ((history << 1) | (isAnomalous ? 1UL : 0)) & mask;
        bool was = IsAlarm;
        quiet = IsSuspicious ? 0 : Math.Min(quiet + 1, quietWindows);
        IsAlarm = was ? quiet < quietWindows : CountBits(history) >= needed;
        return IsAlarm != was;
    }

    /// <summary>Begins an alarm that a person asks for, as if all of the last n windows had been anomalous.</summary>
    public void Raise()
    {
        IsAlarm = true;
        history = mask;
        quiet = 0;
    }

    /// <summary>Ends the alarm and forgets its windows.</summary>
    public void Clear()
    {
        IsAlarm = false;
        history = 0;
    }

    internal void Write(CheckpointWriter writer)
    {
        writer.Write("alarmHistory", history);
        writer.Write("quiet", quiet);
        writer.Write("isAlarm", IsAlarm ? 1 : 0);
    }

    internal void Read(CheckpointReader reader)
    {
        history = reader.ReadULong("alarmHistory") & mask;
        quiet = reader.ReadInt("quiet");
        IsAlarm = reader.ReadInt("isAlarm") != 0;
    }

    private static int CountBits(ulong bits)
    {
        int set = 0;
        for (; bits != 0; bits &= bits - 1)
        {
            set++;
        }

        return set;
    }
}
