using FeatureAlignment.Kernels;
using NUnit.Framework;

namespace FeatureAlignment.Tests.Kernels;

[TestFixture]
public sealed class MatrixTests
{
    // Rows 0 to 2 of [3 x 2] at offset 1 with stride 4: indices 1, 2; 5, 6; 9, 10.
    private static readonly Matrix View = new([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 1, 3, 2, 4);

    [Test]
    public void Row_OfAView_StartsAtOffsetAndStride()
    {
        Assert.That(View.Row(0).ToArray(), Is.EqualTo(new float[] { 1, 2 }));
        Assert.That(View.Row(2).ToArray(), Is.EqualTo(new float[] { 9, 10 }));
    }

    [Test]
    public void Ranges_OfAView_KeepItsStride()
    {
        Assert.That(View.RowRange(1, 2).Row(1).ToArray(), Is.EqualTo(new float[] { 9, 10 }));
        Assert.That(View.ColumnRange(1, 1).Row(1).ToArray(), Is.EqualTo(new float[] { 6 }));
        Assert.That(View.RowRange(1, 2).Rows, Is.EqualTo(2));
    }

    [Test]
    public void View_LeavingItsArray_IsRefused()
    {
        var data = new float[11];
        Assert.That(() => new Matrix(data, 1, 3, 3, 4), Throws.ArgumentException.With.Message.Contains("11"));
        Assert.That(() => new Matrix(data, -1, 1, 1, 1), Throws.ArgumentException);
        Assert.That(() => new Matrix(data, 0, 2, 4, 3), Throws.ArgumentException);
        Assert.That(() => new Matrix(data, 0, int.MaxValue, 2, int.MaxValue), Throws.ArgumentException);
        Assert.That(() => new Matrix(null!, 1, 1), Throws.ArgumentNullException);
    }
}
