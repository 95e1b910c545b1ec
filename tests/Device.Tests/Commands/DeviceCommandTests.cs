using System;
using System.Linq;
using FeatureAlignment.Device.Commands;
using FeatureAlignment.Device.Platform;
using FeatureAlignment.Device.Tests.Support;
using FeatureAlignment.Simulation;
using FeatureAlignment.Simulation.Storage;
using FeatureAlignment.Telemetry;
using NUnit.Framework;

namespace FeatureAlignment.Device.Tests.Commands;

/// <summary>Commands and buttons, from the network to what they change.</summary>
[TestFixture]
public sealed class DeviceCommandTests
{
    private static readonly TimeSpan HalfHour = TimeSpan.FromMinutes(30);

    [Test]
    public void Unknown_Wrong_AndExpired_AreRefusedWithTheReason()
    {
        SimulatedDeviceOptions options = TestLife.Watching(HalfHour);
        using TestLife life = new TestLife(options).Command(2, "u", "explode")
            .Command(4, "w", "set", new TelemetryFields { { "threshold", 0.5 } })
            .Command(6, "e", "pause", null, expires: options.StartMilliseconds + 60_000)
            .Command(8, "s", "label", new TelemetryFields { { "as", "odd" } })
            .Command(10, "2", "set", new TelemetryFields { { "threshold", 2 }, { "learning_rate", 0.01 } }).Run();
        Assert.That(life.Of(EventKinds.CommandDone), Is.Empty);
        Assert.That(life.AnswerTo("u").Text, Does.Contain("explode").And.Contain("reset_model"));
        Assert.That(life.AnswerTo("w").Text, Does.Contain("threshold of set must be a number from 1 to 100").And.Contain("0.5"));
        Assert.That(life.AnswerTo("e").Text, Does.Contain("expired"));
        Assert.That(life.AnswerTo("s").Text, Does.Contain("normal, fault"));
        Assert.That(life.AnswerTo("2").Text, Does.Contain("it names 2"));
        Assert.That(life.Of(EventKinds.Paused), Is.Empty);
    }

    [Test]
    public void Repeated_AlsoAfterARestart_IsNotDoneTwice()
    {
        using TestLife life = new TestLife(TestLife.Watching(HalfHour)).Command(2, "one", "pause").Command(4, "two", "resume")
            .Command(6, "one", "pause").Command(8, "again", "restart").Command(12, "one", "pause").Command(14, "again", "restart").Run();
        Assert.That(life.Device.Starts, Is.EqualTo(2));
        Assert.That(life.Of(EventKinds.Paused).Count(), Is.EqualTo(1));
        Assert.That(life.AnswersTo("one"), Has.Count.EqualTo(1));
        Assert.That(life.AnswersTo("again"), Has.Count.EqualTo(1));
        Assert.That(life.Device.Light, Is.EqualTo(IndicatorState.Watching).Or.EqualTo(IndicatorState.Learning));
    }

    [Test]
    public void ManyAtOnce_AreAllAnswered()
    {
        using var life = new TestLife(TestLife.Watching(HalfHour));
        life.At(5, () =>
        {
            for (int i = 0; i < 40; i++)
            {
                life.Device.Network.Command(new TelemetryCommand($"c{i}", i % 2 == 0 ? "pause" : "resume"));
            }
        }).Run();
        Assert.That(life.Of(EventKinds.CommandDone).Count(), Is.EqualTo(40));
    }

    [Test]
    public void Pause_StopsEverything_AndResumeGoesOn()
    {
        using var life = new TestLife(TestLife.Watching(HalfHour));
        long atPause = 0;
        life.Command(5, "p", "pause").At(8, () => atPause = StepOf(life)).At(14, () => Assert.That(StepOf(life), Is.EqualTo(atPause)))
            .Command(15, "r", "resume").Run();
        Assert.That(life.Lights[10 * 60], Is.EqualTo(IndicatorState.Paused));
        Assert.That(StepOf(life), Is.GreaterThan(atPause));

        // What was learned before the pause is safe, and then nothing changes.
        Assert.That(life.Of(EventKinds.CheckpointWritten).Count(one => Minute(life, one) is > 7 and < 15), Is.Zero);
    }

