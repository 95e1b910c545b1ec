using System;

namespace FeatureAlignment.Checkpoints;

/// <summary>A parameter is no longer a finite number, so that it is not worth saving; the last checkpoint is kept.</summary>
public sealed class NonFiniteParametersException : Exception
{
    internal NonFiniteParametersException(int layerIndex)
        : base(
            $"Parameters must be finite to be saved; layer {layerIndex + 1} has some that are not. The last checkpoint is kept. "
            + "Try a smaller learning rate, a decay, or the optimizer adam.")
    {
        LayerIndex = layerIndex;
    }

    /// <summary>0-based layer.</summary>
    public int LayerIndex { get; }
}
