using System;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using FeatureAlignment.Simulator.Commands;
using FeatureAlignment.Simulator.Reports;
using NUnit.Framework;

namespace FeatureAlignment.Simulator.Tests.Runs;

/// <summary>Trainings that are stopped go on to the bit, also from the checkpoint before a damaged one.</summary>
[TestFixture]
internal sealed class StopAndResumeTests
{
    private const string Train = "train --dataset mnist --data DATA --layers 16,12 --epochs 3 --batch 32";
    private const string Resume = "train --resume --out RUN";

    // docs/checkpoint-format.md: behind four magic bytes.
    private const int VersionOffset = 4;

    private WholeSimulator simulator = null!;

    [SetUp]
    public void SetUp() => simulator = new WholeSimulator();

    [TearDown]
    public void TearDown() => simulator.Dispose();

    // The clock is looked at a few times a step: one number stops in the first epoch, the other in a later one.
    [Test]
    public async Task Resume_GivesTheWeightsOfAnUninterruptedRun(
        [Values(
            "",
            "--schedule layerwise",
            "--rule backpropagation",
            "--batch 1 --optimizer sgd --learning-rate 0.02 --epochs 1",
            "--optimizer momentum --drop-pixels 0.2")]
        string options,
        [Values(15, 90)] int looksAtClock)
    {
        await SucceedAsync($"{Train} {options} --out RUN2");

        Assert.That(await simulator.RunAndStopAsync($"{Train} {options} --out RUN", looksAtClock), Is.EqualTo(ExitCode.Interrupted));
        long stoppedAt = (long)simulator.Result()["samplesSeen"]!;
        Assert.That(stoppedAt, Is.GreaterThan(0).And.LessThan((long)simulator.Result("run2")["samplesSeen"]!));
        await SucceedAsync(Resume);

        Assert.That(simulator.Digest(), Is.EqualTo(simulator.Digest("run2")));
    }

    [Test]
    public async Task Stop_KeepsEverythingAndSaysHowToGoOn()
    {
        await simulator.RunAndStopAsync($"{Train} --out RUN", 40);

        Assert.Multiple(() =>
        {
            Assert.That(simulator.Output, Does.Contain($"simulator train --resume --out {simulator.In("run")}"));
            Assert.That((bool)simulator.Result()["finished"]!, Is.False);
            Assert.That(simulator.Result()["testAccuracy"], Is.Null);
            Assert.That(MetricsCsv.Read(simulator.In("run", "metrics.csv"))[^1].Step, Is.EqualTo((long)simulator.Result()["samplesSeen"]!));
        });
    }

    // 300 samples are 10 batches: a run of 3 epochs takes 30 steps.
    [TestCase(0, 1 + 3)]
    [TestCase(60, 1 + 30)]
    public async Task Checkpoints_AreWrittenAtTheStartEachEpochAndEachMinute(int secondsPerLook, int checkpoints)
    {
        int exitCode = await simulator.RunSlowlyAsync($"{Train} --out RUN", TimeSpan.FromSeconds(secondsPerLook));

        Assert.That(exitCode, Is.EqualTo(ExitCode.Success));

        Assert.That(simulator.CheckpointFiles(), Has.Some.EqualTo($"checkpoint.{checkpoints:000000}.lfa"));
        Assert.That(simulator.CheckpointFiles(), Has.None.EqualTo($"checkpoint.{checkpoints + 1:000000}.lfa"));
    }

    [Test]
    public async Task Resume_FinishedRun_ChangesNothing()
    {
        await SucceedAsync($"{Train} --out RUN");
        string[] before = Contents();

        await SucceedAsync($"{Resume} --json {simulator.In("again.json")}");

        Assert.That(simulator.Output, Does.Contain("The run is finished"));
        Assert.That(Contents(), Is.EqualTo(before));
        Assert.That(File.ReadAllText(simulator.In("again.json")), Is.EqualTo(File.ReadAllText(simulator.In("run", "result.json"))));
    }

