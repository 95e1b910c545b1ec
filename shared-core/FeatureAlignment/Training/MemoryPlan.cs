using System;
using System.Collections.Generic;
using System.Globalization;
using FeatureAlignment.Backpropagation;
using FeatureAlignment.Kernels;
using FeatureAlignment.Layers;
using FeatureAlignment.Optimizers;

namespace FeatureAlignment.Training;

/// <summary>What a training will hold in memory, known before anything is allocated.</summary>
/// <remarks>
/// Each class that allocates counts its own arrays in a method beside its constructor; the plan adds them up. The samples themselves are
/// not counted, neither are the few kilobytes of objects and thread stacks.
/// </remarks>
public sealed class MemoryPlan
{
    private MemoryPlan(MemoryUse use, long stored, long written)
    {
        Use = use;
        StoredBytes = stored;
        WrittenBytes = written;
    }

    /// <summary>Bytes in memory at the training's peak.</summary>
    public MemoryUse Use { get; }

    /// <summary>Bytes of the parameters that are in storage while others are in memory; 0 when all are in memory.</summary>
    public long StoredBytes { get; }

    /// <summary>
    /// Bytes that layers which learn from storage write there in the whole run, checkpoints not counted: what a flash medium wears by.
    /// </summary>
    public long WrittenBytes { get; }

    /// <summary>
    /// Takes the largest batch, up to the one asked for, whose training fits a budget: a layer that learns from storage is written once a
    /// batch, so that a larger one wears the medium less.
    /// </summary>
    /// <param name="options">The settings.</param>
    /// <param name="inputs">Features of a sample.</param>
    /// <param name="classes">Classes of the samples, 0 without labels.</param>
    /// <param name="sampleCount">Samples of an epoch.</param>
    /// <param name="kernels">The arithmetic.</param>
    /// <param name="availableBytes">The budget.</param>
    /// <returns>The settings with that batch.</returns>
    /// <exception cref="MemoryBudgetException">Not even single samples fit.</exception>
    public static TrainingOptions FitBatch(
        TrainingOptions options, int inputs, int classes, int sampleCount, KernelSet kernels, long availableBytes)
    {
        ArgumentChecks.NotNull(options, nameof(options));
        Create(options with { Batch = 1 }, inputs, classes, sampleCount, kernels).RequireAtMost(availableBytes);
        int fits = 1, tooMany = options.Batch + 1;
        while (tooMany - fits > 1)
        {
            int batch = (fits + tooMany) / 2;
            bool isEnough = Create(options with { Batch = batch }, inputs, classes, sampleCount, kernels).Use.Total <= availableBytes;
            fits = isEnough ? batch : fits;
            tooMany = isEnough ? tooMany : batch;
        }

        return options with { Batch = fits };
    }

    /// <summary>Plans a training.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="inputs">Features of a sample.</param>
    /// <param name="classes">Classes of the samples, 0 without labels.</param>
    /// <param name="sampleCount">Samples of an epoch.</param>
    /// <param name="kernels">The arithmetic: its packed copies differ.</param>
    /// <exception cref="ArgumentException">The settings do not fit the samples.</exception>
    public static MemoryPlan Create(TrainingOptions options, int inputs, int classes, int sampleCount, KernelSet kernels)
    {
        ArgumentChecks.NotNull(options, nameof(options));
        ArgumentChecks.NotNull(kernels, nameof(kernels));
        IReadOnlyList<LayerSpec> specs = options.CreateLayerSpecs(inputs, classes);
        Optimizer optimizer = options.CreateOptimizer();
        if (options.Rule == LearningRule.Backpropagation)
        {
            return new MemoryPlan(BackpropagationTrainer.Plan(options, specs, optimizer, kernels), 0, 0);
        }

        if (options.Schedule == LayerSchedule.Interleaved)
        {
            return new MemoryPlan(InterleavedTrainer.Plan(options, specs, optimizer, kernels), 0, 0);
        }

        long stored = 0;
        foreach (LayerSpec spec in specs)
        {
            stored += sizeof(float) * spec.ParameterCount;
        }

        return new MemoryPlan(
            LayerwiseTrainer.Plan(options, specs, optimizer, kernels, sampleCount), stored,
            LayerwiseTrainer.PlanWrittenBytes(options, specs, sampleCount));
    }

    /// <summary>Refuses a training that would write more to its storage than that may bear.</summary>
    /// <param name="wearBudgetBytes">Bytes that the medium may take in this run.</param>
    /// <exception cref="WearBudgetException">The training writes more.</exception>
    public void RequireWrittenAtMost(long wearBudgetBytes)
    {
        if (WrittenBytes > wearBudgetBytes)
        {
            throw new WearBudgetException(WrittenBytes, wearBudgetBytes);
        }
    }

    /// <summary>Refuses a training that does not fit.</summary>
    /// <param name="availableBytes">The budget.</param>
    /// <exception cref="MemoryBudgetException">The training needs more.</exception>
    public void RequireAtMost(long availableBytes)
    {
        if (Use.Total > availableBytes)
        {
            throw new MemoryBudgetException(Use, availableBytes);
        }
    }
}

/// <summary>A training would write more to its storage than the medium may bear.</summary>
public sealed class WearBudgetException : Exception
{
    internal WearBudgetException(long written, long budget)
        : base(string.Format(
            CultureInfo.InvariantCulture,
            "The training may write {0:N0} bytes to its storage; it would write {1:N0}, each step the whole layer. "
            + "Choose a larger batch or memory budget, fewer epochs, smaller layers, or a larger wear budget for a medium that bears it.",
            budget, written))
    {
        WrittenBytes = written;
        BudgetBytes = budget;
    }

    /// <summary>Bytes that the training would write.</summary>
    public long WrittenBytes { get; }

    /// <summary>Bytes that it may write.</summary>
    public long BudgetBytes { get; }
}

/// <summary>A training needs more memory than it may have.</summary>
public sealed class MemoryBudgetException : Exception
{
    internal MemoryBudgetException(MemoryUse needed, long availableBytes)
        : base(string.Format(
            CultureInfo.InvariantCulture,
            "The training must fit {0:N0} bytes of memory; it needs {1:N0} (weights {2:N0}, gradients {3:N0}, optimizer {4:N0}, "
            + "activations {5:N0}, work buffers {6:N0}). "
            + "Choose smaller layers, a smaller batch, the optimizer sgd, the layerwise schedule, or fewer rows in memory.",
            availableBytes, needed.Total, needed.Weights, needed.Gradients, needed.OptimizerState, needed.Activations, needed.WorkBuffers))
    {
        NeededBytes = needed.Total;
        AvailableBytes = availableBytes;
    }

    /// <summary>Bytes that the training needs.</summary>
    public long NeededBytes { get; }

    /// <summary>Bytes that it may have.</summary>
    public long AvailableBytes { get; }
}