    [Test]
    public void Detect_WatchesWithoutLearning_AlsoAcrossABenchmark_UntilTrain()
    {
        using var life = new TestLife(TestLife.Watching(HalfHour));
        long frozen = 0;
        life.Command(3, "d", "detect").Command(6, "b", "benchmark").At(9, () => frozen = StepOf(life))
            .At(17, () => Assert.That(StepOf(life), Is.EqualTo(frozen)))
            .Command(18, "t", "train").Run();
        Assert.That(life.Of(EventKinds.Benchmark).Count(), Is.EqualTo(1));
        Assert.That(life.Of(EventKinds.Resumed).Count(), Is.EqualTo(1), "taken up again after the benchmark");
        Assert.That(StepOf(life), Is.GreaterThan(frozen));
    }

    [Test]
    public void Checkpoint_IsWrittenAtOnce()
    {
        using TestLife life = new TestLife(TestLife.Watching(HalfHour, ("Storage.CheckpointPeriod", "1h"))).Command(10, "c", "checkpoint")
            .Run();
        TelemetryEvent[] written = life.Of(EventKinds.CheckpointWritten).ToArray();
        Assert.That(written.Select(one => one.Text), Has.All.Contains("demanded"));
        Assert.That(written.Select(one => Minute(life, one)), Has.Some.EqualTo(10).Within(1.5));
    }

    [Test]
    public void Evaluate_AndPictures_NeedTestFiles([Values] bool hasTests)
    {
        SimulatedDeviceOptions options =
            TestLife.Learning(HalfHour, hasTests ? ("Training.Epochs", "2") : ("Files.TestImages", ""), ("Report.Images", "0s"));
        using TestLife life = new TestLife(options).Command(3, "e", "evaluate")
            .Command(5, "i", "send_reconstructions", new TelemetryFields { { "count", 3 } }).Run();
        string kind = hasTests ? EventKinds.CommandDone : EventKinds.CommandRefused;
        Assert.That(new[] { life.AnswerTo("e").Kind, life.AnswerTo("i").Kind }, Has.All.EqualTo(kind));
        Assert.That(life.Of(EventKinds.Evaluation).Count(), Is.EqualTo(hasTests ? 3 : 0), "two epochs, and on command");
        Assert.That(life.Images, Has.Count.EqualTo(hasTests ? 3 : 0));
        Assert.That(life.Images.All(image =>
            image is { Width: 7, Height: 7, Kind: "reconstruction", Label: not null, Predicted: not null }), Is.True);
    }

    [Test]
    public void Set_LearningRate_IsReported_UntilTheNextStart()
    {
        using TestLife life = new TestLife(TestLife.Watching(HalfHour))
            .Command(5, "s", "set", new TelemetryFields { { "learning_rate", 0.001 } })
            .Command(15, "r", "restart").Run();
        double[] rates = life.Series(MetricNames.LearningRate).Select(point => Math.Round(point.Value, 6)).ToArray();
        Assert.That(rates[0], Is.EqualTo(0.005));
        Assert.That(rates, Has.Some.EqualTo(0.001));
        Assert.That(rates[^1], Is.EqualTo(0.005));
    }

    [Test]
    public void CommandsOfTheOtherSource_AreRefused()
    {
        using TestLife files = new TestLife(TestLife.Learning(HalfHour)).Command(3, "d", "detect").Command(5, "t", "train")
            .Command(7, "s", "set", new TelemetryFields { { "threshold", 2 } })
                .Command(9, "l", "label", new TelemetryFields { { "as", "fault" } }).Run();
        Assert.That(files.Of(EventKinds.CommandRefused).Count(), Is.EqualTo(4));
        using TestLife sensors = new TestLife(TestLife.Watching(HalfHour)).Command(3, "e", "evaluate").Run();
        Assert.That(sensors.AnswerTo("e").Kind, Is.EqualTo(EventKinds.CommandRefused));
    }

    [Test]
    public void Label_IsSavedAtOnce()
    {
        using TestLife life = new TestLife(TestLife.Watching(HalfHour, ("Storage.CheckpointPeriod", "1h")))
            .Command(10, "l", "label", new TelemetryFields { { "as", "normal" } })
                .Command(12, "m", "label", new TelemetryFields { { "as", "fault" } }).Run();
        Assert.That(life.AnswerTo("l").Text, Does.Contain("it is learned"));
        Assert.That(life.AnswerTo("m").Text, Does.Contain("not learned"));
        Assert.That(life.Of(EventKinds.CheckpointWritten).Select(one => one.Text), Has.Exactly(2).Contains("layer finished"));
    }

