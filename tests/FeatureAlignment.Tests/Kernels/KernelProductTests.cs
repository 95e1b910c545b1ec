using System;
using System.Linq;
using FeatureAlignment.Kernels;
using FeatureAlignment.Tests.Support;
using NUnit.Framework;

namespace FeatureAlignment.Tests.Kernels;

/// <summary>Each product of the two forms in use against three plain loops, over the shapes at which blocks, tiles and tails begin and
/// end.</summary>
[TestFixture]
public sealed class KernelProductTests
{
    private const ulong Seed = 7;

    private static readonly string[] Forms = KernelForms.Chosen;

    private static readonly int[] Batches = [1, 2, 3, 4, 5, 7, 8, 9, 12, 16, 17, 31, 32, 33, 64, 128];

    // Rows and columns of the weights.
    private static readonly (int Outputs, int Length)[] Shapes =
    [
        (0, 7), (7, 0), (1, 1), (7, 8), (8, 7), (9, 31), (31, 9), (16, 16), (32, 33), (33, 32), (100, 33), (33, 100), (3, 784), (4, 794),
        (794, 3), (2, 1000), (1000, 2), (49, 47), (300, 17),
    ];

    [Test]
    public void MultiplyTransposed_AnyShape_EqualsPlainTwin(
        [ValueSource(nameof(Forms))] string form, [ValueSource(nameof(Batches))] int batch)
    {
        KernelSet kernels = KernelForms.Get(form);
        foreach ((int outputs, int length) in ShapesFor(batch))
        {
            var random = new RandomSource(Seed, (ulong)((outputs * 4096) + length));
            Matrix a = GuardedMatrix.Random(random, batch, length), b = GuardedMatrix.Random(random, outputs, length, padding: 10);
            Matrix c = GuardedMatrix.Empty(batch, outputs);

            kernels.MultiplyTransposed(a, b, c);

            AssertEquals(PlainKernels.MultiplyTransposed(a, b), c, $"{outputs} x {length}");
        }
    }

    [Test]
    public void AddMultiply_AnyShape_EqualsPlainTwin([ValueSource(nameof(Forms))] string form, [ValueSource(nameof(Batches))] int batch)
    {
        KernelSet kernels = KernelForms.Get(form);
        foreach ((int outputs, int length) in ShapesFor(batch))
        {
            var random = new RandomSource(Seed, (ulong)((outputs * 4096) + length));
            Matrix a = GuardedMatrix.Random(random, batch, outputs), b = GuardedMatrix.Random(random, outputs, length, padding: 10);
            Matrix c = GuardedMatrix.Random(random, batch, length);
            PlainMatrix expected = PlainMatrix.CopyOf(c);
            PlainKernels.AddMultiply(a, b, expected);

            kernels.AddMultiply(a, b, c);

            AssertEquals(expected, c, $"{outputs} x {length}");
        }
    }

    [Test]
    public void AddTransposedMultiply_AnyShape_EqualsPlainTwinAndKeepsFurtherColumns(
        [ValueSource(nameof(Forms))] string form, [ValueSource(nameof(Batches))] int batch)
    {
        const int FurtherColumns = 10;
        KernelSet kernels = KernelForms.Get(form);
        foreach ((int outputs, int length) in ShapesFor(batch))
        {
            var random = new RandomSource(Seed, (ulong)((outputs * 4096) + length));
            Matrix a = GuardedMatrix.Random(random, batch, outputs), b = GuardedMatrix.Random(random, batch, length);
            Matrix c = GuardedMatrix.Random(random, outputs, length + FurtherColumns), before = GuardedMatrix.Copy(c);
            PlainMatrix expected = PlainMatrix.CopyOf(c);
            PlainKernels.AddTransposedMultiply(a, b, expected);

            kernels.AddTransposedMultiply(a, b, c);

            AssertEquals(expected, c, $"{outputs} x {length}");
            Assert.That(
                GuardedMatrix.SameBits(c.ColumnRange(length, FurtherColumns), before.ColumnRange(length, FurtherColumns)),
                $"further columns of {outputs} x {length}");
        }
    }

