using System;
using System.Collections.Generic;
using System.Linq;
using FeatureAlignment.Device.Reporting;
using FeatureAlignment.Simulation.Storage;
using FeatureAlignment.Telemetry;
using NUnit.Framework;

namespace FeatureAlignment.Device.Tests.Reporting;

[TestFixture]
public sealed class TelemetrySpoolTests
{
    private const int Capacity = 32 << 10;

    private static readonly TimeSpan TenMinutes = TimeSpan.FromMinutes(10);

    private SimulatedFlash flash = null!;

    [SetUp]
    public void SetUp() => flash = new SimulatedFlash(FlashProperties.OnBoardFlash);

    [Test]
    public void High_IsDurableWhenAddReturns()
    {
        TelemetrySpool spool = Open(1);
        int sequence = spool.Add(TelemetryPriority.High, Body(5));
        Assert.That(spool.Unflushed(TelemetryPriority.High), Is.Zero);
        Cut();
        spool = Open(2);
        Assert.That(spool.TryPeek(out SpooledBatch batch), Is.True);
        Assert.That((batch.Boot, batch.Sequence, batch.Priority), Is.EqualTo((1, sequence, TelemetryPriority.High)));
        Assert.That(batch.Body.ToArray(), Is.EqualTo(Body(5)));
    }

    [Test]
    public void Normal_DeliveredBeforeThePeriod_NeverTouchesFlash()
    {
        TelemetrySpool spool = Open(1);
        long operations = flash.Operations;
        for (int minute = 0; minute < 60; minute++)
        {
            spool.Advance(TimeSpan.FromMinutes(minute));
            spool.Add(TelemetryPriority.Normal, Body(minute));
            Assert.That(spool.TryPeek(out SpooledBatch batch), Is.True);
            spool.Remove(batch.Boot, batch.Sequence);
        }

        Assert.That(flash.Operations, Is.EqualTo(operations));
    }

    [Test]
    public void Normal_IsFlushedWithThePeriod()
    {
        TelemetrySpool spool = Open(1);
        spool.Advance(TimeSpan.FromMinutes(1));
        spool.Add(TelemetryPriority.Normal, Body(1));
        spool.Add(TelemetryPriority.Low, Body(2));
        spool.Advance(TimeSpan.FromMinutes(10.9));
        Assert.That(spool.Unflushed(TelemetryPriority.Normal), Is.EqualTo(1));
        spool.Advance(TimeSpan.FromMinutes(11));
        Assert.That(spool.Unflushed(TelemetryPriority.Normal), Is.Zero);
        Cut();
        Assert.That(Drain(Open(2)), Is.EqualTo(new byte[] { 1, 2 }));
    }

    [Test]
    public void Order_IsPriorityThenAge_OverARestart()
    {
        TelemetrySpool spool = Open(1);
        spool.Add(TelemetryPriority.Low, Body(1));
        spool.Add(TelemetryPriority.Normal, Body(2));
        spool.Add(TelemetryPriority.High, Body(3));
        spool.Flush();
        spool = Open(2);
        spool.Add(TelemetryPriority.Normal, Body(4));
        spool.Add(TelemetryPriority.High, Body(5));
        Assert.That(Drain(spool), Is.EqualTo(new byte[] { 3, 5, 2, 4, 1 }));
    }

    [Test]
    public void Delivered_AllOfASegment_DeletesIt()
    {
        TelemetrySpool spool = Open(1);
        spool.Add(TelemetryPriority.Normal, Body(1));
        spool.Add(TelemetryPriority.Normal, Body(2));
        spool.Flush();
        Assert.That(flash.ListNames(), Has.Count.EqualTo(1));
        spool.Remove(1, 1);
        Assert.That(flash.ListNames(), Has.Count.EqualTo(1));
        spool.Remove(1, 2);
        Assert.That(flash.ListNames(), Is.Empty);
        Assert.That(spool.Remove(1, 2), Is.False);
        Assert.That(spool.StoredBytes, Is.Zero);
    }

    // 100 records of 24 and 8 bytes fit into one block: one file, whatever number of flushes wrote them.
    [Test]
    public void SmallRecords_ShareABlock()
    {
        TelemetrySpool spool = Open(1);
        for (int i = 0; i < 100; i++)
        {
            spool.Add(TelemetryPriority.High, Body(i, 24));
        }

        Assert.That(flash.ListNames(), Has.Count.EqualTo(1));
        Assert.That(spool.StoredBytes, Is.EqualTo(4096));
        Assert.That(Drain(Open(2)), Is.EqualTo(Enumerable.Range(0, 100).Select(i => (byte)i)));
    }

