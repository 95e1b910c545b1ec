using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace FeatureAlignment.Simulator.Memory;

/// <param name="Depth">Hidden layers; backpropagation has its softmax layer on top of them.</param>
/// <param name="Layerwise">Alignment, one layer in memory at a time.</param>
/// <param name="Interleaved">Alignment, all layers in memory.</param>
/// <param name="Backpropagation">The baseline.</param>
internal sealed record DepthMemory(int Depth, TrainingMemory Layerwise, TrainingMemory Interleaved, TrainingMemory Backpropagation)
{
    /// <summary>What backpropagation holds over what layerwise alignment holds.</summary>
    public double BackpropagationOverLayerwise => (double)Backpropagation.HeldBytes / Layerwise.HeldBytes;
}

/// <summary>Everything that <c>memory</c> measures.</summary>
internal sealed record MemoryResult
{
    /// <summary>Neurons of each layer, and inputs.</summary>
    public required int Width { get; init; }

    public required int Batch { get; init; }

    public required string Optimizer { get; init; }

    public required IReadOnlyList<DepthMemory> Depths { get; init; }

    /// <summary>Largest layerwise memory over the smallest, less 1: how flat it is over the depths.</summary>
    public double LayerwiseGrowth =>
        ((double)Depths.Max(depth => depth.Layerwise.HeldBytes) / Depths.Min(depth => depth.Layerwise.HeldBytes)) - 1;

    public void WriteJson(Stream stream)
    {
        JsonSerializer.Serialize(stream, this, MemoryResultJson.Default.MemoryResult);
        stream.WriteByte((byte)'\n');
    }
}

[JsonSourceGenerationOptions(WriteIndented = true, NewLine = "\n", PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(MemoryResult))]
internal sealed partial class MemoryResultJson : JsonSerializerContext
{
}
