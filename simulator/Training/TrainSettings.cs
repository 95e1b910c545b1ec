using System;
using System.Collections.Generic;
using FeatureAlignment.Alignment;
using FeatureAlignment.Kernels;
using FeatureAlignment.Layers;
using FeatureAlignment.Optimizers;
using FeatureAlignment.Simulator.Datasets;
using FeatureAlignment.Training;

namespace FeatureAlignment.Simulator.Training;

/// <summary>
/// Everything that decides what one training run computes. The required properties are the ones that every preset states
/// (<see cref="TrainPresets"/>); the others have their default here. Ranges are checked by <see cref="TrainSettingsCheck"/>.
/// </summary>
internal sealed record TrainSettings
{
    /// <summary>Writes a small card full once: no medium minds, and whoever wants more has thought of it.</summary>
    public const long DefaultWearBudget = 16L << 30;

    // With orthonormal rows the outputs of tanh stay in its almost linear middle; every other activation starts well with them.
    private const float TanhGain = 4;

    /// <summary>Preset that the settings started from. Default: quick.</summary>
    public Preset Preset { get; init; }

    /// <summary>One of <see cref="DatasetCatalog.Names"/>. Default: digits.</summary>
    public string Dataset { get; init; } = DatasetCatalog.Digits;

    /// <summary>Folder with IDX files, or a .csv file. Default: null, the dataset's usual places.</summary>
    public string? Data { get; init; }

    /// <summary>Column of the .csv file that holds the class. Default: null, the rows have no label.</summary>
    public string? Label { get; init; }

    /// <summary>Neurons per hidden layer, input side first: 1 to 256 layers of 1 to 65,536 neurons.</summary>
    public required IReadOnlyList<int> Layers { get; init; }

    /// <summary>Activation of every layer.</summary>
    public required Activation Activation { get; init; }

    /// <summary>
    /// How a layer sees the label. Default: completed. Backpropagation reads the labels at its head and takes no other mode.
    /// </summary>
    public LabelMode Labels { get; init; } = LabelMode.Completed;

    /// <summary>Local feature alignment, or the global baseline. Default: alignment.</summary>
    public LearningRule Rule { get; init; } = LearningRule.Alignment;

    /// <summary>Whether every batch visits all layers, or one layer is trained after the other. Default: interleaved.</summary>
    public LayerSchedule Schedule { get; init; } = LayerSchedule.Interleaved;

    /// <summary>Passes over the training samples (layerwise: per layer), 1 to 100,000.</summary>
    public required int Epochs { get; init; }

    /// <summary>Samples per update, 1 to 65,536; a batch larger than the training set is the whole set.</summary>
    public required int Batch { get; init; }

    /// <summary>Update rule of the weights.</summary>
    public required OptimizerKind Optimizer { get; init; }

    /// <summary>Learning rate of the first update, above 0.</summary>
    public required float LearningRate { get; init; }

    /// <summary>Course of the learning rate over the run.</summary>
    public required LearningRateDecay Decay { get; init; }

    /// <summary>α, weight of the reconstruction in the loss, 0 or more.</summary>
    public required float AlignmentWeight { get; init; }

    /// <summary>β, weight of the label in the loss, 0 or more. Default: 1. Only completed labels have this term.</summary>
    public float LabelWeight { get; init; } = 1f;

    /// <summary>T, feature steps per reconstruction, from 1 to <see cref="AlignmentOptions.LargestStepCount"/>. Default: 1.</summary>
    public int Steps { get; init; } = 1;

    /// <summary>η, size of a feature step, above 0. Default: 1.</summary>
    public float StepSize { get; init; } = 1f;

    /// <summary>What a reconstruction starts from. Default: zero.</summary>
    public InputGuess Guess { get; init; } = InputGuess.Zero;

    /// <summary>Share of the features blanked on the way in while training, from 0 to below 1.</summary>
    public required float DropPixels { get; init; }

    /// <summary>Seed of weights, sample order, dropped pixels, random guesses and held-out samples; not of the data. Default: 1.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Threads, 1 to 256. Default: null, one per processor, one for single samples. The weights do not depend on it.</summary>
    public int? Threads { get; init; }

    /// <summary>Vector kernels where the machine has them, or the plain ones that a board runs. Default: auto.</summary>
    public KernelForm Kernels { get; init; } = KernelForm.Auto;

    /// <summary>
    /// Bytes that training may hold; a plan above it is refused, but with <see cref="RowsInMemory"/> the batch gets smaller until it fits.
    /// Default: null, no limit.
    /// </summary>
    public long? MemoryBudget { get; init; }

    /// <summary>How weights start. Default: orthogonal.</summary>
    public InitialWeights InitialWeights { get; init; }

    /// <summary>
    /// Rows of the layer in training that are in memory at a time, a multiple of <see cref="KernelSet.RowGroup"/>; the others are in the
    /// run's folder. Default: null, all are in memory.
    /// </summary>
    public int? RowsInMemory { get; init; }

    /// <summary>Bytes that a training with <see cref="RowsInMemory"/> may write. Default: null, <see cref="DefaultWearBudget"/>.</summary>
    public long? WearBudget { get; init; }

    /// <summary>Training samples used, from the first. Default: null, all.</summary>
    public int? Limit { get; init; }

    /// <summary>
    /// Training samples held out, drawn by seed before <see cref="Limit"/> applies, to measure accuracy on in place of the test
    /// set, so that settings can be chosen honestly. Default: 0, measure on the test set.
    /// </summary>
    public int Validation { get; init; }

    /// <summary>The arithmetic that <see cref="Kernels"/> stands for on this machine.</summary>
    public KernelSet ChooseKernels() => Kernels == KernelForm.Scalar ? KernelSet.Scalar : KernelSet.Best;

    /// <summary>The core's form of these settings.</summary>
    /// <param name="trainingCount">Samples of an epoch: a larger batch would only reserve memory that nothing fills.</param>
    public TrainingOptions ToTrainingOptions(int trainingCount)
    {
        int batch = Math.Min(Batch, trainingCount);
        return new TrainingOptions
        {
            Rule = Rule,
            Layers = Layers,
            Activation = Activation,
            Labels = Labels,
            Schedule = Schedule,
            Epochs = Epochs,
            Batch = batch,
            Optimizer = Optimizer,
            LearningRate = new LearningRateSchedule(LearningRate, Decay),
            Alignment = new AlignmentOptions
            {
                AlignmentWeight = AlignmentWeight,
                LabelWeight = LabelWeight,
                Steps = Steps,
                StepSize = StepSize,
                Guess = Guess,
            },
            InitialWeights = InitialWeights,
            RowsInMemory = RowsInMemory ?? 0,
            Gain = Rule == LearningRule.Alignment && Activation == Activation.Tanh ? TanhGain : 1,
            DropPixels = DropPixels,
            Seed = Seed,
            // Single samples are learned by one thread; others would only hold buffers.
            Threads = Threads ?? (batch == 1 ? 1 : Math.Min(Environment.ProcessorCount, TrainSettingsCheck.MaxThreads)),
        };
    }
}
