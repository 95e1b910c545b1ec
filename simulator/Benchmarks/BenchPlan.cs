using System;

namespace FeatureAlignment.Simulator.Benchmarks;

/// <summary>How long a benchmark takes and how it repeats.</summary>
internal sealed record BenchPlan
{
    /// <summary>What the command runs: about a minute.</summary>
    public static readonly BenchPlan Full = new();

    /// <summary>
    /// Rounds that are measured and thrown away: in the first the runtime still compiles, and it recompiles what runs often a moment later.
    /// </summary>
    public int WarmUpRounds { get; init; } = 3;

    /// <summary>Rounds that count; each measures everything once, so that a busy moment of the machine hits all rows alike.</summary>
    public int Rounds { get; init; } = 7;

    /// <summary>Time of one measurement of one row.</summary>
    public TimeSpan Measurement { get; init; } = TimeSpan.FromMilliseconds(120);

    /// <summary>Random samples to learn.</summary>
    public int Samples { get; init; } = 2_048;

    /// <summary>Floats of each of the three arrays of the memory test: together several times a large third-level cache.</summary>
    public int TriadLength { get; init; } = 16 * 1024 * 1024;
}