    [Test]
    public void Full_TheOldestOfTheLowestGoesFirst()
    {
        TelemetrySpool spool = Open(1);
        // Eight blocks: two of each priority, then more of them; a record of 3,000 bytes has a block of its own.
        AddBlocks(spool, TelemetryPriority.Low, 10, 11);
        AddBlocks(spool, TelemetryPriority.Normal, 20, 21);
        AddBlocks(spool, TelemetryPriority.High, 30, 31, 32, 33);
        Assert.That(spool.StoredBytes, Is.EqualTo(Capacity));
        AddBlocks(spool, TelemetryPriority.Low, 12);
        AddBlocks(spool, TelemetryPriority.Normal, 22);
        Assert.That(Drops(spool), Is.EqualTo((2L, 0L, 0L)));
        AddBlocks(spool, TelemetryPriority.High, 34);
        AddBlocks(spool, TelemetryPriority.High, 35);
        Assert.That(Drops(spool), Is.EqualTo((3L, 1L, 0L)));
        AddBlocks(spool, TelemetryPriority.Low, 13);
        Assert.That(Drops(spool), Is.EqualTo((4L, 1L, 0L)));
        Assert.That(Drain(spool), Is.EqualTo(new byte[] { 30, 31, 32, 33, 34, 35, 21, 22 }));
    }

