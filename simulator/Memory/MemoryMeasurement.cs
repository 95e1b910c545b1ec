using System;
using System.IO;
using System.Linq;
using FeatureAlignment.Checkpoints;
using FeatureAlignment.Datasets;
using FeatureAlignment.Kernels;
using FeatureAlignment.Layers;
using FeatureAlignment.Optimizers;
using FeatureAlignment.Simulator.Training;
using FeatureAlignment.Training;

namespace FeatureAlignment.Simulator.Memory;

/// <summary>What one training of one depth holds.</summary>
/// <param name="HeldBytes">
/// In use on the heap at the peak, above what was in use before the trainer was made; layerwise, the peak over all layers.
/// </param>
/// <param name="AllocatedBytes">Allocated in all, garbage included; layerwise trainings free a layer before they allocate the next.</param>
/// <param name="PlannedBytes">The memory plan's forecast.</param>
/// <param name="ActivationBytes">What of the forecast are activations, the part that the talk counts.</param>
/// <param name="StoredBytes">Of the files that finished layers are kept in; 0 where all are in memory.</param>
internal sealed record TrainingMemory(long HeldBytes, long AllocatedBytes, long PlannedBytes, long ActivationBytes, long StoredBytes);

/// <summary>Trains every layer of a network by some steps and measures what that holds.</summary>
internal static class MemoryMeasurement
{
    private const int Classes = 10;

    // One window of the layerwise schedule.
    private const int Steps = 4;

    public static TrainingMemory Of(LearningRule rule, LayerSchedule schedule, int width, int depth, int batch, OptimizerKind optimizer)
    {
        TrainingOptions options = new()
        {
            Rule = rule,
            Schedule = schedule,
            Layers = [.. Enumerable.Repeat(width, depth)],
            Batch = batch,
            Optimizer = optimizer,
            InitialWeights = InitialWeights.He,
            // Memory does not depend on what is learned, and so deep a network must not diverge in the few steps.
            LearningRate = new LearningRateSchedule(1e-6f, LearningRateDecay.Constant),
        };
        PatternSamples samples = new(Steps * batch, width, Classes);
        MemoryPlan plan = MemoryPlan.Create(options, width, Classes, samples.Count, KernelSet.Best);
        return schedule == LayerSchedule.Layerwise
            ? MeasureInStorage(options, samples, plan)
            : Measure(options, samples, plan, checkpoints: null, () => 0);
    }

    private static TrainingMemory MeasureInStorage(TrainingOptions options, PatternSamples samples, MemoryPlan plan)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("simulator-memory-");
        try
        {
            CheckpointStore store = new(FolderStorage.OpenExisting(folder.FullName));
            using TrainingCheckpoints checkpoints = new(store, options, samples.Inputs, samples.Classes);
            return Measure(options, samples, plan, checkpoints, () => folder.EnumerateFiles().Sum(file => file.Length));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static TrainingMemory Measure(
        TrainingOptions options, PatternSamples samples, MemoryPlan plan, TrainingCheckpoints? checkpoints, Func<long> storedBytes)
    {
        MemoryMeter meter = new();
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        using Trainer trainer = Trainer.Create(options, samples, KernelSet.Best, checkpoints);
        int measuredLayer = -1;
        while (!trainer.IsFinished)
        {
            trainer.Step();
            if (trainer.Position.LayerIndex != measuredLayer)
            {
                // After the first step with a new layer, or at the new layer's start: both hold all of its buffers.
                meter.Measure();
                measuredLayer = trainer.Position.LayerIndex;
            }
        }

        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        return new TrainingMemory(meter.PeakBytes, allocated, plan.Use.Total, plan.Use.Activations, storedBytes());
    }

    /// <summary>Samples made when they are read, so that none are on the heap.</summary>
    private sealed class PatternSamples(int count, int inputs, int classes) : ISampleSource
    {
        public int Count => count;

        public int Inputs => inputs;

        public int Classes => classes;

        public int Read(int sampleIndex, Span<float> features)
        {
            for (int i = 0; i < features.Length; i++)
            {
                features[i] = (sampleIndex + i) % classes == 0 ? 1 : 0;
            }

            return sampleIndex % classes;
        }
    }
}
