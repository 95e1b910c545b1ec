using System;
using System.Collections.Generic;
using System.Linq;
using FeatureAlignment.Device.Platform;
using FeatureAlignment.Device.Tests.Support;
using FeatureAlignment.Simulation;
using FeatureAlignment.Telemetry;
using NUnit.Framework;

namespace FeatureAlignment.Device.Tests;

/// <summary>Whole lives of the application on a simulated board: settings, starts, runs, reports.</summary>
[TestFixture]
public sealed class DeviceApplicationTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Test]
    public void Learning_RunsToItsEnd_AndSaysSo()
    {
        using TestLife life = new TestLife(TestLife.Learning(Hour / 12)).Run();
        Assert.That(life.Of(EventKinds.RunStarted).Count(), Is.EqualTo(1));
        Assert.That(life.Text(EventKinds.RunFinished), Is.EqualTo("The run is finished after 120 samples."));
        Assert.That(life.Of(EventKinds.Evaluation).Count(), Is.EqualTo(2), "one an epoch");
        Assert.That(life.Device.Light, Is.EqualTo(IndicatorState.Paused));
    }

    [Test]
    public void Learning_BetweenItsChores_AllocatesNothing()
    {
        SimulatedDeviceOptions options = TestLife.Learning(
            Hour, ("Training.Batch", "1"), ("Training.Epochs", "40"), ("Files.TestImages", ""), ("Storage.CheckpointPeriod", "1h"));
        int pieces = 0, quiet = 0;
        long before = 0;
        using var device = new SimulatedDevice(options with
        {
            Kernels = FeatureAlignment.Kernels.KernelSet.Scalar,
            Pace = duration =>
            {
                long allocated = GC.GetAllocatedBytesForCurrentThread();
                bool isPieceOfWork = duration == options.TickTime && pieces < 40 * 60;
                pieces += isPieceOfWork ? 1 : 0;
                quiet += isPieceOfWork && allocated == before ? 1 : 0;
                before = GC.GetAllocatedBytesForCurrentThread();
            },
        });
        device.Run();

        // Ends of epochs and what they save, reports, batches on their way allocate, and so does the simulation around them.
        Assert.That(pieces, Is.EqualTo(40 * 60));
        Assert.That(quiet, Is.GreaterThan(0.7 * pieces));
    }

    [Test]
    public void Learning_Finished_WritesNoMoreCheckpoints()
    {
        using var life = new TestLife(TestLife.Learning(Hour));
        long written = 0;
        life.At(10, () => written = life.Device.Flash.ListNames().Count(name => name.StartsWith("model", StringComparison.Ordinal)))
            .Run();
        Assert.That(life.Of(EventKinds.CheckpointWritten).Last().TimeMilliseconds,
            Is.LessThan(life.Device.Options.StartMilliseconds + 60_000));
        Assert.That(written, Is.Positive);
    }

    [Test]
    public void Learning_FinishedAndRestarted_TellsAgainWhatTheRunIsWorth()
    {
        using TestLife life = new TestLife(TestLife.Learning(Hour / 4)).Command(8, "r", "restart").Run();
        Assert.That(life.Events.Count(one => one.Boot == 2 && one.Event.Kind == EventKinds.Evaluation), Is.EqualTo(1));
        Assert.That(life.Of(EventKinds.RunFinished).Count(), Is.EqualTo(1));
    }

    [Test]
    public void Settings_Refused_AreReportedByName_AndTheModelIsUntouched()
    {
        SimulatedDeviceOptions options = TestLife.Learning(Hour / 12);
        using TestLife first = new TestLife(options).Run();
        string? digest = TestLife.LearnedDigest(first.Device.Flash, options);
        Assert.That(digest, Is.Not.Null);

        // The run's own name is refused too: a default in its place would have begun a new model, and deleted this one.
        SimulatedDeviceOptions wrong = TestLife.Learning(3 * Hour, ("Run", "a b"), ("Training.Epochs", "0"), ("Colour", "red"));
        using TestLife second = new TestLife(wrong with { FlashMedium = first.Device.Flash }).Command(5, "p", "pause")
            .Command(7, "r", "reset_model")
            .Command(9, "c", "checkpoint").Command(11, "b", "benchmark").Run();
        Assert.That(second.Text(EventKinds.SettingsRefused), Does.Contain("Run must be").And.Contain("Training.Epochs must be")
            .And.Contain("Colour is not"));
        Assert.That(second.Device.Light, Is.EqualTo(IndicatorState.Fault));
        Assert.That(second.Of(EventKinds.RunStarted).Concat(second.Of(EventKinds.CheckpointWritten)), Is.Empty);
        Assert.That(second.AnswerTo("p").Kind, Is.EqualTo(EventKinds.CommandDone));
        Assert.That(second.AnswerTo("c").Kind, Is.EqualTo(EventKinds.CommandRefused));
        Assert.That(second.AnswerTo("r").Text, Does.StartWith("Settings are refused"));
        Assert.That(second.AnswerTo("b").Kind, Is.EqualTo(EventKinds.CommandDone));
        Assert.That(second.Of(EventKinds.Benchmark).Count(), Is.EqualTo(1));

        using TestLife third = new TestLife(options with { FlashMedium = second.Device.Flash }).Run();
        Assert.That(third.Text(EventKinds.Resumed), Does.Contain("120 samples seen"));
        Assert.That(TestLife.LearnedDigest(third.Device.Flash, options), Is.EqualTo(digest));
    }

    [Test]
    public void Settings_WithSecret_ReportEverythingElse()
    {
        using TestLife life = new TestLife(TestLife.Watching(Hour / 12, ("Report.Key", "very-secret"))).Run();
        TelemetryFields reported = life.Batches.Select(one => one.Batch.RunSettings).Single(one => one is not null)!;
        Assert.That(reported.TryGet("Network.Layers", out TelemetryValue? layers) ? layers.Text : "", Is.EqualTo("6,3"));
        Assert.That(reported.Any(field => field.Key == "Report.Key" || field.Value.ToString().Contains("secret", StringComparison.Ordinal)),
            Is.False);
    }

    [Test]
    public void Benchmark_IsMadeAtTheFirstStartOnly()
    {
        using TestLife life = new TestLife(TestLife.Watching(Hour / 2, ("Benchmark.AtFirstStart", "true"))).Command(10, "r", "restart")
            .Command(20, "q", "restart").Run();
        Assert.That(life.Device.Starts, Is.EqualTo(3));
        Assert.That(life.Of(EventKinds.Benchmark).Count(), Is.EqualTo(1));
        Assert.That(life.Of(EventKinds.Resumed).Count(), Is.EqualTo(2));
    }

    [Test]
    public void Reports_ComeOnceAPeriod_WithTheTimeAndStepTheyAreOf()
    {
        using TestLife life = new TestLife(TestLife.Watching(Hour / 4, ("Report.Period", "30s"))).Run();
        IReadOnlyList<TelemetryPoint> uptimes = life.Series(MetricNames.Uptime);
        Assert.That(uptimes, Has.Count.EqualTo(30).Within(1));
        foreach (TelemetryPoint point in uptimes)
        {
            Assert.That(point.TimeMilliseconds - life.Device.Options.StartMilliseconds, Is.EqualTo(1000 * point.Value).Within(1));

            // A window every two seconds after the first, learned with two kept ones.
            Assert.That(point.Step, Is.EqualTo(1.5 * point.Value).Within(9));
        }

        Assert.That(life.Series(MetricNames.SamplesPerSecond).Skip(1).Select(point => point.Value), Has.All.EqualTo(0.5).Within(0.05));
    }

    [Test]
    public void ReportPeriod_ChangedByCommand_HoldsAtOnce_UntilTheNextStart()
    {
        using TestLife life = new TestLife(TestLife.Watching(Hour / 2))
            .Command(5, "s", "set", new TelemetryFields { { "report_seconds", 10 } })
            .Command(15, "r", "restart").Run();
        IEnumerable<double> boot1 = life.Batches.Where(one => one.Header.Boot == 1).SelectMany(one => one.Batch.Points)
            .Where(point => point.Name == MetricNames.Uptime).Select(point => point.Value);
        IEnumerable<double> boot2 = life.Batches.Where(one => one.Header.Boot == 2).SelectMany(one => one.Batch.Points)
            .Where(point => point.Name == MetricNames.Uptime).Select(point => point.Value);
        Assert.That(Gaps(boot1.Where(value => value < 300)), Has.All.EqualTo(60).Within(1.5));
        Assert.That(Gaps(boot1.Where(value => value > 360)), Has.Exactly(54).EqualTo(10).Within(1.5));
        Assert.That(Gaps(boot2), Has.Exactly(13).EqualTo(60).Within(1.5));
    }

    [Test]
    public void Images_ComeWithTheirPeriod_AndNotWhenItIsZero([Values("0s", "2m")] string period)
    {
        using TestLife life = new TestLife(TestLife.Watching(Hour / 4, ("Report.Images", period))).Run();
        Assert.That(life.Images, Has.Count.EqualTo(period == "0s" ? 0 : 7).Within(period == "0s" ? 0 : 1));
        Assert.That(life.Images.All(image => image is { Kind: "window", Width: 4, Height: 3 }), Is.True);
    }

    [Test]
    public void Run_OfAnotherName_BeginsANewModel()
    {
        using TestLife first = new TestLife(TestLife.Learning(Hour / 12)).Run();
        SimulatedDeviceOptions other = TestLife.Learning(Hour / 12, ("Run", "run-2"), ("Network.Layers", "5"));
        using TestLife second = new TestLife(other with { FlashMedium = first.Device.Flash }).Run();
        Assert.That(second.Of(EventKinds.RunStarted).Count(), Is.EqualTo(1));
        Assert.That(second.Device.Flash.ListNames().Where(name => name.StartsWith("model0-", StringComparison.Ordinal)), Is.Empty);
        Assert.That(TestLife.LearnedDigest(second.Device.Flash, other, "model1"), Is.Not.Null);
    }

    [Test]
    public void Settings_ThatDoNotFitTheCheckpoint_AreAFaultWithAMessage_ThatResetCures()
    {
        using TestLife first = new TestLife(TestLife.Learning(Hour / 12)).Run();
        SimulatedDeviceOptions other = TestLife.Learning(Hour / 4, ("Network.Layers", "9,6"));
        using TestLife second = new TestLife(other with { FlashMedium = first.Device.Flash }).Command(3, "r", "reset_model").Run();
        Assert.That(second.Logs.Where(log => log.Level == TelemetryLogLevel.Critical).Select(log => log.Text),
            Has.One.Contains("reset_model"));
        Assert.That(second.Lights[120], Is.EqualTo(IndicatorState.Fault));
        Assert.That(second.AnswerTo("r").Kind, Is.EqualTo(EventKinds.CommandDone));
        Assert.That(second.Of(EventKinds.RunFinished).Count(), Is.EqualTo(1));
        Assert.That(second.Device.Light, Is.EqualTo(IndicatorState.Paused));
    }

    [Test]
    public void State_Lost_KeepsTheModel()
    {
        SimulatedDeviceOptions options = TestLife.Learning(Hour / 12);
        using TestLife first = new TestLife(options).Run();
        foreach (string name in first.Device.Flash.ListNames().Where(name => name.StartsWith("state", StringComparison.Ordinal)).ToArray())
        {
            first.Device.Flash.Delete(name);
        }

        using TestLife second = new TestLife(options with { FlashMedium = first.Device.Flash }).Run();
        Assert.That(second.Text(EventKinds.Resumed), Does.Contain("120 samples seen"));
    }

    [Test]
    public void NonFiniteLoss_StopsLearning_AndKeepsTheLastGoodCheckpoint()
    {
        SimulatedDeviceOptions options = TestLife.Learning(Hour / 6, ("Training.Epochs", "300"), ("Network.Activation", "identity"));
        using var life = new TestLife(options);
        string? digest = null;
        life.Command(0, "f", "set", new TelemetryFields { { "learning_rate", 10 } })
            .At(2, () => digest = TestLife.LearnedDigest(life.Device.Flash, options)).Command(2, "c", "checkpoint")
            .At(4, () => Assert.That(TestLife.LearnedDigest(life.Device.Flash, options), Is.EqualTo(digest).And.Not.Null))
            .At(4, () => Assert.That(life.Device.Light, Is.EqualTo(IndicatorState.Fault)))
            .Command(5, "r", "restart").Run();
        Assert.That(life.AnswerTo("c").Text, Does.Contain("Training.LearningRate"));

        // With the settings' own learning rate it goes on from there to the end.
        Assert.That(life.Of(EventKinds.NonFiniteLoss).Count(), Is.EqualTo(1));
        Assert.That(life.Text(EventKinds.RunFinished), Does.Contain("18,000 samples"));
    }

    [Test]
    public void NonFiniteLoss_ReportsAfterIt_AreOfTheStepWhereLearningStopped_AndSayThatNothingIsLearned()
    {
        SimulatedDeviceOptions options = TestLife.Learning(Hour / 12, ("Training.Epochs", "300"), ("Network.Activation", "identity"));
        using TestLife life = new TestLife(options)
            .Command(0, "f", "set", new TelemetryFields { { "learning_rate", 10 } }).Run();
        TelemetryEvent stop = life.Of(EventKinds.NonFiniteLoss).Single();
        TelemetryPoint[] later = [.. life.Series(MetricNames.Uptime).Where(point => point.TimeMilliseconds > stop.TimeMilliseconds)];
        Assert.That(stop.Step, Is.Positive);
        Assert.That(later, Is.Not.Empty);
        Assert.That(later.Select(point => point.Step), Has.All.EqualTo(stop.Step));
        Assert.That(life.Series(MetricNames.SamplesPerSecond)[^1].Value, Is.Zero);
    }

    private static IEnumerable<double> Gaps(IEnumerable<double> values) => values.Zip(values.Skip(1), (a, b) => b - a);
}
