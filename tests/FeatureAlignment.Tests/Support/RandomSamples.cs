using System;
using FeatureAlignment.Datasets;

namespace FeatureAlignment.Tests.Support;

/// <summary>Clouds of points, one a class. Any number of threads may read.</summary>
internal sealed class RandomSamples : ISampleSource
{
    private readonly float[] features;
    private readonly int[] labels;

    public RandomSamples(int count, int inputs, int classes, ulong seed = 3)
    {
        Count = count;
        Inputs = inputs;
        Classes = classes;
        features = new float[count * inputs];
        labels = new int[count];
        for (int sample = 0; sample < count; sample++)
        {
            labels[sample] = classes > 0 ? sample % classes : -1;
            var noise = new RandomSource(seed, (ulong)sample);
            var centre = new RandomSource(seed + 1, (ulong)(labels[sample] + 1));
            for (int i = 0; i < inputs; i++)
            {
                features[(sample * inputs) + i] = centre.NextSingle() + (0.2f * noise.NextNormal());
            }
        }
    }

    public int Count { get; }

    public int Inputs { get; }

    public int Classes { get; }

    /// <summary>The value of one feature of one sample.</summary>
    public void SetFeature(int sampleIndex, int feature, float value) => features[(sampleIndex * Inputs) + feature] = value;

    public void SetLabel(int sampleIndex, int label) => labels[sampleIndex] = label;

    public int Read(int sampleIndex, Span<float> target)
    {
        features.AsSpan(sampleIndex * Inputs, Inputs).CopyTo(target);
        return labels[sampleIndex];
    }
}
