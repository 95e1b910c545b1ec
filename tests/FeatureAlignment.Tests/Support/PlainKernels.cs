using System;
using FeatureAlignment.Kernels;

namespace FeatureAlignment.Tests.Support;

/// <summary>The plain twins of the kernels: three loops in double precision, nothing else.</summary>
internal static class PlainKernels
{
    /// <summary>c[m, n] = Σ_k a[m, k] · b[n, k].</summary>
    public static PlainMatrix MultiplyTransposed(Matrix a, Matrix b)
    {
        var c = new PlainMatrix(a.Rows, b.Rows);
        for (int m = 0; m < a.Rows; m++)
        {
            for (int n = 0; n < b.Rows; n++)
            {
                c.AddProducts(m, n, a.Columns, a, m * a.Stride, 1, b, n * b.Stride, 1);
            }
        }

        return c;
    }

    /// <summary>c[m, n] += Σ_k a[m, k] · b[k, n].</summary>
    public static void AddMultiply(Matrix a, Matrix b, PlainMatrix c)
    {
        for (int m = 0; m < a.Rows; m++)
        {
            for (int n = 0; n < b.Columns; n++)
            {
                c.AddProducts(m, n, b.Rows, a, m * a.Stride, 1, b, n, b.Stride);
            }
        }
    }

    /// <summary>c[m, n] += Σ_k a[k, m] · b[k, n].</summary>
    public static void AddTransposedMultiply(Matrix a, Matrix b, PlainMatrix c)
    {
        for (int m = 0; m < a.Columns; m++)
        {
            for (int n = 0; n < b.Columns; n++)
            {
                c.AddProducts(m, n, a.Rows, a, m, a.Stride, b, n, b.Stride);
            }
        }
    }
}

/// <summary>Sums of products in double precision, each with the bound of what single precision may make of it.</summary>
internal sealed class PlainMatrix
{
    private readonly double[] sums;
    private readonly double[] magnitudes;
    private readonly int[] terms;
    private readonly int columns;

    public PlainMatrix(int rows, int columns)
    {
        this.columns = columns;
        sums = new double[rows * columns];
        magnitudes = new double[rows * columns];
        terms = new int[rows * columns];
    }

    public static PlainMatrix CopyOf(Matrix start)
    {
        var copy = new PlainMatrix(start.Rows, start.Columns);
        for (int m = 0; m < start.Rows; m++)
        {
            for (int n = 0; n < start.Columns; n++)
            {
                int i = (m * start.Columns) + n;
                copy.sums[i] = start.Row(m)[n];
                copy.magnitudes[i] = Math.Abs(copy.sums[i]);
                copy.terms[i] = 1;
            }
        }

        return copy;
    }

    /// <summary>
    /// Adds Σ_k left[leftStart + k · leftStep] · right[rightStart + k · rightStep], places counted from each matrix's first element.
    /// </summary>
    public void AddProducts(
        int row, int column, int length, Matrix left, int leftStart, int leftStep, Matrix right, int rightStart, int rightStep)
    {
        float[] leftData = left.Data, rightData = right.Data;
        int l = left.Offset + leftStart, r = right.Offset + rightStart;
        double sum = 0, magnitude = 0;
        for (int k = 0; k < length; k++, l += leftStep, r += rightStep)
        {
            double product = (double)leftData[l] * rightData[r];
            sum += product;
            magnitude += Math.Abs(product);
        }

        int i = (row * columns) + column;
        sums[i] += sum;
        magnitudes[i] += magnitude;
        terms[i] += length;
    }

    /// <summary>
    /// True when every element differs by no more than rounding can explain: n products added in any order are off by at most
    /// n · 2⁻²⁴ · Σ |product| to first order (Higham 2002, section 3.1), and one rounding of the product comes on top.
    /// </summary>
    public bool IsCloseTo(Matrix actual, out string difference)
    {
        const double UnitRoundoff = 1.0 / (1 << 24);
        for (int m = 0; m < actual.Rows; m++)
        {
            for (int n = 0; n < actual.Columns; n++)
            {
                int i = (m * columns) + n;
                double bound = (terms[i] + 2) * UnitRoundoff * magnitudes[i];
                if (!(Math.Abs(actual.Row(m)[n] - sums[i]) <= bound))
                {
                    difference = $"[{m}, {n}] is {actual.Row(m)[n]:R}, must be {sums[i]:R} ± {bound:E1}";
                    return false;
                }
            }
        }

        difference = "";
        return true;
    }
}
