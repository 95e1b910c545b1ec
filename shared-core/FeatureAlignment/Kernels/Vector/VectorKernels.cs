using System;
using System.Diagnostics;
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
/// The desktop's form. Batches go through register-blocked tiles, up to <see cref="FewSamples"/> samples through row products.
/// </summary>
internal sealed unsafe class VectorKernels<TLanes> : KernelSet
    where TLanes : struct, ILanes<TLanes>
{
    /// <summary>Up to this many samples a dot product a row beats a transposed copy of the samples.</summary>
    public const int FewSamples = 8;

    private const int Width = Tile<TLanes>.Width;

    // Panels start on a cache line: no load of a tile straddles two.
    private const int AlignmentFloats = 16;

    public override string Name => "vector";

    internal override int ScratchLength(int batch, int rowLength, int longestSum) =>
        batch <= FewSamples ? 0 : Math.Max(PanelLength(batch, rowLength), Width * longestSum) + AlignmentFloats;

    internal override void MultiplyTransposed(in Matrix a, in Matrix b, in Matrix c, float[] scratch)
    {
        Debug.Assert(a.Columns == b.Columns && c.Rows == a.Rows && c.Columns == b.Rows, "shapes do not fit");
        fixed (float* aData = a.Data, bData = b.Data, cData = c.Data, scratchData = scratch)
        {
            float* x = aData + a.Offset, weights = bData + b.Offset, results = cData + c.Offset;
            if (a.Rows <= FewSamples)
            {
                for (int m = 0; m < a.Rows; m++)
                {
                    Rows<TLanes>.Dot(x + ((nint)m * a.Stride), weights, b.Stride, b.Rows, b.Columns, results + ((nint)m * c.Stride));
                }

                return;
            }

            float* panels = Align(scratchData);
            RequireScratch(scratch, PanelLength(a.Rows, a.Columns));
            for (int m = 0; m < a.Rows; m += Width)
            {
                Transpose(x + ((nint)m * a.Stride), a.Stride, Math.Min(Width, a.Rows - m), a.Columns, panels + ((nint)m * a.Columns));
            }

            const int BandRows = 12;
            float* tile = stackalloc float[(BandRows * Width) + AlignmentFloats];
            tile = Align(tile);
            for (int n = 0; n < b.Rows; n += BandRows)
            {
                // A band of weights stays in the first-level cache while all samples pass it.
                int bandRows = Math.Min(BandRows, b.Rows - n);
                for (int m = 0; m < a.Rows; m += Width)
                {
                    new Span<float>(tile, bandRows * Width).Clear();
                    var operands = new TileOperands(
                        weights + ((nint)n * b.Stride), b.Stride, 1, panels + ((nint)m * a.Columns), Width, a.Columns);
                    Tile<TLanes>.Add(operands, tile, Width, bandRows);
                    int samples = Math.Min(Width, a.Rows - m);
                    for (int j = 0; j < samples; j++)
                    {
                        float* row = results + ((nint)(m + j) * c.Stride) + n;
                        for (int i = 0; i < bandRows; i++)
                        {
                            row[i] = tile[(i * Width) + j];
                        }
                    }
                }
            }
        }
    }

    internal override void AddMultiply(in Matrix a, in Matrix b, in Matrix c, float[] scratch)
    {
        Debug.Assert(a.Columns == b.Rows && c.Rows == a.Rows && c.Columns == b.Columns, "shapes do not fit");
        fixed (float* aData = a.Data, bData = b.Data, cData = c.Data)
        {
            float* left = aData + a.Offset, right = bData + b.Offset, results = cData + c.Offset;
            if (a.Rows <= FewSamples)
            {
                for (int m = 0; m < a.Rows; m++)
                {
                    Rows<TLanes>.Combine(left + ((nint)m * a.Stride), right, b.Stride, b.Rows, results + ((nint)m * c.Stride), b.Columns);
                }

                return;
            }

            AddTiles(left, a.Stride, 1, a.Rows, a.Columns, right, b.Stride, b.Columns, results, c.Stride, scratch);
        }
    }

    internal override void AddTransposedMultiply(in Matrix a, in Matrix b, in Matrix c, float[] scratch)
    {
        Debug.Assert(a.Rows == b.Rows && c.Rows == a.Columns && c.Columns >= b.Columns, "shapes do not fit");
        fixed (float* aData = a.Data, bData = b.Data, cData = c.Data)
        {
            float* left = aData + a.Offset, right = bData + b.Offset, results = cData + c.Offset;
            if (a.Rows <= FewSamples)
            {
                for (int k = 0; k < a.Rows; k++)
                {
                    Rows<TLanes>.AddOuter(
                        left + ((nint)k * a.Stride), right + ((nint)k * b.Stride), b.Columns, results, c.Stride, a.Columns);
                }

                return;
            }

            AddTiles(left, 1, a.Stride, a.Columns, a.Rows, right, b.Stride, b.Columns, results, c.Stride, scratch);
        }
    }

    internal override void AddTransposedMultiplyPair(
        in Matrix a1, in Matrix b1, in Matrix a2, in Matrix b2, in Matrix c, float[] scratch)
    {
        if (a1.Rows != 1 || a2.Rows != 1 || b2.Columns > b1.Columns)
        {
            AddTransposedMultiply(a1, b1, c, scratch);
            AddTransposedMultiply(a2, b2, c, scratch);
            return;
        }

        fixed (float* a1Data = a1.Data, b1Data = b1.Data, a2Data = a2.Data, b2Data = b2.Data, cData = c.Data)
        {
            Rows<TLanes>.AddOuterPair(
                a1Data + a1.Offset, b1Data + b1.Offset, b1.Columns, a2Data + a2.Offset, b2Data + b2.Offset, b2.Columns, cData + c.Offset,
                c.Stride, c.Rows);
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
        Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> mean, Span<float> square, float rate, in AdamCoefficients coefficients)
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

    /// <summary>c[r, n] += Σ_k left(r, k) · right[k, n]; the last columns, fewer than a tile, go through zero-padded copies.</summary>
    private static void AddTiles(
        float* left, nint rowStride, nint sumStride, int rows, int length, float* right, nint rightStride, int columns,
        float* c, nint cStride, float[] scratch)
    {
        int n = 0;
        for (; n <= columns - Width; n += Width)
        {
            Tile<TLanes>.Add(new TileOperands(left, rowStride, sumStride, right + n, rightStride, length), c + n, cStride, rows);
        }

        int rest = columns - n;
        if (rest == 0)
        {
            return;
        }

        RequireScratch(scratch, Width * length);
        const int BandRows = 12;
        float* tile = stackalloc float[BandRows * Width];
        fixed (float* scratchData = scratch)
        {
            float* panel = Align(scratchData);
            for (int k = 0; k < length; k++)
            {
                var row = new Span<float>(panel + ((nint)k * Width), Width);
                new ReadOnlySpan<float>(right + (k * rightStride) + n, rest).CopyTo(row);
                row.Slice(rest).Clear();
            }

            for (int r = 0; r < rows; r += BandRows)
            {
                int bandRows = Math.Min(BandRows, rows - r);
                for (int i = 0; i < bandRows; i++)
                {
                    new ReadOnlySpan<float>(c + ((r + i) * cStride) + n, rest).CopyTo(new Span<float>(tile + (i * Width), rest));
                }

                Tile<TLanes>.Add(
                    new TileOperands(left + (r * rowStride), rowStride, sumStride, panel, Width, length), tile, Width, bandRows);
                for (int i = 0; i < bandRows; i++)
                {
                    new ReadOnlySpan<float>(tile + (i * Width), rest).CopyTo(new Span<float>(c + ((r + i) * cStride) + n, rest));
                }
            }
        }
    }

    /// <summary>panel[k][j] = x[j][k] for <paramref name="samples"/> columns, zeros behind them.</summary>
    private static void Transpose(float* x, nint stride, int samples, int length, float* panel)
    {
        if (samples < Width)
        {
            new Span<float>(panel, length * Width).Clear();
        }

        // Eight samples at a time: their cache lines and the panel's stay in the first-level cache.
        for (int first = 0; first < samples; first += 8)
        {
            int count = Math.Min(8, samples - first);
            for (int k = 0; k < length; k++)
            {
                float* source = x + (first * stride) + k, destination = panel + ((nint)k * Width) + first;
                for (int j = 0; j < count; j++)
                {
                    destination[j] = source[j * stride];
                }
            }
        }
    }

    private static int PanelLength(int samples, int length) => checked((samples + Width - 1) / Width * Width * length);

    // One comparison a product, against writing past the array.
    private static void RequireScratch(float[] scratch, int length)
    {
        if (scratch.Length < length + AlignmentFloats)
        {
            throw new ArgumentException($"Scratch must hold {length + AlignmentFloats} floats; holds {scratch.Length}.", nameof(scratch));
        }
    }

    private static float* Align(float* pointer) => (float*)(((nint)pointer + 63) & ~(nint)63);
}
