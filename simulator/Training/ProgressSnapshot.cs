using System;
using System.Collections.Generic;

namespace FeatureAlignment.Simulator.Training;

/// <summary>Where a training stands.</summary>
/// <param name="EpochNumber">1-based pass over the samples; layerwise: of the layer in training.</param>
/// <param name="Epochs">Passes in all; layerwise: per layer.</param>
/// <param name="SamplesSeen">Samples trained on since the run began, before a resume too.</param>
/// <param name="TotalSamples">What <paramref name="SamplesSeen"/> will be at the end.</param>
/// <param name="IsEpochEnd">Whether the pass is complete.</param>
/// <param name="LayerLosses">Loss per layer since the last report; NaN where a layer is not in training.</param>
/// <param name="Accuracy">Of the last evaluation, 0 to 1; null before the first one.</param>
/// <param name="SamplesPerSecond">Since this process began to train.</param>
/// <param name="Left">Time to the end at that speed.</param>
/// <param name="LayerNumber">1-based layer in training when layers are trained one after the other, else null.</param>
internal sealed record ProgressSnapshot(
    int EpochNumber,
    int Epochs,
    long SamplesSeen,
    long TotalSamples,
    bool IsEpochEnd,
    IReadOnlyList<float> LayerLosses,
    double? Accuracy,
    double SamplesPerSecond,
    TimeSpan Left,
    int? LayerNumber = null)
{
    /// <summary>Part of the run that is done, 0 to 1.</summary>
    public double Fraction => (double)SamplesSeen / TotalSamples;
}
