using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using FeatureAlignment.Checkpoints;
using FeatureAlignment.Simulator.Commands;
using FeatureAlignment.Simulator.Tests.Datasets;
using FeatureAlignment.Simulator.Training;
using NUnit.Framework;

namespace FeatureAlignment.Simulator.Tests.Runs;

/// <summary>What users see when data, disk, memory or the training fail: one clear line, the right exit code, nothing lost.</summary>
[TestFixture]
internal sealed class TrainRunFailureTests
{
    private const string Train = "train --dataset mnist --data DATA --layers 16 --epochs 2 --batch 32 --out RUN";
    private const int Pixels = 28 * 28;

    private WholeSimulator simulator = null!;

    [SetUp]
    public void SetUp() => simulator = new WholeSimulator();

    [TearDown]
    public void TearDown() => simulator.Dispose();

    private static IEnumerable<TestCaseData> DamagedFiles()
    {
        yield return Case("WrongMagic", DigitFiles.TrainingImages, bytes => With(bytes, 3, 9), "magic");
        yield return Case("LabelsAsImages", DigitFiles.TrainingLabels, bytes => With(bytes, 3, 3), "train labels");
        yield return Case("CountTooHigh", DigitFiles.TrainingImages, bytes => With(bytes, 6, 2), "train images");
        yield return Case("CountTooLow", DigitFiles.TrainingImages, bytes => With(bytes, 7, 1), "train images");
        yield return Case("CountZero", DigitFiles.TestLabels, bytes => With(With(bytes, 6, 0), 7, 0), "t10k labels");
        yield return Case("Truncated", DigitFiles.TestImages, bytes => bytes[..^1], "t10k images");
        yield return Case("HeaderCutOff", DigitFiles.TrainingLabels, bytes => bytes[..5], "train labels");
        yield return Case("Empty", DigitFiles.TrainingLabels, _ => [], "train labels");
        yield return Case(
            "LabelOutOfRange", DigitFiles.TrainingLabels, bytes => With(bytes, bytes.Length - 1, 10),
            "labels must be from 0 to 9; 10 found");
        yield return Case(
            "CountsDiffer", DigitFiles.TestLabels, _ => SmallDataset.Idx([0x801, 99], new byte[99]), "100 images and 99 labels found");
        yield return Case("GzipCutOff", DigitFiles.TrainingImages, bytes => SmallDataset.Gzip(bytes)[..2000], "train images");
        yield return Case("GzipDamaged", DigitFiles.TrainingImages, bytes => Flip(SmallDataset.Gzip(bytes)), "train images");
        yield return Case(
            "OtherSize", DigitFiles.TestImages, _ => SmallDataset.Idx([0x803, 100, 14, 56], new byte[100 * Pixels]), "must have one size");
    }

    [TestCaseSource(nameof(DamagedFiles))]
    public async Task DamagedIdxFile_IsNamedAndNothingStays(string file, Func<byte[], byte[]> damage, string message)
    {
        string path = simulator.In("data", file);
        await File.WriteAllBytesAsync(path, damage(await File.ReadAllBytesAsync(path)));

        await FailAsync(Train, ExitCode.Failure, message);

        Assert.That(Directory.Exists(simulator.In("run")), Is.False);
    }

    [Test]
    public async Task MissingFile_IsNamed()
    {
        File.Delete(simulator.In("data", DigitFiles.TestLabels));

        await FailAsync(Train, ExitCode.Failure, $"missing in {simulator.In("data")}: {DigitFiles.TestLabels}");
    }

    [Test]
    public Task NoFilesAndNoNetwork_SaysWhereToPutThem() =>
        FailAsync(
            "train --dataset mnist --out RUN", ExitCode.Failure, "Without a network, copy them into a folder and name it with --data DIR");

    [Test]
    public async Task OutputFolder_IsAFile_IsRefused()
    {
        await File.WriteAllTextAsync(simulator.In("run"), "in the way");

        await FailAsync(Train, ExitCode.Failure, $"Output folder must be writable; '{simulator.In("run")}' is not");

        Assert.That(await File.ReadAllTextAsync(simulator.In("run")), Is.EqualTo("in the way"));
    }

