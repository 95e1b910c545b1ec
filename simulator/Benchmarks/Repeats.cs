using System;
using System.Collections.Generic;
using System.Linq;

namespace FeatureAlignment.Simulator.Benchmarks;

/// <summary>What the rounds measured of one quantity.</summary>
/// <param name="Median">The middle one, or the mean of the two in the middle.</param>
/// <param name="Smallest">The smallest.</param>
/// <param name="Largest">The largest.</param>
internal sealed record Repeats(double Median, double Smallest, double Largest)
{
    public static Repeats Of(IReadOnlyList<double> values)
    {
        ArgumentOutOfRangeException.ThrowIfZero(values.Count);
        double[] sorted = [.. values.Order()];
        return new Repeats((sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2, sorted[0], sorted[^1]);
    }

    /// <summary>Of the quotients within each round: what slows a whole round down cancels.</summary>
    public static Repeats OfRatio(IReadOnlyList<double> numerators, IReadOnlyList<double> denominators) =>
        Of([.. numerators.Zip(denominators, (numerator, denominator) => numerator / denominator)]);
}
