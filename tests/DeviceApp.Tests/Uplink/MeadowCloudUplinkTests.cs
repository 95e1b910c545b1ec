using System;
using System.Buffers;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using FeatureAlignment.Device.Platform;
using FeatureAlignment.DeviceApp.Tests.Support;
using FeatureAlignment.DeviceApp.Uplink;
using FeatureAlignment.Telemetry;
using Meadow;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;

namespace FeatureAlignment.DeviceApp.Tests.Uplink;

[TestFixture]
public sealed class MeadowCloudUplinkTests
{
    private static readonly BatchHeader Header = new("board-7", boot: 17, sequence: 4211, timeMilliseconds: 1795350000000);

    private FakeCloud cloud = null!;
    private FakeClock clock = null!;
    private MeadowCloudUplink uplink = null!;

    [SetUp]
    public void Start()
    {
        cloud = new FakeCloud();
        clock = new FakeClock();
        uplink = new MeadowCloudUplink(cloud, MeadowCloudCommands.Subscribe(cloud, NullLogger.Instance), clock);
    }

    [Test]
    public void Batch_IsFlattenedIntoEvents()
    {
        uplink.Send(Header, BatchOf(points: 1));

        Meadow.Cloud.CloudEvent sent = cloud.Sent.Single();
        Assert.That(sent.EventId, Is.EqualTo(1000));
        Assert.That(sent.Timestamp, Is.EqualTo(DateTimeOffset.FromUnixTimeMilliseconds(1795350000000)));
        Assert.That(sent.Measurements["deviceId"], Is.EqualTo("board-7"));
        Assert.That(sent.Measurements["seq"], Is.EqualTo(4211));
        Assert.That(sent.Measurements["0.alignment_loss"], Is.EqualTo(0.5));
    }

    [Test]
    public void Batch_IsDeliveredWhenTheQueueHasBeenEmpty()
    {
        uplink.Send(Header, BatchOf(points: 1));
        Assert.That(uplink.IsReady, Is.False);
        Assert.That(uplink.TryTakeOutcome(out _), Is.False, "it waits in memory");

        cloud.PostOne();

        Assert.That(uplink.TryTakeOutcome(out UplinkOutcome outcome), Is.True);
        Assert.That(outcome.Result, Is.EqualTo(UplinkResult.Delivered));
        Assert.That(uplink.IsReady, Is.True);
    }

    [Test]
    public void Events_GoOutTwelveAMinute()
    {
        uplink.Send(Header, BatchOf(points: 40));
        for (int second = 0; second < 60; second++)
        {
            cloud.Queue.Clear();
            clock.Uptime += TimeSpan.FromSeconds(1);
            Assert.That(uplink.TryTakeOutcome(out _), Is.False);
        }

        // One when it was sent, then one every five seconds.
        Assert.That(cloud.Sent, Has.Count.EqualTo(13));
    }

    [Test]
    public void Events_OfTheNextBatch_KeepTheirDistanceToo()
    {
        uplink.Send(Header, BatchOf(points: 1));
        cloud.PostOne();
        uplink.TryTakeOutcome(out _);
        uplink.Send(new BatchHeader("board-7", 17, 4212, 0), BatchOf(points: 1));
        Assert.That(cloud.Sent, Has.Count.EqualTo(1));

        clock.Uptime += TimeSpan.FromSeconds(5);
        uplink.TryTakeOutcome(out _);
        Assert.That(cloud.Sent, Has.Count.EqualTo(2));
    }

    [Test]
    public void Events_WaitWhileTheQueueIsNotLow()
    {
        uplink.Send(Header, BatchOf(points: 2));
        cloud.EnqueueOthers(10);
        clock.Uptime += TimeSpan.FromMinutes(1);
        Assert.That(uplink.TryTakeOutcome(out _), Is.False);
        Assert.That(cloud.Sent, Has.Count.EqualTo(1));

        cloud.Queue.Clear();
        uplink.TryTakeOutcome(out _);
        Assert.That(cloud.Sent, Has.Count.EqualTo(2));
    }

    [Test]
    public void Batch_WhoseQueueRanFull_IsFailedAndSentAgain()
    {
        uplink.Send(Header, BatchOf(points: 1));
        cloud.EnqueueOthers(40);
        Assert.That(cloud.Queue, Has.None.EqualTo(cloud.Sent.First()), "the fake has dropped it, as the real one does");

        Assert.That(uplink.TryTakeOutcome(out UplinkOutcome outcome), Is.True);
        Assert.That(outcome.Result, Is.EqualTo(UplinkResult.Failed));
        Assert.That(uplink.IsReady, Is.False, "the queue is not low");

        cloud.Queue.Clear();
        clock.Uptime += TimeSpan.FromSeconds(5);
        uplink.Send(Header, BatchOf(points: 1));
        Assert.That(cloud.Sent.Select(one => one.Measurements["seq"]), Is.All.EqualTo(4211));
    }

    [TestCase(CloudConnectionState.Disconnected, true)]
    [TestCase(CloudConnectionState.Subscribing, true)]
    [TestCase(CloudConnectionState.Connected, false)]
    public void Uplink_WithoutConnection_IsNotReady(CloudConnectionState state, bool isEnabled)
    {
        cloud.ConnectionState = state;
        cloud.IsEnabled = isEnabled;
        Assert.That(uplink.IsReady, Is.False);
        Assert.That(uplink.Status, Is.EqualTo("offline"));
    }

    [Test]
    public void Events_WaitForTheConnection()
    {
        uplink.Send(Header, BatchOf(points: 2));
        cloud.Queue.Clear();
        cloud.ConnectionState = CloudConnectionState.Disconnected;
        clock.Uptime += TimeSpan.FromHours(1);
        Assert.That(uplink.TryTakeOutcome(out _), Is.False);
        Assert.That(cloud.Sent, Has.Count.EqualTo(1));
    }

    [Test]
    public void Body_ThatIsNoBatch_IsRefused()
    {
        uplink.Send(Header, Encoding.UTF8.GetBytes("{torn"));
        Assert.That(uplink.TryTakeOutcome(out UplinkOutcome outcome), Is.True);
        Assert.That(outcome.Result, Is.EqualTo(UplinkResult.Refused));
    }

    [Test]
    public void Send_BeforeTheOutcome_Throws()
    {
        uplink.Send(Header, BatchOf(points: 1));
        Assert.That(() => uplink.Send(Header, BatchOf(points: 1)), Throws.InvalidOperationException);
    }

    // Points of different steps do not share an event.
    private static byte[] BatchOf(int points)
    {
        IEnumerable<TelemetryPoint> all = Enumerable.Range(1, points)
            .Select(step => new TelemetryPoint(1795350000000, step, 0, MetricNames.AlignmentLoss, 0.5));
        var buffer = new ArrayBufferWriter<byte>();
        BatchWriter.Write(buffer, new TelemetryBatch("r-1", "1.0.0", all));
        return buffer.WrittenSpan.ToArray();
    }
}
