using System.IO;
using System.Threading.Tasks;
using FeatureAlignment.Simulator.Commands;
using NUnit.Framework;

namespace FeatureAlignment.Simulator.Tests.Runs;

/// <summary>Layers that do not fit the memory budget: trained from storage they become what they would have become in memory.</summary>
[TestFixture]
internal sealed class LayersInStorageTests
{
    private const string InMemory =
        "train --dataset mnist --data DATA --preset board --layers 2048 --schedule layerwise --initial-weights he --limit 40 --threads 1";

    private const string InStorage = InMemory + " --rows-in-memory 8 --out RUN";

    private WholeSimulator simulator = null!;

    [SetUp]
    public void SetUp() => simulator = new WholeSimulator();

    [TearDown]
    public void TearDown() => simulator.Dispose();

    [Test]
    public async Task Train_LargeLayerUnderSmallBudget_EndsWithTheWeightsOfTrainingInMemory([Values(256, 512)] int budget)
    {
        await SucceedAsync($"{InStorage} --batch 128 --memory-budget {budget}KB");

        int batch = (int)simulator.Result()["batch"]!;
        Assert.That(batch, Is.InRange(2, 40), "the largest batch that fits, not the one asked for");
        Assert.That((long)simulator.Result()["memoryPlan"]!["total"]!, Is.LessThanOrEqualTo(budget * 1024));
        Assert.That((string?)simulator.Result()["command"], Does.Contain($"--batch {batch}").And.Contain("--rows-in-memory 8"));

        await SucceedAsync($"{InMemory} --batch {batch} --out RUN2");
        Assert.That(simulator.Digest("run2"), Is.EqualTo(simulator.Digest()));
        Assert.That((long)simulator.Result("run2")["memoryPlan"]!["total"]!, Is.GreaterThan(6_000_000), "W alone: 4 · 2048 · 794 bytes");
    }

    [Test]
    public async Task Resume_UnderAnotherBudget_GoesOnWithTheSameBatch()
    {
        await SucceedAsync($"{InStorage} --batch 128 --memory-budget 256KB --out RUN2");
        Assert.That(
            await simulator.RunAndStopAsync($"{InStorage} --batch 128 --memory-budget 256KB", looksAtClock: 20),
            Is.EqualTo(ExitCode.Interrupted));
        Assert.That((bool)simulator.Result()["finished"]!, Is.False);

        await SucceedAsync("train --resume --out RUN --memory-budget 512KB --wear-budget 100GB");

        Assert.That(simulator.Digest(), Is.EqualTo(simulator.Digest("run2")));
    }

    [Test]
    public async Task Train_AboveTheWearBudget_IsRefusedUnlessToldOtherwise()
    {
        // Once when the layer starts and once each of 4 steps, 2048 rows of 794 floats.
        const long Written = 5L * 2048 * 794 * sizeof(float);

        Assert.That(await simulator.RunAsync($"{InStorage} --batch 10 --wear-budget {Written - 1}"), Is.EqualTo(ExitCode.Failure));
        Assert.That(simulator.Error, Does.Contain($"may write {Written - 1:N0} bytes to its storage; it would write {Written:N0}"));
        Assert.That(Directory.Exists(simulator.In("run")), Is.False);

        await SucceedAsync($"{InStorage} --batch 10 --wear-budget {Written}");
        Assert.That(simulator.Output, Does.Contain("8 rows of a layer in memory at a time; an epoch writes 31.02 MB, the run 31.02 MB"));
    }

    [Test]
    public async Task Train_WithoutWearBudget_RefusesToFillASmallCard()
    {
        Assert.That(await simulator.RunAsync($"{InStorage} --batch 1 --epochs 80"), Is.EqualTo(ExitCode.Failure));
        Assert.That(simulator.Error, Does.Contain("may write 17,179,869,184 bytes"));
    }

    private async Task SucceedAsync(string call) =>
        Assert.That(await simulator.RunAsync(call), Is.EqualTo(ExitCode.Success), () => simulator.Error);
}
