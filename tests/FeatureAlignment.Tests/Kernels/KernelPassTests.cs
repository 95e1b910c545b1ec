using System;
using System.Linq;
using FeatureAlignment.Kernels;
using FeatureAlignment.Tests.Support;
using NUnit.Framework;

namespace FeatureAlignment.Tests.Kernels;

/// <summary>The rule's elementwise passes against their formulas in double precision.</summary>
[TestFixture]
public sealed class KernelPassTests
{
    private const ulong Seed = 23;
    private const float StepSize = 0.7f;

    // Single precision, relative to the largest value of a pass over standard normal deviates.
    private const double Rounding = 1e-6;

    private static readonly string[] Forms = KernelForms.All;

    private static readonly int[] Lengths = [0, 1, 15, 16, 17, 33, 100];

    [Test]
    public void MakeFeatures_EqualsFormula([ValueSource(nameof(Forms))] string form, [ValueSource(nameof(Lengths))] int length)
    {
        float[][] v = Vectors(3, length);
        var s = new float[length];
        float sum = KernelForms.Get(form).MakeFeatures(v[0], v[1], v[2], StepSize, s);

        AssertClose(s, j => StepSize * (double)v[2][j] * ((double)v[0][j] - v[1][j]));
        AssertClose([sum], _ => Enumerable.Range(0, length).Sum(j => Math.Pow((double)v[0][j] - v[1][j], 2)));
    }

    [Test]
    public void MakeErrors_EqualsFormula([ValueSource(nameof(Forms))] string form, [ValueSource(nameof(Lengths))] int length)
    {
        float[][] v = Vectors(7, length);
        float[] q = v[0], h = v[1], g = v[2], d = v[3], curvature = v[4], slope = v[5], bias = v[6];
        float[] up = (float[])q.Clone(), sum = (float[])bias.Clone();
        KernelForms.Get(form).MakeErrors(up, h, g, d, curvature, slope, StepSize, sum);

        double Up(int j) => StepSize * (double)q[j] * d[j] * slope[j];
        AssertClose(up, Up);
        AssertClose(
            sum,
            j => bias[j] + Up(j) + (StepSize * (double)q[j] * ((curvature[j] * ((double)h[j] - g[j])) - ((double)d[j] * d[j]))));
    }

    [Test]
    public void ReplaceByResidual_EqualsFormula([ValueSource(nameof(Forms))] string form, [ValueSource(nameof(Lengths))] int length)
    {
        const float Weight = 0.3f;
        float[][] v = Vectors(2, length);
        float[] r = (float[])v[1].Clone();
        float sum = KernelForms.Get(form).ReplaceByResidual(v[0], r, Weight);

        AssertClose(r, i => Weight * ((double)v[0][i] - v[1][i]));
        AssertClose([sum], _ => Enumerable.Range(0, length).Sum(i => Math.Pow((double)v[0][i] - v[1][i], 2)));
    }

    [Test]
    public void Passes_OfAllWidths_AgreeToTheBit([Values("vector256", "vector128")] string form)
    {
        Assert.That(AllPasses(KernelForms.Get(form)), Is.EqualTo(AllPasses(KernelForms.Get("vector512"))), $"seed {Seed}");
    }

    private static float[] AllPasses(KernelSet kernels)
    {
        const int Length = 77;
        float[][] v = Vectors(7, Length);
        var s = new float[Length];
        float features = kernels.MakeFeatures(v[1], v[2], v[3], StepSize, s);
        kernels.MakeErrors(v[0], v[1], v[2], v[3], v[4], v[5], StepSize, v[6]);
        float residual = kernels.ReplaceByResidual(v[1], v[2], StepSize);
        return [features, residual, .. s, .. v[0], .. v[6], .. v[2]];
    }

    private static float[][] Vectors(int count, int length)
    {
        var random = new RandomSource(Seed);
        return Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, length).Select(_ => random.NextNormal()).ToArray()).ToArray();
    }

    private static void AssertClose(float[] actual, Func<int, double> expected)
    {
        double[] values = actual.Select((_, i) => expected(i)).ToArray();
        double scale = values.Length == 0 ? 0 : Math.Max(1, values.Max(Math.Abs));
        for (int i = 0; i < values.Length; i++)
        {
            Assert.That(actual[i], Is.EqualTo(values[i]).Within(Rounding * scale), $"element {i}, seed {Seed}");
        }
    }
}
