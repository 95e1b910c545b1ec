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
    private MemoryPlan(MemoryUse use, long stored)
    {
        Use = use;
        StoredBytes = stored;
    }

    /// <summary>Bytes in memory at the training's peak.</summary>
    public MemoryUse Use { get; }

    /// <summary>Bytes of the parameters that are in storage while others are in memory; 0 when all are in memory.</summary>
    public long StoredBytes { get; }

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
            return new MemoryPlan(BackpropagationTrainer.Plan(options, specs, optimizer, kernels), 0);
        }

        if (options.Schedule == LayerSchedule.Interleaved)
        {
            return new MemoryPlan(InterleavedTrainer.Plan(options, specs, optimizer, kernels), 0);
        }

        long stored = 0;
        foreach (LayerSpec spec in specs)
        {
            stored += sizeof(float) * spec.ParameterCount;
        }

        return new MemoryPlan(LayerwiseTrainer.Plan(options, specs, optimizer, kernels, sampleCount), stored);
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

/// <summary>A training needs more memory than it may have.</summary>
public sealed class MemoryBudgetException : Exception
{
    internal MemoryBudgetException(MemoryUse needed, long availableBytes)
        : base(string.Format(
            CultureInfo.InvariantCulture,
            "The training must fit {0:N0} bytes of memory; it needs {1:N0} (weights {2:N0}, gradients {3:N0}, optimizer {4:N0}, activations {5:N0}, "
            + "work buffers {6:N0}). Choose smaller layers, a smaller batch, the optimizer sgd, or the layerwise schedule.",
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
