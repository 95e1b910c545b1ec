using System;
using System.Collections.Generic;
using System.Linq;
using FeatureAlignment.Layers;
using FeatureAlignment.Training;

namespace FeatureAlignment.Tests.Support;

/// <summary>Keeps finished layers in arrays that stand ready before the training begins, so that storing them allocates nothing.</summary>
internal sealed class MemoryLayerStore : ILayerStore
{
    private readonly DenseLayer[] layers;

    public MemoryLayerStore(IEnumerable<LayerSpec> specs) => layers = specs.Select(spec => new DenseLayer(spec)).ToArray();

    /// <summary>Finished layers in order; those that have not finished hold zeros.</summary>
    public IReadOnlyList<DenseLayer> Layers => layers;

    public List<TrainingPosition> Positions { get; } = new(capacity: 16);

    public void Freeze(int layerIndex, DenseLayer layer, in TrainingPosition resumeAt)
    {
        layer.WeightData.CopyTo(layers[layerIndex].WeightData, 0);
        layer.Bias.CopyTo(layers[layerIndex].Bias, 0);
        layer.LabelBias.CopyTo(layers[layerIndex].LabelBias, 0);
        Positions.Add(resumeAt);
    }

    public IRowStorage OpenRows(int layerIndex) => throw new NotSupportedException("This store is for layers that learn in memory.");

    public void ReadRows(int layerIndex, int firstRow, Span<float> rows) =>
        layers[layerIndex].WeightData.AsSpan(firstRow * layers[layerIndex].Spec.RowLength, rows.Length).CopyTo(rows);

    public void ReadBias(int layerIndex, Span<float> bias) => layers[layerIndex].Bias.CopyTo(bias);

    public void ReadLabelBias(int layerIndex, Span<float> labelBias) => layers[layerIndex].LabelBias.CopyTo(labelBias);
}
