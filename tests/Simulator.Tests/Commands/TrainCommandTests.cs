using System.IO;
using System.Threading.Tasks;
using FeatureAlignment.Alignment;
using FeatureAlignment.Layers;
using FeatureAlignment.Optimizers;
using FeatureAlignment.Simulator.Commands;
using FeatureAlignment.Simulator.Training;
using FeatureAlignment.Training;
using NUnit.Framework;

namespace FeatureAlignment.Simulator.Tests.Commands;

[TestFixture]
internal sealed class TrainCommandTests
{
    private CommandLine commandLine = null!;

    [SetUp]
    public void SetUp() => commandLine = new CommandLine();

    [TearDown]
    public void TearDown() => commandLine.Dispose();

    [Test]
    public async Task Train_NoOptions_TakesQuickPreset()
    {
        Assert.That(await commandLine.RunAsync("train"), Is.EqualTo(ExitCode.Success), commandLine.Error);

        Assert.That(commandLine.Trained!.Settings, Is.EqualTo(TrainPresets.Quick));
    }

    [TestCase("quick", Preset.Quick)]
    [TestCase("board", Preset.Board)]
    [TestCase("ACCURATE", Preset.Accurate)]
    public async Task Train_Preset_TakesItsSettings(string name, Preset preset)
    {
        await commandLine.RunAsync($"train --preset {name}");

        Assert.That(commandLine.Trained!.Settings, Is.EqualTo(TrainPresets.Of(preset)));
    }

    [Test]
    public async Task Train_ExplicitOption_BeatsPresetEvenWhenItEqualsAnotherPreset()
    {
        string learningRate = OptionValue.Write(TrainPresets.Quick.LearningRate);

        await commandLine.RunAsync($"train --learning-rate {learningRate} --preset board --layers 32,16");

        Assert.That(
            commandLine.Trained!.Settings with { Layers = TrainPresets.Board.Layers },
            Is.EqualTo(TrainPresets.Board with { LearningRate = TrainPresets.Quick.LearningRate }));
        Assert.That(commandLine.Trained.Settings.Layers, Is.EqualTo(new[] { 32, 16 }));
    }

    [Test]
    public async Task Train_EveryOption_ReachesItsSetting()
    {
        const string Call = "train --dataset fashion-mnist --data images --preset accurate --layers 7,5 --activation leakyrelu "
            + "--labels Clamped --rule alignment --schedule layerwise --epochs 9 --batch 11 --optimizer momentum "
            + "--learning-rate 1e-3 --decay cosine --alignment-weight 0.5 "
            + "--steps 3 --step-size 0.25 --guess random --drop-pixels 0.125 --seed 18446744073709551615 --threads 2 --kernels scalar "
            + "--memory-budget 1.5MB --initial-weights he --limit 500 --validation 50";

        Assert.That(await commandLine.RunAsync(Call), Is.EqualTo(ExitCode.Success), commandLine.Error);

        TrainSettings settings = commandLine.Trained!.Settings;
        Assert.That(settings.Layers, Is.EqualTo(new[] { 7, 5 }));
        Assert.That(settings, Is.EqualTo(new TrainSettings
        {
            Dataset = "fashion-mnist",
            Data = "images",
            Preset = Preset.Accurate,
            Layers = settings.Layers,
            Activation = Activation.LeakyRelu,
            Labels = LabelMode.Clamped,
            Rule = LearningRule.Alignment,
            Schedule = LayerSchedule.Layerwise,
            Epochs = 9,
            Batch = 11,
            Optimizer = OptimizerKind.Momentum,
            LearningRate = 0.001f,
            Decay = LearningRateDecay.Cosine,
            AlignmentWeight = 0.5f,
            Steps = 3,
            StepSize = 0.25f,
            Guess = InputGuess.Random,
            DropPixels = 0.125f,
            Seed = ulong.MaxValue,
            Threads = 2,
            Kernels = KernelForm.Scalar,
            MemoryBudget = 1_572_864,
            InitialWeights = InitialWeights.He,
            Limit = 500,
            Validation = 50,
        }));
    }

    [Test]
    public async Task Train_OptionsOfLayersInStorage_ReachTheirSettings()
    {
        const string Call = "train --preset board --schedule layerwise --initial-weights he --rows-in-memory 16 --wear-budget 2GB";

        Assert.That(await commandLine.RunAsync(Call), Is.EqualTo(ExitCode.Success), commandLine.Error);

        TrainSettings settings = commandLine.Trained!.Settings;
        Assert.That((settings.RowsInMemory, settings.WearBudget), Is.EqualTo((16, 2L << 30)));
    }

    [TestCase("train --data rows.csv", null, LabelMode.None)]
    [TestCase("train --data rows.CSV --label kind", "kind", LabelMode.Completed)]
    public async Task Train_CsvFile_LearnsLabelsOnlyWhereAColumnHoldsThem(string call, string? label, LabelMode labels)
    {
        Assert.That(await commandLine.RunAsync(call), Is.EqualTo(ExitCode.Success), commandLine.Error);

        TrainSettings settings = commandLine.Trained!.Settings;
        Assert.That((settings.Dataset, settings.Label, settings.Labels), Is.EqualTo(("csv", label, labels)));
    }

