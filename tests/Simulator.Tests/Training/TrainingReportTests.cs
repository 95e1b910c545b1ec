using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using FeatureAlignment.Device.Tests.Uplink;
using FeatureAlignment.Simulator.Commands;
using FeatureAlignment.Simulator.Tests.Runs;
using FeatureAlignment.Telemetry;
using NUnit.Framework;

namespace FeatureAlignment.Simulator.Tests.Training;

/// <summary>A training that is reported is the training that it would have been.</summary>
[TestFixture]
internal sealed class TrainingReportTests
{
    private const string Train = "train --dataset mnist --data DATA --layers 24,12 --epochs 3 --out RUN";

    private WholeSimulator simulator = null!;

    [SetUp]
    public void SetUp() => simulator = new WholeSimulator();

    [TearDown]
    public void TearDown() => simulator.Dispose();

    [Test]
    public async Task Report_WholeRun_TellsItsCourseFromBeginningToEnd()
    {
        using BatchDoor door = BatchDoor.Open(BatchDoor.Answers(200, """{"accepted":1,"quarantined":0,"commands":[]}"""));
        await SucceedAsync($"{Train} --report {door.Address} --key secret");

        TelemetryBatch[] batches = [.. door.Requests.Select(request => BatchReader.ReadBatch(request.Body))];
        Assert.That(batches.Select(batch => TelemetryLimits.Check(batch)), Is.All.Null);
        Assert.That(batches.Select(batch => batch.Run), Is.All.EqualTo("run"));
        TelemetryEvent[] events = [.. batches.SelectMany(batch => batch.Events)];
        Assert.That(events[0].Kind, Is.EqualTo(EventKinds.RunStarted));
        Assert.That(events[^1].Kind, Is.EqualTo(EventKinds.RunFinished));
        Assert.That(events[^1].Step, Is.EqualTo(3 * DigitFiles.TrainingCount));
        Assert.That(events.Single(one => one.Kind == EventKinds.Evaluation).Data.TryGet("accuracy", out TelemetryValue? accuracy), Is.True);
        Assert.That(accuracy!.Number, Is.EqualTo((double)simulator.Result()["testAccuracy"]!));

        IEnumerable<TelemetryPoint> points = batches.SelectMany(batch => batch.Points);
        Assert.That(
            points.Where(point => point.Name == MetricNames.LabelLoss).Select(point => point.Layer).Distinct(),
            Is.EquivalentTo(new int?[] { 0, 1 }));
        Assert.That(points.Max(point => point.Step), Is.EqualTo(3 * DigitFiles.TrainingCount));
        Assert.That(batches[0].RunSettings!.TryGet("layers", out TelemetryValue? layers), Is.True);
        Assert.That(layers!.Text, Is.EqualTo("24,12"));
        Assert.That(
            door.Requests.Select(request => request.Headers["X-Device-Key"]), Is.All.Null, "a key does not cross a plain connection");
        Assert.That(door.Requests.Select(request => request.Headers["X-Signature"]), Is.All.Not.Null);
    }

    [TestCase("", null)]
    [TestCase(" --id lab-1", "lab-1")]
    public async Task Report_IsOfTheDeviceThatIsNamed_ElseOfThisMachine(string option, string? expected)
    {
        using BatchDoor door = BatchDoor.Open(BatchDoor.Answers(200, """{"accepted":1,"quarantined":0,"commands":[]}"""));
        await SucceedAsync($"{Train} --report {door.Address}{option}");

        string[] devices = [.. door.Requests.Select(request => request.Path.Split('/')[^2]).Distinct()];
        Assert.That(devices, Is.EqualTo(new[] { expected ?? Regex.Replace(Environment.MachineName, "[^A-Za-z0-9._-]", "-") }));
    }

    [TestCase(503)]
    [TestCase(400)]
    public async Task Report_DashboardThatFails_IsWarnedOfAndChangesNothing(int code)
    {
        using BatchDoor door = BatchDoor.Open(BatchDoor.Answers(code));
        await SucceedAsync($"{Train} --report {door.Address}");
        Assert.That(simulator.Error, Does.Contain("warning: ").And.Contain($"batches did not reach {door.Address}: "));

        await SucceedAsync($"{Train} --out RUN2");
        Assert.That(simulator.Error, Is.Empty);
        Assert.That(simulator.Digest(), Is.EqualTo(simulator.Digest("run2")));
    }

    [Test]
    public async Task Report_NobodyThere_IsWarnedOf()
    {
        Uri address;
        using (BatchDoor door = BatchDoor.Open(BatchDoor.Answers(200)))
        {
            address = door.Address;
        }

        await SucceedAsync($"{Train} --report {address}");
        Assert.That(simulator.Error, Does.Contain("batches did not reach"));
    }

    [TestCase("--report localhost", "Report must be an address that begins with http:// or https://; was 'localhost'.")]
    [TestCase("--key k", "Option --key has no effect without --report; leave it out.")]
    [TestCase("--id lab-1", "Option --id has no effect without --report; leave it out.")]
    [TestCase("--report http://localhost:1 --id a/b", "Id must be 1 to 64 of letters, digits, - _ and ., not dots alone; was 'a/b'.")]
    public async Task Report_BadOption_IsRefused(string options, string expected)
    {
        Assert.That(await simulator.RunAsync($"{Train} {options}"), Is.EqualTo(ExitCode.Usage));
        Assert.That(simulator.Error, Does.Contain(expected));
    }

    private async Task SucceedAsync(string call) =>
        Assert.That(await simulator.RunAsync(call), Is.EqualTo(ExitCode.Success), () => simulator.Error);
}
