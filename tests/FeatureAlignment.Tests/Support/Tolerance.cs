using System;
using NUnit.Framework;

namespace FeatureAlignment.Tests.Support;

/// <summary>How far numbers may differ, and why.</summary>
internal static class Tolerance
{
    /// <summary>Single against the reference's double precision: relative to a tensor's largest value, as the reference states.</summary>
    public const double Reference = 2e-5;

    /// <summary>Tensors whose values are all tiny are compared as if their largest were this.</summary>
    public const double SmallestScale = 0.01;

    public static void AssertClose(ReadOnlySpan<float> actual, ReadOnlySpan<double> expected, string what, double tolerance = Reference)
    {
        Assert.That(actual.Length, Is.EqualTo(expected.Length), what);
        double scale = SmallestScale, worst = 0;
        int where = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            scale = Math.Max(scale, Math.Abs(expected[i]));
            double difference = Math.Abs(actual[i] - expected[i]);
            if (!(difference <= worst))
            {
                worst = difference;
                where = i;
            }
        }

        Assert.That(worst, Is.LessThanOrEqualTo(tolerance * scale), $"{what}: element {where}");
    }
}
