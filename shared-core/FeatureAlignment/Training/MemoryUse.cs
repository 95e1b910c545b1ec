namespace FeatureAlignment.Training;

/// <summary>Bytes that a training holds, by what they are for.</summary>
public readonly record struct MemoryUse
{
    /// <summary>Weights, biases, the label's weights and biases of the layers that are in memory.</summary>
    public long Weights { get; init; }

    /// <summary>Gradients of weights and biases.</summary>
    public long Gradients { get; init; }

    /// <summary>What the optimizer remembers.</summary>
    public long OptimizerState { get; init; }

    /// <summary>Values of the samples of one batch or window: inputs, outputs, slopes, reconstructions.</summary>
    public long Activations { get; init; }

    /// <summary>Everything else: packed panels, blocks of streamed rows, threads' own buffers.</summary>
    public long WorkBuffers { get; init; }

    /// <summary>All together.</summary>
    public long Total => Weights + Gradients + OptimizerState + Activations + WorkBuffers;

    /// <summary>Part by part.</summary>
    public static MemoryUse operator +(MemoryUse left, MemoryUse right) => new()
    {
        Weights = left.Weights + right.Weights,
        Gradients = left.Gradients + right.Gradients,
        OptimizerState = left.OptimizerState + right.OptimizerState,
        Activations = left.Activations + right.Activations,
        WorkBuffers = left.WorkBuffers + right.WorkBuffers,
    };
}
