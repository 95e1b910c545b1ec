using System;
using System.Collections.Generic;
using FeatureAlignment.Alignment;
using FeatureAlignment.Layers;
using FeatureAlignment.Optimizers;

namespace FeatureAlignment.Training;

/// <summary>What makes the parameters move.</summary>
public enum LearningRule
{
    /// <summary>Local feature alignment: every layer learns from its own input and output.</summary>
    Alignment,

    /// <summary>Backpropagation of the label's cross-entropy through all layers: the baseline.</summary>
    Backpropagation,
}

/// <summary>How labels reach the alignment rule.</summary>
public enum LabelMode
{
    /// <summary>Not at all: reconstruction only.</summary>
    None,

    /// <summary>The output layer gets one more output a class, which the label replaces in the feature loss: the authors' script.</summary>
    Clamped,

    /// <summary>Every layer completes the label as further, blank inputs.</summary>
    Completed,
}

/// <summary>In which order layers learn.</summary>
public enum LayerSchedule
{
    /// <summary>Each batch visits all layers; a layer learns as soon as it has its input.</summary>
    Interleaved,

    /// <summary>A layer learns for all its epochs, is frozen, and the next learns on its outputs: one layer in memory at a time.</summary>
    Layerwise,
}

/// <summary>Which optimizer turns a gradient into a change.</summary>
public enum OptimizerKind
{
    /// <summary>Plain gradient descent; nothing is remembered.</summary>
    Sgd,

    /// <summary>One velocity a parameter.</summary>
    Momentum,

    /// <summary>Two running means a parameter.</summary>
    Adam,
}

/// <summary>All settings of a training. Immutable; numbers are checked when set, combinations by <see cref="CreateLayerSpecs"/>.</summary>
public sealed record TrainingOptions
{
    /// <summary>Most layers that are accepted.</summary>
    public const int LargestLayerCount = 256;

    /// <summary>Most epochs that are accepted.</summary>
    public const int LargestEpochCount = 1_000_000;

    // Longest buffer: its last index, and that of a matrix padded to the vector form's width, must fit an int.
    private const long MostBufferFloats = int.MaxValue / 2;

    private readonly LayerWidths layers = new(new[] { 256 });
    private readonly AlignmentOptions alignment = new();
    private readonly LearningRateSchedule learningRate = new(0.02f, LearningRateDecay.Linear);
    private readonly int epochs = 1;
    private readonly int batch = 1;
    private readonly int threads = 1;
    private readonly int frozenWindow;
    private readonly int rowsInMemory;
    private readonly float dropPixels;
    private readonly float gain = 1;

    /// <summary>What makes the parameters move; default alignment.</summary>
    public LearningRule Rule { get; init; }

    /// <summary>
    /// Width of each hidden layer, first to last, from 1 to <see cref="LargestLayerCount"/> of them. With clamped labels the last one
    /// counts the latent neurons beside the class neurons; backpropagation adds an output layer of its own. Default: one of 256.
    /// </summary>
    public IReadOnlyList<int> Layers
    {
        get => layers;
        init
        {
            ArgumentChecks.NotNull(value, nameof(Layers));
            ArgumentChecks.InRange(value.Count, 1, LargestLayerCount, "Number of layers");
            foreach (int width in value)
            {
                ArgumentChecks.InRange(width, 1, LayerSpec.LargestWidth, "Width of a layer");
            }

            layers = new LayerWidths(value);
        }
    }

    /// <summary>Function of the hidden layers; default relu.</summary>
    public Activation Activation { get; init; } = Activation.Relu;

    /// <summary>How labels reach the rule; default completed. Backpropagation always learns the label.</summary>
    public LabelMode Labels { get; init; } = LabelMode.Completed;

    /// <summary>In which order layers learn; default interleaved.</summary>
    public LayerSchedule Schedule { get; init; }

    /// <summary>The rule's own settings.</summary>
    public AlignmentOptions Alignment
    {
        get => alignment;
        init
        {
            ArgumentChecks.NotNull(value, nameof(Alignment));
            alignment = value;
        }
    }

    /// <summary>
    /// Passes over the samples (with the layerwise schedule: for each layer), from 1 to <see cref="LargestEpochCount"/>; default 1.
    /// </summary>
    public int Epochs
    {
        get => epochs;
        init
        {
            ArgumentChecks.InRange(value, 1, LargestEpochCount, "Number of epochs");
            epochs = value;
        }
    }

    /// <summary>Samples a step, 1 or more; default 1. An epoch's last batch takes what is left.</summary>
    public int Batch
    {
        get => batch;
        init
        {
            ArgumentChecks.InRange(value, 1, 65_536, "Batch");
            batch = value;
        }
    }

    /// <summary>The optimizer; default plain gradient descent.</summary>
    public OptimizerKind Optimizer { get; init; }

    /// <summary>The learning rate over the run (with the layerwise schedule: over a layer's epochs); default 0.02, linear to 0.</summary>
    public LearningRateSchedule LearningRate
    {
        get => learningRate;
        init
        {
            ArgumentChecks.NotNull(value, nameof(LearningRate));
            learningRate = value;
        }
    }

    /// <summary>How weights start; default orthogonal.</summary>
    public InitialWeights InitialWeights { get; init; }

