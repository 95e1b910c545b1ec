using System;

namespace FeatureAlignment.Datasets;

/// <summary>Samples held in memory as floats, with or without labels: tables, sensor windows, tests.</summary>
public sealed class InMemoryDataset : ISampleSource
{
    private readonly float[] features;
    private readonly int[]? labels;

    /// <summary>Wraps the arrays without copying them; they must not change afterwards.</summary>
    /// <param name="features">[count x <paramref name="inputs"/>], row-major; all values finite.</param>
    /// <param name="inputs">Number of features of one sample, at least 1.</param>
    /// <param name="labels">[count], each from 0 to <paramref name="classes"/> - 1; null when the samples carry none.</param>
    /// <param name="classes">Number of classes, at least 2 with labels; 0 without.</param>
    /// <exception cref="ArgumentException">Lengths, labels or values do not fit together; the message says which.</exception>
    public InMemoryDataset(float[] features, int inputs, int[]? labels = null, int classes = 0)
    {
        this.features = features ?? throw new ArgumentNullException(nameof(features));
        this.labels = labels;
        if (inputs < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(inputs), inputs, "Number of inputs must be at least 1.");
        }

        if (features.Length == 0 || features.Length % inputs != 0)
        {
            throw new ArgumentException(
                $"Features must be one or more whole samples of {inputs} values; {features.Length} values found.", nameof(features));
        }

        Count = features.Length / inputs;
        Inputs = inputs;
        Classes = classes;
        CheckValues();
        CheckLabels();
    }

    /// <inheritdoc/>
    public int Count { get; }

    /// <inheritdoc/>
    public int Inputs { get; }

    /// <inheritdoc/>
    public int Classes { get; }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The index is out of range, or the buffer has not <see cref="Inputs"/> elements.</exception>
    public int Read(int sampleIndex, Span<float> features)
    {
        SampleArguments.Check(this, sampleIndex, features);
        this.features.AsSpan(sampleIndex * Inputs, Inputs).CopyTo(features);
        return labels is null ? -1 : labels[sampleIndex];
    }

    private void CheckValues()
    {
        for (int i = 0; i < features.Length; i++)
        {
            if (float.IsNaN(features[i]) || float.IsInfinity(features[i]))
            {
                throw new ArgumentException(
                    $"Features must be finite; {features[i]} found at sample index {i / Inputs}, feature index {i % Inputs}.", "features");
            }
        }
    }

    private void CheckLabels()
    {
        if (labels is null)
        {
            if (Classes != 0)
            {
                throw new ArgumentException($"Classes must be 0 without labels; was {Classes}.", "classes");
            }

            return;
        }

        if (Classes < 2)
        {
            throw new ArgumentException($"Classes must be at least 2 with labels; was {Classes}.", "classes");
        }

        if (labels.Length != Count)
        {
            throw new ArgumentException($"One label per sample expected; {Count} samples and {labels.Length} labels found.", "labels");
        }

        for (int i = 0; i < labels.Length; i++)
        {
            if ((uint)labels[i] >= (uint)Classes)
            {
                throw new ArgumentException(
                    $"Labels must be from 0 to {Classes - 1}; {labels[i]} found at sample index {i}.", "labels");
            }
        }
    }
}