    [Test]
    public void AddTransposedMultiplyPair_WithSecondNarrowerOrWider_EqualsPlainTwins(
        [ValueSource(nameof(Forms))] string form, [ValueSource(nameof(Batches))] int batch, [Values(-10, 4)] int widening)
    {
        KernelSet kernels = KernelForms.Get(form);
        foreach ((int outputs, int length) in ShapesFor(batch).Where(shape => shape.Length + widening >= 0))
        {
            var random = new RandomSource(Seed, (ulong)((outputs * 4096) + length));
            Matrix a1 = GuardedMatrix.Random(random, batch, outputs), b1 = GuardedMatrix.Random(random, batch, length);
            Matrix a2 = GuardedMatrix.Random(random, batch, outputs), b2 = GuardedMatrix.Random(random, batch, length + widening);
            Matrix c = GuardedMatrix.Random(random, outputs, length + 5);
            PlainMatrix expected = PlainMatrix.CopyOf(c);
            PlainKernels.AddTransposedMultiply(a1, b1, expected);
            PlainKernels.AddTransposedMultiply(a2, b2, expected);

            kernels.AddTransposedMultiplyPair(a1, b1, a2, b2, c);

            AssertEquals(expected, c, $"{outputs} x {length}");
        }
    }

    [Test]
    public void Products_WithNaN_SpoilExactlyWhatItTouches([ValueSource(nameof(Forms))] string form, [Values(1, 9, 33)] int batch)
    {
        // All other factors are 0: a product that is skipped because of a zero would lose the NaN.
        const int Outputs = 35, Length = 41, BadSample = 0, BadPlace = 34;
        KernelSet kernels = KernelForms.Get(form);
        Matrix x = Zeros(batch, Length), weights = Zeros(Outputs, Length), h = Zeros(batch, Outputs);
        x.Row(BadSample)[BadPlace] = float.NaN;
        kernels.MultiplyTransposed(x, weights, h);
        AssertNaNs(h, (row, _) => row == BadSample, nameof(kernels.MultiplyTransposed));

        Matrix r = Zeros(batch, Length), s = Zeros(batch, Outputs);
        s.Row(BadSample)[BadPlace] = float.NaN;
        kernels.AddMultiply(s, weights, r);
        AssertNaNs(r, (row, _) => row == BadSample, nameof(kernels.AddMultiply));

        Matrix gradient = Zeros(Outputs, Length);
        kernels.AddTransposedMultiply(s, Zeros(batch, Length), gradient);
        AssertNaNs(gradient, (row, _) => row == BadPlace, nameof(kernels.AddTransposedMultiply));

        Matrix pair = Zeros(Outputs, Length);
        kernels.AddTransposedMultiplyPair(Zeros(batch, Outputs), Zeros(batch, Length), Zeros(batch, Outputs), x, pair);
        AssertNaNs(pair, (_, column) => column == BadPlace, nameof(kernels.AddTransposedMultiplyPair));
    }

    // Large times large takes time and shows nothing new.
    private static (int Outputs, int Length)[] ShapesFor(int batch) =>
        Shapes.Where(shape => batch < 64 || shape.Outputs * shape.Length <= 1100).ToArray();

    private static Matrix Zeros(int rows, int columns) => new(new float[rows * columns], rows, columns);

    private static void AssertEquals(PlainMatrix expected, Matrix actual, string what)
    {
        Assert.That(expected.IsCloseTo(actual, out string difference), $"{what}, seed {Seed}: {difference}");
        Assert.That(GuardedMatrix.IsGuardIntact(actual), $"{what}: wrote outside the matrix");
    }

    private static void AssertNaNs(Matrix actual, Func<int, int, bool> isExpected, string what)
    {
        for (int row = 0; row < actual.Rows; row++)
        {
            for (int column = 0; column < actual.Columns; column++)
            {
                Assert.That(float.IsNaN(actual.Row(row)[column]), Is.EqualTo(isExpected(row, column)), $"{what} [{row}, {column}]");
            }
        }
    }
}