    /// <summary>Factor on the initial weights, greater than 0; default 1.</summary>
    public float Gain
    {
        get => gain;
        init
        {
            ArgumentChecks.PositiveAndFinite(value, "Gain of the initial weights");
            gain = value;
        }
    }

    /// <summary>Share of the inputs that are set to 0 on the way in (the others are scaled up), from 0 to below 1; default 0.</summary>
    public float DropPixels
    {
        get => dropPixels;
        init
        {
            if (!(value >= 0 && value < 1))
            {
                throw new ArgumentOutOfRangeException(
                    nameof(DropPixels), $"Share of dropped pixels must be at least 0 and below 1; was {value}.");
            }

            dropPixels = value;
        }
    }

    /// <summary>Seed of everything random: initial weights, order of samples, dropped pixels, random guesses.</summary>
    public ulong Seed { get; init; }

    /// <summary>Threads that share each step, from 1 to 256; default 1. The result does not depend on it.</summary>
    public int Threads
    {
        get => threads;
        init
        {
            ArgumentChecks.InRange(value, 1, 256, "Number of threads");
            threads = value;
        }
    }

    /// <summary>
    /// Samples that pass the frozen layers together in the layerwise schedule, 0 or more, rounded up to whole batches; default 0: as many
    /// as four batches hold, but no more than 64 or a batch.
    /// </summary>
    public int FrozenWindow
    {
        get => frozenWindow;
        init
        {
            ArgumentChecks.InRange(value, 0, 1 << 20, "Window of the frozen layers");
            frozenWindow = value;
        }
    }

    /// <summary>
    /// Rows of the layer in training that are in memory at a time, a multiple of 8, or 0 (the default) for all of them. Fewer than all
    /// needs the layerwise schedule, plain gradient descent, one feature step from a zero guess, and initial weights that know no other
    /// row.
    /// </summary>
    public int RowsInMemory
    {
        get => rowsInMemory;
        init
        {
            ArgumentChecks.InRange(value, 0, LayerSpec.LargestWidth, "Number of rows in memory");
            if (value % Kernels.KernelSet.RowGroup != 0)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(RowsInMemory), $"Number of rows in memory must be a multiple of {Kernels.KernelSet.RowGroup}; was {value}.");
            }

            rowsInMemory = value;
        }
    }

    /// <summary>The layers that these settings make of samples of the given kind, first to last.</summary>
    /// <param name="inputs">Features of a sample.</param>
    /// <param name="classes">Classes of the samples, 0 without labels.</param>
    /// <exception cref="ArgumentException">Labels are needed and there are none, or the combination makes no sense.</exception>
    public IReadOnlyList<LayerSpec> CreateLayerSpecs(int inputs, int classes)
    {
        bool needsLabels = Rule == LearningRule.Backpropagation || Labels != LabelMode.None;
        if (needsLabels && classes < 2)
        {
            throw new ArgumentException(
                $"Learning labels needs samples of at least 2 classes; these have {classes}. Choose the label mode none, or give labels.");
        }

        if (Rule == LearningRule.Backpropagation && Schedule == LayerSchedule.Layerwise)
        {
            throw new ArgumentException("Backpropagation needs all layers at once; the layerwise schedule is for the alignment rule.");
        }

        bool canStream = Rule == LearningRule.Alignment && Schedule == LayerSchedule.Layerwise && Optimizer == OptimizerKind.Sgd
            && InitialWeights == InitialWeights.He && Alignment.IsSingleStepFromZero;
        if (RowsInMemory > 0 && !canStream)
        {
            throw new ArgumentException(
                "A layer can learn from storage with the alignment rule, the layerwise schedule, the optimizer sgd, "
                + "one feature step from a zero guess and He initial weights; these settings ask for something else.");
        }

        int labelInputs = Rule == LearningRule.Alignment && Labels == LabelMode.Completed ? classes : 0;
        int classOutputs = Rule == LearningRule.Alignment && Labels == LabelMode.Clamped ? classes : 0;
        var specs = new List<LayerSpec>();
        for (int i = 0; i < Layers.Count; i++)
        {
            int extra = i == Layers.Count - 1 ? classOutputs : 0;
            specs.Add(new LayerSpec(i == 0 ? inputs : Layers[i - 1], Layers[i] + extra, Activation, labelInputs, extra));
        }

        if (Rule == LearningRule.Backpropagation)
        {
            specs.Add(new LayerSpec(Layers[Layers.Count - 1], classes, Activation.Identity));
        }

        RequireBuffersFit(specs);
        return specs;
    }

    private void RequireBuffersFit(List<LayerSpec> specs)
    {
        long samples = (long)Batch + FrozenWindow;
        foreach (LayerSpec spec in specs)
        {
            long width = Math.Max(spec.RowLength, spec.Outputs);
            if (samples * width > MostBufferFloats)
            {
                throw new ArgumentException(
                    $"A batch or window times the width of a layer must be at most {MostBufferFloats:N0} values; {samples:N0} samples of "
                    + $"{width:N0} values were asked for. Choose a smaller batch.");
            }
        }
    }

    internal Optimizer CreateOptimizer() => Optimizer switch
    {
        OptimizerKind.Momentum => new Momentum(),
        OptimizerKind.Adam => new Adam(),
        _ => new Sgd(),
    };
}
