using System.Collections.Generic;
using FeatureAlignment.Kernels;
using FeatureAlignment.Layers;
using FeatureAlignment.Optimizers;
using FeatureAlignment.Training;

namespace FeatureAlignment.Alignment;

/// <summary>Every buffer that the rule needs for one layer at a time, allocated once and large enough for the largest layer.</summary>
/// <remarks>
/// Views of the current layer's shape are cut from the arrays at each step. <see cref="Plan"/> counts what the constructor allocates.
/// </remarks>
public sealed class AlignmentWorkspace
{
    private readonly float[] slope;
    private readonly float[] features;
    private readonly float[] error;
    private readonly float[][] residual;
    private readonly float[][] iterates;

    /// <summary>Allocates the buffers.</summary>
    /// <param name="layers">The layers that will be trained, one at a time.</param>
    /// <param name="options">The rule's settings.</param>
    /// <param name="batch">Most samples of a step, at least 1.</param>
    /// <param name="updates">The buffers of the parameter update.</param>
    public AlignmentWorkspace(IReadOnlyList<LayerSpec> layers, AlignmentOptions options, int batch, UpdateWorkspace updates)
    {
        ArgumentChecks.NotNull(options, nameof(options));
        ArgumentChecks.NotNull(updates, nameof(updates));
        ArgumentChecks.InRange(batch, 1, int.MaxValue, "Batch");
        var size = new LargestSizes(layers);
        Updates = updates;
        Batch = batch;
        slope = new float[batch * size.Outputs];
        features = new float[batch * size.Outputs];
        error = new float[batch * size.Outputs];
        residual = Allocate(ResidualCount(options), batch * size.RowLength);
        iterates = Allocate(IterateCount(options), batch * size.Outputs);
        GuessOutput = new float[size.Outputs];
        GuessSlope = new float[size.Outputs];
        GuessCurvature = new float[size.Outputs];
        FeatureLosses = new float[batch];
        AlignmentLosses = new float[batch];
        LabelLosses = new float[batch];
    }

    /// <summary>Most samples of a step.</summary>
    public int Batch { get; }

    /// <summary>The buffers of the parameter update.</summary>
    internal UpdateWorkspace Updates { get; }

    /// <summary>g = σ(b), [O]: what the layer makes of a zero guess.</summary>
    internal float[] GuessOutput { get; }

    /// <summary>d = σ'(b), [O].</summary>
    internal float[] GuessSlope { get; }

    /// <summary>σ''(b), [O].</summary>
    internal float[] GuessCurvature { get; }

    /// <summary>½‖h − σ(c₀)‖² of each sample, [B].</summary>
    internal float[] FeatureLosses { get; }

    /// <summary>½‖x − x̂‖² of each sample, [B].</summary>
    internal float[] AlignmentLosses { get; }

    /// <summary>Cross-entropy of each sample, [B].</summary>
    internal float[] LabelLosses { get; }

    /// <summary>Counts the constructor's bytes.</summary>
    public static MemoryUse Plan(IReadOnlyList<LayerSpec> layers, AlignmentOptions options, int batch)
    {
        ArgumentChecks.NotNull(options, nameof(options));
        var size = new LargestSizes(layers);
        long perSample = ((3L + IterateCount(options)) * size.Outputs) + ((long)ResidualCount(options) * size.RowLength) + 3;
        return new MemoryUse { Activations = sizeof(float) * batch * perSample, WorkBuffers = sizeof(float) * 3L * size.Outputs };
    }

    /// <summary>r_0, [B x I]: with <see cref="InputGuess.Random"/> the caller draws it before each step.</summary>
    /// <param name="batch">Samples of the step.</param>
    /// <param name="layer">The layer in training.</param>
    public Matrix Guess(int batch, LayerSpec layer)
    {
        ArgumentChecks.NotNull(layer, nameof(layer));
        return Residual(0, batch, layer.RowLength).ColumnRange(0, layer.Inputs);
    }

    /// <summary>σ'(a), [B x O].</summary>
    internal Matrix Slope(int batch, int outputs) => new(slope, batch, outputs);

    /// <summary>η s, [B x O].</summary>
    internal Matrix Features(int batch, int outputs) => new(features, batch, outputs);

    /// <summary>q, then the error at the pre-activation, [B x O].</summary>
    internal Matrix Error(int batch, int outputs) => new(error, batch, outputs);

    /// <summary>[x̂ ; logits], then the residual ρ, [B x (I + K)]; more of them when there are several feature steps.</summary>
    internal Matrix Residual(int index, int batch, int rowLength) => new(residual[index], batch, rowLength);

    /// <summary>Values of one feature step that its gradient needs again, [B x O].</summary>
    internal Matrix Iterate(int index, int batch, int outputs) => new(iterates[index], batch, outputs);

    // One step from zero: [x̂ ; logits] becomes ρ in place. Otherwise r_0 … r_T and ρ_0 … ρ_{T−2}; ρ_{T−1} takes the place of r_T.
    private static int ResidualCount(AlignmentOptions options) => options.IsSingleStepFromZero ? 1 : 2 * options.Steps;

    // For each feature step η s_t, σ'(c_t) and κ_t.
    private static int IterateCount(AlignmentOptions options) => options.IsSingleStepFromZero ? 0 : 3 * options.Steps;

    private static float[][] Allocate(int count, int length)
    {
        var arrays = new float[count][];
        for (int i = 0; i < count; i++)
        {
            arrays[i] = new float[length];
        }

        return arrays;
    }
}