    [Test]
    public async Task Resume_TrainedButNotMeasured_FinishesTheRun()
    {
        await SucceedAsync($"{Train} --out RUN");
        string digest = simulator.Digest();
        File.Delete(simulator.In("run", "result.json"));
        File.Delete(simulator.In("run", "report.html"));

        await SucceedAsync(Resume);

        Assert.That(simulator.Digest(), Is.EqualTo(digest));
        Assert.That(File.Exists(simulator.In("run", "report.html")));
    }

    [TestCase("checkpoint.", true, "checksum")]
    [TestCase("layer-0.", true, "checksum")]
    [TestCase("layer-1.", false, "")]
    public async Task Resume_NewestCheckpointDamaged_GoesOnFromTheOneBefore(string file, bool isFlipped, string fault)
    {
        await SucceedAsync($"{Train} --out RUN2");
        await simulator.RunAndStopAsync($"{Train} --out RUN", 60);
        Damage(file, isFlipped, newestOnly: true);

        await SucceedAsync(Resume);

        Assert.That(simulator.Error, Does.Contain("warning: Checkpoint").And.Contain(fault).And.Contain("The one before it is used."));
        Assert.That(simulator.Digest(), Is.EqualTo(simulator.Digest("run2")));
    }

    [TestCase("")]
    [TestCase("--labels none")]
    public async Task FinishedRun_NewestCheckpointDamaged_IsNotTakenForFinished(string options)
    {
        await SucceedAsync($"{Train} {options} --out RUN");
        string digest = simulator.Digest();
        Damage("checkpoint.", isFlipped: true, newestOnly: true);

        foreach (string call in (string[])["evaluate --run RUN", "info --run RUN", "reconstruct --run RUN"])
        {
            await SucceedAsync(call);
            Assert.That(simulator.Error, Does.Match("warning: The weights are of epoch 2 of 3.*, not of the result in "), call);
        }

        await SucceedAsync(Resume);
        Assert.That(simulator.Output, Does.Not.Contain("The run is finished"));
        await SucceedAsync("info --run RUN");
        Assert.That(simulator.Error, Is.Empty);
        Assert.That(simulator.Output, Does.Contain("finished: ").And.Contain(digest));
    }

    [Test]
    public async Task Resume_CheckpointsGone_IsRefused([Values(true, false)] bool isFinished)
    {
        await simulator.RunAndStopAsync($"{Train} --out RUN", isFinished ? int.MaxValue : 60);
        Directory.Delete(simulator.In("run", "checkpoint"), recursive: true);
        string metrics = await File.ReadAllTextAsync(simulator.In("run", "metrics.csv"));

        Assert.That(await simulator.RunAsync(Resume), Is.EqualTo(ExitCode.Failure));

        Assert.That(simulator.Error, Does.Contain("A resumed run needs a checkpoint").And.Contain("restore the checkpoint files"));
        Assert.That(await File.ReadAllTextAsync(simulator.In("run", "metrics.csv")), Is.EqualTo(metrics));
    }

    [TestCase("checkpoint.", true)]
    [TestCase("layer-0.", true)]
    [TestCase("layer-0.", false)]
    public async Task AllCheckpointsDamaged_Fails(string file, bool isFlipped)
    {
        await simulator.RunAndStopAsync($"{Train} --out RUN", 60);
        Damage(file, isFlipped, newestOnly: false);

        foreach (string call in (string[])[Resume, "evaluate --run RUN", "info --run RUN"])
        {
            Assert.That(await simulator.RunAsync(call), Is.EqualTo(ExitCode.Failure), call);
            Assert.That(simulator.Error, Does.Contain("error: ").And.Contain("no checkpoint is usable").And.Not.Contain("   at "));
        }
    }

