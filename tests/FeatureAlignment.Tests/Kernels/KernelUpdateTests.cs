using System;
using FeatureAlignment.Kernels;
using FeatureAlignment.Tests.Support;
using NUnit.Framework;

namespace FeatureAlignment.Tests.Kernels;

/// <summary>The optimizers' elementwise updates against their formulas in double precision.</summary>
[TestFixture]
public sealed class KernelUpdateTests
{
    private const ulong Seed = 13;

    // A few roundings of values up to about 3 in magnitude, three steps long.
    private const double Rounding = 2e-6;

    private static readonly string[] Forms = KernelForms.All;

    private static readonly int[] Lengths = [0, 1, 7, 15, 16, 17, 33, 100];

    [Test]
    public void Momentum_ThreeSteps_EqualsFormula([ValueSource(nameof(Forms))] string form, [ValueSource(nameof(Lengths))] int length)
    {
        const float Rate = 0.3f, Share = 0.9f;
        KernelSet kernels = KernelForms.Get(form);
        var random = new RandomSource(Seed);
        float[] parameters = Normals(random, length), velocity = Normals(random, length);
        double[] p = ToDouble(parameters), v = ToDouble(velocity);
        for (int step = 0; step < 3; step++)
        {
            float[] gradient = Normals(random, length);
            kernels.Momentum(parameters, gradient, velocity, Rate, Share);
            for (int i = 0; i < length; i++)
            {
                v[i] = (Share * v[i]) + gradient[i];
                p[i] += Rate * v[i];
            }
        }

        AssertClose(parameters, p, "parameters");
        AssertClose(velocity, v, "velocity");
    }

    [Test]
    public void Adam_ThreeSteps_EqualsFormula([ValueSource(nameof(Forms))] string form, [ValueSource(nameof(Lengths))] int length)
    {
        const float Rate = 0.3f, MeanDecay = 0.9f, SquareDecay = 0.99f, Epsilon = 0.125f;
        KernelSet kernels = KernelForms.Get(form);
        var random = new RandomSource(Seed);
        float[] parameters = Normals(random, length), mean = new float[length], square = new float[length];
        double[] p = ToDouble(parameters), m = new double[length], v = new double[length];
        for (int step = 0; step < 3; step++)
        {
            float[] gradient = Normals(random, length);
            kernels.Adam(parameters, gradient, mean, square, Rate, new AdamCoefficients(MeanDecay, SquareDecay, Epsilon));
            for (int i = 0; i < length; i++)
            {
                m[i] = (MeanDecay * m[i]) + ((1 - (double)MeanDecay) * gradient[i]);
                v[i] = (SquareDecay * v[i]) + ((1 - (double)SquareDecay) * gradient[i] * gradient[i]);
                p[i] += Rate * m[i] / (Math.Sqrt(v[i]) + Epsilon);
            }
        }

        AssertClose(parameters, p, "parameters");
        AssertClose(mean, m, "mean");
        AssertClose(square, v, "square");
    }

    [Test]
    public void Updates_OfAllWidths_AgreeToTheBit([Values("vector256", "vector128")] string form)
    {
        Assert.That(Updated(KernelForms.Get(form)), Is.EqualTo(Updated(KernelForms.Get("vector512"))), $"seed {Seed}");
    }

    [Test]
    public void Updates_CutAnywhere_KeepTheirBits([ValueSource(nameof(Forms))] string form)
    {
        // Rows are updated a band at a time, so an element may stand in a full group of lanes or in a tail.
        const int Length = 50, Cut = 19;
        KernelSet kernels = KernelForms.Get(form);
        var random = new RandomSource(Seed);
        float[] start = Normals(random, Length), gradient = Normals(random, Length);
        float[] whole = (float[])start.Clone(), parts = (float[])start.Clone();
        float[] m1 = new float[Length], v1 = new float[Length], m2 = new float[Length], v2 = new float[Length];
        var coefficients = new AdamCoefficients(0.9f, 0.999f, 1e-8f);
        kernels.Adam(whole, gradient, m1, v1, 0.1f, coefficients);
        kernels.Momentum(whole, gradient, m1, 0.1f, 0.9f);
        foreach ((int first, int count) in new[] { (0, Cut), (Cut, Length - Cut) })
        {
            kernels.Adam(
                parts.AsSpan(first, count), gradient.AsSpan(first, count), m2.AsSpan(first, count), v2.AsSpan(first, count),
                0.1f, coefficients);
            kernels.Momentum(parts.AsSpan(first, count), gradient.AsSpan(first, count), m2.AsSpan(first, count), 0.1f, 0.9f);
        }

        Assert.That(parts, Is.EqualTo(whole), $"seed {Seed}");
    }

    [Test]
    public void Updates_WithNaNGradient_SpoilThatElementAlone([ValueSource(nameof(Forms))] string form)
    {
        const int Length = 20, Bad = 3;
        KernelSet kernels = KernelForms.Get(form);
        var gradient = new float[Length];
        gradient[Bad] = float.NaN;
        float[] adam = new float[Length], momentum = new float[Length];
        kernels.Adam(adam, gradient, new float[Length], new float[Length], 0.1f, new AdamCoefficients(0.9f, 0.999f, 1e-8f));
        kernels.Momentum(momentum, gradient, new float[Length], 0.1f, 0.9f);
        for (int i = 0; i < Length; i++)
        {
            Assert.That(float.IsNaN(adam[i]), Is.EqualTo(i == Bad), $"adam {i}");
            Assert.That(float.IsNaN(momentum[i]), Is.EqualTo(i == Bad), $"momentum {i}");
        }
    }

    private static float[] Updated(KernelSet kernels)
    {
        const int Length = 77;
        var random = new RandomSource(Seed);
        float[] parameters = Normals(random, Length), gradient = Normals(random, Length);
        float[] first = new float[Length], second = new float[Length];
        kernels.Adam(parameters, gradient, first, second, 0.1f, new AdamCoefficients(0.9f, 0.999f, 1e-8f));
        kernels.Momentum(parameters, gradient, first, 0.1f, 0.9f);
        return parameters;
    }

    private static float[] Normals(RandomSource random, int length)
    {
        var values = new float[length];
        foreach (ref float value in values.AsSpan())
        {
            value = random.NextNormal();
        }

        return values;
    }

    private static double[] ToDouble(float[] values) => Array.ConvertAll(values, value => (double)value);

    private static void AssertClose(float[] actual, double[] expected, string what)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.That(actual[i], Is.EqualTo(expected[i]).Within(Rounding), $"{what} {i}, seed {Seed}");
        }
    }
}
