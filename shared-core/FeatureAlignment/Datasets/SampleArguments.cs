using System;

namespace FeatureAlignment.Datasets;

/// <summary>The check at the door that every <see cref="ISampleSource.Read"/> shares.</summary>
internal static class SampleArguments
{
    public static void Check(ISampleSource source, int sampleIndex, ReadOnlySpan<float> features)
    {
        if ((uint)sampleIndex >= (uint)source.Count)
        {
            ThrowIndex(source.Count, sampleIndex);
        }

        if (features.Length != source.Inputs)
        {
            ThrowLength(source.Inputs, features);
        }
    }

    // Apart from the check, so that reading a sample stays free of string building.
    private static void ThrowIndex(int count, int sampleIndex) =>
        throw new ArgumentOutOfRangeException(nameof(sampleIndex), sampleIndex, $"Sample index must be from 0 to {count - 1}.");

    private static void ThrowLength(int inputs, ReadOnlySpan<float> features) =>
        throw new ArgumentException($"Feature buffer must have {inputs} elements; {features.Length} found.", nameof(features));
}
