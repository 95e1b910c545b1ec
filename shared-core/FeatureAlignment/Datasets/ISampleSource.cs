using System;

namespace FeatureAlignment.Datasets;

/// <summary>A numbered set of samples that can be read in any order: a file, a generator, a part of another source.</summary>
public interface ISampleSource
{
    /// <summary>Number of samples, at least 1.</summary>
    int Count { get; }

    /// <summary>Number of features of one sample, at least 1.</summary>
    int Inputs { get; }

    /// <summary>Number of classes, or 0 when the samples carry no label.</summary>
    int Classes { get; }

    /// <summary>Copies one sample into the caller's buffer. Allocates nothing; several threads may call it at once.</summary>
    /// <param name="sampleIndex">0-based, below <see cref="Count"/>.</param>
    /// <param name="features">[<see cref="Inputs"/>], overwritten; images hold values from 0 to 1.</param>
    /// <returns>The label, from 0 to <see cref="Classes"/> - 1; -1 when there is none.</returns>
    int Read(int sampleIndex, Span<float> features);
}
