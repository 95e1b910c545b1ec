using FeatureAlignment.Layers;
using FeatureAlignment.Optimizers;

namespace FeatureAlignment.Training;

/// <summary>A layer that is in memory with what its optimizer remembers.</summary>
public sealed class ResidentLayer
{
    internal ResidentLayer(int index, LayerSpec spec, int statePerParameter)
    {
        Index = index;
        Layer = new DenseLayer(spec);
        State = new OptimizerState(spec, statePerParameter);
    }

    /// <summary>0-based place in the network.</summary>
    public int Index { get; }

    /// <summary>The parameters.</summary>
    public DenseLayer Layer { get; }

    /// <summary>What the optimizer remembers.</summary>
    public OptimizerState State { get; }

    internal static MemoryUse Plan(LayerSpec spec, int statePerParameter) => new()
    {
        Weights = sizeof(float) * spec.ParameterCount,
        OptimizerState = sizeof(float) * spec.ParameterCount * statePerParameter,
    };
}
