using System;
using System.Collections.Generic;

namespace FeatureAlignment.Evaluation;

/// <summary>How well a network does on a set of samples.</summary>
public sealed record EvaluationResult
{
    /// <summary>Samples that were evaluated.</summary>
    public int Samples { get; init; }

    /// <summary>Share of samples whose label is predicted, by the whole network; null when it does not predict labels.</summary>
    public double? Accuracy { get; init; }

    /// <summary>The same for each layer alone; null for a layer that does not predict labels.</summary>
    public IReadOnlyList<double?> LayerAccuracies { get; init; } = Array.Empty<double?>();

    /// <summary>Row by row, [true class x predicted class], counts; null when the network does not predict labels.</summary>
    public IReadOnlyList<IReadOnlyList<int>>? Confusion { get; init; }

    /// <summary>Mean over samples and inputs of (x − x̂)², for each layer on its own input; empty when layers do not reconstruct.</summary>
    public IReadOnlyList<double> ReconstructionMse { get; init; } = Array.Empty<double>();

    /// <summary>The same between the samples and what is decoded from the top layer's output all the way down; null as above.</summary>
    public double? DecodedMse { get; init; }

    /// <summary>
    /// Relu neurons that can no longer learn, for each layer. Alignment: σ'(b) = 0, no gradient ever again. Backpropagation: inactive for
    /// every sample evaluated.
    /// </summary>
    public IReadOnlyList<int> DeadNeurons { get; init; } = Array.Empty<int>();
}

/// <summary>What a network says of one sample.</summary>
/// <param name="Class">The predicted class; −1 when the network does not predict labels.</param>
/// <param name="Probabilities">For each class; empty as above. The softmax of the summed log-probabilities of all layers.</param>
/// <param name="ReconstructionMse">Mean over the inputs of (x − x̂)² of the first layer; NaN when it does not reconstruct.</param>
/// <param name="DecodedMse">The same, decoded from the top layer's output; NaN as above.</param>
public sealed record Prediction(int Class, IReadOnlyList<float> Probabilities, double ReconstructionMse, double DecodedMse);
