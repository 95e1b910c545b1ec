using System;
using System.Collections.Generic;
using FeatureAlignment.Alignment;
using FeatureAlignment.Datasets;
using FeatureAlignment.Kernels;
using FeatureAlignment.Layers;
using FeatureAlignment.Optimizers;

namespace FeatureAlignment.Training;

/// <summary>
/// A training that advances one batch at a call. Synchronous, without clock and without I/O of its own: whoever drives it decides when to
/// report, to save and to stop.
/// </summary>
public abstract class Trainer : IDisposable
{
    // Keeps the streams of guesses apart from those of weights and dropped pixels.
    private const ulong GuessSalt = 0x6775_6573_7300_0000;

    private readonly RandomSource? guessRandom;

    private protected Trainer(
        TrainingOptions options, ISampleSource samples, KernelSet kernels, IReadOnlyList<LayerSpec> layers, int readerCapacity)
    {
        Options = options;
        Samples = samples;
        Kernels = kernels;
        LayerSpecs = layers;
        Optimizer = options.CreateOptimizer();
        Team = new ThreadTeam(options.Threads);
        Reader = new BatchReader(samples, readerCapacity, options.DropPixels, options.Seed, Team);
        Losses = new AlignmentLoss[layers.Count];
        guessRandom = options.Alignment.Guess == InputGuess.Random ? new RandomSource(options.Seed) : null;
    }

    /// <summary>The settings.</summary>
    public TrainingOptions Options { get; }

    /// <summary>The arithmetic in use.</summary>
    public KernelSet Kernels { get; }

    /// <summary>Shapes of all layers, first to last.</summary>
    public IReadOnlyList<LayerSpec> LayerSpecs { get; }

    /// <summary>Where the training stands.</summary>
    public TrainingPosition Position { get; private protected set; }

    /// <summary>True when every epoch of every layer is done.</summary>
    public bool IsFinished => Position.LayerIndex == PhaseCount || (PhaseCount == 1 && Position.EpochIndex == Options.Epochs);

    /// <summary>Samples of the whole run, each counted once an epoch and, with the layerwise schedule, once a layer.</summary>
    public long TotalSamples => (long)PhaseCount * Options.Epochs * Samples.Count;

    /// <summary>Losses of the last step by layer; layers that did not learn in it keep their last value.</summary>
    public IReadOnlyList<AlignmentLoss> LastLosses => Losses;

    /// <summary>Learning rate of the last step.</summary>
    public float LastLearningRate { get; private set; }

    /// <summary>
    /// A learning rate in place of the schedule's, 0 or more; null (the default) for the schedule's. Not saved: a person sets it while a
    /// device runs.
    /// </summary>
    public float? LearningRateOverride { get; set; }

    /// <summary>The layers whose parameters are in memory, with their index: all of them, or the one in training.</summary>
    public abstract IReadOnlyList<ResidentLayer> ResidentLayers { get; }

    /// <summary>1, or with the layerwise schedule the number of layers: how often the learning rate starts anew.</summary>
    private protected virtual int PhaseCount => 1;

    private protected ISampleSource Samples { get; }

    private protected Optimizer Optimizer { get; }

    private protected ThreadTeam Team { get; }

    private protected BatchReader Reader { get; }

    private protected AlignmentLoss[] Losses { get; }

    /// <summary>Steps of one epoch.</summary>
    private int StepsPerEpoch => (Samples.Count + Options.Batch - 1) / Options.Batch;

    /// <summary>
    /// Builds the training that the options ask for. All memory is allocated here (with the layerwise schedule: a layer at a time).
    /// </summary>
    /// <param name="options">The settings.</param>
    /// <param name="samples">What to learn.</param>
    /// <param name="kernels">The arithmetic.</param>
    /// <param name="store">Where finished layers go; needed by the layerwise schedule alone.</param>
    /// <exception cref="ArgumentException">The settings do not fit the samples, or a layerwise training has no store.</exception>
    public static Trainer Create(TrainingOptions options, ISampleSource samples, KernelSet kernels, ILayerStore? store = null)
    {
        ArgumentChecks.NotNull(options, nameof(options));
        ArgumentChecks.NotNull(samples, nameof(samples));
        ArgumentChecks.NotNull(kernels, nameof(kernels));
        IReadOnlyList<LayerSpec> layers = options.CreateLayerSpecs(samples.Inputs, samples.Classes);
        if (options.Rule == LearningRule.Backpropagation)
        {
            return new Backpropagation.BackpropagationTrainer(options, samples, kernels, layers);
        }

        return options.Schedule == LayerSchedule.Interleaved
            ? new InterleavedTrainer(options, samples, kernels, layers)
            : new LayerwiseTrainer(
                options, samples, kernels, layers,
                store ?? throw new ArgumentException(
                    "A layerwise training needs a store for its finished layers; none was given.", nameof(store)));
    }

