using System;
using System.Linq;
using FeatureAlignment.Alignment;
using FeatureAlignment.Datasets;
using FeatureAlignment.Kernels;
using FeatureAlignment.Tests.Support;
using FeatureAlignment.Training;
using NUnit.Framework;

namespace FeatureAlignment.Tests.Training;

/// <summary>A step allocates nothing: on the board a collection would stop the training and memory be in pieces after a day.</summary>
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
        using Trainer trainer = Create(kind, optimizer, new RandomSamples(batch, 12, 3), threads: 1, KernelForms.Get(form));
        Steps(trainer, WarmUpSteps);
        Assert.That(Allocation.Of(() => Steps(trainer, MeasuredSteps)), Is.Zero);
    }

    [Test]
    public void Step_OnTwoThreads_AllocatesNothing([ValueSource(nameof(Kinds))] string kind, [Values] OptimizerKind optimizer)
    {
        var samples = new AllocationProbe(new RandomSamples(64, 12, 3));
        using Trainer trainer = Create(kind, optimizer, samples, threads: 2, KernelSet.Best);
        Steps(trainer, WarmUpSteps);
        samples.Start();
        Steps(trainer, MeasuredSteps);
        Assert.That(samples.BytesByThread, Is.EqualTo(new[] { 0L, 0L }));
    }

    // With the layerwise schedule the second layer is in training, above a frozen one.
    private static Trainer Create(string kind, OptimizerKind optimizer, ISampleSource samples, int threads, KernelSet kernels)
    {
        int epochs = WarmUpSteps + MeasuredSteps + 5;
        var options = new TrainingOptions
        {
            Layers = [24, 17],
            Epochs = epochs,
            Batch = samples.Count,
            Threads = threads,
            Optimizer = optimizer,
            DropPixels = 0.2f,
            Rule = kind == "backpropagation" ? LearningRule.Backpropagation : LearningRule.Alignment,
            Schedule = kind == "layerwise" ? LayerSchedule.Layerwise : LayerSchedule.Interleaved,
            Labels = kind == "clamped" ? LabelMode.Clamped : LabelMode.Completed,
            Alignment = new AlignmentOptions
            {
                Steps = kind == "iterated" ? 2 : 1,
                Guess = kind == "iterated" ? InputGuess.Random : InputGuess.Zero,
            },
        };
        var store = new MemoryLayerStore(options.CreateLayerSpecs(samples.Inputs, samples.Classes));
        Trainer trainer = Trainer.Create(options, samples, kernels, store);
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
    /// <summary>
    /// Notes at each read how much the reading thread has allocated in its life. Every thread of the training reads in every step, so the
    /// difference of its notes is what the training allocated in between; other threads of the process are not counted.
    /// </summary>
    private sealed class AllocationProbe(ISampleSource samples) : ISampleSource
    {
        private const int MostThreads = 4096;
        private readonly long[] first = new long[MostThreads];
        private readonly long[] last = new long[MostThreads];

        /// <summary>What each thread that read allocated between its first read since the start and its last.</summary>
        public long[] BytesByThread => [.. last.Zip(first, (end, start) => end - start).Where((_, thread) => first[thread] > 0)];

        public int Count => samples.Count;

        public int Inputs => samples.Inputs;

        public int Classes => samples.Classes;

        public void Start() => Array.Clear(first);

        public int Read(int sampleIndex, Span<float> features)
        {
            int thread = Environment.CurrentManagedThreadId % MostThreads;
            last[thread] = GC.GetAllocatedBytesForCurrentThread();
            first[thread] = first[thread] > 0 ? first[thread] : last[thread];
            return samples.Read(sampleIndex, features);
        }
    }
}
