using System;
using System.Collections.Generic;
using System.Linq;
using FeatureAlignment.Alignment;
using FeatureAlignment.Kernels;
using FeatureAlignment.Layers;

namespace FeatureAlignment.Evaluation;

/// <summary>What a trained layer does to samples: its output, and the feature steps that bring the input and the label back.</summary>
/// <remarks>Holds the buffers of one thread. The feature steps start from a guess of zeros, whatever the training's guess was.</remarks>
internal sealed class LayerInference
{
    private readonly AlignmentOptions options;
    private readonly KernelSet kernels;
    private readonly float[] guessOutput;
    private readonly float[] guessSlope;

    public LayerInference(IReadOnlyList<DenseLayer> layers, AlignmentOptions options, KernelSet kernels, int batch)
    {
        this.options = options;
        this.kernels = kernels;
        int widestOutput = layers.Max(layer => layer.Spec.Outputs);
        guessOutput = new float[batch * widestOutput];
        guessSlope = new float[batch * widestOutput];
    }

    /// <summary>h = σ(W x + b). x [B x I], h [B x O], overwritten.</summary>
    public void Forward(DenseLayer layer, in Matrix x, in Matrix h)
    {
        kernels.MultiplyTransposed(x, layer.InputWeights, h);
        for (int sample = 0; sample < h.Rows; sample++)
        {
            Span<float> values = h.Row(sample);
            Spans.Add(layer.Bias, values);
            ActivationFunctions.Apply(layer.Spec.Activation, values, values);
        }
    }

    /// <summary>[x̂ ; logits] from an output: T feature steps from zero. h [B x O], r [B x (I + K)], overwritten.</summary>
    public void Reconstruct(DenseLayer layer, in Matrix h, in Matrix r)
    {
        var c = new Matrix(guessOutput, h.Rows, h.Columns);
        var slope = new Matrix(guessSlope, h.Rows, h.Columns);
        for (int sample = 0; sample < r.Rows; sample++)
        {
            r.Row(sample).Clear();
        }

        for (int t = 0; t < options.Steps; t++)
        {
            if (t > 0)
            {
                kernels.MultiplyTransposed(r, layer.Weights, c);
            }

            for (int sample = 0; sample < h.Rows; sample++)
            {
                Span<float> values = c.Row(sample), slopes = slope.Row(sample);
                ReadOnlySpan<float> output = h.Row(sample);
                if (t == 0)
                {
                    values.Clear();
                }

                Spans.Add(layer.Bias, values);
                ActivationFunctions.ApplyWithSlope(layer.Spec.Activation, values, values, slopes);
                for (int j = 0; j < values.Length; j++)
                {
                    values[j] = options.StepSize * slopes[j] * (output[j] - values[j]);
                }
            }

            kernels.AddMultiply(c, layer.Weights, r);
        }

        for (int sample = 0; sample < r.Rows; sample++)
        {
            Spans.Add(layer.LabelBias, r.Row(sample).Slice(layer.Spec.Inputs));
        }
    }
}