    /// <summary>Learns from the next batch.</summary>
    /// <returns>Samples that were learned.</returns>
    /// <exception cref="InvalidOperationException">The training is finished.</exception>
    /// <exception cref="NonFiniteLossException">A loss is not finite; the parameters in memory must not be used or saved.</exception>
    public int Step()
    {
        if (IsFinished)
        {
            throw new InvalidOperationException("A finished training takes no more steps; check IsFinished first.");
        }

        TrainingPosition position = Position;
        int count = Math.Min(Options.Batch, Samples.Count - position.SampleIndex);
        LastLearningRate = LearningRateOverride ?? Options.LearningRate.RateAt(position.StepIndex, (long)StepsPerEpoch * Options.Epochs);
        Learn(position, count, LastLearningRate);

        bool endsEpoch = position.SampleIndex + count == Samples.Count;
        Position = position with
        {
            EpochIndex = position.EpochIndex + (endsEpoch ? 1 : 0),
            SampleIndex = endsEpoch ? 0 : position.SampleIndex + count,
            StepIndex = position.StepIndex + 1,
            SamplesSeen = position.SamplesSeen + count,
        };
        if (Position.EpochIndex == Options.Epochs)
        {
            FinishPhase();
        }

        return count;
    }

    /// <summary>
    /// Ends the epochs of the run, or with the layerwise schedule of the layer in training, before their number is reached: for a stream
    /// of samples that has no end, once the loss has stopped falling.
    /// </summary>
    /// <exception cref="InvalidOperationException">The training is finished.</exception>
    public void EndPhase()
    {
        if (IsFinished)
        {
            throw new InvalidOperationException("A finished training has no phase to end; check IsFinished first.");
        }

        Position = Position with { EpochIndex = Options.Epochs, SampleIndex = 0, StepIndex = (long)StepsPerEpoch * Options.Epochs };
        FinishPhase();
    }

    /// <summary>
    /// Puts a saved training back: the position first, then the caller fills <see cref="ResidentLayers"/>, whose arrays this allocates.
    /// </summary>
    /// <exception cref="ArgumentException">The position is not one of this training's.</exception>
    public void Restore(in TrainingPosition position)
    {
        if (!IsReachable(position))
        {
            throw new ArgumentException(
                $"A position must be one of this training's, of {Options.Epochs} epochs of {Samples.Count} samples in batches of "
                + $"{Options.Batch}; was {position}. Resume with the settings and samples of the saved run.",
                nameof(position));
        }

        Position = position;
        OnRestored();
    }

    /// <summary>Ends the threads.</summary>
    public void Dispose()
    {
        Team.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Learns from samples [position.SampleIndex, + count) of the epoch's order; sets <see cref="Losses"/>.</summary>
    private protected abstract void Learn(in TrainingPosition position, int count, float learningRate);

    /// <summary>All epochs of the run, or of the layer in training, are done.</summary>
    private protected virtual void FinishPhase()
    {
    }

    private protected virtual void OnRestored()
    {
    }

    /// <summary>True when some number of steps leads there, with or without phases that ended early.</summary>
    private bool IsReachable(in TrainingPosition position)
    {
        bool isInside = position.LayerIndex >= 0 && position.LayerIndex < PhaseCount && position.EpochIndex >= 0
            && position.EpochIndex < Options.Epochs && position.SampleIndex >= 0 && position.SampleIndex < Samples.Count
            && position.SampleIndex % Options.Batch == 0;

        // At its end a run of one phase stands behind its last epoch or, layerwise, behind its last layer.
        bool isEnd = position.SampleIndex == 0
            && ((position.LayerIndex == PhaseCount && position.EpochIndex == 0 && Options.Schedule == LayerSchedule.Layerwise)
                || (PhaseCount == 1 && position.LayerIndex == 0 && position.EpochIndex == Options.Epochs));
        long ofPhase = ((long)position.EpochIndex * Samples.Count) + position.SampleIndex;
        long most = ((long)position.LayerIndex * Options.Epochs * Samples.Count) + ofPhase;

        // A phase that was ended early has learned fewer samples.
        long fewest = isEnd ? 0 : ofPhase;
        return (isInside || isEnd)
            && position.StepIndex == ((long)position.EpochIndex * StepsPerEpoch) + (position.SampleIndex / Options.Batch)
            && position.SamplesSeen >= fewest && position.SamplesSeen <= most;
    }

    private protected void SetLoss(int layerIndex, in AlignmentLoss loss)
    {
        Losses[layerIndex] = loss;
        if (!loss.IsFinite)
        {
            throw new NonFiniteLossException(layerIndex, Position.StepIndex + 1, LastLearningRate);
        }
    }

    /// <summary>With a random guess: draws one for each sample of the step, the same however the samples are cut into batches.</summary>
    private protected void DrawGuess(AlignmentWorkspace workspace, LayerSpec layer, int layerIndex, in TrainingPosition position, int count)
    {
        if (guessRandom is null)
        {
            return;
        }

        Matrix guess = workspace.Guess(count, layer);
        for (int sample = 0; sample < count; sample++)
        {
            guessRandom.Reseed(
                Options.Seed ^ GuessSalt,
                SampleStream((position.EpochIndex * LayerSpecs.Count) + layerIndex, position.SampleIndex + sample));
            Span<float> values = guess.Row(sample);
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = guessRandom.NextNormal();
            }
        }
    }

    /// <summary>Number of the random stream of one sample of one pass over the samples.</summary>
    internal static ulong SampleStream(int passIndex, int position) => ((ulong)(uint)passIndex << 32) | (uint)position;

    private protected ResidentLayer CreateLayer(int layerIndex) => Initialize(layerIndex, new DenseLayer(LayerSpecs[layerIndex]));

    private protected ResidentLayer Initialize(int layerIndex, DenseLayer layer)
    {
        WeightInitializer.Initialize(layer, Options.InitialWeights, Options.Gain, Options.Seed, layerIndex);
        return new ResidentLayer(layerIndex, layer, Optimizer.StatePerParameter);
    }
}
