using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using FeatureAlignment.Device.Reporting;
using FeatureAlignment.Simulation.Storage;
using FeatureAlignment.Telemetry;
using FeatureAlignment.Tests.Support;
using Microsoft.Extensions.Logging;
using NUnit.Framework;

namespace FeatureAlignment.Device.Tests.Reporting;

[TestFixture]
public sealed class TelemetryRecorderTests
{
    private TelemetrySpool spool = null!;
    private TelemetryRecorder recorder = null!;

    [SetUp]
    public void SetUp()
    {
        spool = TelemetrySpool.Open(new MemoryStorage(), 1, 256 << 10, TimeSpan.FromMinutes(10));
        recorder = new TelemetryRecorder(spool, "run-1", "1.0.0", TimeSpan.FromSeconds(60));
    }

    [Test]
    public void Points_AreReportedOncePerPeriodAndSeries()
    {
        At(0, step: 0);
        recorder.Point(0, MetricNames.AlignmentLoss, 1);
        recorder.Point(0, MetricNames.AlignmentLoss, 4);
        recorder.Point(1, MetricNames.AlignmentLoss, 8);
        recorder.Point(null, MetricNames.Uptime, 1);
        recorder.Point(null, MetricNames.Uptime, 2);
        At(59.9, step: 9);
        Assert.That(Drain(), Is.Empty);
        At(60, step: 10);
        TelemetryBatch batch = Drain().Single();
        Assert.That((batch.Run, batch.App), Is.EqualTo(("run-1", "1.0.0")));
        Assert.That(batch.Points, Is.EqualTo(new[]
        {
            new TelemetryPoint(60_000, 10, 0, "alignment_loss", 2.5),
            new TelemetryPoint(60_000, 10, 1, "alignment_loss", 8),
            new TelemetryPoint(60_000, 10, null, "uptime", 2),
        }));
        At(200);
        Assert.That(Drain(), Is.Empty);
    }

    [TestCase(20, 80)]
    [TestCase(5, 75, Description = "never less than 15 s apart")]
    [TestCase(300, 360)]
    public void Points_AfterAnotherPeriodWasSet_AreSentWithIt(double seconds, double expected)
    {
        recorder.Point(0, MetricNames.AlignmentLoss, 1);
        At(60);
        Assert.That(Drain(), Has.Count.EqualTo(1));

        recorder.ReportPeriod = TimeSpan.FromSeconds(seconds);
        double sent = Enumerable.Range(61, 400).First(second =>
        {
            recorder.Point(0, MetricNames.AlignmentLoss, 2);
            At(second);
            return Drain().Count > 0;
        });

        Assert.That(sent, Is.EqualTo(expected));
    }

    [Test]
    public void NonFinite_NeverLeaves_IsCountedAndTold()
    {
        recorder.Point(2, MetricNames.AlignmentLoss, double.NaN);
        recorder.Point(null, MetricNames.Temperature, double.PositiveInfinity);
        recorder.Point(2, MetricNames.AlignmentLoss, 1e300);
        recorder.Point(2, MetricNames.AlignmentLoss, 1e300);
        At(60);
        TelemetryBatch batch = Drain().Single();
        Assert.That(batch.Events.Single().Kind, Is.EqualTo(EventKinds.NonFiniteLoss));
        Assert.That(batch.Events.Single().Data, Is.EqualTo(new TelemetryFields { { "series", "2.alignment_loss" }, { "count", 2 } }));
        Assert.That(batch.Points.Single().Value, Is.EqualTo(1e300));
        Assert.That(recorder.RecordsDropped, Is.EqualTo(2));
    }

    [Test]
    public void Values_KeepTheDigitsOfTheirType()
    {
        recorder.Point(null, "float_value", 0.1f);
        recorder.Point(null, "bytes", 123_456_789_013);
        At(60);
        Assert.That(Drain().Single().Points.Select(point => point.Value), Is.EqualTo(new[] { 0.1, 123_456_789_013 }));
    }

    [Test]
    public void HighEvent_GoesAtOnce_AloneAndDurable()
    {
        recorder.Point(0, MetricNames.AlignmentLoss, 1);
        recorder.Event(EventKinds.Resumed, TelemetryPriority.Normal, "on it goes");
        recorder.Event(EventKinds.AnomalyStart, TelemetryPriority.High, "it began", new TelemetryFields { { "score", 9.5 } });
        At(1);
        Assert.That((spool.Waiting(TelemetryPriority.High), spool.Unflushed(TelemetryPriority.High)), Is.EqualTo((1, 0)));
        TelemetryBatch batch = Drain().Single();
        Assert.That(batch.Points, Is.Empty);
        Assert.That(batch.Events.Single().Text, Is.EqualTo("it began"));
    }

