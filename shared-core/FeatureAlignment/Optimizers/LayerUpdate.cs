using System;
using System.Diagnostics;
using FeatureAlignment.Kernels;
using FeatureAlignment.Layers;

namespace FeatureAlignment.Optimizers;

/// <summary>
/// Applies one step's gradient to a band of a layer's rows. The gradient is a sum of products leftᵀ · right over the batch; it is never
/// formed for the whole layer: plain gradient descent adds it straight into the weights, other optimizers see it a few rows at a time.
/// </summary>
internal sealed class LayerUpdate
{
    private readonly Optimizer optimizer;
    private readonly KernelSet kernels;
    private readonly UpdateWorkspace workspace;
    private readonly Matrix[] left;
    private readonly Matrix[] right;
    private DenseLayer? layer;
    private OptimizerState? state;
    private float rate;
    private int termCount;

    public LayerUpdate(Optimizer optimizer, KernelSet kernels, UpdateWorkspace workspace, int mostTerms)
    {
        this.optimizer = optimizer;
        this.kernels = kernels;
        this.workspace = workspace;
        left = new Matrix[mostTerms];
        right = new Matrix[mostTerms];
    }

    /// <summary>Starts a step: nothing is changed yet.</summary>
    public void Begin(DenseLayer updatedLayer, OptimizerState optimizerState, float learningRate)
    {
        layer = updatedLayer;
        state = optimizerState;
        rate = learningRate;
        termCount = 0;
        state.StepCount++;
    }

    /// <summary>
    /// Adds leftᵀ · right to the gradient. Left, [B x O], must hold the derivative of the batch's SUM; <see cref="ApplyRows"/> scales it in
    /// place. Right, [B x up to I + K], belongs to the leading columns and only gets narrower from term to term.
    /// </summary>
    public void AddTerm(in Matrix leftFactor, in Matrix rightFactor)
    {
        Debug.Assert(termCount == 0 || rightFactor.Columns <= right[termCount - 1].Columns, "terms must get narrower");
        left[termCount] = leftFactor;
        right[termCount] = rightFactor;
        termCount++;
    }

    /// <summary>Updates W̃ and b in the rows from <paramref name="firstRow"/> on. Bands of different threads must not overlap.</summary>
    /// <param name="firstRow">0-based row of the layer.</param>
    /// <param name="weights">Those rows of W̃, changed.</param>
    /// <param name="workerIndex">The thread's own buffers.</param>
    public void ApplyRows(int firstRow, in Matrix weights, int workerIndex)
    {
        int rowCount = weights.Rows;
        Scale(firstRow, rowCount, optimizer.IsPlain ? rate / left[0].Rows : 1f / left[0].Rows);
        if (optimizer.IsPlain)
        {
            AddProducts(firstRow, rowCount, weights);
        }
        else
        {
            float[] gradientData = workspace.RowGradients[workerIndex];
            int band = UpdateWorkspace.GradientRows(optimizer, left[0].Rows);
            for (int row = 0; row < rowCount; row += band)
            {
                int rows = Math.Min(band, rowCount - row), length = rows * weights.Columns;
                int start = (firstRow + row) * weights.Columns;
                Array.Clear(gradientData, 0, length);
                AddProducts(firstRow + row, rows, new Matrix(gradientData, rows, weights.Columns));
                Update(
                    weights.Data.AsSpan(weights.Offset + (row * weights.Columns), length), gradientData.AsSpan(0, length),
                    Slice(state!.Weights(0), start, length), Slice(state.Weights(1), start, length));
            }
        }

        Update(
            layer!.Bias.AsSpan(firstRow, rowCount), workspace.BiasGradient.AsSpan(firstRow, rowCount),
            Slice(state!.Bias(0), firstRow, rowCount),
            Slice(state.Bias(1), firstRow, rowCount));
    }

    /// <summary>Updates the label's biases.</summary>
    public void ApplyLabelBias()
    {
        int classes = layer!.Spec.LabelInputs;
        if (classes > 0)
        {
            Update(layer.LabelBias, workspace.LabelBiasGradient.AsSpan(0, classes), state!.LabelBias(0), state.LabelBias(1));
        }
    }

    private static Span<float> Slice(Span<float> values, int start, int length) => values.IsEmpty ? values : values.Slice(start, length);

    private void Update(Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> first, Span<float> second) =>
        optimizer.Update(kernels, parameters, gradient, first, second, rate, state!.StepCount);

    // The mean over the batch, and for plain gradient descent the rate, are taken on the narrow factor: O values a sample, not O x I.
    private void Scale(int firstRow, int rowCount, float factor)
    {
        for (int t = 0; t < termCount && factor != 1; t++)
        {
            for (int sample = 0; sample < left[t].Rows; sample++)
            {
                Span<float> values = left[t].Row(sample).Slice(firstRow, rowCount);
                for (int j = 0; j < values.Length; j++)
                {
                    values[j] *= factor;
                }
            }
        }
    }

    private void AddProducts(int firstRow, int rowCount, in Matrix sum)
    {
        int t = 0;
        for (; t < termCount - 1; t += 2)
        {
            kernels.AddTransposedMultiplyPair(
                left[t].ColumnRange(firstRow, rowCount), right[t], left[t + 1].ColumnRange(firstRow, rowCount), right[t + 1], sum);
        }

        if (t < termCount)
        {
            kernels.AddTransposedMultiply(left[t].ColumnRange(firstRow, rowCount), right[t], sum);
        }
    }
}
