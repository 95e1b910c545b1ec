using System;
using FeatureAlignment.Kernels;
using FeatureAlignment.Layers;
using FeatureAlignment.Optimizers;
using FeatureAlignment.Training;

namespace FeatureAlignment.Alignment;

/// <summary>Any number of feature steps from any guess, differentiated exactly through all of them.</summary>
/// <remarks>
/// <code>
/// r_0 = [guess ; 0]      h = σ(W x + b)
/// t = 0 … T−1:   c_t = W̃ r_t + b     δ_t = h − σ(c_t)     s_t = σ'(c_t) ⊙ δ_t     r_{t+1} = r_t + η W̃ᵀ s_t
/// [x̂ ; logits] = r_T     ρ_{T−1} = [α (x − x̂) ; β (onehot − p)]     η_h = 0
/// t = T−1 … 0:   q = η W̃ ρ_t     η_h += q ⊙ σ'(c_t)     κ_t = q ⊙ (σ''(c_t) ⊙ δ_t − σ'(c_t)²)     ρ_{t−1} = ρ_t + W̃ᵀ κ_t
/// −dW̃ = Σ_t (η s_t ρ_tᵀ + κ_t r_tᵀ) + da [x ; 0]ᵀ     −db = Σ_t κ_t + da     da = η_h ⊙ σ'(a)
/// </code>
/// </remarks>
internal sealed class IteratedAlignmentRule : AlignmentRule
{
    public IteratedAlignmentRule(
        AlignmentOptions options, Optimizer optimizer, KernelSet kernels, ThreadTeam team, AlignmentWorkspace workspace)
        : base(options, optimizer, kernels, team, workspace, mostTerms: (2 * options.Steps) + 1)
    {
    }

    private protected override Matrix LastResidual => Residual(Steps - 1);

    private int Steps => Options.Steps;

    private int Outputs => Layer.Spec.Outputs;

    // σ'(a) is needed after the steps; η_h is summed where the single-step rule keeps its features.
    private Matrix Slope => Workspace.Slope(Batch, Outputs);

    private Matrix OutputError => Workspace.Features(Batch, Outputs);

    private Matrix Guess(int t) => Workspace.Residual(t, Batch, Layer.Spec.RowLength);

    // ρ_{T−1} takes the place of r_T, which nothing needs once it has been compared with x.
    private Matrix Residual(int t) => Workspace.Residual(t == Steps - 1 ? Steps : (2 * Steps) - 1 - t, Batch, Layer.Spec.RowLength);

    private Matrix Features(int t) => Workspace.Iterate(3 * t, Batch, Outputs);

    private Matrix GuessSlope(int t) => Workspace.Iterate((3 * t) + 1, Batch, Outputs);

    // First σ''(c_t) ⊙ δ_t − σ'(c_t)², then κ_t.
    private Matrix Curvature(int t) => Workspace.Iterate((3 * t) + 2, Batch, Outputs);

    private protected override void Prepare()
    {
        for (int t = 0; t < Steps; t++)
        {
            Update.AddTerm(Features(t), Residual(t));
            Update.AddTerm(Curvature(t), Guess(t));
        }

        Update.AddTerm(OutputError, Input);
    }

    private protected override void Reconstruct(int firstSample, int count)
    {
        Matrix h = Output.RowRange(firstSample, count);
        Kernels.MultiplyTransposed(Input.RowRange(firstSample, count), Layer.InputWeights, h);
        for (int sample = firstSample; sample < firstSample + count; sample++)
        {
            AddBias(Output.Row(sample));
            ActivationFunctions.ApplyWithSlope(Layer.Spec.Activation, Output.Row(sample), Output.Row(sample), Slope.Row(sample));
            ClampClassOutputs(sample, 0, Output.Row(sample), Slope.Row(sample));
            StartGuess(Guess(0).Row(sample));
        }

        for (int t = 0; t < Steps; t++)
        {
            TakeFeatureStep(t, firstSample, count);
        }

        for (int sample = firstSample; sample < firstSample + count; sample++)
        {
            ReplaceByResidual(sample, LastResidual.Row(sample));
            OutputError.Row(sample).Clear();
        }

        for (int t = Steps - 1; t >= 0; t--)
        {
            GoBackThroughFeatureStep(t, firstSample, count);
        }

        for (int sample = firstSample; sample < firstSample + count; sample++)
        {
            Multiply(OutputError.Row(sample), Slope.Row(sample));
        }
    }

