using System;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using FeatureAlignment.Kernels.Vector;

namespace FeatureAlignment.Kernels;

public abstract partial class KernelSet
{
    // The one place that looks at the processor. The three widths agree to the bit, so the name of the form does not tell them apart.
    static partial void FindVectorForm(ref KernelSet best)
    {
        if (Vector512.IsHardwareAccelerated && Avx512F.IsSupported)
        {
            best = new VectorKernels<Lanes512>();
        }
        else if (Vector256.IsHardwareAccelerated && Fma.IsSupported)
        {
            best = new VectorKernels<Lanes256>();
        }
        else if (Fma.IsSupported || AdvSimd.IsSupported)
        {
            best = new VectorKernels<Lanes128>();
        }
    }
}

/// <summary>
/// The desktop's form: register-blocked tiles for batches, and for a single sample whole rows.
/// </summary>
internal sealed unsafe class VectorKernels<TLanes> : KernelSet
    where TLanes : struct, ILanes<TLanes>
{
    private const int Width = Tile<TLanes>.Width;

    private const int BandRows = Tile<TLanes>.BandRows;

    // Rows of a copy of the last columns: 16 KB of stack, whatever the length of the sum.
    private const int PanelRows = 128;

    // With up to so many samples a product is limited by reading weights; so many of their rows stay in the second-level cache.
    private const int FewSamples = 16;
    private const int FewSamplesRows = 48;

    // Panels start on a cache line: no load of a tile straddles two.
    private const int AlignmentFloats = 16;

    public override string Name => "vector";

    internal override void MultiplyTransposed(in Matrix a, in Matrix b, in Matrix c)
    {
        Debug.Assert(a.Columns == b.Columns && c.Rows == a.Rows && c.Columns == b.Rows, "shapes do not fit");
        fixed (float* aData = a.Data, bData = b.Data, cData = c.Data)
        {
            DotTile<TLanes>.Multiply(
                aData + a.Offset, a.Stride, a.Rows, bData + b.Offset, b.Stride, b.Rows, b.Columns, cData + c.Offset, c.Stride);
        }
    }

    internal override void AddMultiply(in Matrix a, in Matrix b, in Matrix c)
    {
        Debug.Assert(a.Columns == b.Rows && c.Rows == a.Rows && c.Columns == b.Columns, "shapes do not fit");
        fixed (float* aData = a.Data, bData = b.Data, cData = c.Data)
        {
            float* left = aData + a.Offset, right = bData + b.Offset, results = cData + c.Offset;
            if (a.Rows == 1)
            {
                Rows<TLanes>.Combine(left, right, b.Stride, b.Rows, results, b.Columns);
                return;
            }

            int bandRows = a.Rows <= FewSamples ? FewSamplesRows : b.Rows;
            for (int k = 0; k < b.Rows; k += bandRows)
            {
                AddTiles(
                    new TileOperands(left + k, a.Stride, 1, right + (k * (nint)b.Stride), b.Stride, Math.Min(bandRows, b.Rows - k)),
                    a.Rows, b.Columns, results, c.Stride);
            }
        }
    }

    internal override void AddTransposedMultiply(in Matrix a, in Matrix b, in Matrix c)
    {
        Debug.Assert(a.Rows == b.Rows && c.Rows == a.Columns && c.Columns >= b.Columns, "shapes do not fit");
        fixed (float* aData = a.Data, bData = b.Data, cData = c.Data)
        {
            float* left = aData + a.Offset, right = bData + b.Offset, results = cData + c.Offset;
            if (a.Rows == 1)
            {
                Rows<TLanes>.AddOuter(left, right, b.Columns, results, c.Stride, a.Columns);
                return;
            }

            AddTiles(new TileOperands(left, 1, a.Stride, right, b.Stride, a.Rows), a.Columns, b.Columns, results, c.Stride);
        }
    }

    internal override void AddTransposedMultiplyPair(
        in Matrix a1, in Matrix b1, in Matrix a2, in Matrix b2, in Matrix c)
    {
        fixed (float* a1Data = a1.Data, b1Data = b1.Data, a2Data = a2.Data, b2Data = b2.Data, cData = c.Data)
        {
            float* left1 = a1Data + a1.Offset, right1 = b1Data + b1.Offset, left2 = a2Data + a2.Offset, right2 = b2Data + b2.Offset;
            float* results = cData + c.Offset;
            if (a1.Rows == 1 && a2.Rows == 1 && b2.Columns <= b1.Columns)
            {
                Rows<TLanes>.AddOuterPair(left1, right1, b1.Columns, left2, right2, b2.Columns, results, c.Stride, c.Rows);
                return;
            }

            int both = Math.Min(b1.Columns, b2.Columns) / Width * Width;
            for (int n = 0; n < both; n += Width)
            {
                Tile<TLanes>.Add(
                    new TileOperands(left1, 1, a1.Stride, right1 + n, b1.Stride, a1.Rows),
                    new TileOperands(left2, 1, a2.Stride, right2 + n, b2.Stride, a2.Rows), results + n, c.Stride, c.Rows);
            }

            AddTiles(
                new TileOperands(left1, 1, a1.Stride, right1 + both, b1.Stride, a1.Rows), c.Rows, b1.Columns - both, results + both,
                c.Stride);
            AddTiles(
                new TileOperands(left2, 1, a2.Stride, right2 + both, b2.Stride, a2.Rows), c.Rows, b2.Columns - both, results + both,
                c.Stride);
        }
    }

    internal override float MakeFeatures(
        ReadOnlySpan<float> h, ReadOnlySpan<float> g, ReadOnlySpan<float> d, float stepSize, Span<float> s)
    {
        Debug.Assert(g.Length == h.Length && d.Length == h.Length && s.Length == h.Length, "lengths differ");
        fixed (float* hData = h, gData = g, dData = d, sData = s)
        {
            TLanes sums = default, step = TLanes.Broadcast(stepSize);
            int j = 0;
            for (; j <= h.Length - 16; j += 16)
            {
                TLanes difference = TLanes.Load(hData + j) - TLanes.Load(gData + j);
                sums = TLanes.MultiplyAdd(difference, difference, sums);
                (step * TLanes.Load(dData + j) * difference).Store(sData + j);
            }

            float sum = sums.Sum();
            for (; j < h.Length; j++)
            {
                float difference = hData[j] - gData[j];
                sum = float.FusedMultiplyAdd(difference, difference, sum);
                sData[j] = stepSize * dData[j] * difference;
            }

            return sum;
        }
    }

    internal override void MakeErrors(
        Span<float> q, ReadOnlySpan<float> h, ReadOnlySpan<float> g, ReadOnlySpan<float> d, ReadOnlySpan<float> curvature,
        ReadOnlySpan<float> slope, float stepSize, Span<float> biasGradient)
    {
        Debug.Assert(h.Length == q.Length && slope.Length == q.Length && biasGradient.Length == q.Length, "lengths differ");
        fixed (float* qData = q, hData = h, gData = g, dData = d, curvatureData = curvature, slopeData = slope, sumData = biasGradient)
        {
            TLanes steps = TLanes.Broadcast(stepSize);
            int j = 0;
            for (; j <= q.Length - 16; j += 16)
            {
                TLanes step = steps * TLanes.Load(qData + j), dj = TLanes.Load(dData + j);
                TLanes up = step * dj * TLanes.Load(slopeData + j);
                TLanes bend = (TLanes.Load(curvatureData + j) * (TLanes.Load(hData + j) - TLanes.Load(gData + j))) - (dj * dj);
                (TLanes.Load(sumData + j) + (up + (step * bend))).Store(sumData + j);
                up.Store(qData + j);
            }

            for (; j < q.Length; j++)
            {
                float step = stepSize * qData[j], dj = dData[j];
                float up = step * dj * slopeData[j];
                sumData[j] += up + (step * ((curvatureData[j] * (hData[j] - gData[j])) - (dj * dj)));
                qData[j] = up;
            }
        }
    }

    internal override float ReplaceByResidual(ReadOnlySpan<float> x, Span<float> r, float weight)
    {
        Debug.Assert(r.Length == x.Length, "lengths differ");
        fixed (float* xData = x, rData = r)
        {
            TLanes sums = default, weights = TLanes.Broadcast(weight);
            int i = 0;
            for (; i <= x.Length - 16; i += 16)
            {
                TLanes difference = TLanes.Load(xData + i) - TLanes.Load(rData + i);
                sums = TLanes.MultiplyAdd(difference, difference, sums);
                (weights * difference).Store(rData + i);
            }

            float sum = sums.Sum();
            for (; i < x.Length; i++)
            {
                float difference = xData[i] - rData[i];
                sum = float.FusedMultiplyAdd(difference, difference, sum);
                rData[i] = weight * difference;
            }

            return sum;
        }
    }

    internal override void Momentum(
        Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> velocity, float rate, float momentum)
    {
        fixed (float* p = parameters, g = gradient, v = velocity)
        {
            TLanes rates = TLanes.Broadcast(rate), momenta = TLanes.Broadcast(momentum);
            int i = 0;
            for (; i <= parameters.Length - 16; i += 16)
            {
                TLanes next = TLanes.MultiplyAdd(momenta, TLanes.Load(v + i), TLanes.Load(g + i));
                next.Store(v + i);
                TLanes.MultiplyAdd(rates, next, TLanes.Load(p + i)).Store(p + i);
            }

            for (; i < parameters.Length; i++)
            {
                v[i] = float.FusedMultiplyAdd(momentum, v[i], g[i]);
                p[i] = float.FusedMultiplyAdd(rate, v[i], p[i]);
            }
        }
    }

    internal override void Adam(
        Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> mean, Span<float> square, float rate,
        in AdamCoefficients coefficients)
    {
        float meanDecay = coefficients.MeanDecay, meanShare = 1 - meanDecay;
        float squareDecay = coefficients.SquareDecay, squareShare = 1 - squareDecay;
        fixed (float* p = parameters, g = gradient, m = mean, v = square)
        {
            TLanes keepMean = TLanes.Broadcast(meanDecay), takeMean = TLanes.Broadcast(meanShare);
            TLanes keepSquare = TLanes.Broadcast(squareDecay), takeSquare = TLanes.Broadcast(squareShare);
            TLanes epsilon = TLanes.Broadcast(coefficients.Epsilon), rates = TLanes.Broadcast(rate);
            int i = 0;
            for (; i <= parameters.Length - 16; i += 16)
            {
                TLanes slope = TLanes.Load(g + i);
                TLanes newMean = TLanes.MultiplyAdd(keepMean, TLanes.Load(m + i), takeMean * slope);
                TLanes newSquare = TLanes.MultiplyAdd(keepSquare, TLanes.Load(v + i), takeSquare * slope * slope);
                newMean.Store(m + i);
                newSquare.Store(v + i);
                (TLanes.Load(p + i) + (rates * newMean / (TLanes.SquareRoot(newSquare) + epsilon))).Store(p + i);
            }

            for (; i < parameters.Length; i++)
            {
                m[i] = float.FusedMultiplyAdd(meanDecay, m[i], meanShare * g[i]);
                v[i] = float.FusedMultiplyAdd(squareDecay, v[i], squareShare * g[i] * g[i]);
                p[i] += rate * m[i] / (float.Sqrt(v[i]) + coefficients.Epsilon);
            }
        }
    }

    /// <summary>
    /// c[r, n] += Σ_k left(r, k) · right[k, n], where the operands' panel is the whole of right; the last columns, fewer than a tile, go
    /// through zero-padded copies, some rows of right at a time.
    /// </summary>
    private static void AddTiles(in TileOperands operands, int rows, int columns, float* c, nint cStride)
    {
        int n = 0;
        for (; n <= columns - Width; n += Width)
        {
            Tile<TLanes>.Add(operands.Part(n, 0, operands.Length), default, c + n, cStride, rows);
        }

        if (n < columns)
        {
            AddLastColumns(operands, rows, n, columns - n, c, cStride);
        }
    }

    /// <summary>The columns from n on, fewer than a tile has. The copies' memory is not cleared first.</summary>
    [SkipLocalsInit]
    private static void AddLastColumns(in TileOperands operands, int rows, int n, int rest, float* c, nint cStride)
    {
        float* tile = stackalloc float[((BandRows + PanelRows) * Width) + AlignmentFloats];
        tile = Align(tile);
        float* panel = tile + (BandRows * Width);
        for (int first = 0; first < operands.Length; first += PanelRows)
        {
            TileOperands part = operands.Part(n, first, Math.Min(PanelRows, operands.Length - first));
            for (int k = 0; k < part.Length; k++)
            {
                var row = new Span<float>(panel + ((nint)k * Width), Width);
                new ReadOnlySpan<float>(part.Panel + (k * part.PanelStride), rest).CopyTo(row);
                row.Slice(rest).Clear();
            }

            var padded = new TileOperands(part.Start, part.RowStride, part.SumStride, panel, Width, part.Length);
            for (int r = 0; r < rows; r += BandRows)
            {
                AddPadded(padded.FromRow(r), Math.Min(BandRows, rows - r), rest, c + (r * cStride) + n, cStride, tile);
            }
        }
    }

    /// <summary>Adds a product to fewer columns than a tile has, by way of a tile of its own.</summary>
    private static void AddPadded(in TileOperands operands, int rows, int columns, float* c, nint cStride, float* tile)
    {
        for (int i = 0; i < rows; i++)
        {
            new ReadOnlySpan<float>(c + (i * cStride), columns).CopyTo(new Span<float>(tile + (i * Width), columns));
        }

        Tile<TLanes>.Add(operands, default, tile, Width, rows);
        for (int i = 0; i < rows; i++)
        {
            new ReadOnlySpan<float>(tile + (i * Width), columns).CopyTo(new Span<float>(c + (i * cStride), columns));
        }
    }

    private static float* Align(float* pointer) => (float*)(((nint)pointer + 63) & ~(nint)63);
}
