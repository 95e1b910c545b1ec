using System;
using FeatureAlignment.Kernels;

namespace FeatureAlignment.Tests.Support;

/// <summary>Random matrices in a larger array of NaN: a kernel that reads outside spoils its result, and writing there is seen.</summary>
internal static class GuardedMatrix
{
    private const int GuardLength = 37;

    /// <summary>Standard normal values; the padding makes rows start at all alignments.</summary>
    public static Matrix Random(RandomSource random, int rows, int columns, int padding = 3, int offset = 5)
    {
        Matrix matrix = Empty(rows, columns, padding, offset);
        for (int row = 0; row < rows; row++)
        {
            foreach (ref float value in matrix.Row(row))
            {
                value = random.NextNormal();
            }
        }

        return matrix;
    }

    /// <summary>All NaN, inside and outside.</summary>
    public static Matrix Empty(int rows, int columns, int padding = 3, int offset = 5)
    {
        int stride = columns + padding;
        var data = new float[offset + (rows * stride) + GuardLength];
        Array.Fill(data, float.NaN);
        return new Matrix(data, offset, rows, columns, stride);
    }

    public static Matrix Copy(Matrix source) =>
        new((float[])source.Data.Clone(), source.Offset, source.Rows, source.Columns, source.Stride);

    /// <summary>True when everything outside the view is still NaN.</summary>
    public static bool IsGuardIntact(Matrix matrix)
    {
        for (int i = 0; i < matrix.Data.Length; i++)
        {
            int place = i - matrix.Offset;
            bool inside = place >= 0 && place < matrix.Rows * matrix.Stride && place % matrix.Stride < matrix.Columns;
            if (!inside && !float.IsNaN(matrix.Data[i]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>True when all elements have the same bits.</summary>
    public static bool SameBits(Matrix left, Matrix right)
    {
        for (int row = 0; row < left.Rows; row++)
        {
            for (int column = 0; column < left.Columns; column++)
            {
                if (BitConverter.SingleToInt32Bits(left.Row(row)[column]) != BitConverter.SingleToInt32Bits(right.Row(row)[column]))
                {
                    return false;
                }
            }
        }

        return left.Rows == right.Rows && left.Columns == right.Columns;
    }
}