    [Test]
    public async Task OtherVersion_Fails()
    {
        await simulator.RunAndStopAsync($"{Train} --out RUN", 60);
        foreach (string path in Directory.GetFiles(simulator.In("run", "checkpoint"), "checkpoint.*"))
        {
            // The version stands behind the magic bytes; the checksum is right again, so that nothing else is wrong.
            byte[] bytes = await File.ReadAllBytesAsync(path);
            bytes[VersionOffset]++;
            BitConverter.GetBytes(Checksum(bytes.AsSpan(0, bytes.Length - 4))).CopyTo(bytes, bytes.Length - 4);
            await File.WriteAllBytesAsync(path, bytes);
        }

        foreach (string call in (string[])[Resume, "evaluate --run RUN"])
        {
            Assert.That(await simulator.RunAsync(call), Is.EqualTo(ExitCode.Failure), call);
            Assert.That(simulator.Error, Does.Contain("version"));
        }
    }

    [TestCase("\"layers\": [\n    16,\n    12\n  ]", "\"layers\": [\n    16,\n    13\n  ]", "'outputs' must be 13")]
    [TestCase("\"layers\": [\n    16,\n    12\n  ]", "\"layers\": [\n    16\n  ]", "'layers' must be 1")]
    [TestCase("\"activation\": \"relu\"", "\"activation\": \"tanh\"", "'activation' must be")]
    [TestCase("\"seed\": 1", "\"seed\": 2", "'seed' must be 2")]
    [TestCase("\"labels\": \"completed\"", "\"labels\": \"none\"", "'label-inputs' must be 0")]
    public async Task CheckpointOfOtherShape_Fails(string stored, string edited, string message)
    {
        await simulator.RunAndStopAsync($"{Train} --out RUN", 60);
        string path = simulator.In("run", "settings.json");
        string json = (await File.ReadAllTextAsync(path)).ReplaceLineEndings("\n");
        Assert.That(json, Does.Contain(stored));
        await File.WriteAllTextAsync(path, json.Replace(stored, edited, StringComparison.Ordinal));

        foreach (string call in (string[])[Resume, "evaluate --run RUN"])
        {
            Assert.That(await simulator.RunAsync(call), Is.EqualTo(ExitCode.Failure), call);
            Assert.That(simulator.Error, Does.Contain(message).And.Not.Contain("   at "));
        }
    }

    [Test]
    public async Task Resume_OtherNumberOfSamples_IsRefused()
    {
        await simulator.RunAndStopAsync($"{Train} --out RUN", 60);
        string path = simulator.In("run", "samples.json");
        string json = await File.ReadAllTextAsync(path);
        await File.WriteAllTextAsync(path, json.Replace("\"trainingCount\": 300", "\"trainingCount\": 299", StringComparison.Ordinal));

        Assert.That(await simulator.RunAsync(Resume), Is.EqualTo(ExitCode.Usage));
        Assert.That(simulator.Error, Does.Contain("A resumed run needs the samples it began with: 299"));
    }

    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ (0xEDB88320 & (0 - (crc & 1)));
            }
        }

        return ~crc;
    }

    private void Damage(string prefix, bool isFlipped, bool newestOnly)
    {
        string[] paths = [.. Directory.GetFiles(simulator.In("run", "checkpoint"), prefix + "*").OrderDescending(StringComparer.Ordinal)];
        Assert.That(paths, Has.Length.EqualTo(2));
        foreach (string path in newestOnly ? paths[..1] : paths)
        {
            byte[] bytes = File.ReadAllBytes(path);
            bytes[bytes.Length / 2] ^= (byte)(isFlipped ? 0x10 : 0);
            File.WriteAllBytes(path, isFlipped ? bytes : bytes[..(bytes.Length / 2)]);
        }
    }

    private string[] Contents() =>
        [.. Directory.GetFiles(simulator.In("run"), "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(path => path + Convert.ToHexString(File.ReadAllBytes(path)))];

    private async Task SucceedAsync(string call) =>
        Assert.That(await simulator.RunAsync(call), Is.EqualTo(ExitCode.Success), () => simulator.Error);
}