    [Test]
    public void Full_OfHigh_RefusesTheNewAndKeepsWhatIsFlushed()
    {
        TelemetrySpool spool = Open(1);
        AddBlocks(spool, TelemetryPriority.High, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
        Assert.That(Drops(spool), Is.EqualTo((0L, 0L, 2L)));
        Assert.That(spool.Unflushed(TelemetryPriority.High), Is.Zero);
        Assert.That(Drain(spool), Is.EqualTo(new byte[] { 1, 2, 3, 4, 5, 6, 7, 8 }));
    }

    [Test]
    public void Storage_Failing_KeepsBatchesInMemoryUpToALimit()
    {
        TelemetrySpool spool = Open(1);
        flash.Fails = operation => operation.Kind == FlashOperationKind.Flush;
        for (int i = 0; i < 22; i++)
        {
            spool.Add(i == 0 ? TelemetryPriority.High : TelemetryPriority.Normal, Body(i, 4000));
        }

        // 16 records of 4,016 bytes fit into the 64 KB; the high one stays.
        Assert.That(Drops(spool), Is.EqualTo((0L, 6L, 0L)));
        Assert.That(spool.StorageFailures, Is.Positive);
        Assert.That(spool.LastStorageFailure, Does.Contain("Input/output error"));
        Assert.That(flash.ListNames(), Is.Empty);
        flash.Fails = null;
        spool.Advance(TimeSpan.FromSeconds(9));
        Assert.That(spool.Unflushed(TelemetryPriority.High), Is.EqualTo(1));
        spool.Advance(TimeSpan.FromSeconds(10));
        Assert.That(spool.Unflushed(TelemetryPriority.High), Is.Zero);
    }

    [Test]
    public void TornTail_AtEveryLength_CostsOnlyWhatWasNotFlushed([Values] TornTail tail)
    {
        for (int surviving = 0; surviving < 8 + 3 * 26; surviving++)
        {
            SetUp();
            TelemetrySpool spool = Open(1);
            spool.Add(TelemetryPriority.High, Body(9, 10));
            spool.Add(TelemetryPriority.Normal, Body(1, 10));
            spool.Add(TelemetryPriority.Normal, Body(2, 10));
            spool.Add(TelemetryPriority.Normal, Body(3, 10));
            // Creation, head, three records; then the flush does not take place.
            flash.PowerCutAfter = flash.Operations + 5;
            Assert.That(() => spool.Flush(), Throws.TypeOf<PowerCutException>());
            flash.RestorePower(new PowerLoss(ulong.MaxValue, surviving, tail));
            byte[] expected = [9, .. new byte[] { 1, 2, 3 }.Take(Math.Max(0, surviving - 8) / 26)];
            TelemetrySpool next = Open(2);
            bool isTorn = tail == TornTail.Zeros || surviving is not (8 or 34 or 60);
            Assert.That(next.Damaged, isTorn ? Is.Positive : Is.Zero, $"{surviving} bytes");
            Assert.That(Drain(next), Is.EqualTo(expected), $"{surviving} bytes");
            Assert.That(flash.ListNames(), Is.Empty);
        }
    }

    [Test]
    public void EveryFlippedBit_CostsAtMostTheRecordsBehindIt_AndNeverChangesOne()
    {
        TelemetrySpool spool = Open(1);
        spool.Add(TelemetryPriority.High, Body(1, 10));
        spool.Add(TelemetryPriority.High, Body(2, 10));
        string name = flash.ListNames()[0];
        for (int bit = 0; bit < (8 + 2 * 26) * 8; bit++)
        {
            flash.FlipBit(name, bit);
            // Head of the segment; first record, whose length shifts what follows; second record. Two bytes and a priority are spare.
            int[]? found = Read(name);
            if (bit < 40)
            {
                Assert.That(found, Is.Null, $"bit {bit}");
            }
            else if (bit >= 64)
            {
                bool isInFirst = bit < (8 + 26) * 8;
                bool isLengthOfFirst = bit is >= (8 + 8) * 8 and < (8 + 12) * 8;
                Assert.That(found, Is.EqualTo(isLengthOfFirst ? [] : isInFirst ? [2] : new[] { 1 }), $"bit {bit}");
            }

            flash.FlipBit(name, bit);
        }

        Assert.That(Read(name), Is.EqualTo(new[] { 1, 2 }));
    }

    // A batch of 1,500 bytes a minute and no network: heads of 16 bytes a batch, of 8 a flush, and nothing is written twice.
    [Test]
    public void Wear_OfADayWithoutNetwork_IsWhatIsKept_OnceOnly()
    {
        TelemetrySpool spool = Open(1);
        for (int minute = 0; minute < 24 * 60; minute++)
        {
            spool.Advance(TimeSpan.FromMinutes(minute));
            spool.Add(TelemetryPriority.Normal, Body(1, 1500));
        }

        spool.Flush();
        long segments = flash.Wear.BytesWritten - 24 * 60 * 1516;
        Assert.That(segments % 8, Is.Zero);
        // Segments are cut at an eighth of the capacity: two records each.
        Assert.That(segments / 8, Is.InRange(144, 720));
        Assert.That(flash.Wear.Erases * 4096, Is.LessThan(2 * flash.Wear.BytesWritten));
    }

    [Test]
    public void Damage_WhileItRuns_IsCountedAndPassedOver()
    {
        TelemetrySpool spool = Open(1);
        spool.Add(TelemetryPriority.High, Body(1, 10));
        spool.Add(TelemetryPriority.High, Body(2, 10));
        flash.FlipBit(flash.ListNames()[0], (8 + 20) * 8);
        Assert.That(spool.TryPeek(out SpooledBatch batch), Is.True);
        Assert.That(batch.Body.Span[0], Is.EqualTo(2));
        Assert.That(spool.Damaged, Is.EqualTo(1));
    }

    [Test]
    public void Unreadable_IsPassedOverForNow()
    {
        TelemetrySpool spool = Open(1);
        spool.Add(TelemetryPriority.High, Body(1));
        spool.Add(TelemetryPriority.Normal, Body(2));
        flash.Fails = operation => operation.Kind == FlashOperationKind.Read;
        Assert.That(spool.TryPeek(out SpooledBatch batch), Is.True);
        Assert.That(batch.Body.Span[0], Is.EqualTo(2));
        flash.Fails = null;
        Assert.That(Drain(spool), Is.EqualTo(new byte[] { 1, 2 }));
    }

    [Test]
    public void Add_TooLargeOrEmpty_Throws()
    {
        TelemetrySpool spool = Open(1);
        Assert.That(spool.MostBatchBytes, Is.EqualTo(8192 - 24));
        Assert.That(() => spool.Add(TelemetryPriority.High, new byte[8192 - 23]), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => spool.Add(TelemetryPriority.High, []), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Add_LargestBatch_IsKept([Values(32 << 10, 256 << 10, 4 << 20)] int capacity, [Values] TelemetryPriority priority)
    {
        var spool = TelemetrySpool.Open(flash, 1, capacity, TenMinutes);
        spool.Add(priority, Body(1, spool.MostBatchBytes));
        spool.Add(priority, Body(2, spool.MostBatchBytes));
        Assert.That(spool.MostBatchBytes, Is.LessThanOrEqualTo(TelemetryLimits.BodyBytes));
        Assert.That(spool.Flush(), Is.True);
        Assert.That(Drain(spool), Is.EqualTo(new byte[] { 1, 2 }));
    }

    private TelemetrySpool Open(int boot) => TelemetrySpool.Open(flash, boot, Capacity, TenMinutes);

    private void Cut()
    {
        flash.CutPower();
        flash.RestorePower(PowerLoss.Everything);
    }

    private int[]? Read(string name)
    {
        var records = new List<SpoolRecord>();
        int damaged = 0;
        using System.IO.Stream stream = flash.OpenRead(name);
        return SpoolFormat.Read(stream, 1, records, ref damaged) is null ? null : records.Select(record => record.Sequence).ToArray();
    }

    private static void AddBlocks(TelemetrySpool spool, TelemetryPriority priority, params int[] firstBytes)
    {
        foreach (int first in firstBytes)
        {
            spool.Add(priority, Body(first, 3000));
            spool.Flush();
        }
    }

    private static (long Low, long Normal, long High) Drops(TelemetrySpool spool) =>
        (spool.Dropped(TelemetryPriority.Low), spool.Dropped(TelemetryPriority.Normal), spool.Dropped(TelemetryPriority.High));

    private static byte[] Drain(TelemetrySpool spool)
    {
        var first = new List<byte>();
        while (spool.TryPeek(out SpooledBatch batch))
        {
            first.Add(batch.Body.Span[0]);
            spool.Remove(batch.Boot, batch.Sequence);
        }

        return first.ToArray();
    }

    private static byte[] Body(int first, int length = 100)
    {
        var body = new byte[length];
        Array.Fill(body, (byte)0xA5);
        body[0] = (byte)first;
        return body;
    }
}
