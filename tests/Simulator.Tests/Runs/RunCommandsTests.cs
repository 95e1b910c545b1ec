using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using FeatureAlignment.Simulator.Commands;
using FeatureAlignment.Simulator.Reports;
using NUnit.Framework;

namespace FeatureAlignment.Simulator.Tests.Runs;

/// <summary>The commands that look at a run, on runs that were really trained.</summary>
[TestFixture]
internal sealed class RunCommandsTests
{
    private const string Train = "train --dataset mnist --data DATA --layers 16,12 --epochs 2 --batch 32 --out RUN";

    private WholeSimulator simulator = null!;

    [SetUp]
    public void SetUp() => simulator = new WholeSimulator();

    [TearDown]
    public void TearDown() => simulator.Dispose();

    [TestCase("")]
    [TestCase("--rule backpropagation")]
    [TestCase("--labels none")]
    [TestCase("--labels clamped --kernels scalar")]
    public async Task Evaluate_MeasuresWhatTheTrainingMeasured(string options)
    {
        await SucceedAsync($"{Train} {options}");

        await SucceedAsync($"evaluate --run RUN --json {simulator.In("evaluation.json")}");

        JsonNode evaluation = JsonNode.Parse(await File.ReadAllTextAsync(simulator.In("evaluation.json")))!;
        JsonNode result = simulator.Result();
        foreach (string name in (string[])["testAccuracy", "reconstructionMse", "decodedMse", "deadNeurons", "confusion", "weightsSha256"])
        {
            Assert.That(evaluation[name]?.ToJsonString(), Is.EqualTo(result[name]?.ToJsonString()), name);
        }
    }

    [Test]
    public async Task Evaluate_OtherDatasetOfTheSameShape_IsMeasured()
    {
        await SucceedAsync(Train);

        await SucceedAsync("evaluate --run RUN --dataset fashion-mnist --data DATA");

        Assert.That(simulator.Output, Does.Contain("100 test samples of fashion-mnist"));
    }

    [Test]
    public async Task Evaluate_OtherTable_TakesAllItsRows()
    {
        await TrainOnTableAsync();
        await File.WriteAllTextAsync(simulator.In("b.csv"), "x,side\n1,low\n15,high\n17,high\n");
        await SucceedAsync($"evaluate --run RUN --data {simulator.In("b.csv")}");

        Assert.That(simulator.Output, Does.Contain("3 test samples of b.csv"));
    }

    [TestCase("y,side\n1,low\n", "the columns of the table learnt from expected (x); y found")]
    [TestCase("x,side\n1,middle\n", "one of the classes learnt expected (high, low); \"middle\" found")]
    [TestCase("x,side\n", "at least 1 row expected")]
    public async Task Evaluate_OtherTableThatDoesNotFit_SaysWhy(string table, string message)
    {
        await TrainOnTableAsync();
        await File.WriteAllTextAsync(simulator.In("b.csv"), table);
        Assert.That(await simulator.RunAsync($"evaluate --run RUN --data {simulator.In("b.csv")}"), Is.EqualTo(ExitCode.Failure));
        Assert.That(simulator.Error, Does.Contain(message));
    }

    [Test]
    public async Task Predict_Image_ShowsEveryClassOnce()
    {
        await SucceedAsync(Train);
        SaveImage(28, 28, light: false);

        await SucceedAsync($"predict --run RUN --image {simulator.In("image.png")}");

        string[] lines = simulator.Output.TrimEnd().ReplaceLineEndings("\n").Split('\n');
        double[] percents =
        [
            .. lines.Where(line => line.Contains(" %  ")).Select(line => double.Parse(line.Split('%')[0], CultureInfo.InvariantCulture)),
        ];
        Assert.That(lines[0], Does.Match("^class  [0-9]$"));
        Assert.That(percents, Has.Length.EqualTo(10).And.Ordered.Descending);
        // Ten numbers rounded to a hundredth.
        Assert.That(percents.Sum(), Is.EqualTo(100).Within(0.05));
        Assert.That(simulator.Output, Does.Contain("mean squared error of the reconstruction"));
    }

    [Test]
    public async Task Predict_LargeDarkOnLightImage_SaysHowItWasRead()
    {
        await SucceedAsync(Train);
        SaveImage(56, 84, light: true);

        await SucceedAsync($"predict --run RUN --image {simulator.In("image.png")}");

        Assert.That(simulator.Output, Does.StartWith("image  56 x 84, read as 28 x 28, light and dark exchanged"));
    }

    [TestCase("predict --run RUN --image RUN", "run' is a folder")]
    [TestCase("reconstruct --run RUN --out /dev/full", "'/dev/full' could not be written: ", ExitCode.Failure, IncludePlatform = "Linux")]
    [TestCase("predict --run RUN --image nowhere.png", "there is no 'nowhere.png'")]
    [TestCase("predict --run RUN --row 1,2", "must have the run's 784 features; 2 found")]
    [TestCase("evaluate --run RUN --dataset fashion-mnist --data nowhere", "nowhere does not exist", ExitCode.Failure)]
    public async Task Call_ThatDoesNotFitTheRun_SaysWhy(string call, string message, int exitCode = ExitCode.Usage)
    {
        await SucceedAsync(Train);

        Assert.That(await simulator.RunAsync(call), Is.EqualTo(exitCode));
        Assert.That(simulator.Error, Does.Contain(message).And.Not.Contain("   at "));
    }

