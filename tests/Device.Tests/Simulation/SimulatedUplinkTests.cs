using System;
using System.Buffers;
using System.Text;
using FeatureAlignment.Device.Platform;
using FeatureAlignment.Simulation.Board;
using FeatureAlignment.Simulation.Faults;
using FeatureAlignment.Telemetry;
using NUnit.Framework;

namespace FeatureAlignment.Device.Tests.Simulation;

[TestFixture]
public sealed class SimulatedUplinkTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private SimulatedWorld world = null!;

    [TearDown]
    public void End() => world.Dispose();

    [Test]
    public void Batch_Arrives_AndIsAnsweredLater_WithACommandOnce()
    {
        SimulatedUplink network = Create("", isUnreliable: false);
        network.Command(new TelemetryCommand("c", "pause"));
        IUplink uplink = network.Connect();
        UplinkOutcome outcome = Send(uplink, 1, Batch("a"));
        Assert.That(outcome.Result, Is.EqualTo(UplinkResult.Delivered));
        Assert.That(outcome.Answer!.Commands, Has.Count.EqualTo(1));
        Assert.That(Send(uplink, 2, Batch("b")).Answer!.Commands, Is.Empty);
        Assert.That((network.Batches, network.Records, network.Repeated, network.Violations), Is.EqualTo((2, 2L, 0, 0)));
    }

    [Test]
    public void Batch_Again_IsCounted_AndAViolationWithAnotherContent()
    {
        SimulatedUplink network = Create("", isUnreliable: false);
        Send(network.Connect(), 1, Batch("a"));
        Send(network.Connect(), 1, Batch("a"));
        Assert.That((network.Batches, network.Repeated, network.Violations), Is.EqualTo((1, 1, 0)));
        Send(network.Connect(), 1, Batch("b"));
        Assert.That((network.Batches, network.Repeated, network.Violations), Is.EqualTo((1, 2, 1)));
        Assert.That(network.LastViolation, Does.Contain("1/1"));
    }

    [Test]
    public void Batch_ThatCannotBeRead_IsAViolation()
    {
        SimulatedUplink network = Create("", isUnreliable: false);
        Send(network.Connect(), 1, Encoding.UTF8.GetBytes("{"));
        Assert.That(network.Violations, Is.EqualTo(1));
    }

    [Test]
    public void WithoutNetwork_NothingArrives()
    {
        SimulatedUplink network = Create("no-network 0s 1h", isUnreliable: false);
        Assert.That(Send(network.Connect(), 1, Batch("a")).Result, Is.EqualTo(UplinkResult.Failed));
        Assert.That(network.Batches, Is.Zero);
    }

    [Test]
    public void Unreliable_LosesRequestsAndAnswers_AndDeliversTwice()
    {
        SimulatedUplink network = Create("", isUnreliable: true);
        IUplink uplink = network.Connect();
        int failed = 0;
        for (int sequence = 1; sequence <= 500; sequence++)
        {
            failed += Send(uplink, sequence, Batch("a")).Result == UplinkResult.Failed ? 1 : 0;
        }

        // Of a hundred 3 are lost, 2 come twice, 3 answers are lost and 1 is refused for now.
        Assert.That(network.Batches, Is.EqualTo(485).Within(12));
        Assert.That(failed, Is.EqualTo(35).Within(17));
        Assert.That(network.Repeated, Is.EqualTo(10).Within(9));
        Assert.That(network.Violations, Is.Zero);
    }

    private SimulatedUplink Create(string faults, bool isUnreliable)
    {
        var plan = FaultPlan.Parse(faults);
        world = new SimulatedWorld(0, TimeSpan.FromDays(1), plan);
        return new SimulatedUplink(world, plan, seed: 1, isUnreliable);
    }

    private UplinkOutcome Send(IUplink uplink, int sequence, byte[] body)
    {
        Assert.That(uplink.IsReady, Is.True);
        uplink.Send(new BatchHeader("device", 1, sequence, 0), body);
        Assert.That(uplink.TryTakeOutcome(out _), Is.False, "not at once");
        UplinkOutcome outcome;
        while (!uplink.TryTakeOutcome(out outcome))
        {
            world.Advance(Second);
        }

        return outcome;
    }

    private static byte[] Batch(string text)
    {
        var output = new ArrayBufferWriter<byte>();
        BatchWriter.Write(output,
            new TelemetryBatch("run", "1.0", events: [new TelemetryEvent(0, 0, "paused", TelemetryPriority.Normal, text)]));
        return output.WrittenSpan.ToArray();
    }
}
