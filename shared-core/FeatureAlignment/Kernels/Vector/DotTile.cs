using System;
using System.Runtime.CompilerServices;

namespace FeatureAlignment.Kernels.Vector;

/// <summary>
/// Dot products of some samples with rows of weights, several of both at a time, so that a load serves more than one product. Each sum is
/// made as <see cref="Rows{TLanes}.Dot"/> makes it, bit by bit, whatever tile it falls into: neither copies nor a scratch are needed, and
/// what a sample gives does not depend on how many stand beside it.
/// </summary>
internal static unsafe class DotTile<TLanes>
    where TLanes : struct, ILanes<TLanes>
{
    // So many rows of weights stay in the second-level cache while all samples pass them.
    private const int BandRows = 48;

    /// <summary>results[s][r] = Σ_i x[s][i] · rows[r][i].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(
        float* x, nint xStride, int samples, float* rows, nint rowStride, int rowCount, int length, float* results, nint resultStride)
    {
        for (int row = 0; row < rowCount; row += BandRows)
        {
            int bandRows = Math.Min(BandRows, rowCount - row);
            float* band = rows + (row * rowStride);
            int sample = 0;
            if (length >= 16)
            {
                if (TLanes.TileRows == 12)
                {
                    for (; sample <= samples - 4; sample += 4)
                    {
                        MultiplyFour(
                            x + (sample * xStride), xStride, band, rowStride, bandRows, length, results + (sample * resultStride) + row,
                            resultStride);
                    }
                }

                for (; sample <= samples - 2; sample += 2)
                {
                    MultiplyTwo(
                        x + (sample * xStride), xStride, band, rowStride, bandRows, length, results + (sample * resultStride) + row,
                        resultStride);
                }
            }

            for (; sample < samples; sample++)
            {
                Rows<TLanes>.Dot(x + (sample * xStride), band, rowStride, bandRows, length, results + (sample * resultStride) + row);
            }
        }
    }

    private static void MultiplyFour(
        float* x, nint xStride, float* rows, nint rowStride, int rowCount, int length, float* results, nint resultStride)
    {
        int row = 0;
        for (; row <= rowCount - 6; row += 6)
        {
            SixRowsByFour(x, xStride, rows + (row * rowStride), rowStride, length, results + row, resultStride);
        }

        for (int sample = 0; sample < 4; sample++)
        {
            Rows<TLanes>.Dot(
                x + (sample * xStride), rows + (row * rowStride), rowStride, rowCount - row, length,
                results + (sample * resultStride) + row);
        }
    }

    private static void MultiplyTwo(
        float* x, nint xStride, float* rows, nint rowStride, int rowCount, int length, float* results, nint resultStride)
    {
        int row = 0;
        if (TLanes.TileRows == 12)
        {
            for (; row <= rowCount - 8; row += 8)
            {
                EightRowsByTwo(x, xStride, rows + (row * rowStride), rowStride, length, results + row, resultStride);
            }
        }

        for (; row <= rowCount - 2; row += 2)
        {
            TwoRowsByTwo(x, xStride, rows + (row * rowStride), rowStride, length, results + row, resultStride);
        }

        for (int sample = 0; sample < 2; sample++)
        {
            Rows<TLanes>.Dot(
                x + (sample * xStride), rows + (row * rowStride), rowStride, rowCount - row, length,
                results + (sample * resultStride) + row);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SixRowsByFour(float* x, nint xStride, float* rows, nint stride, int length, float* results, nint resultStride)
    {
        float* x0 = x, x1 = x + xStride, x2 = x + (2 * xStride), x3 = x + (3 * xStride);
        float* p = rows, q = rows + (4 * stride);
        nint stride2 = stride * 2, stride3 = stride * 3;
        TLanes s00 = default, s01 = default, s02 = default, s03 = default;
        TLanes s10 = default, s11 = default, s12 = default, s13 = default;
        TLanes s20 = default, s21 = default, s22 = default, s23 = default;
        TLanes s30 = default, s31 = default, s32 = default, s33 = default;
        TLanes s40 = default, s41 = default, s42 = default, s43 = default;
        TLanes s50 = default, s51 = default, s52 = default, s53 = default;
        if ((length & 15) != 0)
        {
            int last = length - 16;
            TLanes mask = Rows<TLanes>.LastLanes(length & 15);
            TLanes v0 = TLanes.Load(x0 + last) & mask;
            TLanes v1 = TLanes.Load(x1 + last) & mask;
            TLanes v2 = TLanes.Load(x2 + last) & mask;
            TLanes v3 = TLanes.Load(x3 + last) & mask;
            TLanes w;
            w = TLanes.Load(p + last) & mask;
            s00 = v0 * w;
            s01 = v1 * w;
            s02 = v2 * w;
            s03 = v3 * w;
            w = TLanes.Load(p + last + stride) & mask;
            s10 = v0 * w;
            s11 = v1 * w;
            s12 = v2 * w;
            s13 = v3 * w;
            w = TLanes.Load(p + last + stride2) & mask;
            s20 = v0 * w;
            s21 = v1 * w;
            s22 = v2 * w;
            s23 = v3 * w;
            w = TLanes.Load(p + last + stride3) & mask;
            s30 = v0 * w;
            s31 = v1 * w;
            s32 = v2 * w;
            s33 = v3 * w;
            w = TLanes.Load(q + last) & mask;
            s40 = v0 * w;
            s41 = v1 * w;
            s42 = v2 * w;
            s43 = v3 * w;
            w = TLanes.Load(q + last + stride) & mask;
            s50 = v0 * w;
            s51 = v1 * w;
            s52 = v2 * w;
            s53 = v3 * w;
        }

        for (int i = 0; i <= length - 16; i += 16)
        {
            TLanes v0 = TLanes.Load(x0 + i);
            TLanes v1 = TLanes.Load(x1 + i);
            TLanes v2 = TLanes.Load(x2 + i);
            TLanes v3 = TLanes.Load(x3 + i);
            TLanes w;
            w = TLanes.Load(p + i);
            s00 = TLanes.MultiplyAdd(v0, w, s00);
            s01 = TLanes.MultiplyAdd(v1, w, s01);
            s02 = TLanes.MultiplyAdd(v2, w, s02);
            s03 = TLanes.MultiplyAdd(v3, w, s03);
            w = TLanes.Load(p + i + stride);
            s10 = TLanes.MultiplyAdd(v0, w, s10);
            s11 = TLanes.MultiplyAdd(v1, w, s11);
            s12 = TLanes.MultiplyAdd(v2, w, s12);
            s13 = TLanes.MultiplyAdd(v3, w, s13);
            w = TLanes.Load(p + i + stride2);
            s20 = TLanes.MultiplyAdd(v0, w, s20);
            s21 = TLanes.MultiplyAdd(v1, w, s21);
            s22 = TLanes.MultiplyAdd(v2, w, s22);
            s23 = TLanes.MultiplyAdd(v3, w, s23);
            w = TLanes.Load(p + i + stride3);
            s30 = TLanes.MultiplyAdd(v0, w, s30);
            s31 = TLanes.MultiplyAdd(v1, w, s31);
            s32 = TLanes.MultiplyAdd(v2, w, s32);
            s33 = TLanes.MultiplyAdd(v3, w, s33);
            w = TLanes.Load(q + i);
            s40 = TLanes.MultiplyAdd(v0, w, s40);
            s41 = TLanes.MultiplyAdd(v1, w, s41);
            s42 = TLanes.MultiplyAdd(v2, w, s42);
            s43 = TLanes.MultiplyAdd(v3, w, s43);
            w = TLanes.Load(q + i + stride);
            s50 = TLanes.MultiplyAdd(v0, w, s50);
            s51 = TLanes.MultiplyAdd(v1, w, s51);
            s52 = TLanes.MultiplyAdd(v2, w, s52);
            s53 = TLanes.MultiplyAdd(v3, w, s53);
        }

        results[0] = s00.Sum();
        results[1] = s10.Sum();
        results[2] = s20.Sum();
        results[3] = s30.Sum();
        results[4] = s40.Sum();
        results[5] = s50.Sum();
        results += resultStride;
        results[0] = s01.Sum();
        results[1] = s11.Sum();
        results[2] = s21.Sum();
        results[3] = s31.Sum();
        results[4] = s41.Sum();
        results[5] = s51.Sum();
        results += resultStride;
        results[0] = s02.Sum();
        results[1] = s12.Sum();
        results[2] = s22.Sum();
        results[3] = s32.Sum();
        results[4] = s42.Sum();
        results[5] = s52.Sum();
        results += resultStride;
        results[0] = s03.Sum();
        results[1] = s13.Sum();
        results[2] = s23.Sum();
        results[3] = s33.Sum();
        results[4] = s43.Sum();
        results[5] = s53.Sum();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void EightRowsByTwo(float* x, nint xStride, float* rows, nint stride, int length, float* results, nint resultStride)
    {
        float* x0 = x, x1 = x + xStride;
        float* p = rows, q = rows + (4 * stride);
        nint stride2 = stride * 2, stride3 = stride * 3;
        TLanes s00 = default, s01 = default;
        TLanes s10 = default, s11 = default;
        TLanes s20 = default, s21 = default;
        TLanes s30 = default, s31 = default;
        TLanes s40 = default, s41 = default;
        TLanes s50 = default, s51 = default;
        TLanes s60 = default, s61 = default;
        TLanes s70 = default, s71 = default;
        if ((length & 15) != 0)
        {
            int last = length - 16;
            TLanes mask = Rows<TLanes>.LastLanes(length & 15);
            TLanes v0 = TLanes.Load(x0 + last) & mask;
            TLanes v1 = TLanes.Load(x1 + last) & mask;
            TLanes w;
            w = TLanes.Load(p + last) & mask;
            s00 = v0 * w;
            s01 = v1 * w;
            w = TLanes.Load(p + last + stride) & mask;
            s10 = v0 * w;
            s11 = v1 * w;
            w = TLanes.Load(p + last + stride2) & mask;
            s20 = v0 * w;
            s21 = v1 * w;
            w = TLanes.Load(p + last + stride3) & mask;
            s30 = v0 * w;
            s31 = v1 * w;
            w = TLanes.Load(q + last) & mask;
            s40 = v0 * w;
            s41 = v1 * w;
            w = TLanes.Load(q + last + stride) & mask;
            s50 = v0 * w;
            s51 = v1 * w;
            w = TLanes.Load(q + last + stride2) & mask;
            s60 = v0 * w;
            s61 = v1 * w;
            w = TLanes.Load(q + last + stride3) & mask;
            s70 = v0 * w;
            s71 = v1 * w;
        }

        for (int i = 0; i <= length - 16; i += 16)
        {
            TLanes v0 = TLanes.Load(x0 + i);
            TLanes v1 = TLanes.Load(x1 + i);
            TLanes w;
            w = TLanes.Load(p + i);
            s00 = TLanes.MultiplyAdd(v0, w, s00);
            s01 = TLanes.MultiplyAdd(v1, w, s01);
            w = TLanes.Load(p + i + stride);
            s10 = TLanes.MultiplyAdd(v0, w, s10);
            s11 = TLanes.MultiplyAdd(v1, w, s11);
            w = TLanes.Load(p + i + stride2);
            s20 = TLanes.MultiplyAdd(v0, w, s20);
            s21 = TLanes.MultiplyAdd(v1, w, s21);
            w = TLanes.Load(p + i + stride3);
            s30 = TLanes.MultiplyAdd(v0, w, s30);
            s31 = TLanes.MultiplyAdd(v1, w, s31);
            w = TLanes.Load(q + i);
            s40 = TLanes.MultiplyAdd(v0, w, s40);
            s41 = TLanes.MultiplyAdd(v1, w, s41);
            w = TLanes.Load(q + i + stride);
            s50 = TLanes.MultiplyAdd(v0, w, s50);
            s51 = TLanes.MultiplyAdd(v1, w, s51);
            w = TLanes.Load(q + i + stride2);
            s60 = TLanes.MultiplyAdd(v0, w, s60);
            s61 = TLanes.MultiplyAdd(v1, w, s61);
            w = TLanes.Load(q + i + stride3);
            s70 = TLanes.MultiplyAdd(v0, w, s70);
            s71 = TLanes.MultiplyAdd(v1, w, s71);
        }

        results[0] = s00.Sum();
        results[1] = s10.Sum();
        results[2] = s20.Sum();
        results[3] = s30.Sum();
        results[4] = s40.Sum();
        results[5] = s50.Sum();
        results[6] = s60.Sum();
        results[7] = s70.Sum();
        results += resultStride;
        results[0] = s01.Sum();
        results[1] = s11.Sum();
        results[2] = s21.Sum();
        results[3] = s31.Sum();
        results[4] = s41.Sum();
        results[5] = s51.Sum();
        results[6] = s61.Sum();
        results[7] = s71.Sum();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TwoRowsByTwo(float* x, nint xStride, float* rows, nint stride, int length, float* results, nint resultStride)
    {
        float* x0 = x, x1 = x + xStride;
        float* p = rows;
        TLanes s00 = default, s01 = default;
        TLanes s10 = default, s11 = default;
        if ((length & 15) != 0)
        {
            int last = length - 16;
            TLanes mask = Rows<TLanes>.LastLanes(length & 15);
            TLanes v0 = TLanes.Load(x0 + last) & mask;
            TLanes v1 = TLanes.Load(x1 + last) & mask;
            TLanes w;
            w = TLanes.Load(p + last) & mask;
            s00 = v0 * w;
            s01 = v1 * w;
            w = TLanes.Load(p + last + stride) & mask;
            s10 = v0 * w;
            s11 = v1 * w;
        }

        for (int i = 0; i <= length - 16; i += 16)
        {
            TLanes v0 = TLanes.Load(x0 + i);
            TLanes v1 = TLanes.Load(x1 + i);
            TLanes w;
            w = TLanes.Load(p + i);
            s00 = TLanes.MultiplyAdd(v0, w, s00);
            s01 = TLanes.MultiplyAdd(v1, w, s01);
            w = TLanes.Load(p + i + stride);
            s10 = TLanes.MultiplyAdd(v0, w, s10);
            s11 = TLanes.MultiplyAdd(v1, w, s11);
        }

        results[0] = s00.Sum();
        results[1] = s10.Sum();
        results += resultStride;
        results[0] = s01.Sum();
        results[1] = s11.Sum();
    }
}
