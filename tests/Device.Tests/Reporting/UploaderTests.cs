using System;
using System.Linq;
using FeatureAlignment.Device.Platform;
using FeatureAlignment.Device.Reporting;
using FeatureAlignment.Device.Tests.Support;
using FeatureAlignment.Simulation.Storage;
using FeatureAlignment.Telemetry;
using NUnit.Framework;

namespace FeatureAlignment.Device.Tests.Reporting;

[TestFixture]
public sealed class UploaderTests
{
    private TelemetrySpool spool = null!;
    private FakeUplink uplink = null!;
    private Uploader uploader = null!;
    private double seconds;

    [SetUp]
    public void SetUp()
    {
        spool = TelemetrySpool.Open(new MemoryStorage(), 7, 64 << 10, TimeSpan.FromMinutes(10));
        uplink = new FakeUplink();
        uploader = new Uploader(spool, new UploadSchedule(new RandomSource(1)), uplink, "device-1");
        seconds = 0;
    }

    [Test]
    public void Batches_GoOneAtATime_ByPriorityThenAge()
    {
        spool.Add(TelemetryPriority.Low, [1]);
        spool.Add(TelemetryPriority.Normal, [2]);
        spool.Add(TelemetryPriority.High, [3]);
        spool.Add(TelemetryPriority.High, [4]);
        Advance();
        Advance();
        Assert.That(uplink.Sent, Has.Count.EqualTo(1));
        for (int i = 0; i < 4; i++)
        {
            uplink.Outcomes.Enqueue(FakeUplink.Delivered());
            Advance();
        }

        Assert.That(uplink.Sent.Select(sent => sent.Body[0]), Is.EqualTo(new byte[] { 3, 4, 2, 1 }));
        Assert.That(
            uplink.Sent.Select(sent => (sent.Header.DeviceId, sent.Header.Boot, sent.Header.Sequence, sent.Header.TimeMilliseconds)),
            Is.EqualTo(new[] { ("device-1", 7, 3, 1000L), ("device-1", 7, 4, 1000), ("device-1", 7, 2, 1000), ("device-1", 7, 1, 1000) }));
        Assert.That(uploader.Delivered, Is.EqualTo(4));
        Assert.That(spool.TryPeek(out _), Is.False);
    }

    [Test]
    public void Failed_IsSentAgainWithTheSameNumber_NotBeforeTheWait()
    {
        spool.Add(TelemetryPriority.Normal, [1]);
        Advance();
        uplink.Outcomes.Enqueue(new UplinkOutcome(UplinkResult.Failed, null, "no route", TimeSpan.FromSeconds(60)));
        Advance();
        seconds = 59;
        Advance();
        Assert.That(uplink.Sent, Has.Count.EqualTo(1));
        seconds = 70;
        Advance();
        Assert.That(uplink.Sent, Has.Count.EqualTo(2));
        Assert.That(uplink.Sent[1].Header, Is.EqualTo(uplink.Sent[0].Header));
        Assert.That((uploader.Failed, uploader.LastFailure), Is.EqualTo((1L, "no route")));
    }

    [Test]
    public void Refused_IsGoneAndCounted()
    {
        spool.Add(TelemetryPriority.High, [1]);
        Advance();
        uplink.Outcomes.Enqueue(new UplinkOutcome(UplinkResult.Refused, null, "too large", TimeSpan.Zero));
        Advance();
        Assert.That((uploader.Refused, uploader.LastFailure), Is.EqualTo((1L, "too large")));
        Assert.That(spool.Waiting(TelemetryPriority.High), Is.Zero);
    }

    [Test]
    public void Commands_OfAnswersAndOfTheUplink_AreHandedOut()
    {
        spool.Add(TelemetryPriority.Normal, [1]);
        Advance();
        uplink.Outcomes.Enqueue(FakeUplink.Delivered(new TelemetryCommand("1", "pause"), new TelemetryCommand("2", "resume")));
        uplink.Commands.Enqueue(new TelemetryCommand("3", "train"));
        Advance();
        string ids = "";
        while (uploader.TryTakeCommand(out TelemetryCommand command))
        {
            ids += command.Id;
        }

        Assert.That(ids, Is.EqualTo("123"));
    }

    [Test]
    public void Uplink_NotReady_GetsNothing()
    {
        spool.Add(TelemetryPriority.Normal, [1]);
        uplink.IsReady = false;
        Advance();
        Assert.That(uplink.Sent, Is.Empty);
    }

    private void Advance() => uploader.Advance(TimeSpan.FromSeconds(seconds), 1000);
}
