using System;

namespace FeatureAlignment.Device.Storage;

/// <summary>
/// Bytes that were written to flash, against what may be written in a day. A day is 24 hours of operation, whatever the calendar says:
/// a clock that jumps neither gives nor takes any.
/// </summary>
public sealed class WearLedger
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private TimeSpan newestUptime;

    /// <summary>Creates a ledger at the start of the device.</summary>
    /// <param name="dailyBytes">Bytes that may be written in a day; greater than 0.</param>
    /// <param name="totals">Where it stood; <c>default</c> at the very first start.</param>
    /// <exception cref="ArgumentOutOfRangeException">The budget is not greater than 0.</exception>
    public WearLedger(long dailyBytes, WearTotals totals)
    {
        if (dailyBytes <= 0)
        {
            throw new ArgumentOutOfRangeException(nameof(dailyBytes), $"Bytes a day must be greater than 0; was {dailyBytes}.");
        }

        DailyBytes = dailyBytes;
        Totals = totals;
    }

    /// <summary>Bytes that may be written in a day.</summary>
    public long DailyBytes { get; }

    /// <summary>What is to be kept over a restart.</summary>
    public WearTotals Totals { get; private set; }

    /// <summary>Bytes that may still be written today; 0 or more.</summary>
    public long RemainingBytes => Math.Max(0, DailyBytes - Totals.BytesToday);

    /// <summary>Goes on from where it stood before the start; what has been written since counts too.</summary>
    /// <param name="totals">As they were saved last.</param>
    public void Resume(WearTotals totals) => Totals = totals with
    {
        BytesToday = totals.BytesToday + Totals.BytesToday,
        BytesEver = totals.BytesEver + Totals.BytesEver,
    };

    /// <summary>Lets time pass, and begins a new day when it is due.</summary>
    /// <param name="uptime">Time since the device started; an earlier one than before is ignored.</param>
    public void Advance(TimeSpan uptime)
    {
        if (uptime <= newestUptime)
        {
            return;
        }

        TimeSpan timeToday = Totals.TimeToday + (uptime - newestUptime);
        newestUptime = uptime;
        Totals = timeToday < Day
            ? Totals with { TimeToday = timeToday }
            : Totals with { TimeToday = new TimeSpan(timeToday.Ticks % Day.Ticks), BytesToday = 0 };
    }

    /// <summary>Notes bytes that were written.</summary>
    /// <param name="bytes">0 or more.</param>
    public void Add(long bytes) =>
        Totals = Totals with { BytesToday = Totals.BytesToday + bytes, BytesEver = Totals.BytesEver + bytes };
}

/// <summary>State of a <see cref="WearLedger"/>. A power cut forgets what was written after it was last saved.</summary>
/// <param name="BytesEver">Bytes written since the very first start.</param>
/// <param name="BytesToday">Bytes written in this day of operation.</param>
/// <param name="TimeToday">How long this day of operation has lasted; less than 24 hours.</param>
public readonly record struct WearTotals(long BytesEver, long BytesToday, TimeSpan TimeToday);
