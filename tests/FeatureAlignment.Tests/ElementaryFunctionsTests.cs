using System;
using NUnit.Framework;

namespace FeatureAlignment.Tests;

[TestFixture]
public sealed class ElementaryFunctionsTests
{
    // Half a unit is the final rounding; the rest is what double and the polynomials leave.
    private const double LargestErrorInUlps = 0.501;

    // A prime, so that the sweep over all bit patterns meets every mix of low bits; about a million values.
    private const uint SweepStride = 4099;

    private delegate float Single(float x);

    [Test]
    public void Exp_OverAllFloats_IsWithinItsError() => AssertSweep(ElementaryFunctions.Exp, Math.Exp);

    [Test]
    public void Log_OverAllFloats_IsWithinItsError() => AssertSweep(ElementaryFunctions.Log, Math.Log);

    [Test]
    public void Log1p_OverAllFloats_IsWithinItsError() => AssertSweep(ElementaryFunctions.Log1p, AccurateLog1p);

    [Test]
    public void Tanh_OverAllFloats_IsWithinItsError() => AssertSweep(ElementaryFunctions.Tanh, Math.Tanh);

    [Test]
    public void Asinh_OverAllFloats_IsWithinItsError() => AssertSweep(ElementaryFunctions.Asinh, Math.Asinh);

    [Test]
    public void Sin_OverAllFloats_IsWithinItsError() => AssertSweep(ElementaryFunctions.Sin, Math.Sin);

    [Test]
    public void Cos_OverAllFloats_IsWithinItsError() => AssertSweep(ElementaryFunctions.Cos, Math.Cos);

    // Where networks live, and where the reductions change branch: denser than the sweep over the bits.
    [TestCase(-105f, 90f)]
    [TestCase(-1.1f, 1.6f)]
    [TestCase(-1e-3f, 1e-3f)]
    [TestCase(8388600f, 8388700f)]
    public void Functions_OverInterval_AreWithinTheirError(float from, float to)
    {
        const int Steps = 100_000;
        (Single Function, Func<double, double> Reference)[] pairs =
        [
            (ElementaryFunctions.Exp, Math.Exp), (ElementaryFunctions.Log, Math.Log), (ElementaryFunctions.Log1p, AccurateLog1p),
            (ElementaryFunctions.Tanh, Math.Tanh), (ElementaryFunctions.Asinh, Math.Asinh),
            (ElementaryFunctions.Sin, Math.Sin), (ElementaryFunctions.Cos, Math.Cos),
        ];
        foreach ((Single function, Func<double, double> reference) in pairs)
        {
            var worst = new WorstError();
            for (int i = 0; i <= Steps; i++)
            {
                float x = (float)(from + ((to - (double)from) * i / Steps));
                worst.Add(x, function(x), reference(x));
            }

            worst.AssertWithin(LargestErrorInUlps, reference.Method.Name);
        }
    }

    [TestCase(0f, 1f)]
    [TestCase(-0f, 1f)]
    [TestCase(float.PositiveInfinity, float.PositiveInfinity)]
    [TestCase(float.NegativeInfinity, 0f)]
    [TestCase(89f, float.PositiveInfinity)]
    [TestCase(-104f, 0f)]
    [TestCase(-103.5f, float.Epsilon)]
    [TestCase(float.NaN, float.NaN)]
    public void Exp_AtItsEnds_IsExact(float x, float expected) => AssertSame(ElementaryFunctions.Exp(x), expected);

    [TestCase(1f, 0f)]
    [TestCase(0f, float.NegativeInfinity)]
    [TestCase(-0f, float.NegativeInfinity)]
    [TestCase(-1f, float.NaN)]
    [TestCase(float.NegativeInfinity, float.NaN)]
    [TestCase(float.PositiveInfinity, float.PositiveInfinity)]
    [TestCase(float.NaN, float.NaN)]
    public void Log_AtItsEnds_IsExact(float x, float expected) => AssertSame(ElementaryFunctions.Log(x), expected);

    [TestCase(0f, 0f)]
    [TestCase(-0f, -0f)]
    [TestCase(-1f, float.NegativeInfinity)]
    [TestCase(-1.5f, float.NaN)]
    [TestCase(float.Epsilon, float.Epsilon)]
    [TestCase(float.PositiveInfinity, float.PositiveInfinity)]
    [TestCase(float.NegativeInfinity, float.NaN)]
    [TestCase(float.NaN, float.NaN)]
    public void Log1p_AtItsEnds_IsExact(float x, float expected) => AssertSame(ElementaryFunctions.Log1p(x), expected);

