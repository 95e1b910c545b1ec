using FeatureAlignment.Layers;

namespace FeatureAlignment.Training;

/// <summary>Keeps the layers that are not in memory: with the layerwise schedule all those that have finished learning.</summary>
public interface ILayerStore : ILayerReader
{
    /// <summary>Takes a finished layer; when this returns, a training can go on from <paramref name="resumeAt"/>.</summary>
    /// <param name="layerIndex">0-based; layers come in order.</param>
    /// <param name="layer">The finished layer; not kept.</param>
    /// <param name="resumeAt">Where the training stands: at the start of the next layer, or at its end.</param>
    void Freeze(int layerIndex, DenseLayer layer, in TrainingPosition resumeAt);

    /// <summary>Makes room for the rows of a layer in training that does not fit into memory, in place of the last such layer's.</summary>
    /// <param name="layerIndex">0-based.</param>
    /// <returns>Rows of undefined content, which nobody needs after a power cut: the layer's last checkpoint replaces them.</returns>
    IRowStorage OpenRows(int layerIndex);
}
