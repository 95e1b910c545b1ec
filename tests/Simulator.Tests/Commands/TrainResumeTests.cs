using System.IO;
using System.Threading.Tasks;
using FeatureAlignment.Simulator.Commands;
using FeatureAlignment.Simulator.Training;
using NUnit.Framework;

namespace FeatureAlignment.Simulator.Tests.Commands;

[TestFixture]
internal sealed class TrainResumeTests
{
    private CommandLine commandLine = null!;

    [SetUp]
    public async Task SetUp()
    {
        commandLine = new CommandLine();
        await commandLine.RunAsync("train --preset board --dataset mnist --epochs 2 --seed 7");
    }

    [TearDown]
    public void TearDown() => commandLine.Dispose();

    [Test]
    public async Task Resume_WithoutOut_TakesNewestRunWithItsSettings()
    {
        TrainRequest first = commandLine.Trained!;

        Assert.That(await commandLine.RunAsync("train --resume"), Is.EqualTo(ExitCode.Success), commandLine.Error);

        TrainRequest resumed = commandLine.Trained!;
        Assert.That((resumed.IsResumed, resumed.Folder.Path), Is.EqualTo((true, first.Folder.Path)));
        Assert.That(resumed.Settings.Layers, Is.EqualTo(first.Settings.Layers));
        Assert.That(resumed.Settings with { Layers = first.Settings.Layers }, Is.EqualTo(first.Settings));
    }

    [TestCase("--epochs 3", "Option --epochs can't change when a run is resumed: the run has 2, the call 3")]
    [TestCase("--layers 64", "--layers can't change when a run is resumed: the run has 128, the call 64")]
    [TestCase("--preset quick", "--preset can't change when a run is resumed: the run has board, the call quick")]
    [TestCase("--kernels scalar", "--kernels can't change when a run is resumed: the run has auto, the call scalar")]
    [TestCase("--limit 10", "--limit can't change when a run is resumed: the run has none, the call 10")]
    public async Task Resume_ContradictingOption_IsRefusedByName(string option, string message)
    {
        int exitCode = await commandLine.RunAsync($"train --resume {option}");

        Assert.That(exitCode, Is.EqualTo(ExitCode.Usage));
        Assert.That(commandLine.Error, Does.Contain(message));
    }

    [Test]
    public async Task Resume_SeveralContradictions_ShowsAllOfThem()
    {
        await commandLine.RunAsync("train --resume --epochs 3 --seed 8 --batch 2");

        Assert.That(commandLine.Errors, Is.EqualTo(3), commandLine.Error);
    }

    [Test]
    public async Task Resume_OptionOutOfRange_IsRefused()
    {
        int exitCode = await commandLine.RunAsync("train --resume --threads 0");

        Assert.That(exitCode, Is.EqualTo(ExitCode.Usage));
        Assert.That(commandLine.Error, Does.Contain("Threads must be from 1 to 256; was 0."));
    }

    [Test]
    public async Task Resume_OptionEqualToTheRuns_IsAccepted() =>
        Assert.That(await commandLine.RunAsync("train --resume --epochs 2 --seed 7"), Is.EqualTo(ExitCode.Success), commandLine.Error);

    [Test]
    public async Task Resume_OptionsThatDoNotChangeTheWeights_AreTaken()
    {
        int exitCode = await commandLine.RunAsync("train --resume --threads 3 --memory-budget 2MB --data elsewhere");

        Assert.That(exitCode, Is.EqualTo(ExitCode.Success), commandLine.Error);

        TrainSettings settings = commandLine.Trained!.Settings;
        Assert.That((settings.Threads, settings.MemoryBudget, settings.Data), Is.EqualTo((3, 2_097_152, "elsewhere")));
    }

    [Test]
    public async Task Resume_OtherCsvFile_IsRefused()
    {
        await commandLine.RunAsync("train --data rows.csv");

        Assert.That(await commandLine.RunAsync("train --resume --data other.csv"), Is.EqualTo(ExitCode.Usage));
        Assert.That(commandLine.Error, Does.Contain("Option --data can't change"));
    }

    [Test]
    public async Task Resume_FolderWithoutRun_IsRefused()
    {
        Directory.CreateDirectory(commandLine.In("empty"));

        Assert.That(await commandLine.RunAsync("train", "--resume", "--out", commandLine.In("empty")), Is.EqualTo(ExitCode.Usage));
        Assert.That(commandLine.Error, Does.Contain("holds no settings.json"));
    }

    [TestCase("{", "can't be read")]
    [TestCase("null", "must be a JSON object")]
    public async Task Resume_DamagedSettings_Fails(string json, string message)
    {
        await File.WriteAllTextAsync(commandLine.Trained!.Folder.Settings, json);

        Assert.That(await commandLine.RunAsync("train --resume"), Is.EqualTo(ExitCode.Failure));
        Assert.That(commandLine.Error, Does.Contain(message).And.Contain("settings.json").And.Not.Contain("   at "));
    }

    [TestCase("\"epochs\": 2", "\"epochs\": 0", "Epochs must be from 1")]
    [TestCase("\"epochs\": 2", "\"epoch\": 2", "epoch")]
    [TestCase("\"seed\": 7,", "", null)]
    [TestCase("\"epochs\": 2,", "", "epochs")]
    [TestCase("\"relu\"", "\"rlu\"", "activation")]
    [TestCase("\"relu\"", "1", "activation")]
    [TestCase("\"mnist\"", "\"cifar\"", "Dataset must be one of")]
    public async Task Resume_EditedSettings_AreCheckedAgain(string stored, string edited, string? message)
    {
        string path = commandLine.Trained!.Folder.Settings;
        string json = await File.ReadAllTextAsync(path);
        Assert.That(json, Does.Contain(stored));
        await File.WriteAllTextAsync(path, json.Replace(stored, edited));

        int exitCode = await commandLine.RunAsync("train --resume");

        Assert.That(exitCode, Is.EqualTo(message is null ? ExitCode.Success : ExitCode.Failure));
        if (message is not null)
        {
            Assert.That(commandLine.Error, Does.Contain(message));
        }
    }
}
