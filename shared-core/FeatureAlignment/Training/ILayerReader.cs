using System;

namespace FeatureAlignment.Training;

/// <summary>Gives the parameters of layers, a block of rows at a time, wherever they are.</summary>
public interface ILayerReader
{
    /// <summary>Reads rows of W̃.</summary>
    /// <param name="layerIndex">0-based.</param>
    /// <param name="firstRow">0-based.</param>
    /// <param name="rows">[a whole number of rows x (I + K)], overwritten.</param>
    void ReadRows(int layerIndex, int firstRow, Span<float> rows);

    /// <summary>Reads b.</summary>
    /// <param name="layerIndex">0-based.</param>
    /// <param name="bias">[O], overwritten.</param>
    void ReadBias(int layerIndex, Span<float> bias);

    /// <summary>Reads the bias of the label's logits.</summary>
    /// <param name="layerIndex">0-based.</param>
    /// <param name="labelBias">[K], overwritten.</param>
    void ReadLabelBias(int layerIndex, Span<float> labelBias);
}