    [Test]
    public async Task Predict_FileThatIsNoPicture_Fails()
    {
        await SucceedAsync(Train);
        await File.WriteAllTextAsync(simulator.In("image.png"), "text");

        Assert.That(await simulator.RunAsync($"predict --run RUN --image {simulator.In("image.png")}"), Is.EqualTo(ExitCode.Failure));
        Assert.That(simulator.Error, Does.Contain("Image must be a PNG file"));
    }

    [TestCase("", "input, reconstruction by layer 1, error, decoded from the top layer", 4)]
    [TestCase("--layer 2", "input, decoded from layer 2, error", 3)]
    public async Task Reconstruct_DrawsSamplesAndClasses(string options, string columns, int pictures)
    {
        await SucceedAsync(Train);

        await SucceedAsync($"reconstruct --run RUN --count 5 {options}");

        Assert.That(simulator.Output, Does.Contain($"5 test samples, one a row ({columns})"));
        const int Cell = 30;
        Assert.That(Size("reconstructions.png"), Is.EqualTo((3 * ((pictures * Cell) + 2), 3 * ((5 * Cell) + 2))));
        Assert.That(Size("reconstructions-classes.png"), Is.EqualTo((3 * ((10 * Cell) + 2), 3 * (Cell + 2))));
    }

    [Test]
    public async Task Reconstruct_Backpropagation_SaysWhyNot()
    {
        await SucceedAsync($"{Train} --rule backpropagation");

        Assert.That(await simulator.RunAsync("reconstruct --run RUN"), Is.EqualTo(ExitCode.Usage));
        Assert.That(simulator.Error, Does.Contain("Only layers trained by alignment reconstruct"));
    }

    [Test]
    public async Task Info_FinishedRun_ShowsLayersAndDigest()
    {
        await SucceedAsync(Train);

        await SucceedAsync("info --run RUN");

        Assert.That(
            simulator.Output,
            Does.Contain("finished: 600 samples").And.Contain(simulator.Digest()).And.Match(@"784 \+ 10 label │ +16 │ +12,730 │ +50,920 ")
                .And.Contain("simulator train --preset quick --dataset mnist"));
    }

    [Test]
    public async Task Info_StoppedLayerwiseRun_ShowsThePositionAndTheLayersThatHaveBegun()
    {
        await simulator.RunAndStopAsync(Train + " --schedule layerwise", 15);

        await SucceedAsync("info --run RUN");

        Assert.That(simulator.Output, Does.Match("layer 1 of 2, epoch 1 of 2, sample [0-9]+; ").And.Contain("of 1,200 samples"));
        Assert.That(simulator.Output, Does.Not.Match(@"│ 2 +│ relu"));
    }

    // Drawn digits are there at once: nothing before the samples themselves looks for Ctrl+C.
    [TestCase("evaluate --run RUN")]
    [TestCase("reconstruct --run RUN")]
    public async Task Interrupted_StopsAtTheNextSample(string call)
    {
        await SucceedAsync("train --limit 100 --layers 8 --epochs 1 --out RUN");

        Assert.That(await simulator.RunStoppedAsync(call), Is.EqualTo(ExitCode.Interrupted));
        Assert.That(simulator.Error, Does.Contain("Stopped."));
        Assert.That(File.Exists(simulator.In("run", "reconstructions.png")), Is.False);
    }

    [Test]
    public async Task Info_SamplesFileMissing_SaysSo()
    {
        await SucceedAsync(Train);
        File.Delete(simulator.In("run", "samples.json"));

        Assert.That(await simulator.RunAsync("info --run RUN"), Is.EqualTo(ExitCode.Failure));
        Assert.That(simulator.Error, Does.Contain("samples.json: the file is missing. Restore it, or start a new run."));
    }

    [Test]
    public async Task Info_FolderWithoutCheckpoint_SaysSo()
    {
        await SucceedAsync(Train);
        Directory.Delete(simulator.In("run", "checkpoint"), recursive: true);
        Directory.CreateDirectory(simulator.In("run", "checkpoint"));

        Assert.That(await simulator.RunAsync("info --run RUN"), Is.EqualTo(ExitCode.Failure));
        Assert.That(simulator.Error, Does.Contain("A run needs a checkpoint"));
    }

    private async Task TrainOnTableAsync()
    {
        string[] rows = [.. Enumerable.Range(0, 20).Select(i => $"{i},{(i < 10 ? "low" : "high")}")];
        await File.WriteAllLinesAsync(simulator.In("a.csv"), ["x,side", .. rows]);
        await SucceedAsync($"train --data {simulator.In("a.csv")} --label side --layers 8 --epochs 2 --out RUN");
    }

    private void SaveImage(int width, int height, bool light)
    {
        float[] pixels = new float[width * height];
        Array.Fill(pixels, light ? 1 : 0);
        for (int y = height / 4; y < height * 3 / 4; y++)
        {
            pixels[(y * width) + (width / 2)] = light ? 0 : 1;
        }

        PngImage.FromGray(new GrayImage(width, height, pixels)).Save(simulator.In("image.png"));
    }

    private (int Width, int Height) Size(string name)
    {
        using FileStream stream = File.OpenRead(simulator.In("run", name));
        DecodedPng png = PngReader.Read(stream, 1, 1);
        return (png.FileWidth, png.FileHeight);
    }

    private async Task SucceedAsync(string call) =>
        Assert.That(await simulator.RunAsync(call), Is.EqualTo(ExitCode.Success), () => simulator.Error);
}
