using System;
using FeatureAlignment.Kernels;
using FeatureAlignment.Tests.Support;
using NUnit.Framework;

namespace FeatureAlignment.Tests.Kernels;

/// <summary>What the kernels promise to the bit: widths agree, threads and blocks change nothing, the scalar form sums in a known
/// order.</summary>
[TestFixture]
public sealed class KernelBitTests
{
    private const ulong Seed = 11;
    private const int Outputs = 61;
    private const int Length = 131;

    private static readonly string[] Forms = KernelForms.All;

    [Test]
    public void Widths_OfTheVectorForm_AgreeToTheBit(
        [Values("vector256", "vector128")] string form, [Values(1, 2, 3, 4, 7, 8, 9, 12, 33, 64)] int batch,
        [Values(1, 3, 15, 16, 47, 128, 131)] int length)
    {
        Matrix[] expected = AllProducts(KernelForms.Get("vector512"), batch, length);
        Matrix[] actual = AllProducts(KernelForms.Get(form), batch, length);

        for (int i = 0; i < expected.Length; i++)
        {
            Assert.That(GuardedMatrix.SameBits(actual[i], expected[i]), $"product {i}, seed {Seed}");
        }
    }

    [Test]
    public void Products_WithWeightRowsCutIntoBlocks_KeepTheirBits(
        [ValueSource(nameof(Forms))] string form, [Values(1, 5, 9, 32, 65)] int batch)
    {
        KernelSet kernels = KernelForms.Get(form);
        Operands one = new(batch), other = new(batch);
        RunAll(kernels, one, 0, Outputs);
        for (int row = 0; row < Outputs; row += KernelSet.RowGroup)
        {
            RunAll(kernels, other, row, Math.Min(KernelSet.RowGroup, Outputs - row));
        }

        AssertSame(one, other);
    }

    [Test]
    public void Products_WithSamplesShared_KeepTheirBits(
        [ValueSource(nameof(Forms))] string form, [Values(2, 3, 7, 16, 17, 64, 65, 100)] int batch)
    {
        KernelSet kernels = KernelForms.Get(form);
        Operands one = new(batch), other = new(batch);
        RunForward(kernels, one, 0, batch);
        int middle = batch / 2;
        RunForward(kernels, other, 0, middle);
        RunForward(kernels, other, middle, batch - middle);

        Assert.That(GuardedMatrix.SameBits(one.H, other.H), $"outputs, seed {Seed}");
        Assert.That(GuardedMatrix.SameBits(one.R, other.R), $"reconstruction, seed {Seed}");
    }

    [Test]
    public void Products_OfASampleAlone_HaveTheBitsItHasInABatch(
        [ValueSource(nameof(Forms))] string form, [Values(2, 5, 6, 16, 33)] int batch)
    {
        KernelSet kernels = KernelForms.Get(form);
        Operands together = new(batch), alone = new(batch);
        RunForward(kernels, together, 0, batch);
        for (int sample = 0; sample < batch; sample++)
        {
            RunForward(kernels, alone, sample, 1);
        }

        Assert.That(GuardedMatrix.SameBits(together.H, alone.H), $"outputs, seed {Seed}");
        Assert.That(GuardedMatrix.SameBits(together.R, alone.R), $"reconstruction, seed {Seed}");
    }

    [Test]
    public void MultiplyTransposed_ScalarForm_SumsGroupsOfSixteenThenOfFourThenSingles([Values(1, 4, 16, 39, 784)] int length)
    {
        var random = new RandomSource(Seed);
        Matrix a = GuardedMatrix.Random(random, 1, length), b = GuardedMatrix.Random(random, 1, length), c = GuardedMatrix.Empty(1, 1);
        KernelSet.Scalar.MultiplyTransposed(a, b, c);

        float expected = 0;
        int k = 0;
        foreach (int group in new[] { 16, 4, 1 })
        {
            for (; k + group <= length; k += group)
            {
                float products = a.Row(0)[k] * b.Row(0)[k];
                for (int i = 1; i < group; i++)
                {
                    products += a.Row(0)[k + i] * b.Row(0)[k + i];
                }

                expected += products;
            }
        }

        Assert.That(c.Row(0)[0], Is.EqualTo(expected), $"seed {Seed}");
    }