    [Test]
    public void Buttons_PauseResumeAndLabel()
    {
        using var life = new TestLife(TestLife.Watching(HalfHour));
        life.At(5, () => life.Device.Buttons.Enqueue(DeviceButton.PauseOrResume))
            .At(6, () => Assert.That(life.Device.Light, Is.EqualTo(IndicatorState.Paused)))
            .At(7, () => life.Device.Buttons.Enqueue(DeviceButton.PauseOrResume))
            .At(8, () => Assert.That(life.Device.Light, Is.EqualTo(IndicatorState.Learning)))
            .At(9, () => life.Device.Buttons.Enqueue(DeviceButton.LabelNormal))
            .At(10, () => life.Device.Buttons.Enqueue(DeviceButton.LabelFault))
            .At(11, () => life.Device.Buttons.Enqueue(DeviceButton.NextPage)).Run();
        Assert.That(
            life.Logs.Where(log => log.Text.StartsWith("Button", StringComparison.Ordinal)).Select(log => log.Text),
            Has.Some.Contains("normal").And.Some.Contains("fault"));
        Assert.That(life.Of(EventKinds.CommandDone), Is.Empty, "a button needs no answer");
    }

    [Test]
    public void ResetModel_ForgetsEverything_AndBeginsAnew()
    {
        SimulatedDeviceOptions options = TestLife.Learning(HalfHour);
        using TestLife life = new TestLife(options).Command(10, "r", "reset_model").Run();
        Assert.That(life.Of(EventKinds.RunStarted).Count(), Is.EqualTo(2));
        Assert.That(life.Of(EventKinds.RunFinished).Count(), Is.EqualTo(2));
        Assert.That(life.Device.Flash.ListNames().Where(name => name.StartsWith("model0-", StringComparison.Ordinal)), Is.Empty);

        // The same seed and files lead to the same weights.
        using TestLife other = new TestLife(options).Run();
        Assert.That(TestLife.LearnedDigest(life.Device.Flash, options, "model1"),
            Is.EqualTo(TestLife.LearnedDigest(other.Device.Flash, options)));
    }

    [Test]
    public void ResetModel_WithAPowerCutAtEachOfItsOperations_IsDoneOrNotDone()
    {
        SimulatedDeviceOptions options = TestLife.Learning(HalfHour / 6);
        using TestLife first = new TestLife(options).Run();
        int done = 0, notDone = 0;
        for (int operation = 0; ; operation++)
        {
            using var life = new TestLife(options with { FlashMedium = first.Device.Flash.CopyAfter(PowerLoss.Nothing) });
            life.Command(2, "r", "reset_model").At(2, () => life.Device.Flash.PowerCutAfter = life.Device.Flash.Operations + operation)
                .Run();
            Assert.That(life.Device.PowerCuts, Is.EqualTo(1), $"{operation}");
            bool isReset = life.Of(EventKinds.RunStarted).Any();
            done += isReset ? 1 : 0;
            notDone += isReset ? 0 : 1;
            Assert.That(
                TestLife.LearnedDigest(life.Device.Flash, options, isReset ? "model1" : "model0"),
                Is.EqualTo(TestLife.LearnedDigest(first.Device.Flash, options)), $"{operation}");
            Assert.That(
                life.Device.Flash.ListNames().Any(name => name.StartsWith("model0-", StringComparison.Ordinal)), Is.EqualTo(!isReset),
                    $"{operation}");
            if (done == 25)
            {
                break;
            }
        }

        Assert.That(notDone, Is.GreaterThan(3), "cuts before it took place");
    }

    [Test]
    public void Catalog_KnowsEveryCommandOfTheContract() => Assert.That(
        CommandCatalog.Names,
        Is.EquivalentTo(new[]
        {
            "pause", "resume", "train", "detect", "checkpoint", "evaluate", "send_reconstructions", "set", "reset_model", "restart",
                "benchmark",
            "label",
        }));

    private static long StepOf(TestLife life) => life.Points[^1].Step;

    private static double Minute(TestLife life, TelemetryEvent one) =>
        (one.TimeMilliseconds - life.Device.Options.StartMilliseconds) / 60_000.0;
}
