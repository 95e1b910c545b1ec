using System.IO;
using FeatureAlignment.Simulator.Reports;
using FeatureAlignment.Simulator.Tests.Reports;
using FeatureAlignment.Simulator.Training;
using NUnit.Framework;
using Spectre.Console;

namespace FeatureAlignment.Simulator.Tests.Training;

[TestFixture]
internal sealed class TrainingSummaryTests
{
    [Test]
    public void Write_FinishedRun_ShowsLayersHeadlineAndWhatToDoNext()
    {
        string text = Text(SampleRun.Result, "runs/0001-mnist-accurate");

        Assert.That(text, Does.Match(@"2 +│ +256 +│ +98\.57 % +│ +0\.0042 +│ +0 ").And.Contain("98.68 % accuracy")
            .And.Contain("1,100,000 samples at 21,340 samples/s, training held 6.68 MB")
            .And.Contain("report.html").And.Contain("simulator reconstruct --run runs/0001-mnist-accurate"));
    }

    [Test]
    public void Write_StoppedRun_TellsHowToGoOn() =>
        Assert.That(
            Text(SampleRun.Result with { Finished = false }, "my runs/one"),
            Does.Contain("simulator train --resume --out \"my runs/one\"").And.Not.Contain("reconstruct --run"));

    [Test]
    public void Write_NoLabels_ShowsDecodedError() =>
        Assert.That(
            Text(SampleRun.Result with { TestAccuracy = null, LayerAccuracies = null }, "run"),
            Does.Contain("0.0191 mean squared error").And.Contain("–").And.Not.Contain("% accuracy"));

    [Test]
    public void Write_Backpropagation_LeavesOutReconstruction()
    {
        RunResult result = SampleRun.Result with
        {
            Rule = "backpropagation",
            LayerAccuracies = null,
            ReconstructionMse = null,
            DecodedMse = null,
            DeadNeurons = null,
        };

        Assert.That(Text(result, "run"), Does.Match(@"1 +│ +512 +│ +– +│ +– +│ +– "));
    }

    private static string Text(RunResult result, string folder)
    {
        using StringWriter output = new();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(output) });
        console.Profile.Width = 100;
        console.Profile.Capabilities.Unicode = true;
        TrainingSummary.Write(console, result, new RunFolder(folder));
        return output.ToString();
    }
}
