using FeatureAlignment.Layers;
using FeatureAlignment.Optimizers;

namespace FeatureAlignment.Training;

/// <summary>A layer that learns, and what its optimizer remembers of it.</summary>
public sealed class ResidentLayer
{
    internal ResidentLayer(int index, DenseLayer layer, int statePerParameter)
    {
        Index = index;
        Layer = layer;
        State = new OptimizerState(layer.Spec, statePerParameter);
    }

    /// <summary>0-based place in the network.</summary>
    public int Index { get; }

    /// <summary>The parameters.</summary>
    public DenseLayer Layer { get; }

    /// <summary>What the optimizer remembers.</summary>
    public OptimizerState State { get; }

    internal static MemoryUse Plan(LayerSpec spec, int blockRows, int statePerParameter) => new()
    {
        Weights = sizeof(float) * (spec.ParameterCount - ((long)(spec.Outputs - blockRows) * spec.RowLength)),
        OptimizerState = sizeof(float) * spec.ParameterCount * statePerParameter,
    };
}
