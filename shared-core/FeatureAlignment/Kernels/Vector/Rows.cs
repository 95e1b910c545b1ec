using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FeatureAlignment.Kernels.Vector;

/// <summary>
/// The products of single samples, where a row of weights is used once: each row is read as few times as the sum allows. What is left
/// behind the last sixteen columns is done in the sixteen that end with the row, the lanes that were done before masked.
/// </summary>
/// <remarks>
/// Methods with long loops are compiled once and fully: the runtime's first, quick code calls a method for every vector operation, and a
/// short run would spend a tenth of its time in it.
/// </remarks>
internal static unsafe class Rows<TLanes>
    where TLanes : struct, ILanes<TLanes>
{
    private static ReadOnlySpan<uint> TailMasks =>
    [
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        ~0u, ~0u, ~0u, ~0u, ~0u, ~0u, ~0u, ~0u, ~0u, ~0u, ~0u, ~0u, ~0u, ~0u, ~0u, ~0u,
    ];

    /// <summary>All bits set in the last <paramref name="count"/> lanes, 0 to 16, none in the others.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes LastLanes(int count) =>
        // The table is part of the program's image and never moves.
        TLanes.Load((float*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(TailMasks)) + count);

    /// <summary>
    /// results[r] = Σ_i x[i] · rows[r][i] in sixteen running sums: first the products behind the last multiple of sixteen, each in the
    /// lane that stands as far from the sixteenth as i from the row's end; then product i in lane i mod 16; then the sum of the lanes.
    /// Rows shorter than sixteen are summed in order.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Dot(float* x, float* rows, nint rowStride, int rowCount, int length, float* results)
    {
        int row = 0;
        if (length < 16)
        {
            for (; row < rowCount; row++)
            {
                results[row] = ShortDot(x, rows + (row * rowStride), length);
            }

            return;
        }

        if (TLanes.TileRows == 12)
        {
            for (; row <= rowCount - 8; row += 8)
            {
                DotEight(x, rows + (row * rowStride), rowStride, length, results + row);
            }
        }

        for (; row <= rowCount - 4; row += 4)
        {
            DotFour(x, rows + (row * rowStride), rowStride, length, results + row);
        }

        for (; row < rowCount; row++)
        {
            float* y = rows + (row * rowStride);
            TLanes sum = default;
            if ((length & 15) != 0)
            {
                TLanes mask = LastLanes(length & 15);
                sum = (TLanes.Load(x + length - 16) & mask) * (TLanes.Load(y + length - 16) & mask);
            }

            for (int i = 0; i <= length - 16; i += 16)
            {
                sum = TLanes.MultiplyAdd(TLanes.Load(x + i), TLanes.Load(y + i), sum);
            }

            results[row] = sum.Sum();
        }
    }

    // Both sides are masked: an infinity times a masked 0 would not be 0. Nothing is called while sums are live: they stay in registers.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void DotEight(float* x, float* rows, nint stride, int length, float* results)
    {
        float* upper = rows + (4 * stride);
        nint stride2 = stride * 2, stride3 = stride * 3;
        TLanes s0 = default, s1 = default, s2 = default, s3 = default, s4 = default, s5 = default, s6 = default, s7 = default;
        if ((length & 15) != 0)
        {
            TLanes mask = LastLanes(length & 15), v = TLanes.Load(x + length - 16) & mask;
            float* p = rows + length - 16, q = upper + length - 16;
            s0 = v * (TLanes.Load(p) & mask);
            s1 = v * (TLanes.Load(p + stride) & mask);
            s2 = v * (TLanes.Load(p + stride2) & mask);
            s3 = v * (TLanes.Load(p + stride3) & mask);
            s4 = v * (TLanes.Load(q) & mask);
            s5 = v * (TLanes.Load(q + stride) & mask);
            s6 = v * (TLanes.Load(q + stride2) & mask);
            s7 = v * (TLanes.Load(q + stride3) & mask);
        }

        for (int i = 0; i <= length - 16; i += 16)
        {
            TLanes v = TLanes.Load(x + i);
            s0 = TLanes.MultiplyAdd(v, TLanes.Load(rows + i), s0);
            s1 = TLanes.MultiplyAdd(v, TLanes.Load(rows + i + stride), s1);
            s2 = TLanes.MultiplyAdd(v, TLanes.Load(rows + i + stride2), s2);
            s3 = TLanes.MultiplyAdd(v, TLanes.Load(rows + i + stride3), s3);
            s4 = TLanes.MultiplyAdd(v, TLanes.Load(upper + i), s4);
            s5 = TLanes.MultiplyAdd(v, TLanes.Load(upper + i + stride), s5);
            s6 = TLanes.MultiplyAdd(v, TLanes.Load(upper + i + stride2), s6);
            s7 = TLanes.MultiplyAdd(v, TLanes.Load(upper + i + stride3), s7);
        }

        results[0] = s0.Sum();
        results[1] = s1.Sum();
        results[2] = s2.Sum();
        results[3] = s3.Sum();
        results[4] = s4.Sum();
        results[5] = s5.Sum();
        results[6] = s6.Sum();
        results[7] = s7.Sum();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void DotFour(float* x, float* rows, nint stride, int length, float* results)
    {
        nint stride2 = stride * 2, stride3 = stride * 3;
        TLanes s0 = default, s1 = default, s2 = default, s3 = default;
        if ((length & 15) != 0)
        {
            TLanes mask = LastLanes(length & 15), v = TLanes.Load(x + length - 16) & mask;
            float* p = rows + length - 16;
            s0 = v * (TLanes.Load(p) & mask);
            s1 = v * (TLanes.Load(p + stride) & mask);
            s2 = v * (TLanes.Load(p + stride2) & mask);
            s3 = v * (TLanes.Load(p + stride3) & mask);
        }

        for (int i = 0; i <= length - 16; i += 16)
        {
            TLanes v = TLanes.Load(x + i);
            s0 = TLanes.MultiplyAdd(v, TLanes.Load(rows + i), s0);
            s1 = TLanes.MultiplyAdd(v, TLanes.Load(rows + i + stride), s1);
            s2 = TLanes.MultiplyAdd(v, TLanes.Load(rows + i + stride2), s2);
            s3 = TLanes.MultiplyAdd(v, TLanes.Load(rows + i + stride3), s3);
        }

        results[0] = s0.Sum();
        results[1] = s1.Sum();
        results[2] = s2.Sum();
        results[3] = s3.Sum();
    }

    private static float ShortDot(float* x, float* y, int length)
    {
        float sum = 0;
        for (int i = 0; i < length; i++)
        {
            sum = float.FusedMultiplyAdd(x[i], y[i], sum);
        }

        return sum;
    }

    /// <summary>y[i] += Σ_r factors[r] · rows[r][i], r ascending.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Combine(float* factors, float* rows, nint rowStride, int rowCount, float* y, int length)
    {
        int i = length & ~15;
        if (i < length)
        {
            CombineLast(factors, rows, rowStride, rowCount, y, length);
        }

        for (i = 0; i <= length - 128; i += 128)
        {
            float* column = rows + i;
            TLanes s0 = TLanes.Load(y + i), s1 = TLanes.Load(y + i + 16), s2 = TLanes.Load(y + i + 32), s3 = TLanes.Load(y + i + 48);
            TLanes s4 = TLanes.Load(y + i + 64), s5 = TLanes.Load(y + i + 80), s6 = TLanes.Load(y + i + 96), s7 = TLanes.Load(y + i + 112);
            for (int r = 0; r < rowCount; r++)
            {
                TLanes f = TLanes.Broadcast(factors[r]);
                s0 = TLanes.MultiplyAdd(f, TLanes.Load(column), s0);
                s1 = TLanes.MultiplyAdd(f, TLanes.Load(column + 16), s1);
                s2 = TLanes.MultiplyAdd(f, TLanes.Load(column + 32), s2);
                s3 = TLanes.MultiplyAdd(f, TLanes.Load(column + 48), s3);
                s4 = TLanes.MultiplyAdd(f, TLanes.Load(column + 64), s4);
                s5 = TLanes.MultiplyAdd(f, TLanes.Load(column + 80), s5);
                s6 = TLanes.MultiplyAdd(f, TLanes.Load(column + 96), s6);
                s7 = TLanes.MultiplyAdd(f, TLanes.Load(column + 112), s7);
                column += rowStride;
            }

            s0.Store(y + i);
            s1.Store(y + i + 16);
            s2.Store(y + i + 32);
            s3.Store(y + i + 48);
            s4.Store(y + i + 64);
            s5.Store(y + i + 80);
            s6.Store(y + i + 96);
            s7.Store(y + i + 112);
        }

        for (; i <= length - 16; i += 16)
        {
            TLanes sum = TLanes.Load(y + i);
            for (int r = 0; r < rowCount; r++)
            {
                sum = TLanes.MultiplyAdd(TLanes.Broadcast(factors[r]), TLanes.Load(rows + i + (r * rowStride)), sum);
            }

            sum.Store(y + i);
        }
    }

    /// <summary>The columns of <see cref="Combine"/> behind the last multiple of sixteen.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CombineLast(float* factors, float* rows, nint rowStride, int rowCount, float* y, int length)
    {
        if (length >= 16)
        {
            int last = length - 16;
            TLanes before = TLanes.Load(y + last), sum = before;
            for (int r = 0; r < rowCount; r++)
            {
                sum = TLanes.MultiplyAdd(TLanes.Broadcast(factors[r]), TLanes.Load(rows + last + (r * rowStride)), sum);
            }

            TLanes.Select(LastLanes(length & 15), sum, before).Store(y + last);
            return;
        }

        for (int i = 0; i < length; i++)
        {
            float sum = y[i];
            for (int r = 0; r < rowCount; r++)
            {
                sum = float.FusedMultiplyAdd(factors[r], rows[i + (r * rowStride)], sum);
            }

            y[i] = sum;
        }
    }

    /// <summary>rows[r][i] += factors[r] · x[i].</summary>
    public static void AddOuter(float* factors, float* x, int length, float* rows, nint rowStride, int rowCount) =>
        AddOuterPair(factors, x, length, factors, x, 0, rows, rowStride, rowCount);

    /// <summary>
    /// rows[r][i] = (rows[r][i] + first[r] · x[i]) + second[r] · z[i], the second product in the first <paramref name="zLength"/> of the
    /// <paramref name="xLength"/> columns alone.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddOuterPair(
        float* first, float* x, int xLength, float* second, float* z, int zLength, float* rows, nint rowStride, int rowCount)
    {
        int row = 0;
        if (TLanes.TileRows == 12)
        {
            for (; row <= rowCount - 8; row += 8)
            {
                AddOuterPairEight(first + row, x, xLength, second + row, z, zLength, rows + (row * rowStride), rowStride);
            }
        }

        for (; row < rowCount; row++)
        {
            float* y = rows + (row * rowStride);
            AddLast(first[row], x, xLength, second[row], z, zLength, y);
            TLanes a = TLanes.Broadcast(first[row]), b = TLanes.Broadcast(second[row]);
            for (int i = 0; i <= zLength - 16; i += 16)
            {
                TLanes sum = TLanes.MultiplyAdd(a, TLanes.Load(x + i), TLanes.Load(y + i));
                TLanes.MultiplyAdd(b, TLanes.Load(z + i), sum).Store(y + i);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddOuterPairEight(
        float* first, float* x, int xLength, float* second, float* z, int zLength, float* rows, nint stride)
    {
        for (int row = 0; row < 8; row++)
        {
            AddLast(first[row], x, xLength, second[row], z, zLength, rows + (row * stride));
        }

        float* upper = rows + (4 * stride);
        nint stride2 = stride * 2, stride3 = stride * 3;
        TLanes a0 = TLanes.Broadcast(first[0]), a1 = TLanes.Broadcast(first[1]);
        TLanes a2 = TLanes.Broadcast(first[2]), a3 = TLanes.Broadcast(first[3]);
        TLanes a4 = TLanes.Broadcast(first[4]), a5 = TLanes.Broadcast(first[5]);
        TLanes a6 = TLanes.Broadcast(first[6]), a7 = TLanes.Broadcast(first[7]);
        TLanes b0 = TLanes.Broadcast(second[0]), b1 = TLanes.Broadcast(second[1]);
        TLanes b2 = TLanes.Broadcast(second[2]), b3 = TLanes.Broadcast(second[3]);
        TLanes b4 = TLanes.Broadcast(second[4]), b5 = TLanes.Broadcast(second[5]);
        TLanes b6 = TLanes.Broadcast(second[6]), b7 = TLanes.Broadcast(second[7]);
        for (int i = 0; i <= zLength - 16; i += 16)
        {
            TLanes v = TLanes.Load(x + i), u = TLanes.Load(z + i);
            float* p = rows + i, q = upper + i;
            TLanes.MultiplyAdd(b0, u, TLanes.MultiplyAdd(a0, v, TLanes.Load(p))).Store(p);
            TLanes.MultiplyAdd(b1, u, TLanes.MultiplyAdd(a1, v, TLanes.Load(p + stride))).Store(p + stride);
            TLanes.MultiplyAdd(b2, u, TLanes.MultiplyAdd(a2, v, TLanes.Load(p + stride2))).Store(p + stride2);
            TLanes.MultiplyAdd(b3, u, TLanes.MultiplyAdd(a3, v, TLanes.Load(p + stride3))).Store(p + stride3);
            TLanes.MultiplyAdd(b4, u, TLanes.MultiplyAdd(a4, v, TLanes.Load(q))).Store(q);
            TLanes.MultiplyAdd(b5, u, TLanes.MultiplyAdd(a5, v, TLanes.Load(q + stride))).Store(q + stride);
            TLanes.MultiplyAdd(b6, u, TLanes.MultiplyAdd(a6, v, TLanes.Load(q + stride2))).Store(q + stride2);
            TLanes.MultiplyAdd(b7, u, TLanes.MultiplyAdd(a7, v, TLanes.Load(q + stride3))).Store(q + stride3);
        }
    }

    /// <summary>
    /// The columns of <see cref="AddOuterPair"/> behind z's last multiple of sixteen. Done first: a load that follows close behind stores
    /// of other parts of its sixteen floats would wait for them.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddLast(float a, float* x, int xLength, float b, float* z, int zLength, float* y)
    {
        int i = zLength & ~15;
        for (; i < zLength; i++)
        {
            y[i] = float.FusedMultiplyAdd(b, z[i], float.FusedMultiplyAdd(a, x[i], y[i]));
        }

        TLanes factor = TLanes.Broadcast(a);
        for (; i <= xLength - 16; i += 16)
        {
            TLanes.MultiplyAdd(factor, TLanes.Load(x + i), TLanes.Load(y + i)).Store(y + i);
        }

        if (xLength >= 16)
        {
            int last = xLength - 16;
            TLanes before = TLanes.Load(y + last);
            TLanes.Select(LastLanes(xLength - i), TLanes.MultiplyAdd(factor, TLanes.Load(x + last), before), before).Store(y + last);
            return;
        }

        for (; i < xLength; i++)
        {
            y[i] = float.FusedMultiplyAdd(a, x[i], y[i]);
        }
    }
}