    private void TakeFeatureStep(int t, int firstSample, int count)
    {
        Matrix c = Workspace.Error(Batch, Outputs), weights = Layer.Weights;
        Kernels.MultiplyTransposed(Guess(t).RowRange(firstSample, count), weights, c.RowRange(firstSample, count));
        for (int sample = firstSample; sample < firstSample + count; sample++)
        {
            Span<float> s = Features(t).Row(sample), slope = GuessSlope(t).Row(sample), curvature = Curvature(t).Row(sample);
            AddBias(c.Row(sample));
            ActivationFunctions.ApplyWithDerivatives(Layer.Spec.Activation, c.Row(sample), s, slope, curvature);
            ReadOnlySpan<float> h = Output.Row(sample);
            float sum = 0;
            for (int j = 0; j < s.Length; j++)
            {
                float difference = h[j] - s[j];
                sum += difference * difference;
                curvature[j] = (curvature[j] * difference) - (slope[j] * slope[j]);
                s[j] = Options.StepSize * slope[j] * difference;
            }

            if (t == 0)
            {
                Workspace.FeatureLosses[sample] = 0.5f * sum;
            }

            Guess(t).Row(sample).CopyTo(Guess(t + 1).Row(sample));
        }

        Kernels.AddMultiply(Features(t).RowRange(firstSample, count), weights, Guess(t + 1).RowRange(firstSample, count));
    }

    private void GoBackThroughFeatureStep(int t, int firstSample, int count)
    {
        Matrix q = Workspace.Error(Batch, Outputs), weights = Layer.Weights;
        Kernels.MultiplyTransposed(Residual(t).RowRange(firstSample, count), weights, q.RowRange(firstSample, count));
        for (int sample = firstSample; sample < firstSample + count; sample++)
        {
            ReadOnlySpan<float> slope = GuessSlope(t).Row(sample), qRow = q.Row(sample);
            Span<float> curvature = Curvature(t).Row(sample), outputError = OutputError.Row(sample);
            for (int j = 0; j < curvature.Length; j++)
            {
                float qj = Options.StepSize * qRow[j];
                outputError[j] += qj * slope[j];
                curvature[j] *= qj;
            }
        }

        if (t > 0)
        {
            Matrix earlier = Residual(t - 1).RowRange(firstSample, count);
            for (int sample = 0; sample < count; sample++)
            {
                Residual(t).Row(firstSample + sample).CopyTo(earlier.Row(sample));
            }

            Kernels.AddMultiply(Curvature(t).RowRange(firstSample, count), weights, earlier);
        }
    }

    private protected override void UpdateRows(int firstRow, int count, int workerIndex)
    {
        Span<float> biasGradient = Workspace.Updates.BiasGradient.AsSpan(firstRow, count);
        biasGradient.Clear();
        for (int sample = 0; sample < Batch; sample++)
        {
            Spans.Add(OutputError.Row(sample).Slice(firstRow, count), biasGradient);
            for (int t = 0; t < Steps; t++)
            {
                Spans.Add(Curvature(t).Row(sample).Slice(firstRow, count), biasGradient);
            }
        }

        for (int j = 0; j < biasGradient.Length; j++)
        {
            biasGradient[j] /= Batch;
        }

        Update.ApplyRows(firstRow, Layer.Weights.RowRange(firstRow, count), workerIndex);
    }

    private void StartGuess(Span<float> guess)
    {
        if (Options.Guess == InputGuess.Zero)
        {
            guess.Clear();
        }
        else
        {
            // The label is always guessed blank; the caller has drawn the rest.
            guess.Slice(Layer.Spec.Inputs).Clear();
        }
    }

    private void AddBias(Span<float> values) => Spans.Add(Layer.Bias, values);

    private static void Multiply(Span<float> values, ReadOnlySpan<float> factors)
    {
        for (int j = 0; j < values.Length; j++)
        {
            values[j] *= factors[j];
        }
    }
}
