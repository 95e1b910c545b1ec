using System;
using System.Collections.Generic;
using System.Linq;
using FeatureAlignment.Alignment;
using FeatureAlignment.Kernels;
using FeatureAlignment.Tests.Support;
using FeatureAlignment.Training;
using NUnit.Framework;

namespace FeatureAlignment.Tests.Training;

/// <summary>A step allocates nothing: on the board a collection would stop the training, and memory would be in pieces after a day.</summary>
[TestFixture]
[NonParallelizable]
public sealed class StepAllocationTests
{
    private const int WarmUpSteps = 3;
    private const int MeasuredSteps = 4;

    private static readonly string[] Kinds = ["interleaved", "iterated", "clamped", "layerwise", "backpropagation"];

    [Test]
    public void Step_OnOneThread_AllocatesNothing(
        [ValueSource(nameof(Kinds))] string kind, [Values] OptimizerKind optimizer, [Values(1, 32)] int batch,
        [ValueSource(typeof(KernelForms), nameof(KernelForms.Chosen))] string form)
    {
        using Trainer trainer = Create(kind, optimizer, batch, threads: 1, KernelForms.Get(form));
        Steps(trainer, WarmUpSteps);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Steps(trainer, MeasuredSteps);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    [Test]
    public void Step_OnTwoThreads_AllocatesNothing([ValueSource(nameof(Kinds))] string kind, [Values] OptimizerKind optimizer)
    {
        using Trainer trainer = Create(kind, optimizer, batch: 64, threads: 2, KernelSet.Best);
        Steps(trainer, WarmUpSteps);

        // The whole process is counted, the test framework's own threads too: one quiet round of a few is proof enough.
        var allocated = new List<long>(capacity: 5);
        for (int round = 0; round < 5 && !allocated.Contains(0); round++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            Steps(trainer, 1);
            allocated.Add(GC.GetTotalAllocatedBytes(precise: true) - before);
        }

        Assert.That(allocated, Has.Some.Zero);
    }

    // With the layerwise schedule the second layer is in training, above a frozen one.
    private static Trainer Create(string kind, OptimizerKind optimizer, int batch, int threads, KernelSet kernels)
    {
        int epochs = 2 * (WarmUpSteps + MeasuredSteps + 5);
        var samples = new RandomSamples(batch, 12, 3);
        var options = new TrainingOptions
        {
            Layers = [24, 17],
            Epochs = epochs,
            Batch = batch,
            Threads = threads,
            Optimizer = optimizer,
            DropPixels = 0.2f,
            Rule = kind == "backpropagation" ? LearningRule.Backpropagation : LearningRule.Alignment,
            Schedule = kind == "layerwise" ? LayerSchedule.Layerwise : LayerSchedule.Interleaved,
            Labels = kind == "clamped" ? LabelMode.Clamped : LabelMode.Completed,
            Alignment = new AlignmentOptions { Steps = kind == "iterated" ? 2 : 1, Guess = kind == "iterated" ? InputGuess.Random : InputGuess.Zero },
        };
        Trainer trainer = Trainer.Create(options, samples, kernels, new MemoryLayerStore(options.CreateLayerSpecs(samples.Inputs, samples.Classes)));
        if (kind == "layerwise")
        {
            Steps(trainer, epochs);
            Assert.That(trainer.ResidentLayers.Single().Index, Is.EqualTo(1));
        }

        return trainer;
    }

    private static void Steps(Trainer trainer, int count)
    {
        for (int step = 0; step < count; step++)
        {
            trainer.Step();
        }
    }
}
