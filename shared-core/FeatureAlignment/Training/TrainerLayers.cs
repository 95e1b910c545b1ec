using System;
using FeatureAlignment.Layers;

namespace FeatureAlignment.Training;

/// <summary>The layers of a training between two of its steps: those in memory from there, finished ones from their store.</summary>
public sealed class TrainerLayers : ILayerReader
{
    private readonly Trainer trainer;
    private readonly ILayerReader? finished;

    /// <summary>Creates the view; nothing is copied.</summary>
    /// <param name="trainer">The training.</param>
    /// <param name="finished">Where its finished layers are; needed by the layerwise schedule alone.</param>
    public TrainerLayers(Trainer trainer, ILayerReader? finished = null)
    {
        ArgumentChecks.NotNull(trainer, nameof(trainer));
        this.trainer = trainer;
        this.finished = finished;
    }

    /// <summary>Layers, from the first one on, that have begun to learn.</summary>
    public int Count
    {
        get
        {
            int resident = trainer.ResidentLayers.Count;
            return resident > 0 ? trainer.ResidentLayers[resident - 1].Index + 1 : trainer.LayerSpecs.Count;
        }
    }

    /// <inheritdoc/>
    public void ReadRows(int layerIndex, int firstRow, Span<float> rows)
    {
        if (Find(layerIndex) is not { } layer)
        {
            Finished(layerIndex).ReadRows(layerIndex, firstRow, rows);
            return;
        }

        for (int length = layer.Spec.RowLength, row = firstRow; rows.Length > 0;)
        {
            int count = Math.Min(layer.BlockRows, rows.Length / length);
            layer.LoadRows(row, count).Data.AsSpan(layer.IsResident ? row * length : 0, count * length).CopyTo(rows);
            rows = rows.Slice(count * length);
            row += count;
        }
    }

    /// <inheritdoc/>
    public void ReadBias(int layerIndex, Span<float> bias)
    {
        if (Find(layerIndex) is { } layer)
        {
            layer.Bias.CopyTo(bias);
            return;
        }

        Finished(layerIndex).ReadBias(layerIndex, bias);
    }

    /// <inheritdoc/>
    public void ReadLabelBias(int layerIndex, Span<float> labelBias)
    {
        if (Find(layerIndex) is { } layer)
        {
            layer.LabelBias.CopyTo(labelBias);
            return;
        }

        Finished(layerIndex).ReadLabelBias(layerIndex, labelBias);
    }

    private DenseLayer? Find(int layerIndex)
    {
        for (int i = 0; i < trainer.ResidentLayers.Count; i++)
        {
            if (trainer.ResidentLayers[i].Index == layerIndex)
            {
                return trainer.ResidentLayers[i].Layer;
            }
        }

        return null;
    }

    private ILayerReader Finished(int layerIndex) => finished
        ?? throw new InvalidOperationException($"Layer {layerIndex} must be in memory or in a store; it is in neither.");
}
