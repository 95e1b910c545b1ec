using System;
using System.Collections.Generic;
using FeatureAlignment.Alignment;
using FeatureAlignment.Kernels;
using FeatureAlignment.Layers;

namespace FeatureAlignment.Evaluation;

/// <summary>
/// Sends single samples up through layers, which may go on learning, and decodes latent values all the way down (docs/algorithm.md,
/// section 2), or names their class, in buffers for one sample. No member but the constructor allocates.
/// </summary>
public sealed class SampleCoder
{
    private readonly IReadOnlyList<DenseLayer> layers;
    private readonly LayerInference inference;
    private readonly Matrix[] values;
    private readonly float[] completed;
    private readonly float[] votes;

    /// <summary>Allocates the buffers.</summary>
    /// <param name="layers">First to last, resident; read only.</param>
    /// <param name="options">The feature steps of the decoding.</param>
    /// <param name="kernels">The arithmetic.</param>
    public SampleCoder(IReadOnlyList<DenseLayer> layers, AlignmentOptions options, KernelSet kernels)
    {
        ArgumentChecks.NotNull(layers, nameof(layers));
        ArgumentChecks.NotNull(options, nameof(options));
        ArgumentChecks.NotNull(kernels, nameof(kernels));
        ArgumentChecks.InRange(layers.Count, 1, int.MaxValue, "Number of layers");
        this.layers = layers;
        inference = new LayerInference(layers, options, kernels, batch: 1);
        values = new Matrix[layers.Count + 1];
        for (int l = 0; l < layers.Count; l++)
        {
            values[l] = NewRow(layers[l].Spec.RowLength);
        }

        values[layers.Count] = NewRow(Latents);
        votes = new float[Classes];
        completed = new float[Classes == 0 ? 0 : LongestRow()];
    }

    /// <summary>I: values of a sample.</summary>
    public int Inputs => layers[0].Spec.Inputs;

    /// <summary>Outputs of the top layer.</summary>
    public int Latents => layers[layers.Count - 1].Spec.Outputs;

    /// <summary>K: classes that the layers complete; 0 when they learn no labels.</summary>
    public int Classes => layers[0].Spec.LabelInputs;

    /// <summary>The top layer's outputs for a sample.</summary>
    /// <param name="features">[<see cref="Inputs"/>].</param>
    /// <param name="latents">[<see cref="Latents"/>], overwritten.</param>
    public void Encode(ReadOnlySpan<float> features, Span<float> latents)
    {
        ArgumentChecks.SameLength(features.Length, Inputs, nameof(features));
        ArgumentChecks.SameLength(latents.Length, Latents, nameof(latents));
        Up(features);
        values[layers.Count].Row(0).CopyTo(latents);
    }

    /// <summary>The sample that latent values stand for.</summary>
    /// <param name="latents">[<see cref="Latents"/>].</param>
    /// <param name="features">[<see cref="Inputs"/>], overwritten.</param>
    public void Decode(ReadOnlySpan<float> latents, Span<float> features)
    {
        ArgumentChecks.SameLength(latents.Length, Latents, nameof(latents));
        ArgumentChecks.SameLength(features.Length, Inputs, nameof(features));
        latents.CopyTo(values[layers.Count].Row(0));
        for (int l = layers.Count - 1; l >= 0; l--)
        {
            inference.Reconstruct(layers[l], values[l + 1].ColumnRange(0, layers[l].Spec.Outputs), values[l]);
        }

        values[0].Row(0).Slice(0, Inputs).CopyTo(features);
    }

    /// <summary>The class that the layers' summed log-probabilities name, each layer completing what it sees of the sample.</summary>
    /// <param name="features">[<see cref="Inputs"/>].</param>
    /// <returns>From 0 to <see cref="Classes"/> − 1; −1 when the layers learn no labels.</returns>
    public int Classify(ReadOnlySpan<float> features)
    {
        ArgumentChecks.SameLength(features.Length, Inputs, nameof(features));
        if (Classes == 0)
        {
            return -1;
        }

        Up(features);
        Array.Clear(votes, 0, votes.Length);
        for (int l = 0; l < layers.Count; l++)
        {
            LayerSpec spec = layers[l].Spec;
            var reconstruction = new Matrix(completed, 1, spec.RowLength);
            inference.Reconstruct(layers[l], values[l + 1].ColumnRange(0, spec.Outputs), reconstruction);
            Span<float> logits = reconstruction.Row(0).Slice(spec.Inputs);
            LabelReadout.LogSoftmax(logits);
            Spans.Add(logits, votes);
        }

        return LabelReadout.IndexOfLargest(votes);
    }

    /// <summary>Outputs of all layers, into <see cref="values"/>.</summary>
    private void Up(ReadOnlySpan<float> features)
    {
        features.CopyTo(values[0].Row(0));
        for (int l = 0; l < layers.Count; l++)
        {
            int outputs = layers[l].Spec.Outputs;
            inference.Forward(layers[l], values[l].ColumnRange(0, layers[l].Spec.Inputs), values[l + 1].ColumnRange(0, outputs));
        }
    }

    private int LongestRow()
    {
        int longest = 0;
        for (int l = 0; l < layers.Count; l++)
        {
            longest = Math.Max(longest, layers[l].Spec.RowLength);
        }

        return longest;
    }

    private static Matrix NewRow(int columns) => new(new float[columns], 1, columns);
}
