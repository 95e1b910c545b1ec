using System;
using FeatureAlignment.Device.Storage;
using NUnit.Framework;

namespace FeatureAlignment.Device.Tests.Storage;

[TestFixture]
public sealed class CheckpointScheduleTests
{
    private static readonly TimeSpan FiveMinutes = TimeSpan.FromMinutes(5);

    [Test]
    public void Running_IsDueAfterThePeriod()
    {
        var schedule = new CheckpointSchedule(FiveMinutes);
        WearLedger ledger = new(1_000_000, default);
        Assert.That(Decide(schedule, 4.9, 10, ledger).IsDue, Is.False);
        Assert.That(Decide(schedule, 5, 10, ledger).IsDue, Is.True);
        schedule.Written(TimeSpan.FromMinutes(6));
        Assert.That(Decide(schedule, 10.9, 10, ledger), Is.EqualTo(new CheckpointDecision(false, false, "not due")));
        Assert.That(Decide(schedule, 11, 10, ledger).IsDue, Is.True);
    }

    // 8000 bytes a day, 7000 of them for ordinary checkpoints: seven of 1000 bytes, one every 24/7 hours.
    [Test]
    public void Period_IsStretched_SoThatTheDaysBytesLast()
    {
        var schedule = new CheckpointSchedule(FiveMinutes);
        Assert.That(schedule.PeriodFor(1000, 8000).TotalHours, Is.EqualTo(24 / 7.0).Within(1e-6));
        Assert.That(schedule.PeriodFor(1, 8000), Is.EqualTo(FiveMinutes));
        CheckpointDecision decision = Decide(schedule, 60, 1000, new WearLedger(8000, default));
        Assert.That(decision, Is.EqualTo(new CheckpointDecision(false, true, "period stretched to spare the flash")));
    }

    [Test]
    public void Reserve_IsForTheEndsOfLayers()
    {
        var schedule = new CheckpointSchedule(FiveMinutes);
        var ledger = new WearLedger(8000, new WearTotals(7500, 7500, TimeSpan.Zero));
        Assert.That(Decide(schedule, 300, 400, ledger).IsPostponed, Is.True);
        Assert.That(schedule.Decide(CheckpointOccasion.LayerFinished, default, 400, ledger).IsDue, Is.True);
        Assert.That(schedule.Decide(CheckpointOccasion.LayerFinished, default, 501, ledger).IsPostponed, Is.True);
    }

    [Test]
    public void Demanded_IsAlwaysWritten()
    {
        var ledger = new WearLedger(100, new WearTotals(1000, 1000, TimeSpan.Zero));
        Assert.That(new CheckpointSchedule(FiveMinutes).Decide(CheckpointOccasion.Demanded, default, 5000, ledger).IsDue, Is.True);
    }

    // A month of running with checkpoints that are too large for their period, and telemetry beside them.
    [Test]
    public void Month_KeepsEachDayUnderItsBytes()
    {
        var schedule = new CheckpointSchedule(FiveMinutes);
        var ledger = new WearLedger(1_000_000, default);
        int written = 0;
        for (double minutes = 0; minutes < 30 * 24 * 60; minutes++)
        {
            ledger.Advance(TimeSpan.FromMinutes(minutes));
            ledger.Add(50);
            if (Decide(schedule, minutes, 9_000, ledger).IsDue)
            {
                ledger.Add(9_000);
                schedule.Written(TimeSpan.FromMinutes(minutes));
                written++;
            }

            Assert.That(ledger.Totals.BytesToday, Is.LessThanOrEqualTo(1_000_000));
        }

        Assert.That(written, Is.InRange(30 * 95, 30 * 97));
    }

    private static CheckpointDecision Decide(CheckpointSchedule schedule, double minutes, long bytes, WearLedger ledger) =>
        schedule.Decide(CheckpointOccasion.Running, TimeSpan.FromMinutes(minutes), bytes, ledger);
}