    [Test]
    public async Task OutputFolder_HoldsFiles_IsRefused()
    {
        Directory.CreateDirectory(simulator.In("run"));
        await File.WriteAllTextAsync(simulator.In("run", "letter.txt"), "mine");

        await FailAsync(Train, ExitCode.Usage, "Output folder must be new or empty");

        Assert.That(Directory.GetFileSystemEntries(simulator.In("run")), Has.Length.EqualTo(1));
    }

    [Test]
    public async Task OutputFolder_InUse_IsRefused()
    {
        using IDisposable other = new RunFolder(simulator.In("run")).Lock();

        await FailAsync(Train, ExitCode.Usage, "must be new or empty");
    }

    [Test]
    public async Task MemoryBudget_TooSmall_SaysBothNumbersAndLeavesNothing()
    {
        await SucceedAsync(Train);
        long needed = (long)simulator.Result()["memoryPlan"]!["total"]!;

        await FailAsync(
            $"{Train} --memory-budget {needed - 1} --out RUN2",
            ExitCode.Failure,
            $"must fit {needed - 1:N0} bytes of memory; it needs {needed:N0}");

        Assert.That(Directory.Exists(simulator.In("run2")), Is.False);
        await SucceedAsync($"{Train} --memory-budget {needed} --out RUN2");
    }

    [TestCase("settings.json")]
    [TestCase("samples.json")]
    [TestCase("metrics.csv")]
    [TestCase("report.html")]
    [TestCase("checkpoint/checkpoint.000001.lfa")]
    public async Task Json_FileOfTheRun_IsRefused(string name)
    {
        await SucceedAsync(Train);
        byte[] before = await File.ReadAllBytesAsync(simulator.In("run", "settings.json"));

        await FailAsync($"train --resume --out RUN --json RUN/{name}", ExitCode.Usage, "must not name a file that the run keeps");

        Assert.That(await File.ReadAllBytesAsync(simulator.In("run", "settings.json")), Is.EqualTo(before));
    }

    [Test]
    public async Task Json_ResultOfTheRun_IsWrittenOnce()
    {
        Directory.CreateDirectory(simulator.In("run"));

        await SucceedAsync($"{Train} --json RUN/result.json");
        await SucceedAsync("train --resume --out RUN --json RUN/../run/result.json");

        Assert.That((bool)simulator.Result()["finished"]!);
    }

    [Test]
    [Platform(Include = "Linux", Reason = "Only Linux has a device that is always full.")]
    public async Task Json_FullDevice_IsNamed()
    {
        await FailAsync($"{Train} --json /dev/full", ExitCode.Failure, "'/dev/full' could not be written: ");

        Assert.That((bool)simulator.Result()["finished"]!);
    }

    [Test]
    public async Task Memory_MoreThanTheMachineHas_IsRefusedWithBothNumbersAndLeavesNothing()
    {
        string widest = string.Join(',', Enumerable.Repeat(32_000, 256));

        await FailAsync($"{Train} --layers {widest}", ExitCode.Failure, "bytes of memory; it needs ");

        Assert.That(simulator.Error, Does.Match("must fit [1-9][0-9,]+ bytes"));
        Assert.That(Directory.Exists(simulator.In("run")), Is.False);
    }

    [Test]
    public async Task Training_CantBeSetUp_LeavesAFolderThatCanBeUsedAgain()
    {
        Directory.CreateDirectory(simulator.In("run"));
        simulator.OpenStorage = path =>
        {
            FolderStorage.OpenOrCreate(path);
            throw new InsufficientMemoryException();
        };
        await FailAsync(Train, ExitCode.Failure, "Memory ran out");

        simulator.OpenStorage = FolderStorage.OpenOrCreate;
        await SucceedAsync(Train);
    }

    [TestCase("", 1)]
    [TestCase("--layers 16,12 --schedule layerwise", 1)]
    [TestCase("--rule backpropagation --activation identity --learning-rate 1e30", 2)]
    public async Task LossNotFinite_StopsAndKeepsTheLastGoodCheckpoint(string options, int layerNumber)
    {
        await FailAsync($"{Train} --optimizer sgd --learning-rate 1e6 {options}", ExitCode.Failure, $"in layer {layerNumber}");

        Assert.That(
            simulator.Error,
            Does.Match(@"in step \d+ with learning rate").And.Contain("the last checkpoint is kept")
                .And.Contain("Try a smaller learning rate"));
        await SucceedAsync("info --run RUN");
    }

