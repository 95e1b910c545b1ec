using System;
using FeatureAlignment.Kernels;
using FeatureAlignment.Layers;
using FeatureAlignment.Optimizers;
using FeatureAlignment.Training;

namespace FeatureAlignment.Alignment;

/// <summary>
/// One feature step from a zero guess, where the rule collapses: the guess's output g = σ(b) and slope d = σ'(b) are the same for all
/// samples.
/// </summary>
/// <remarks>
/// <code>
/// h = σ(W x + b)     s = η d ⊙ (h − g)     [x̂ ; logits] = W̃ᵀ s     ρ = [α (x − x̂) ; β (onehot − p)]     q = η W̃ ρ
/// up = q ⊙ d ⊙ σ'(a)        −dW̃ = s ρᵀ + up [x ; 0]ᵀ        −db = up + q ⊙ (σ''(b) ⊙ (h − g) − d²)
/// </code>
/// Row j of W̃ gives s_j and nothing else does, so one pass over blocks of rows makes the output and adds the reconstruction, and a second
/// pass makes the gradient and the update: for a single sample W̃ is read from memory twice and written once.
/// </remarks>
internal sealed class SingleStepAlignmentRule : AlignmentRule
{
    // Eight would fit the first-level cache, but then what surrounds the products takes longer than the second level does.
    private const int FewSamplesRows = 6 * KernelSet.RowGroup;
    private const int FewSamples = 16;

    public SingleStepAlignmentRule(
        AlignmentOptions options, Optimizer optimizer, KernelSet kernels, ThreadTeam team, AlignmentWorkspace workspace)
        : base(options, optimizer, kernels, team, workspace, mostTerms: 2)
    {
    }

    private protected override Matrix LastResidual => Workspace.Residual(0, Batch, Layer.Spec.RowLength);

    private Matrix Features => Workspace.Features(Batch, Layer.Spec.Outputs);

    private Matrix Slope => Workspace.Slope(Batch, Layer.Spec.Outputs);

    private Matrix Error => Workspace.Error(Batch, Layer.Spec.Outputs);

    // A block's weights are used twice in each pass; for few samples, where reading them is the work, they stay in a cache in between.
    private int BlockRows => Batch <= FewSamples ? Math.Min(FewSamplesRows, Layer.BlockRows) : Layer.BlockRows;

    private protected override void Prepare()
    {
        int outputs = Layer.Spec.Outputs;
        ActivationFunctions.ApplyWithDerivatives(
            Layer.Spec.Activation, Layer.Bias, Workspace.GuessOutput.AsSpan(0, outputs), Workspace.GuessSlope.AsSpan(0, outputs),
            Workspace.GuessCurvature.AsSpan(0, outputs));
        Update.AddTerm(Features, LastResidual);
        Update.AddTerm(Error, Input);
    }

    private protected override void Reconstruct(int firstSample, int count)
    {
        Matrix x = Input.RowRange(firstSample, count);
        Matrix h = Output.RowRange(firstSample, count);
        Matrix s = Features.RowRange(firstSample, count);
        Matrix reconstruction = LastResidual.RowRange(firstSample, count);
        for (int sample = 0; sample < count; sample++)
        {
            reconstruction.Row(sample).Clear();
            Workspace.FeatureLosses[firstSample + sample] = 0;
        }

        int outputs = Layer.Spec.Outputs;
        for (int row = 0; row < outputs; row += BlockRows)
        {
            int rows = Math.Min(BlockRows, outputs - row);
            Matrix weights = Layer.LoadRows(row, rows);
            Kernels.MultiplyTransposed(x, weights.ColumnRange(0, Layer.Spec.Inputs), h.ColumnRange(row, rows));
            for (int sample = 0; sample < count; sample++)
            {
                MakeFeatures(firstSample + sample, row, rows);
            }

            Kernels.AddMultiply(s.ColumnRange(row, rows), weights, reconstruction);
        }

        for (int sample = 0; sample < count; sample++)
        {
            ReplaceByResidual(firstSample + sample, reconstruction.Row(sample));
        }
    }

    /// <summary>a → h = σ(a + b), σ'(a + b) and s = η d ⊙ (h − g), for one sample and a block of rows.</summary>
    private void MakeFeatures(int sample, int firstRow, int rows)
    {
        Span<float> h = Output.Row(sample).Slice(firstRow, rows);
        Span<float> slope = Slope.Row(sample).Slice(firstRow, rows);
        Span<float> s = Features.Row(sample).Slice(firstRow, rows);
        ReadOnlySpan<float> bias = Layer.Bias.AsSpan(firstRow, rows);
        Spans.Add(bias, h);
        ActivationFunctions.ApplyWithSlope(Layer.Spec.Activation, h, h, slope);
        if (Layer.Spec.ClassOutputs > 0)
        {
            ClampClassOutputs(sample, firstRow, h, slope);
        }

        Workspace.FeatureLosses[sample] += 0.5f * Kernels.MakeFeatures(
            h, Workspace.GuessOutput.AsSpan(firstRow, rows), Workspace.GuessSlope.AsSpan(firstRow, rows), Options.StepSize, s);
    }

    private protected override void UpdateRows(int firstRow, int count, int workerIndex)
    {
        for (int row = firstRow; row < firstRow + count; row += BlockRows)
        {
            int rows = Math.Min(BlockRows, firstRow + count - row);
            Matrix weights = Layer.LoadRows(row, rows);
            Kernels.MultiplyTransposed(LastResidual, weights, Error.ColumnRange(row, rows));
            MakeErrors(row, rows);
            Update.ApplyRows(row, weights, workerIndex);
            Layer.SaveRows(row, rows);
        }
    }

    /// <summary>q → up = η q ⊙ d ⊙ σ'(a), and the batch's mean gradient of b, for a block of rows.</summary>
    private void MakeErrors(int firstRow, int rows)
    {
        Span<float> biasGradient = Workspace.Updates.BiasGradient.AsSpan(firstRow, rows);
        ReadOnlySpan<float> g = Workspace.GuessOutput.AsSpan(firstRow, rows), d = Workspace.GuessSlope.AsSpan(firstRow, rows);
        ReadOnlySpan<float> curvature = Workspace.GuessCurvature.AsSpan(firstRow, rows);
        float share = 1f / Batch;
        biasGradient.Clear();
        for (int sample = 0; sample < Batch; sample++)
        {
            Kernels.MakeErrors(
                Error.Row(sample).Slice(firstRow, rows), Output.Row(sample).Slice(firstRow, rows), g, d, curvature,
                Slope.Row(sample).Slice(firstRow, rows), Options.StepSize, biasGradient);
        }

        for (int j = 0; j < biasGradient.Length; j++)
        {
            biasGradient[j] *= share;
        }
    }
}
