namespace FeatureAlignment.Simulation.Storage;

/// <summary>What stands in a file behind the last byte that became durable.</summary>
public enum TornTail
{
    /// <summary>The file ends there.</summary>
    Missing,

    /// <summary>The file has its length, and zeros to the end; a rename that was under way left both names.</summary>
    Zeros,
}

/// <summary>What becomes of all that was not flushed when power went: one of the outcomes that the contract of a storage allows.</summary>
/// <param name="SurvivingChanges">
/// Bit i tells whether the i-th unflushed creation, rename or deletion became durable; those from 64 on did not.
/// </param>
/// <param name="SurvivingBytes">Of each file's unflushed bytes this many became durable; 0 or more.</param>
/// <param name="Tail">What becomes of the others.</param>
public readonly record struct PowerLoss(ulong SurvivingChanges, int SurvivingBytes, TornTail Tail)
{
    /// <summary>Everything that was written became durable.</summary>
    public static PowerLoss Nothing { get; } = new(ulong.MaxValue, int.MaxValue, TornTail.Missing);

    /// <summary>Nothing but what was flushed became durable.</summary>
    public static PowerLoss Everything { get; } = new(0, 0, TornTail.Missing);

    /// <summary>Any of the outcomes.</summary>
    /// <param name="random">Decides.</param>
    /// <param name="unflushedBytes">Most bytes of a file that are not flushed, 0 or more.</param>
    public static PowerLoss Random(RandomSource random, int unflushedBytes)
    {
        ArgumentChecks.NotNull(random, nameof(random));
        return new(random.NextUInt64(), random.NextInt32(unflushedBytes + 1), (TornTail)random.NextInt32(2));
    }
}
