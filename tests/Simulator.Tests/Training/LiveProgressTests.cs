using System;
using System.IO;
using FeatureAlignment.Simulator.Commands;
using FeatureAlignment.Simulator.Training;
using NUnit.Framework;
using Spectre.Console;

namespace FeatureAlignment.Simulator.Tests.Training;

[TestFixture]
internal sealed class LiveProgressTests
{
    private static readonly ProgressSnapshot Halfway = new(
        EpochNumber: 2,
        Epochs: 4,
        SamplesSeen: 500,
        TotalSamples: 1_000,
        IsEpochEnd: false,
        LayerLosses: [float.NaN, 0.25f],
        Accuracy: 0.975,
        SamplesPerSecond: 1_234,
        Left: TimeSpan.FromSeconds(65),
        LayerNumber: 2);

    private readonly StringWriter output = new();
    private readonly FakeTime time = new();
    private IAnsiConsole console = null!;

    [SetUp]
    public void SetUp()
    {
        output.GetStringBuilder().Clear();
        console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.Yes,
            Out = new AnsiConsoleOutput(output),
        });
        console.Profile.Width = 100;
    }

    [OneTimeTearDown]
    public void TearDown() => output.Dispose();

    [Test]
    public void Draw_ShowsBarLossPerLayerAccuracySpeedAndTimeLeft()
    {
        console.Write(LiveProgress.Draw(Halfway));

        string picture = output.ToString();
        Assert.That(picture, Does.Contain("epoch 2/4   1,234 samples/s   01:05 left").And.Contain("50 %").And.Contain("layer 1")
            .And.Contain("loss 0.2500 ←").And.Contain("97.50 %"));
    }

    [Test]
    public void Report_WithinRedrawInterval_IsNotDrawn()
    {
        LiveProgress.Show(console, time, progress =>
        {
            progress.Report(Halfway);
            progress.Report(Halfway with { EpochNumber = 3 });
            time.Advance(TimeSpan.FromSeconds(1));
            progress.Report(Halfway with { EpochNumber = 4 });
            return 0;
        });

        Assert.That(output.ToString(), Does.Contain("epoch 2/4").And.Not.Contain("epoch 3/4").And.Contain("epoch 4/4"));
    }

    [TestCase(true, "50 %")]
    [TestCase(false, "samples 500")]
    public void Show_TakesTheFormOfTheEnvironment(bool isLive, string expected)
    {
        CommandEnvironment environment =
            new() { Output = console, Error = TextWriter.Null, RunsFolder = "runs", Time = time, IsLive = isLive };

        int result = TrainingDisplay.Show(environment, progress =>
        {
            progress.Report(Halfway);
            return 5;
        });

        Assert.That(result, Is.EqualTo(5));
        Assert.That(output.ToString(), Does.Contain(expected));
    }
}