    // A checkpoint of this network takes 51 KB, and three are written; the numbers let none, one and two be whole.
    [TestCase(10_000, false)]
    [TestCase(60_000, true)]
    [TestCase(150_000, true)]
    public async Task DiskFull_KeepsTheCheckpointBefore(int room, bool hasCheckpoint)
    {
        await SucceedAsync($"{Train} --optimizer sgd --out RUN2");
        simulator.OpenStorage = path => new FillingStorage(FolderStorage.OpenOrCreate(path), room);

        await FailAsync($"{Train} --optimizer sgd", ExitCode.Failure, "No space left on device");

        Assert.That(simulator.Error, Does.Contain(hasCheckpoint ? "remains usable" : "There is no earlier checkpoint"));
        simulator.OpenStorage = FolderStorage.OpenOrCreate;
        await SucceedAsync("train --resume --out RUN");
        Assert.That(simulator.Digest(), Is.EqualTo(simulator.Digest("run2")));
    }

    [Test]
    public Task Validation_LeavesNothingToLearn_IsRefused() =>
        FailAsync($"{Train} --validation 300", ExitCode.Usage, "300 of 300 were to be held out");

    [Test]
    public async Task Table_MissingValue_IsNamedByRowAndColumn()
    {
        await File.WriteAllTextAsync(simulator.In("table.csv"), "x,y\n1,2\n3,\n");

        await FailAsync(
            $"train --data {simulator.In("table.csv")} --out RUN", ExitCode.Failure, "line 3, column y: a value expected; it is missing");
    }

    [Test]
    public async Task Table_ValueTooLarge_NamesTheRange()
    {
        await File.WriteAllTextAsync(simulator.In("table.csv"), "x,y\n1,2\n3,1e39\n");

        await FailAsync(
            $"train --data {simulator.In("table.csv")} --out RUN",
            ExitCode.Failure,
            "line 3, column y: a number within the range of a 32-bit float expected, up to 3.4e38; \"1e39\" found");
    }

    [Test]
    public async Task SupersededCheckpoint_CantBeDeleted_IsAWarning()
    {
        simulator.OpenStorage = path => new KeepingStorage(FolderStorage.OpenOrCreate(path));

        await SucceedAsync(Train);

        Assert.That(simulator.Error, Does.StartWith("warning: A superseded checkpoint could not be deleted").And.Contain("In use."));
    }

    [Test]
    public async Task Result_Damaged_ResumeWarnsAndWritesItAnew([Values("{", "")] string damaged)
    {
        await SucceedAsync(Train);
        string digest = simulator.Digest();
        await File.WriteAllTextAsync(simulator.In("run", "result.json"), damaged);

        await SucceedAsync("train --resume --out RUN");

        Assert.That(simulator.Error, Does.StartWith($"warning: '{simulator.In("run", "result.json")}' is damaged"));
        Assert.That(simulator.Digest(), Is.EqualTo(digest));
    }

    private static TestCaseData Case(string name, string file, Func<byte[], byte[]> damage, string message) =>
        new TestCaseData(file, damage, message).SetArgDisplayNames(name);

    private static byte[] With(byte[] bytes, int index, byte value)
    {
        byte[] changed = [.. bytes];
        changed[index] = value;
        return changed;
    }

    private static byte[] Flip(byte[] bytes) => With(bytes, bytes.Length / 2, (byte)(bytes[bytes.Length / 2] ^ 0x10));

    private async Task FailAsync(string call, int exitCode, string message)
    {
        Assert.That(await simulator.RunAsync(call), Is.EqualTo(exitCode), () => simulator.Output + simulator.Error);
        Assert.That(simulator.Error, Does.StartWith("error: ").And.Contain(message).And.Not.Contain("   at "));
    }

    private async Task SucceedAsync(string call) =>
        Assert.That(await simulator.RunAsync(call), Is.EqualTo(ExitCode.Success), () => simulator.Error);
}
