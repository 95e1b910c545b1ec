using System;
using System.IO;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using FeatureAlignment.Simulator.Commands;
using FeatureAlignment.Simulator.Tests.Datasets;
using NUnit.Framework;

namespace FeatureAlignment.Simulator.Tests.Runs;

/// <summary>The program as a process: exit codes, streams, signals.</summary>
[TestFixture]
internal sealed class SimulatorProcessTests
{
    private TemporaryFolder folder = null!;

    [SetUp]
    public void SetUp() => folder = new TemporaryFolder();

    [TearDown]
    public void TearDown() => folder.Dispose();

    [Test]
    public async Task Train_WithoutFilesOrNetwork_LeavesANumberedRun()
    {
        (int exitCode, string output, string error) = await RunAsync("train", "--limit", "300", "--epochs", "1", "--layers", "16");

        Assert.That(exitCode, Is.EqualTo(ExitCode.Success), error);
        Assert.That(output, Does.Contain("% accuracy").And.Contain("report.html").And.Not.Contain("\u001b"));
        string resultFile = Path.Combine(folder.Path, "runs", "0001-digits-quick", "result.json");
        JsonNode result = JsonNode.Parse(await File.ReadAllTextAsync(resultFile))!;
        Assert.That(((string?)result["dataset"], (long)result["samplesSeen"]!), Is.EqualTo(("digits", 300)));
    }

    [TestCase("train", "--layers", "512,,256")]
    [TestCase("trian")]
    [TestCase("info", "--run", "nowhere")]
    public async Task WrongCall_ExitsWith2AndComplainsOnTheErrorStream(params string[] arguments)
    {
        (int exitCode, string output, string error) = await RunAsync(arguments);

        Assert.That((exitCode, output), Is.EqualTo((ExitCode.Usage, "")));
        Assert.That(error, Does.StartWith("error: ").And.Not.Contain("   at "));
    }

    [Test]
    public async Task Help_ListsTheCommands()
    {
        (int exitCode, string output, _) = await RunAsync("--help");

        Assert.That(exitCode, Is.EqualTo(ExitCode.Success));
        foreach (string command in (string[])["train", "evaluate", "predict", "reconstruct", "info"])
        {
            Assert.That(output, Does.Contain($"  {command}"));
        }
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "Windows has no signal that a test can send to a console program alone.")]
    public async Task CtrlC_StopsWith130_AndTheRunGoesOn()
    {
        DigitFiles.Write(Path.Combine(folder.Path, "data"));
        long first = await TrainUntilInterruptedAsync(
            SimulatorProcess.InterruptSignal,
            "train", "--dataset", "mnist", "--data", "data", "--layers", "16", "--epochs", "100000", "--out", "run");

        // The second time its terminal is closed.
        long second = await TrainUntilInterruptedAsync(SimulatorProcess.HangUpSignal, "train", "--resume", "--out", "run");

        Assert.That(new[] { first, second - first }, Is.All.GreaterThan(0));
        (int exitCode, string output, string error) = await RunAsync("info", "--run", "run");
        Assert.That(exitCode, Is.EqualTo(ExitCode.Success), error);
        Assert.That(output, Does.Contain($"{second:N0} of 30,000,000 samples"));
    }

    [Test]
    [Platform(Include = "Linux", Reason = "Only Linux has a device that is always full.")]
    public async Task FullOutput_IsNamed()
    {
        string program = Path.Combine(AppContext.BaseDirectory, "simulator");
        using SimulatorProcess process = new(folder.Path, "/bin/sh", ["-c", $"'{program}' --help > /dev/full"]);

        (int exitCode, _, string error) = await process.EndAsync();

        Assert.That(exitCode, Is.EqualTo(ExitCode.Failure));
        Assert.That(error, Does.StartWith("error: Output could not be written: "));
    }

    private async Task<long> TrainUntilInterruptedAsync(int signal, params string[] arguments)
    {
        using SimulatorProcess process = new(folder.Path, arguments);
        Assert.That(await process.ReadUntilAsync("epoch "), Is.True);

        process.Interrupt(signal);
        (int exitCode, string output, string error) = await process.EndAsync();

        Assert.That(exitCode, Is.EqualTo(ExitCode.Interrupted), error);
        Assert.That(output, Does.Contain("Go on:  simulator train --resume --out run"));
        JsonNode result = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(folder.Path, "run", "result.json")))!;
        Assert.That((bool)result["finished"]!, Is.False);
        return (long)result["samplesSeen"]!;
    }

    private async Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using SimulatorProcess process = new(folder.Path, arguments);
        return await process.EndAsync();
    }
}
