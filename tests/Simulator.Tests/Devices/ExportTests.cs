using System.IO;
using System.Linq;
using System.Threading.Tasks;
using FeatureAlignment.Simulator.Commands;
using NUnit.Framework;

namespace FeatureAlignment.Simulator.Tests.Devices;

/// <summary>A training that moves between desktop and board ends as if it had stayed.</summary>
[TestFixture]
internal sealed class ExportTests
{
    private const string Train = "train --dataset mnist --data DATA --preset board --layers 48,24 --epochs 2 --kernels scalar --out RUN";

    private DeviceCall device = null!;

    [SetUp]
    public void SetUp() => device = new DeviceCall();

    [TearDown]
    public void TearDown() => device.Dispose();

    [TestCase("")]
    [TestCase(" --schedule layerwise --optimizer adam --learning-rate 0.001")]
    [TestCase(" --schedule layerwise --initial-weights he --rows-in-memory 8 --batch 32")]
    public async Task Export_RunStoppedOnTheDesktop_EndsOnABoardWithTheSameWeights(string options)
    {
        await device.CallAsync($"{Train}{options} --out RUN-whole");
        Assert.That(await device.Simulator.RunAndStopAsync(Train + options, looksAtClock: 40), Is.EqualTo(ExitCode.Interrupted));
        await device.CallAsync($"export --run RUN --to-board {device.Simulator.In("board")}");

        string board = options.Contains("rows") ? "corecompute" : "f7feather";
        await device.SucceedAsync($"--source mnist --data DATA --board {board}");

        Assert.That(device.Simulator.Output, Does.Contain("Resumed:"));
        Assert.That(device.Digest, Is.EqualTo(device.Simulator.Digest("run-whole")));
    }

    [Test]
    public async Task Export_DeviceStopped_EndsOnTheDesktopWithTheSameWeightsAndIsEvaluated()
    {
        string settings = device.Write("settings.txt", "Network.Layers: 48,24\nTraining.LearningRate: 0.025\nTraining.Epochs: 2\n");
        await device.SucceedAsync($"--source mnist --data DATA --settings {settings} --hours 0.002");
        Assert.That((string?)device.Result["end"], Is.EqualTo("time"), "stopped in the middle");
        await device.CallAsync($"export --board {device.Simulator.In("board")} --data DATA --to-run RUN");
        await device.CallAsync("evaluate --run RUN");
        Assert.That(device.Simulator.Output, Does.Contain("accuracy"));

        await device.CallAsync("train --resume --out RUN");
        await device.CallAsync(Train + " --out RUN-whole");
        Assert.That(device.Simulator.Digest(), Is.EqualTo(device.Simulator.Digest("run-whole")));
    }

    [Test]
    public async Task Export_PlainCopyOfABoardsFolder_IsReadWithItsSettings()
    {
        await device.SucceedAsync("--source mnist --data DATA");
        string digest = device.Digest;
        Directory.CreateDirectory(device.Simulator.In("copy"));
        foreach (string file in Directory.GetFiles(device.Simulator.In("board", "flash")))
        {
            File.Copy(file, device.Simulator.In("copy", Path.GetFileName(file)));
        }

        string settings = device.Simulator.In("board", "settings.txt");
        await device.CallAsync($"export --board {device.Simulator.In("copy")} --settings {settings} --data DATA --to-run new");
        Assert.That(device.Simulator.Output, Does.Contain($"weights   {digest}"));
        Assert.That(Directory.Exists(device.Simulator.In("runs", "new")), Is.True);
    }

    [Test]
    public async Task Export_BoardThatHasLearned_TakesTheModelAsItsNext()
    {
        await device.SucceedAsync("--source mnist --data DATA");
        await device.CallAsync("train --dataset mnist --data DATA --preset board --layers 24 --kernels scalar --out RUN");
        await device.CallAsync($"export --run RUN --to-board {device.Simulator.In("board")}");
        await device.SucceedAsync("--source mnist --data DATA");

        Assert.That(device.Digest, Is.EqualTo(device.Simulator.Digest()));
        string[] models = Directory.GetFiles(device.Simulator.In("board", "flash"), "model*-checkpoint.*");
        Assert.That(models.Select(file => Path.GetFileName(file)), Has.Some.StartsWith("model1-"));
    }

    [Test]
    public async Task Export_WhatABoardCannotDo_IsRefused()
    {
        await device.CallAsync(Train + " --steps 2 --validation 20 --epochs 1");
        Assert.That(
            await device.Simulator.RunAsync($"export --run RUN --to-board {device.Simulator.In("board")}"), Is.EqualTo(ExitCode.Usage));
        Assert.That(device.Simulator.Error, Does.Contain("only with one feature step; the run has 2").And.Contain("no samples held out"));
        Assert.That(Directory.Exists(device.Simulator.In("board")), Is.False);
    }

    [Test]
    public async Task Export_FewerImagesThanTheBoardHas_IsRefused()
    {
        await device.SucceedAsync("--source mnist --data DATA");
        Assert.That(
            await device.Simulator.RunAsync($"export --board {device.Simulator.In("board")} --data DATA --limit 100 --to-run RUN"),
            Is.EqualTo(ExitCode.Usage));
        Assert.That(device.Simulator.Error, Does.Contain("The board has seen 300 samples; its settings make 100 of 100"));
    }

    [TestCase("export", "Export needs --run with --to-board, or --board with --to-run.")]
    [TestCase("export --run a --to-run b", "Export needs --run with --to-board")]
    [TestCase("export --run a --to-board b --limit 3", "Option --limit has no effect with --run")]
    public async Task Export_HalfACall_IsRefused(string call, string expected)
    {
        Assert.That(await device.Simulator.RunAsync(call), Is.EqualTo(ExitCode.Usage));
        Assert.That(device.Simulator.Error, Does.Contain(expected));
    }
}
