using System;
using System.Threading;
using FeatureAlignment.Datasets;

namespace FeatureAlignment.Simulator.Datasets;

/// <summary>Samples that can't be read any more once a token is cancelled: ends whatever goes through them.</summary>
internal sealed class StoppableSamples(ISampleSource samples, CancellationToken cancellation) : ISampleSource
{
    public int Count => samples.Count;

    public int Inputs => samples.Inputs;

    public int Classes => samples.Classes;

    /// <inheritdoc/>
    /// <exception cref="OperationCanceledException">The token is cancelled.</exception>
    public int Read(int sampleIndex, Span<float> features)
    {
        cancellation.ThrowIfCancellationRequested();
        return samples.Read(sampleIndex, features);
    }
}
