namespace FeatureAlignment.Kernels.Vector;

/// <summary>The products of single samples, where a row of weights is used once: each row is read as few times as the sum allows.</summary>
internal static unsafe class Rows<TLanes>
    where TLanes : struct, ILanes<TLanes>
{
    /// <summary>results[r] = Σ_i x[i] · rows[r][i], sixteen running sums a row, then their sum, then the tail.</summary>
    public static void Dot(float* x, float* rows, nint rowStride, int rowCount, int length, float* results)
    {
        int row = 0;
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
            int i = 0;
            for (; i <= length - 16; i += 16)
            {
                sum = TLanes.MultiplyAdd(TLanes.Load(x + i), TLanes.Load(y + i), sum);
            }

            results[row] = AddTail(sum.Sum(), x, y, i, length);
        }
    }

    private static void DotEight(float* x, float* rows, nint stride, int length, float* results)
    {
        float* upper = rows + (4 * stride);
        nint stride2 = stride * 2, stride3 = stride * 3;
        TLanes s0 = default, s1 = default, s2 = default, s3 = default, s4 = default, s5 = default, s6 = default, s7 = default;
        int i = 0;
        for (; i <= length - 16; i += 16)
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

        results[0] = AddTail(s0.Sum(), x, rows, i, length);
        results[1] = AddTail(s1.Sum(), x, rows + stride, i, length);
        results[2] = AddTail(s2.Sum(), x, rows + stride2, i, length);
        results[3] = AddTail(s3.Sum(), x, rows + stride3, i, length);
        results[4] = AddTail(s4.Sum(), x, upper, i, length);
        results[5] = AddTail(s5.Sum(), x, upper + stride, i, length);
        results[6] = AddTail(s6.Sum(), x, upper + stride2, i, length);
        results[7] = AddTail(s7.Sum(), x, upper + stride3, i, length);
    }

    private static void DotFour(float* x, float* rows, nint stride, int length, float* results)
    {
        nint stride2 = stride * 2, stride3 = stride * 3;
        TLanes s0 = default, s1 = default, s2 = default, s3 = default;
        int i = 0;
        for (; i <= length - 16; i += 16)
        {
            TLanes v = TLanes.Load(x + i);
            s0 = TLanes.MultiplyAdd(v, TLanes.Load(rows + i), s0);
            s1 = TLanes.MultiplyAdd(v, TLanes.Load(rows + i + stride), s1);
            s2 = TLanes.MultiplyAdd(v, TLanes.Load(rows + i + stride2), s2);
            s3 = TLanes.MultiplyAdd(v, TLanes.Load(rows + i + stride3), s3);
        }

        results[0] = AddTail(s0.Sum(), x, rows, i, length);
        results[1] = AddTail(s1.Sum(), x, rows + stride, i, length);
        results[2] = AddTail(s2.Sum(), x, rows + stride2, i, length);
        results[3] = AddTail(s3.Sum(), x, rows + stride3, i, length);
    }

    private static float AddTail(float sum, float* x, float* y, int i, int length)
    {
        for (; i < length; i++)
        {
            sum = float.FusedMultiplyAdd(x[i], y[i], sum);
        }

        return sum;
    }

    /// <summary>y[i] += Σ_r factors[r] · rows[r][i], r ascending.</summary>
    public static void Combine(float* factors, float* rows, nint rowStride, int rowCount, float* y, int length)
    {
        int i = 0;
        for (; i <= length - 128; i += 128)
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

        for (; i < length; i++)
        {
            float sum = y[i];
            for (int r = 0; r < rowCount; r++)
            {
                sum = float.FusedMultiplyAdd(factors[r], rows[i + (r * rowStride)], sum);
            }

            y[i] = sum;
        }
    }

    /// <summary>y[i] += a · x[i].</summary>
    public static void AddScaled(float a, float* x, float* y, int length)
    {
        TLanes factor = TLanes.Broadcast(a);
        int i = 0;
        for (; i <= length - 16; i += 16)
        {
            TLanes.MultiplyAdd(factor, TLanes.Load(x + i), TLanes.Load(y + i)).Store(y + i);
        }

        for (; i < length; i++)
        {
            y[i] = float.FusedMultiplyAdd(a, x[i], y[i]);
        }
    }

    /// <summary>y[i] = (y[i] + a · x[i]) + b · z[i].</summary>
    public static void AddScaledPair(float a, float* x, float b, float* z, float* y, int length)
    {
        TLanes first = TLanes.Broadcast(a), second = TLanes.Broadcast(b);
        int i = 0;
        for (; i <= length - 16; i += 16)
        {
            TLanes sum = TLanes.MultiplyAdd(first, TLanes.Load(x + i), TLanes.Load(y + i));
            TLanes.MultiplyAdd(second, TLanes.Load(z + i), sum).Store(y + i);
        }

        for (; i < length; i++)
        {
            y[i] = float.FusedMultiplyAdd(b, z[i], float.FusedMultiplyAdd(a, x[i], y[i]));
        }
    }
}
