using System;

namespace FeatureAlignment.Device.Sensors;

/// <summary>Weights of running means.</summary>
internal static class Forgetting
{
    private const double Ln2 = 0.69314718055994530942;

    // What was seen while the network was still poor has to go: with 4 / (n + 4) the n-th value weighs as n³ among those before it.
    private const double Haste = 4;

    /// <summary>Share of the old that a new value replaces: after a half-life (of many values) the old counts half.</summary>
    /// <param name="halfLife">In values, above 0.</param>
    public static double Rate(double halfLife) =>
        halfLife > 0
            ? Math.Min(1, Ln2 / halfLife)
            : throw new ArgumentOutOfRangeException(nameof(halfLife), $"A half-life must be greater than 0 values; was {halfLife}.");

    /// <summary>Weight of the next value of a mean over values that get better with time.</summary>
    /// <param name="count">Values before it.</param>
    /// <param name="rate">Least weight.</param>
    public static double RecentWeight(long count, double rate) => Math.Max(rate, Haste / (count + Haste));
}
