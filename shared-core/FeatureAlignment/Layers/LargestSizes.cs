using System;
using System.Collections.Generic;

namespace FeatureAlignment.Layers;

/// <summary>The largest of each size among layers that share one set of buffers.</summary>
internal readonly struct LargestSizes
{
    public LargestSizes(IReadOnlyList<LayerSpec> layers)
    {
        ArgumentChecks.NotNull(layers, nameof(layers));
        Inputs = Outputs = RowLength = LabelInputs = 0;
        for (int i = 0; i < layers.Count; i++)
        {
            Inputs = Math.Max(Inputs, layers[i].Inputs);
            Outputs = Math.Max(Outputs, layers[i].Outputs);
            RowLength = Math.Max(RowLength, layers[i].RowLength);
            LabelInputs = Math.Max(LabelInputs, layers[i].LabelInputs);
        }
    }

    public int Inputs { get; }

    public int Outputs { get; }

    public int RowLength { get; }

    public int LabelInputs { get; }
}
