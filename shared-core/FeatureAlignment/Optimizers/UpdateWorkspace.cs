using System.Collections.Generic;
using FeatureAlignment.Kernels;
using FeatureAlignment.Layers;
using FeatureAlignment.Training;

namespace FeatureAlignment.Optimizers;

/// <summary>
/// The buffers of a parameter update: the bias gradients, and for optimizers with a memory a gradient of a few rows for each thread.
/// No rule here ever holds the gradient of a whole layer.
/// </summary>
public sealed class UpdateWorkspace
{
    /// <summary>Allocates the buffers.</summary>
    /// <param name="layers">The layers that will be updated.</param>
    /// <param name="batch">Most samples of a step.</param>
    /// <param name="optimizer">The optimizer in use.</param>
    /// <param name="threads">Threads that update side by side.</param>
    public UpdateWorkspace(IReadOnlyList<LayerSpec> layers, int batch, Optimizer optimizer, int threads)
    {
        ArgumentChecks.NotNull(optimizer, nameof(optimizer));
        var size = new LargestSizes(layers);
        BiasGradient = new float[size.Outputs];
        LabelBiasGradient = new float[size.LabelInputs];
        RowGradients = new float[threads][];
        for (int i = 0; i < threads; i++)
        {
            RowGradients[i] = new float[GradientRows(optimizer, batch) * size.RowLength];
        }
    }

    /// <summary>−∂C/∂b, [O].</summary>
    internal float[] BiasGradient { get; }

    /// <summary>−∂C/∂(label bias), [K].</summary>
    internal float[] LabelBiasGradient { get; }

    /// <summary>For each thread the gradient of a few rows of weights; empty for plain gradient descent.</summary>
    internal float[][] RowGradients { get; }

    /// <summary>Counts the constructor's bytes.</summary>
    public static MemoryUse Plan(IReadOnlyList<LayerSpec> layers, int batch, Optimizer optimizer, int threads)
    {
        ArgumentChecks.NotNull(optimizer, nameof(optimizer));
        var size = new LargestSizes(layers);
        return new MemoryUse
        {
            Gradients = sizeof(float)
                * (size.Outputs + size.LabelInputs + ((long)threads * GradientRows(optimizer, batch) * size.RowLength)),
        };
    }

    /// <summary>Rows whose gradient is held at a time. For a batch as many as keep the kernels busy, for single samples as fit the
    /// cache.</summary>
    internal static int GradientRows(Optimizer optimizer, int batch) => optimizer.IsPlain ? 0 : batch == 1 ? KernelSet.RowGroup : 48;
}