    [TestCase("train --labels none", 1f)]
    [TestCase("train --labels none --alignment-weight 0.25", 0.25f)]
    [TestCase("train", 0.01f)]
    public async Task Train_WithoutCompletedLabels_WeighsReconstructionFully(string call, float expected)
    {
        await commandLine.RunAsync(call);

        Assert.That(commandLine.Trained!.Settings.AlignmentWeight, Is.EqualTo(expected));
    }

    [Test]
    public async Task Train_WithoutOut_TakesNextNumberedFolder()
    {
        await commandLine.RunAsync("train --preset board");
        Assert.That(commandLine.Trained!.Folder.Path, Is.EqualTo(commandLine.In(Path.Combine("runs", "0001-digits-board"))));

        await commandLine.RunAsync("train --dataset mnist");
        Assert.That(commandLine.Trained!.Folder.Path, Is.EqualTo(commandLine.In(Path.Combine("runs", "0002-mnist-quick"))));
    }

    [Test]
    public async Task Train_OutNotEmpty_IsRefused()
    {
        await File.WriteAllTextAsync(commandLine.In("notes.txt"), "mine");

        int exitCode = await commandLine.RunAsync("train", "--out", commandLine.Folder);

        Assert.That(exitCode, Is.EqualTo(ExitCode.Usage));
        Assert.That(commandLine.Error, Does.Contain("must be new or empty").And.Contain("--resume"));
    }

    [Test]
    public async Task Train_OutCanNotBeWritten_FailsBeforeTraining()
    {
        await File.WriteAllTextAsync(commandLine.In("file"), "");

        int exitCode = await commandLine.RunAsync("train", "--out", commandLine.In(Path.Combine("file", "run")));

        Assert.That(exitCode, Is.EqualTo(ExitCode.Failure));
        Assert.That(commandLine.Error, Does.Contain("Output folder must be writable"));
        Assert.That(commandLine.Trained, Is.Null);
    }

    [Test]
    public async Task Train_OutUsedByAnotherTraining_IsRefused()
    {
        await commandLine.RunAsync("train", "--out", commandLine.In("run"));
        using var held = new RunFolder(commandLine.In("run")).Lock();

        int exitCode = await commandLine.RunAsync("train", "--resume", "--out", commandLine.In("run"));

        Assert.That(exitCode, Is.EqualTo(ExitCode.Failure));
        Assert.That(commandLine.Error, Does.Contain("Wait for the training that uses it"));
    }

    [TestCase("missing/result.json", "does not exist")]
    [TestCase(".", "is a folder")]
    public async Task Train_JsonCanNotBeWritten_IsRefusedBeforeTraining(string path, string message)
    {
        int exitCode = await commandLine.RunAsync("train", "--json", commandLine.In(path));

        Assert.That(exitCode, Is.EqualTo(ExitCode.Usage));
        Assert.That(commandLine.Error, Does.Contain("Option --json").And.Contain(message));
        Assert.That(commandLine.Trained, Is.Null);
    }

    [Test]
    public async Task Train_RefusedLater_LeavesNoFolder()
    {
        using CommandLine failing = new((_, _) => throw new IOException("Disk is full."));

        int exitCode = await failing.RunAsync("train", "--out", failing.In("run"));

        Assert.That(exitCode, Is.EqualTo(ExitCode.Failure));
        Assert.That(failing.Error, Is.EqualTo($"error: Disk is full.{System.Environment.NewLine}"));
        Assert.That(Directory.Exists(failing.In("run")), Is.False);
    }

    [Test]
    public async Task Help_ShowsDefaultsOfPresetsAndExamples()
    {
        Assert.That(await commandLine.RunAsync("train --help"), Is.EqualTo(ExitCode.Success));

        Assert.That(commandLine.Output, Does.Contain("--optimizer <sgd|momentum|adam>")
            .And.Contain("quick: 256").And.Contain("accurate: 512,256").And.Contain("[default: zero]")
            .And.Contain("simulator train --resume"));
    }

    [TestCase("train")]
    [TestCase("train --preset board --dataset mnist --data images --seed 7 --limit 500 --kernels scalar --memory-budget 3MB")]
    [TestCase("train --preset accurate --layers 64,32 --rule backpropagation --learning-rate 1e-3 --validation 50 --threads 2")]
    [TestCase("train --labels none --activation asinh --alignment-weight 1 --guess random --steps 3 --step-size 0.5 --drop-pixels 0.2")]
    [TestCase("train --data rows.csv --label kind")]
    [TestCase("train --data rows.csv --schedule layerwise --optimizer sgd --decay cosine")]
    public async Task Call_RepeatsTheSettings(string call)
    {
        await commandLine.RunAsync(call);
        TrainSettings settings = commandLine.Trained!.Settings;
        string repeated = new TrainOptions().Call(settings);

        Assert.That(await commandLine.RunAsync(repeated["simulator ".Length..]), Is.EqualTo(ExitCode.Success), commandLine.Error);

        TrainSettings again = commandLine.Trained!.Settings;
        Assert.That(again with { Layers = settings.Layers }, Is.EqualTo(settings), repeated);
        Assert.That(again.Layers, Is.EqualTo(settings.Layers));
    }
}