    [Test]
    public void AddMultiply_ScalarForm_SumsFourProductsThenAddsThem([Values(1, 4, 6, 13)] int length)
    {
        var random = new RandomSource(Seed);
        Matrix a = GuardedMatrix.Random(random, 1, length), b = GuardedMatrix.Random(random, length, 5);
        Matrix c = GuardedMatrix.Random(random, 1, 5);
        float[] expected = c.Row(0).ToArray();
        KernelSet.Scalar.AddMultiply(a, b, c);

        for (int n = 0; n < expected.Length; n++)
        {
            int k = 0;
            for (; k + 4 <= length; k += 4)
            {
                float four = a.Row(0)[k] * b.Row(k)[n];
                for (int i = 1; i < 4; i++)
                {
                    four += a.Row(0)[k + i] * b.Row(k + i)[n];
                }

                expected[n] += four;
            }

            for (; k < length; k++)
            {
                expected[n] += a.Row(0)[k] * b.Row(k)[n];
            }
        }

        Assert.That(c.Row(0).ToArray(), Is.EqualTo(expected), $"seed {Seed}");
    }

    private static Matrix[] AllProducts(KernelSet kernels, int batch, int length)
    {
        var operands = new Operands(batch, length);
        RunAll(kernels, operands, 0, Outputs);
        return [operands.H, operands.R, operands.Gradient, operands.Pair];
    }

    /// <summary>Every product of the rule for a block of weight rows.</summary>
    private static void RunAll(KernelSet kernels, Operands o, int row, int rows)
    {
        Matrix weights = o.Weights.RowRange(row, rows);
        kernels.MultiplyTransposed(o.X, weights, o.H.ColumnRange(row, rows));
        kernels.AddMultiply(o.S.ColumnRange(row, rows), weights, o.R);
        kernels.AddTransposedMultiply(o.S.ColumnRange(row, rows), o.X, o.Gradient.RowRange(row, rows));
        kernels.AddTransposedMultiplyPair(
            o.S.ColumnRange(row, rows), o.X, o.T.ColumnRange(row, rows), o.X.ColumnRange(0, o.X.Columns * 9 / 10),
            o.Pair.RowRange(row, rows));
    }

    private static void RunForward(KernelSet kernels, Operands o, int sample, int samples)
    {
        kernels.MultiplyTransposed(o.X.RowRange(sample, samples), o.Weights, o.H.RowRange(sample, samples));
        kernels.AddMultiply(o.S.RowRange(sample, samples), o.Weights, o.R.RowRange(sample, samples));
    }

    private static void AssertSame(Operands one, Operands other)
    {
        Assert.That(GuardedMatrix.SameBits(one.H, other.H), $"outputs, seed {Seed}");
        Assert.That(GuardedMatrix.SameBits(one.R, other.R), $"reconstruction, seed {Seed}");
        Assert.That(GuardedMatrix.SameBits(one.Gradient, other.Gradient), $"gradient, seed {Seed}");
        Assert.That(GuardedMatrix.SameBits(one.Pair, other.Pair), $"pair, seed {Seed}");
    }

    private sealed class Operands
    {
        public Operands(int batch, int length = Length)
        {
            var random = new RandomSource(Seed);
            X = GuardedMatrix.Random(random, batch, length);
            Weights = GuardedMatrix.Random(random, Outputs, length);
            S = GuardedMatrix.Random(random, batch, Outputs);
            T = GuardedMatrix.Random(random, batch, Outputs);
            H = GuardedMatrix.Empty(batch, Outputs);
            R = GuardedMatrix.Random(random, batch, length);
            Gradient = GuardedMatrix.Random(random, Outputs, length);
            Pair = GuardedMatrix.Random(random, Outputs, length);
        }

        public Matrix X { get; }

        public Matrix Weights { get; }

        public Matrix S { get; }

        public Matrix T { get; }

        public Matrix H { get; }

        public Matrix R { get; }

        public Matrix Gradient { get; }

        public Matrix Pair { get; }
    }
}
