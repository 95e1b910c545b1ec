using System;
using System.Collections.Generic;
using System.Linq;

namespace FeatureAlignment.Telemetry;

/// <summary>What the dashboard says to a batch once it has stored it; an identical batch gets an identical answer.</summary>
public sealed class BatchAnswer : IEquatable<BatchAnswer>
{
    /// <summary>Creates an answer.</summary>
    /// <param name="accepted">Records that were stored, 0 or more.</param>
    /// <param name="quarantined">Records that were put aside because they cannot be used, 0 or more.</param>
    /// <param name="commands">What the device shall do; copied, null is an empty list.</param>
    /// <exception cref="ArgumentException">One of them is out of its range.</exception>
    public BatchAnswer(int accepted, int quarantined, IEnumerable<TelemetryCommand>? commands = null)
    {
        Accepted = ArgumentChecks.AtLeast(accepted, 0, nameof(accepted));
        Quarantined = ArgumentChecks.AtLeast(quarantined, 0, nameof(quarantined));
        Commands = commands?.ToArray() ?? [];
    }

    /// <summary>Records that were stored.</summary>
    public int Accepted { get; }

    /// <summary>Records that were put aside.</summary>
    public int Quarantined { get; }

    /// <summary>What the device shall do.</summary>
    public IReadOnlyList<TelemetryCommand> Commands { get; }

    /// <inheritdoc/>
    public bool Equals(BatchAnswer? other) => other is not null && Accepted == other.Accepted && Quarantined == other.Quarantined
        && Commands.SequenceEqual(other.Commands);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as BatchAnswer);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Accepted, Quarantined, Commands.Count);
}
