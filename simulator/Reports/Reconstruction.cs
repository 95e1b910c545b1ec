using System;
using System.Collections.Generic;

namespace FeatureAlignment.Simulator.Reports;

/// <summary>One test sample as the network sees it again.</summary>
/// <param name="Input">The sample.</param>
/// <param name="Output">Its reconstruction, of the same size.</param>
/// <param name="TrueClass">0-based; null where the run has no labels.</param>
/// <param name="PredictedClass">0-based; null where the run has no labels.</param>
/// <param name="Decoded">The sample decoded all the way down from the top layer; null to leave it out.</param>
internal sealed record Reconstruction(
    GrayImage Input, GrayImage Output, int? TrueClass = null, int? PredictedClass = null, GrayImage? Decoded = null)
{
    /// <summary>The largest difference between reconstruction and input in any pixel: the scale of the error pictures.</summary>
    public static float LargestError(IEnumerable<Reconstruction> reconstructions)
    {
        float largest = 0;
        foreach (Reconstruction reconstruction in reconstructions)
        {
            for (int i = 0; i < reconstruction.Input.Pixels.Count; i++)
            {
                largest = MathF.Max(largest, MathF.Abs(reconstruction.Output.Pixels[i] - reconstruction.Input.Pixels[i]));
            }
        }

        return largest;
    }
}