    [Test]
    public void Priorities_HaveBatchesOfTheirOwn()
    {
        recorder.RunSettings(new TelemetryFields { { "Run", "run-1" } });
        recorder.Point(0, MetricNames.AlignmentLoss, 1);
        recorder.Image(null, "reconstruction", 2, 1, [1, 2], [3, 4]);
        recorder.Log(TelemetryLogLevel.Error, "bad");
        recorder.Log(TelemetryLogLevel.Warning, "not so bad");
        recorder.Log(TelemetryLogLevel.Information, "fine");
        recorder.Log(TelemetryLogLevel.Debug, "detail");
        At(60);
        List<TelemetryBatch> batches = Drain();
        Assert.That(batches.Select(TelemetryLevels.PriorityOf),
            Is.EqualTo(new[] { TelemetryPriority.High, TelemetryPriority.Normal, TelemetryPriority.Low }));
        Assert.That(batches.SelectMany(batch => batch.Logs).Select(log => log.Text), Is.EqualTo(new[] { "bad", "not so bad", "fine" }));
        Assert.That(batches[0].RunSettings, Is.Not.Null);
        Assert.That(batches[2].Images, Has.Count.EqualTo(1));
    }

    // The busiest there can be: everything recorded all the time, with the shortest period.
    [Test]
    public void Flow_IsBelowTwelveBatchesInAnyMinute()
    {
        recorder = new TelemetryRecorder(spool, "run-1", "1", TimeSpan.FromSeconds(5));
        var times = new List<double>();
        for (double second = 0; second < 600; second++)
        {
            foreach (TelemetryPriority priority in Enum.GetValues<TelemetryPriority>())
            {
                recorder.Event("something", priority, "again");
            }

            recorder.Point(0, MetricNames.AlignmentLoss, second);
            At(second);
            times.AddRange(Drain().Select(_ => second));
        }

        Assert.That(times.Max(time => times.Count(other => other >= time && other < time + 60)), Is.InRange(9, 11));
        Assert.That(recorder.RecordsDropped, Is.Zero);
    }

    [Test]
    public void RepeatedLog_GoesOnce_WithItsNumber()
    {
        for (int i = 0; i < 1000; i++)
        {
            recorder.Log(TelemetryLogLevel.Warning, new string('x', 600));
            recorder.Log(TelemetryLogLevel.Warning, "other");
        }

        At(60);
        TelemetryLog[] logs = Drain().Single().Logs.ToArray();
        Assert.That(logs.Select(log => log.Text), Is.EqualTo(new[] { new string('x', 498) + "… (1000 times)", "other (1000 times)" }));
        Assert.That(logs[0].Text, Has.Length.EqualTo(TelemetryLimits.TextLength));
        Assert.That(recorder.RecordsDropped, Is.Zero);
    }

    [Test]
    public void Limits_OfTheContract_AreKept_AndCounted()
    {
        spool = TelemetrySpool.Open(new MemoryStorage(), 1, 1 << 20, TimeSpan.FromMinutes(10));
        recorder = new TelemetryRecorder(spool, "run-1", "1", TimeSpan.FromSeconds(60));
        for (int i = 0; i < 600; i++)
        {
            recorder.Point(null, $"series_{i}", i);
            recorder.Log(TelemetryLogLevel.Warning, $"line {i}");
            recorder.Event("something", TelemetryPriority.Normal, new string('y', 2000), new TelemetryFields
            {
                { "text", new string('z', 2000) },
                { "long", new double[401] },
                { "short", new double[400] },
            });
        }

        recorder.Image(null, "reconstruction", 65, 1, new byte[65], new byte[65]);
        for (int i = 0; i < 20; i++)
        {
            recorder.Image(null, "reconstruction", 64, 64, new byte[4096], new byte[4096]);
        }

        At(60);
        List<TelemetryBatch> batches = Drain();
        Assert.That(batches.Sum(batch => batch.Points.Count), Is.EqualTo(512));
        Assert.That(batches.Sum(batch => batch.Logs.Count), Is.EqualTo(200));
        Assert.That(batches.Sum(batch => batch.Events.Count), Is.EqualTo(100));
        Assert.That(batches.Sum(batch => batch.Images.Count), Is.EqualTo(16));
        // Series, lines, events, arrays of events (all 600), pictures.
        Assert.That(recorder.RecordsDropped, Is.EqualTo(88 + 400 + 500 + 600 + 1 + 4));
    }

