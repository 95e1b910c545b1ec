using System;
using FeatureAlignment.Kernels;

namespace FeatureAlignment.Layers;

/// <summary>
/// The parameters of one layer, x ↦ σ(W x + b). The label's weights stand in the same rows, W̃ = [W, Vᵀ] of [O x (I + K)]: a label is
/// K more inputs, so one matrix, one gradient and one update serve both (docs/algorithm.md, section on labels).
/// </summary>
public sealed class DenseLayer
{
    /// <summary>Allocates the layer with all parameters 0.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="spec"/> is null.</exception>
    public DenseLayer(LayerSpec spec)
    {
        ArgumentChecks.NotNull(spec, nameof(spec));
        Spec = spec;
        WeightData = new float[spec.Outputs * spec.RowLength];
        Bias = new float[spec.Outputs];
        LabelBias = new float[spec.LabelInputs];
    }

    /// <summary>The layer's shape.</summary>
    public LayerSpec Spec { get; }

    /// <summary>W̃ = [W, Vᵀ], row-major [O x (I + K)]: row j holds W[j, ·], then V[·, j].</summary>
    public float[] WeightData { get; }

    /// <summary>b, [O].</summary>
    public float[] Bias { get; }

    /// <summary>Bias of the label's logits, [K].</summary>
    public float[] LabelBias { get; }

    /// <summary>W̃, [O x (I + K)].</summary>
    public Matrix Weights => new(WeightData, Spec.Outputs, Spec.RowLength);

    /// <summary>W, [O x I]: the part of <see cref="Weights"/> that meets the inputs.</summary>
    public Matrix InputWeights => Weights.ColumnRange(0, Spec.Inputs);

    /// <summary>Rows whose bias leaves σ'(b) = 0: with a zero guess they get no gradient, now or ever.</summary>
    public int CountDeadNeurons()
    {
        int dead = 0;
        if (ActivationFunctions.CanDie(Spec.Activation))
        {
            foreach (float bias in Bias)
            {
                dead += bias > 0 ? 0 : 1;
            }
        }

        return dead;
    }
}
