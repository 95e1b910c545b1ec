namespace FeatureAlignment.Training;

/// <summary>
/// Where a training stands between two steps: all that is needed, beside seed, parameters and optimizer state, to go on to the bit.
/// </summary>
/// <remarks>
/// Random numbers need no state of their own: every sample's stream is a function of the seed, the epoch and the sample's place in it.
/// </remarks>
public readonly record struct TrainingPosition
{
    /// <summary>0-based layer in training with the layerwise schedule; 0 with the interleaved one.</summary>
    public int LayerIndex { get; init; }

    /// <summary>0-based epoch of this layer, or of the run.</summary>
    public int EpochIndex { get; init; }

    /// <summary>Samples of this epoch that have been learned.</summary>
    public int SampleIndex { get; init; }

    /// <summary>Steps since the learning rate began to fall: of this layer, or of the run.</summary>
    public long StepIndex { get; init; }

    /// <summary>Samples learned since the run began, each counted once an epoch and layer.</summary>
    public long SamplesSeen { get; init; }
}