    [TestCase(0f, 0f)]
    [TestCase(-0f, -0f)]
    [TestCase(float.Epsilon, float.Epsilon)]
    [TestCase(-float.Epsilon, -float.Epsilon)]
    [TestCase(float.MaxValue, 1f)]
    [TestCase(float.PositiveInfinity, 1f)]
    [TestCase(float.NegativeInfinity, -1f)]
    [TestCase(float.NaN, float.NaN)]
    public void Tanh_AtItsEnds_IsExact(float x, float expected) => AssertSame(ElementaryFunctions.Tanh(x), expected);

    [TestCase(0f, 0f)]
    [TestCase(-0f, -0f)]
    [TestCase(-float.Epsilon, -float.Epsilon)]
    [TestCase(float.PositiveInfinity, float.PositiveInfinity)]
    [TestCase(float.NegativeInfinity, float.NegativeInfinity)]
    [TestCase(float.NaN, float.NaN)]
    public void Asinh_AtItsEnds_IsExact(float x, float expected) => AssertSame(ElementaryFunctions.Asinh(x), expected);

    [TestCase(0f, 0f)]
    [TestCase(-0f, -0f)]
    [TestCase(float.Epsilon, float.Epsilon)]
    [TestCase(float.PositiveInfinity, float.NaN)]
    [TestCase(float.NegativeInfinity, float.NaN)]
    [TestCase(float.NaN, float.NaN)]
    public void Sin_AtItsEnds_IsExact(float x, float expected) => AssertSame(ElementaryFunctions.Sin(x), expected);

    [TestCase(0f, 1f)]
    [TestCase(-0f, 1f)]
    [TestCase(float.PositiveInfinity, float.NaN)]
    [TestCase(float.NaN, float.NaN)]
    public void Cos_AtItsEnds_IsExact(float x, float expected) => AssertSame(ElementaryFunctions.Cos(x), expected);

    private static void AssertSweep(Single function, Func<double, double> reference)
    {
        var worst = new WorstError();
        for (ulong bits = 0; bits <= uint.MaxValue; bits += SweepStride)
        {
            float x = BitConverter.UInt32BitsToSingle((uint)bits);
            worst.Add(x, function(x), reference(x));
        }

        worst.AssertWithin(LargestErrorInUlps, reference.Method.Name);
    }

    // Bits, so that -0 and 0 differ; NaNs are all alike.
    private static void AssertSame(float actual, float expected)
    {
        if (float.IsNaN(expected))
        {
            Assert.That(actual, Is.NaN);
        }
        else
        {
            Assert.That(BitConverter.SingleToInt32Bits(actual), Is.EqualTo(BitConverter.SingleToInt32Bits(expected)));
        }
    }

    // .NET has no log1p in double; this one (Kahan's) is good to a few 1e-16.
    private static double AccurateLog1p(double x)
    {
        double u = 1 + x;
        return u == 1 ? x : double.IsInfinity(u) || u <= 0 ? Math.Log(u) : Math.Log(u) * x / (u - 1);
    }

    private sealed class WorstError
    {
        private double ulps;
        private float at;

        public void Add(float x, float actual, double expected)
        {
            double ulps = ErrorInUlps(actual, expected);
            if (ulps > this.ulps)
            {
                this.ulps = ulps;
                at = x;
            }
        }

        public void AssertWithin(double limit, string function)
        {
            TestContext.Out.WriteLine($"{function}: {ulps:F6} ulp at {at:R}");
            Assert.That(ulps, Is.LessThanOrEqualTo(limit), $"{function} at {at:R}");
        }

        private static double ErrorInUlps(float actual, double expected)
        {
            if (double.IsNaN(expected) || float.IsNaN(actual))
            {
                return double.IsNaN(expected) && float.IsNaN(actual) ? 0 : double.PositiveInfinity;
            }

            // Beyond the last float plus half a unit only infinity is right.
            double beyond = float.MaxValue + Math.Pow(2, 103);
            if (Math.Abs(expected) >= beyond || float.IsInfinity(actual))
            {
                return Math.Abs(expected) >= beyond && actual == (expected > 0 ? float.PositiveInfinity : float.NegativeInfinity)
                    ? 0 : double.PositiveInfinity;
            }

            double ulp = Math.Pow(2, expected == 0 ? -149 : Math.Max(Math.ILogB(expected) - 23, -149));
            return Math.Abs(actual - expected) / ulp;
        }
    }
}
