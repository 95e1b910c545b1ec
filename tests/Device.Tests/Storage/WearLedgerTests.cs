using System;
using System.IO;
using FeatureAlignment.Device.Storage;
using FeatureAlignment.Simulation.Storage;
using NUnit.Framework;

namespace FeatureAlignment.Device.Tests.Storage;

[TestFixture]
public sealed class WearLedgerTests
{
    [Test]
    public void Day_EndsAfter24HoursOfOperation()
    {
        var ledger = new WearLedger(100, default);
        ledger.Advance(TimeSpan.FromHours(1));
        ledger.Add(70);
        ledger.Advance(TimeSpan.FromHours(23.9));
        Assert.That(ledger.RemainingBytes, Is.EqualTo(30));
        ledger.Advance(TimeSpan.FromHours(24.5));
        Assert.That(ledger.RemainingBytes, Is.EqualTo(100));
        Assert.That(ledger.Totals, Is.EqualTo(new WearTotals(70, 0, TimeSpan.FromHours(0.5))));
    }

    [Test]
    public void Restart_GoesOnWithinTheDay()
    {
        var ledger = new WearLedger(100, default);
        ledger.Advance(TimeSpan.FromHours(20));
        ledger.Add(90);
        var next = new WearLedger(100, ledger.Totals);
        next.Advance(TimeSpan.FromHours(3.9));
        Assert.That(next.RemainingBytes, Is.EqualTo(10));
        next.Advance(TimeSpan.FromHours(4));
        Assert.That(next.RemainingBytes, Is.EqualTo(100));
    }

    [Test]
    public void MoreThanADay_Written_LeavesNothing()
    {
        var ledger = new WearLedger(100, default);
        ledger.Add(150);
        Assert.That(ledger.RemainingBytes, Is.Zero);
    }

    [Test]
    public void Uptime_GoingBack_IsIgnored()
    {
        var ledger = new WearLedger(100, default);
        ledger.Advance(TimeSpan.FromHours(2));
        ledger.Advance(TimeSpan.FromHours(1));
        ledger.Advance(TimeSpan.FromHours(2));
        Assert.That(ledger.Totals.TimeToday, Is.EqualTo(TimeSpan.FromHours(2)));
    }

    [Test]
    public void MeteredStorage_NotesWhatTheMediumBore()
    {
        var ledger = new WearLedger(100_000, default);
        var flash = new SimulatedFlash(FlashProperties.OnBoardFlash);
        var metered = new MeteredStorage(flash, ledger);
        using (Stream file = metered.Create("a"))
        {
            file.Write([1, 2, 3], 0, 3);
            file.Write(new byte[200]);
            metered.Flush(file);
        }

        using (Stream scratch = metered.OpenScratch("s", 50))
        {
            scratch.Write(new byte[40]);
        }

        Assert.That(ledger.Totals.BytesEver, Is.EqualTo(243));
        Assert.That(flash.Wear.BytesWritten, Is.EqualTo(243));
        Assert.That(metered.FreeBytes, Is.EqualTo(flash.FreeBytes));
    }
}
