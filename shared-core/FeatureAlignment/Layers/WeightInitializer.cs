using System;
using FeatureAlignment.Kernels;

namespace FeatureAlignment.Layers;

/// <summary>How a layer's weights start.</summary>
public enum InitialWeights
{
    /// <summary>Orthonormal rows (Saxe, McClelland and Ganguli 2014), the authors' choice: Wᵀ W is a projection, so x̂ starts near
    /// x.</summary>
    Orthogonal,

    /// <summary>Independent normal deviates of variance 2 / I (He et al. 2015). A row needs no other row: for layers that are
    /// streamed.</summary>
    He,
}

/// <summary>Fills a new layer from a seed, the same on every runtime and with every kernel form.</summary>
public static class WeightInitializer
{
    // With a zero guess s = σ'(b) ⊙ (h − σ(b)): at b = 0 a relu would reconstruct nothing and never start to learn.
    private const float ReluBias = 0.05f;

    /// <summary>Sets W and b; the label's weights and biases start at 0.</summary>
    /// <param name="layer">Overwritten.</param>
    /// <param name="initialWeights">Which distribution.</param>
    /// <param name="gain">Factor on the weights, greater than 0.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="layerIndex">0-based: layers of one seed differ.</param>
    /// <exception cref="ArgumentOutOfRangeException">The gain is not greater than 0 and finite.</exception>
    /// <exception cref="InvalidOperationException">Orthogonal weights are asked for and the layer's rows are in storage.</exception>
    public static void Initialize(DenseLayer layer, InitialWeights initialWeights, float gain, ulong seed, int layerIndex)
    {
        ArgumentChecks.NotNull(layer, nameof(layer));
        ArgumentChecks.PositiveAndFinite(gain, "Gain");
        Array.Clear(layer.LabelBias, 0, layer.LabelBias.Length);
        bool isRelu = layer.Spec.Activation is Activation.Relu or Activation.LeakyRelu;
        new Span<float>(layer.Bias).Fill(isRelu ? ReluBias : 0);

        int inputs = layer.Spec.Inputs;
        float scale = initialWeights == InitialWeights.He ? gain * (float)Math.Sqrt(2.0 / inputs) : 1;
        var random = new RandomSource(seed);
        for (int row = 0; row < layer.Spec.Outputs; row += layer.BlockRows)
        {
            int rows = Math.Min(layer.BlockRows, layer.Spec.Outputs - row);
            Array.Clear(layer.WeightData, 0, layer.WeightData.Length);
            var block = new Matrix(layer.WeightData, rows, layer.Spec.RowLength);
            for (int j = 0; j < rows; j++)
            {
                // A stream a row: a layer that is streamed from storage starts the same as one in memory.
                random.Reseed(seed, ((ulong)(uint)(layerIndex + 1) << 32) | (uint)(row + j));
                Span<float> weights = block.Row(j).Slice(0, inputs);
                for (int i = 0; i < inputs; i++)
                {
                    weights[i] = scale * random.NextNormal();
                }
            }

            layer.SaveRows(row, rows);
        }

        if (initialWeights == InitialWeights.Orthogonal)
        {
            Orthonormalize(layer.InputWeights, gain);
        }
    }

    /// <summary>
    /// Gram-Schmidt over the rows, each row twice ("twice is enough", Parlett 1980). A matrix taller than wide gets one orthonormal set
    /// after another, scaled so that Wᵀ W stays near the identity.
    /// </summary>
    private static void Orthonormalize(Matrix weights, float gain)
    {
        int set = Math.Min(weights.Rows, weights.Columns);
        float length = weights.Rows > weights.Columns ? gain * (float)Math.Sqrt((double)weights.Columns / weights.Rows) : gain;
        var coefficientData = new float[set];
        for (int first = 0; first < weights.Rows; first += set)
        {
            for (int j = first; j < Math.Min(first + set, weights.Rows); j++)
            {
                Matrix row = weights.RowRange(j, 1), earlier = weights.RowRange(first, j - first);
                var coefficients = new Matrix(coefficientData, 1, j - first);
                for (int pass = 0; pass < 2; pass++)
                {
                    KernelSet.Scalar.MultiplyTransposed(row, earlier, coefficients);
                    Negate(coefficients.Row(0));
                    KernelSet.Scalar.AddMultiply(coefficients, earlier, row);
                }

                Scale(row.Row(0), 1 / Norm(row.Row(0)));
            }
        }

        for (int j = 0; j < weights.Rows && length != 1; j++)
        {
            Scale(weights.Row(j), length);
        }
    }

    private static void Negate(Span<float> values) => Scale(values, -1);

    private static void Scale(Span<float> values, float factor)
    {
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = factor * values[i];
        }
    }

    private static float Norm(ReadOnlySpan<float> values)
    {
        double sum = 0;
        foreach (float value in values)
        {
            sum += (double)value * value;
        }

        return (float)Math.Sqrt(sum);
    }
}
