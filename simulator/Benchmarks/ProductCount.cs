using System.Collections.Generic;
using FeatureAlignment.Layers;
using FeatureAlignment.Training;

namespace FeatureAlignment.Simulator.Benchmarks;

/// <summary>
/// How much arithmetic and memory traffic one sample or one step needs, by the equations, not by what the kernels happen to do. I inputs,
/// O outputs, K classes. Only matrix products are counted: activations, residuals and optimizer are in the time but not in the count, so
/// shares of the machine's peak are never flattered.
/// </summary>
internal static class ProductCount
{
    /// <summary>Multiply-accumulates of learning from one sample, one feature step from a zero guess.</summary>
    /// <remarks>
    /// Alignment, each layer: W x and up xᵀ are 2·I·O; W̃ᵀ s, W̃ ρ and s ρᵀ are 3·(I + K)·O; in all 5·I·O + 3·K·O. Backpropagation: output,
    /// error of the layer below and gradient are 3·I·O; the first layer has no layer below and needs 2.
    /// </remarks>
    public static long OfTraining(LearningRule rule, IReadOnlyList<LayerSpec> layers)
    {
        long products = 0;
        for (int i = 0; i < layers.Count; i++)
        {
            long weights = (long)layers[i].Inputs * layers[i].Outputs;
            products += rule == LearningRule.Alignment
                ? (5 * weights) + (3L * layers[i].LabelInputs * layers[i].Outputs)
                : (i == 0 ? 2 : 3) * weights;
        }

        return products;
    }

    /// <summary>Multiply-accumulates of classifying and reconstructing one sample with a network that the alignment rule trained.</summary>
    /// <remarks>
    /// Each layer: output I·O, and the input and label back from it (I + K)·O; then the decoding from the top, (I + K)·O for all layers
    /// below it.
    /// </remarks>
    public static long OfInference(IReadOnlyList<LayerSpec> layers)
    {
        long products = 0;
        for (int i = 0; i < layers.Count; i++)
        {
            long back = (long)layers[i].RowLength * layers[i].Outputs;
            products += ((long)layers[i].Inputs * layers[i].Outputs) + back + (i < layers.Count - 1 ? back : 0);
        }

        return products;
    }

    /// <summary>
    /// The least bytes that a step can move between processor and memory when nothing stays in a cache from step to step: each weight is
    /// read for the output, read for the update and written; what the optimizer remembers is read and written.
    /// </summary>
    public static long TrafficOfStep(IReadOnlyList<LayerSpec> layers, int statePerParameter)
    {
        long parameters = 0;
        foreach (LayerSpec layer in layers)
        {
            parameters += layer.ParameterCount;
        }

        return parameters * sizeof(float) * (3 + (2L * statePerParameter));
    }
}
