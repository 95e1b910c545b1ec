using System.Collections.Generic;
using System.IO;
using System.Text.Json;
using System.Text.Json.Serialization;
using FeatureAlignment.Simulator.Reports;

namespace FeatureAlignment.Simulator.Benchmarks;

/// <summary>Everything that <c>bench</c> measures.</summary>
internal sealed record BenchResult
{
    /// <summary>Where it was measured.</summary>
    public required RunRuntime Runtime { get; init; }

    /// <summary>Bits of the vectors of the peak.</summary>
    public required int VectorBits { get; init; }

    /// <summary>How often each figure was measured.</summary>
    public required int Rounds { get; init; }

    /// <summary>What the machine can do at most, for each number of threads.</summary>
    public required IReadOnlyList<MachineFigures> Machine { get; init; }

    public required IReadOnlyList<BenchRow> Rows { get; init; }

    /// <summary>Time per sample of alignment over that of backpropagation, same net, batch, optimizer and threads.</summary>
    public required IReadOnlyList<RuleRatio> AlignmentOverBackpropagation { get; init; }

    /// <summary>Speed with all threads over speed with one.</summary>
    public required IReadOnlyList<ThreadRatio> AllThreadsOverOne { get; init; }

    public void WriteJson(Stream stream)
    {
        JsonSerializer.Serialize(stream, this, BenchResultJson.Default.BenchResult);
        stream.WriteByte((byte)'\n');
    }
}

/// <param name="Threads">That worked at once.</param>
/// <param name="PeakGigaflops">Fused multiply-adds in registers, two operations each.</param>
/// <param name="BandwidthGigabytes">10⁹ bytes a second of a = b + s · c.</param>
internal sealed record MachineFigures(int Threads, Repeats PeakGigaflops, Repeats BandwidthGigabytes);

/// <summary>One row: a rule on a net, or inference.</summary>
internal sealed record BenchRow
{
    public required string Name { get; init; }

    /// <summary>alignment, backpropagation or inference.</summary>
    public required string Rule { get; init; }

    public required IReadOnlyList<int> Layers { get; init; }

    public required int Batch { get; init; }

    public required string Optimizer { get; init; }

    public required int Threads { get; init; }

    public required Repeats SamplesPerSecond { get; init; }

    /// <summary>Products of one sample: <see cref="ProductCount"/>.</summary>
    public required long MultiplyAccumulatesPerSample { get; init; }

    /// <summary>Two operations a multiply-accumulate.</summary>
    public required Repeats Gigaflops { get; init; }

    /// <summary>Share of the peak with as many threads, 0 to 1.</summary>
    public required double ShareOfPeak { get; init; }

    /// <summary>
    /// Least traffic of weights and optimizer state as a share of the memory's speed; above 1 they must have stayed in caches. Null where
    /// it is not counted.
    /// </summary>
    public required double? ShareOfBandwidth { get; init; }

    /// <summary>Median over the rounds.</summary>
    public required double AllocatedBytesPerStep { get; init; }
}

internal sealed record RuleRatio(string Name, int Batch, int Threads, Repeats TimePerSample, double Products);

internal sealed record ThreadRatio(string Name, string Rule, int Batch, int Threads, Repeats Speed);

[JsonSourceGenerationOptions(WriteIndented = true, NewLine = "\n", PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(BenchResult))]
internal sealed partial class BenchResultJson : JsonSerializerContext
{
}
