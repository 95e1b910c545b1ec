using System;
using FeatureAlignment.Layers;

namespace FeatureAlignment.Optimizers;

/// <summary>What an optimizer remembers of one layer: for each remembered value an array of the parameters' shape.</summary>
public sealed class OptimizerState
{
    private readonly float[][] weights;
    private readonly float[][] bias;
    private readonly float[][] labelBias;

    /// <summary>Allocates the state, all values 0.</summary>
    /// <param name="spec">The layer's shape.</param>
    /// <param name="statePerParameter">Remembered values a parameter, from 0 to 2.</param>
    public OptimizerState(LayerSpec spec, int statePerParameter)
    {
        ArgumentChecks.NotNull(spec, nameof(spec));
        ArgumentChecks.InRange(statePerParameter, 0, 2, "Remembered values a parameter");
        weights = Allocate(statePerParameter, spec.Outputs * spec.RowLength);
        bias = Allocate(statePerParameter, spec.Outputs);
        labelBias = Allocate(statePerParameter, spec.LabelInputs);
    }

    /// <summary>Updates that this layer has had.</summary>
    public long StepCount { get; set; }

    /// <summary>Remembered values a parameter.</summary>
    public int StatePerParameter => weights.Length;

    /// <summary>Remembered value <paramref name="index"/> of the weights, [O x (I + K)]; empty when the optimizer has none.</summary>
    public Span<float> Weights(int index) => Values(weights, index);

    /// <summary>Remembered value <paramref name="index"/> of the bias, [O]; empty when the optimizer has none.</summary>
    public Span<float> Bias(int index) => Values(bias, index);

    /// <summary>Remembered value <paramref name="index"/> of the label bias, [K]; empty when the optimizer has no such value.</summary>
    public Span<float> LabelBias(int index) => Values(labelBias, index);

    private static float[][] Allocate(int count, int length)
    {
        var values = new float[count][];
        for (int i = 0; i < count; i++)
        {
            values[i] = new float[length];
        }

        return values;
    }

    private static Span<float> Values(float[][] values, int index) => index < values.Length ? values[index] : default(Span<float>);
}
