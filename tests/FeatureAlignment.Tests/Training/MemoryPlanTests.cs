using System;
using System.Linq;
using FeatureAlignment.Alignment;
using FeatureAlignment.Kernels;
using FeatureAlignment.Layers;
using FeatureAlignment.Tests.Support;
using FeatureAlignment.Training;
using NUnit.Framework;

namespace FeatureAlignment.Tests.Training;

/// <summary>The plan against what a training really allocates.</summary>
[TestFixture]
[NonParallelizable]
public sealed class MemoryPlanTests
{
    // What the issue asks for; the plan leaves out the few kilobytes of objects.
    private const double TolerancePercent = 5;

    private static readonly RandomSamples Samples = new(512, 200, 5);

    private static readonly string[] Forms = KernelForms.Chosen;

    [Test]
    public void Plan_AllLayersInMemory_IsWhatIsAllocated(
        [Values("alignment", "iterated", "backpropagation")] string rule, [Values] OptimizerKind optimizer, [Values(1, 32, 128)] int batch,
        [Values(1, 2)] int threads, [ValueSource(nameof(Forms))] string form)
    {
        TrainingOptions options = Options(rule, optimizer, batch, threads);
        KernelSet kernels = KernelForms.Get(form);
        Trainer.Create(options, Samples, kernels).Dispose();
        long before = GC.GetAllocatedBytesForCurrentThread();
        using Trainer trainer = Trainer.Create(options, Samples, kernels);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        AssertPlan(options, kernels, allocated);
    }

    [Test]
    public void Plan_Layerwise_IsWhatItsLargestLayerTakes(
        [Values("alignment", "iterated")] string rule, [Values] OptimizerKind optimizer,
        [Values(1, 32, 128)] int batch, [Values(1, 2)] int threads,
        [ValueSource(nameof(Forms))] string form, [Values(0.0f, 0.2f)] float dropPixels)
    {
        TrainingOptions options = Options(rule, optimizer, batch, threads) with
        {
            Schedule = LayerSchedule.Layerwise,
            DropPixels = dropPixels,
        };
        KernelSet kernels = KernelForms.Get(form);
        var store = new MemoryLayerStore(options.CreateLayerSpecs(Samples.Inputs, Samples.Classes));
        Trainer.Create(options, Samples, kernels, store).Dispose();
        long before = GC.GetAllocatedBytesForCurrentThread();
        using Trainer trainer = Trainer.Create(options, Samples, kernels, store);
        long created = GC.GetAllocatedBytesForCurrentThread() - before;

        // Going to the start of a layer frees the one before and allocates this one.
        long[] layers = Enumerable.Range(0, options.Layers.Count).Select(layerIndex => BytesOfLayer(trainer, layerIndex)).ToArray();
        AssertPlan(options, kernels, created - layers[0] + layers.Max());
    }

    [Test]
    public void Plan_Layerwise_IsWhatStaysAliveWhileEachLayerLearns()
    {
        TrainingOptions options = Options("alignment", OptimizerKind.Adam, 32, 1) with { Schedule = LayerSchedule.Layerwise };
        var store = new MemoryLayerStore(options.CreateLayerSpecs(Samples.Inputs, Samples.Classes));
        Trainer.Create(options, Samples, KernelSet.Best, store).Dispose();
        long before = GC.GetTotalMemory(forceFullCollection: true), most = 0;
        using Trainer trainer = Trainer.Create(options, Samples, KernelSet.Best, store);
        for (int step = 0; !trainer.IsFinished; step++)
        {
            most = step % 8 == 0 ? Math.Max(most, GC.GetTotalMemory(forceFullCollection: true) - before) : most;
            trainer.Step();
        }

        AssertPlan(options, KernelSet.Best, most);
    }

    [Test]
    public void Plan_BoardSettings_TakesLittleBesideTheWeights([ValueSource(nameof(Forms))] string form)
    {
        // The board preset's bar: 784-128 with 10 classes, single samples, plain gradient descent.
        const long MostBesideWeights = 24 * 1024;
        MemoryUse use = MemoryPlan.Create(new TrainingOptions { Layers = [128] }, 784, 10, 60_000, KernelForms.Get(form)).Use;
        Assert.That(use.Weights, Is.EqualTo(4 * ((128 * 794) + 128 + 10)));
        Assert.That(use.OptimizerState, Is.Zero);
        Assert.That(use.Total - use.Weights, Is.LessThanOrEqualTo(MostBesideWeights));
    }

    [Test]
    public void StoredBytes_AreThoseOfTheParametersThatLeaveMemory()
    {
        TrainingOptions options = Options("alignment", OptimizerKind.Sgd, 1, 1);
        Assert.That(Plan(options, KernelSet.Scalar).StoredBytes, Is.Zero);
        long parameters = options.CreateLayerSpecs(200, 5).Sum(spec => spec.ParameterCount);
        Assert.That(Plan(options with { Schedule = LayerSchedule.Layerwise }, KernelSet.Scalar).StoredBytes, Is.EqualTo(4 * parameters));
    }

    [Test]
    public void RequireAtMost_TooLittle_NamesBothNumbers()
    {
        MemoryPlan plan = Plan(Options("alignment", OptimizerKind.Sgd, 1, 1), KernelSet.Scalar);
        Assert.That(() => plan.RequireAtMost(plan.Use.Total), Throws.Nothing);
        var failure = Assert.Throws<MemoryBudgetException>(() => plan.RequireAtMost(plan.Use.Total - 1));
        Assert.That(failure!.NeededBytes, Is.EqualTo(plan.Use.Total));
        Assert.That(failure.AvailableBytes, Is.EqualTo(plan.Use.Total - 1));
        Assert.That(failure.Message, Does.Contain($"{plan.Use.Total:N0}").And.Contains($"{plan.Use.Total - 1:N0}"));
    }

    private static TrainingOptions Options(string rule, OptimizerKind optimizer, int batch, int threads) => new()
    {
        Rule = rule == "backpropagation" ? LearningRule.Backpropagation : LearningRule.Alignment,
        Layers = [120, 80],
        InitialWeights = InitialWeights.He,
        Optimizer = optimizer,
        Batch = batch,
        Threads = threads,
        Alignment = new AlignmentOptions { Steps = rule == "iterated" ? 3 : 1 },
    };

    private static MemoryPlan Plan(TrainingOptions options, KernelSet kernels) =>
        MemoryPlan.Create(options, Samples.Inputs, Samples.Classes, Samples.Count, kernels);

    private static long BytesOfLayer(Trainer trainer, int layerIndex)
    {
        var start = new TrainingPosition { LayerIndex = layerIndex, SamplesSeen = (long)layerIndex * Samples.Count };
        long before = GC.GetAllocatedBytesForCurrentThread();
        trainer.Restore(start);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static void AssertPlan(TrainingOptions options, KernelSet kernels, long measured)
    {
        MemoryUse use = Plan(options, kernels).Use;
        TestContext.Out.WriteLine($"planned {use.Total:N0}, measured {measured:N0}");
        Assert.That((double)use.Total, Is.EqualTo((double)measured).Within(TolerancePercent).Percent, use.ToString());
    }
}