    [Test]
    public void SmallSpool_RecordTooLargeForIt_IsCounted()
    {
        spool = TelemetrySpool.Open(new MemoryStorage(), 1, 32 << 10, TimeSpan.FromMinutes(10));
        recorder = new TelemetryRecorder(spool, "run-1", "1", TimeSpan.FromSeconds(60));
        recorder.Image(null, "reconstruction", 64, 64, new byte[4096], new byte[4096]);
        recorder.Image(null, "reconstruction", 28, 28, new byte[784], new byte[784]);
        At(60);
        Assert.That(Drain().Single().Images.Single().Width, Is.EqualTo(28));
        Assert.That(recorder.RecordsDropped, Is.EqualTo(1));
    }

    [Test]
    public void BeginRun_SendsWhatWasBeforeUnderTheOldName()
    {
        recorder.Point(0, MetricNames.AlignmentLoss, 1);
        recorder.BeginRun("run-2");
        recorder.Point(0, MetricNames.AlignmentLoss, 2);
        Assert.That(recorder.Flush(), Is.True);
        Assert.That(
            Drain().Select(batch => (batch.Run, batch.Points.Single().Value)),
            Is.EqualTo(new[] { ("run-1", 1.0), ("run-2", 2.0) }));
    }

    [Test]
    public void Clock_NotSetOrNonsense_IsZero([Values(0, -5, long.MaxValue)] long unixMilliseconds)
    {
        recorder.Event("something", TelemetryPriority.High, "now");
        recorder.Advance(TimeSpan.Zero, unixMilliseconds, 0);
        recorder.Event("something", TelemetryPriority.High, "then");
        recorder.Flush();
        Assert.That(Drain().SelectMany(batch => batch.Events).Select(one => one.TimeMilliseconds), Is.All.Zero);
    }

    [Test]
    public void Point_OfAKnownSeries_AllocatesNothing()
    {
        recorder.Point(0, MetricNames.AlignmentLoss, 1);

        long allocated = Allocation.Of(() =>
        {
            for (int i = 0; i < 1000; i++)
            {
                recorder.Point(0, MetricNames.AlignmentLoss, i);
                recorder.Advance(TimeSpan.FromMilliseconds(i), 0, i);
            }
        });

        Assert.That(allocated, Is.Zero);
    }

    [Test]
    public void Logger_TakesLinesDown_FromItsLevelOn()
    {
        var logger = new RecorderLogger(recorder);
        logger.Log(LogLevel.Debug, 0, "detail", null, (state, _) => state);
        logger.Log(LogLevel.Error, 0, "it broke:", new InvalidOperationException("no air"), (state, _) => state);
        recorder.LeastLogLevel = TelemetryLogLevel.Error;
        Assert.That(logger.IsEnabled(LogLevel.Warning), Is.False);
        Assert.That(logger.IsEnabled(LogLevel.None), Is.False);
        recorder.Flush();
        TelemetryLog log = Drain().Single().Logs.Single();
        Assert.That((log.Level, log.Text), Is.EqualTo((TelemetryLogLevel.Error, "it broke: InvalidOperationException: no air")));
    }

    private void At(double seconds, long step = 0) => recorder.Advance(TimeSpan.FromSeconds(seconds), (long)(seconds * 1000), step);

    // Everything that waits, checked against the contract.
    private List<TelemetryBatch> Drain()
    {
        var batches = new List<TelemetryBatch>();
        while (spool.TryPeek(out SpooledBatch spooled))
        {
            TelemetryBatch batch = BatchReader.ReadBatch(spooled.Body.Span);
            Assert.That(TelemetryLimits.Check(batch), Is.Null, Encoding.UTF8.GetString(spooled.Body.Span));
            Assert.That(TelemetryLimits.CheckBody(spooled.Body.Length), Is.Null);
            Assert.That(TelemetryLevels.PriorityOf(batch), Is.EqualTo(spooled.Priority));
            batches.Add(batch);
            spool.Remove(spooled.Boot, spooled.Sequence);
        }

        return batches;
    }
}
