using System;
using System.Diagnostics;

namespace FeatureAlignment.Kernels;

/// <summary>
/// The board's form: pointers, sixteen products in one expression, several rows of weights in one pass, because that is what Mono's
/// compiler for 32-bit ARM turns into the fewest instructions (7 to 8 a multiply-add; a span takes 23, Vector&lt;T&gt; 97).
/// </summary>
/// <remarks>
/// Every operation rounds to single precision, on .NET and on Mono alike, so the order in which the expressions are written is the
/// whole contract: the same seed gives the same weights on both.
/// </remarks>
internal sealed unsafe class ScalarKernels : KernelSet
{
    public override string Name => "scalar";

    internal override void MultiplyTransposed(in Matrix a, in Matrix b, in Matrix c)
    {
        Debug.Assert(a.Columns == b.Columns && c.Rows == a.Rows && c.Columns == b.Rows, "shapes do not fit");
        fixed (float* aData = a.Data, bData = b.Data, cData = c.Data)
        {
            // Rows of b (the weights) outside, so that each is read once for the whole batch.
            for (int n = 0; n < b.Rows; n++)
            {
                float* bRow = bData + b.Offset + (n * b.Stride);
                for (int m = 0; m < a.Rows; m++)
                {
                    cData[c.Offset + (m * c.Stride) + n] = Dot(aData + a.Offset + (m * a.Stride), bRow, a.Columns);
                }
            }
        }
    }

    internal override void AddMultiply(in Matrix a, in Matrix b, in Matrix c)
    {
        Debug.Assert(a.Columns == b.Rows && c.Rows == a.Rows && c.Columns == b.Columns, "shapes do not fit");
        fixed (float* aData = a.Data, bData = b.Data, cData = c.Data)
        {
            int k = 0;
            for (; k <= b.Rows - 4; k += 4)
            {
                float* bRows = bData + b.Offset + (k * b.Stride);
                for (int m = 0; m < a.Rows; m++)
                {
                    AddScaledFour(
                        aData + a.Offset + (m * a.Stride) + k, bRows, b.Stride, cData + c.Offset + (m * c.Stride), b.Columns);
                }
            }

            for (; k < b.Rows; k++)
            {
                float* bRow = bData + b.Offset + (k * b.Stride);
                for (int m = 0; m < a.Rows; m++)
                {
                    AddScaled(aData[a.Offset + (m * a.Stride) + k], bRow, cData + c.Offset + (m * c.Stride), b.Columns);
                }
            }
        }
    }

    internal override void AddTransposedMultiply(in Matrix a, in Matrix b, in Matrix c)
    {
        Debug.Assert(a.Rows == b.Rows && c.Rows == a.Columns && c.Columns >= b.Columns, "shapes do not fit");
        fixed (float* aData = a.Data, bData = b.Data, cData = c.Data)
        {
            for (int m = 0; m < a.Columns; m++)
            {
                float* cRow = cData + c.Offset + (m * c.Stride);
                for (int k = 0; k < a.Rows; k++)
                {
                    AddScaled(aData[a.Offset + (k * a.Stride) + m], bData + b.Offset + (k * b.Stride), cRow, b.Columns);
                }
            }
        }
    }

    internal override void AddTransposedMultiplyPair(
        in Matrix a1, in Matrix b1, in Matrix a2, in Matrix b2, in Matrix c)
    {
        if (a1.Rows != 1 || b2.Columns > b1.Columns)
        {
            AddTransposedMultiply(a1, b1, c);
            AddTransposedMultiply(a2, b2, c);
            return;
        }

        int both = b2.Columns, rest = b1.Columns - both;
        fixed (float* a1Data = a1.Data, b1Data = b1.Data, a2Data = a2.Data, b2Data = b2.Data, cData = c.Data)
        {
            float* x = b1Data + b1.Offset, z = b2Data + b2.Offset;
            for (int m = 0; m < c.Rows; m++)
            {
                float* row = cData + c.Offset + (m * c.Stride);
                float first = a1Data[a1.Offset + m];
                AddScaledPair(first, x, a2Data[a2.Offset + m], z, row, both);
                AddScaled(first, x + both, row + both, rest);
            }
        }
    }

    internal override float MakeFeatures(
        ReadOnlySpan<float> h, ReadOnlySpan<float> g, ReadOnlySpan<float> d, float stepSize, Span<float> s)
    {
        Debug.Assert(g.Length == h.Length && d.Length == h.Length && s.Length == h.Length, "lengths differ");
        float sum = 0;
        fixed (float* hData = h, gData = g, dData = d, sData = s)
        {
            for (int j = 0; j < h.Length; j++)
            {
                float difference = hData[j] - gData[j];
                sum += difference * difference;
                sData[j] = stepSize * dData[j] * difference;
            }
        }

        return sum;
    }

    internal override void MakeErrors(
        Span<float> q, ReadOnlySpan<float> h, ReadOnlySpan<float> g, ReadOnlySpan<float> d, ReadOnlySpan<float> curvature,
        ReadOnlySpan<float> slope, float stepSize, Span<float> biasGradient)
    {
        Debug.Assert(h.Length == q.Length && slope.Length == q.Length && biasGradient.Length == q.Length, "lengths differ");
        fixed (float* qData = q, hData = h, gData = g, dData = d, curvatureData = curvature, slopeData = slope, sumData = biasGradient)
        {
            for (int j = 0; j < q.Length; j++)
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
        float sum = 0;
        fixed (float* xData = x, rData = r)
        {
            for (int i = 0; i < x.Length; i++)
            {
                float difference = xData[i] - rData[i];
                sum += difference * difference;
                rData[i] = weight * difference;
            }
        }

        return sum;
    }

    internal override void Momentum(
        Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> velocity, float rate, float momentum)
    {
        Debug.Assert(gradient.Length == parameters.Length && velocity.Length == parameters.Length, "lengths differ");
        for (int i = 0; i < parameters.Length; i++)
        {
            velocity[i] = (momentum * velocity[i]) + gradient[i];
            parameters[i] += rate * velocity[i];
        }
    }

    internal override void Adam(
        Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> mean, Span<float> square, float rate,
        in AdamCoefficients coefficients)
    {
        Debug.Assert(
            gradient.Length == parameters.Length && mean.Length == parameters.Length && square.Length == parameters.Length,
            "lengths differ");
        float meanDecay = coefficients.MeanDecay, meanShare = 1 - meanDecay;
        float squareDecay = coefficients.SquareDecay, squareShare = 1 - squareDecay;
        for (int i = 0; i < parameters.Length; i++)
        {
            float g = gradient[i];
            mean[i] = (meanDecay * mean[i]) + (meanShare * g);
            square[i] = (squareDecay * square[i]) + (squareShare * g * g);
            parameters[i] += rate * mean[i] / ((float)Math.Sqrt(square[i]) + coefficients.Epsilon);
        }
    }

    /// <summary>Σ x[i] · y[i]: BLAS sdot. Sixteen products are summed left to right, then added to the total.</summary>
    private static float Dot(float* x, float* y, int length)
    {
        float sum = 0;
        float* end = x + length, lastBlock = end - 16;
        for (; x <= lastBlock; x += 16, y += 16)
        {
            sum += (x[0] * y[0]) + (x[1] * y[1]) + (x[2] * y[2]) + (x[3] * y[3])
                + (x[4] * y[4]) + (x[5] * y[5]) + (x[6] * y[6]) + (x[7] * y[7])
                + (x[8] * y[8]) + (x[9] * y[9]) + (x[10] * y[10]) + (x[11] * y[11])
                + (x[12] * y[12]) + (x[13] * y[13]) + (x[14] * y[14]) + (x[15] * y[15]);
        }

        for (; x <= end - 4; x += 4, y += 4)
        {
            sum += (x[0] * y[0]) + (x[1] * y[1]) + (x[2] * y[2]) + (x[3] * y[3]);
        }

        for (; x < end; x++, y++)
        {
            sum += *x * *y;
        }

        return sum;
    }

    /// <summary>y[i] += a · x[i]: BLAS saxpy.</summary>
    private static void AddScaled(float a, float* x, float* y, int length)
    {
        float* end = x + length, lastBlock = end - 8;
        for (; x <= lastBlock; x += 8, y += 8)
        {
            y[0] += a * x[0];
            y[1] += a * x[1];
            y[2] += a * x[2];
            y[3] += a * x[3];
            y[4] += a * x[4];
            y[5] += a * x[5];
            y[6] += a * x[6];
            y[7] += a * x[7];
        }

        for (; x < end; x++, y++)
        {
            *y += a * *x;
        }
    }

    /// <summary>y[i] += a · x[i] + b · z[i].</summary>
    private static void AddScaledPair(float a, float* x, float b, float* z, float* y, int length)
    {
        float* end = x + length, lastBlock = end - 8;
        for (; x <= lastBlock; x += 8, z += 8, y += 8)
        {
            y[0] += (a * x[0]) + (b * z[0]);
            y[1] += (a * x[1]) + (b * z[1]);
            y[2] += (a * x[2]) + (b * z[2]);
            y[3] += (a * x[3]) + (b * z[3]);
            y[4] += (a * x[4]) + (b * z[4]);
            y[5] += (a * x[5]) + (b * z[5]);
            y[6] += (a * x[6]) + (b * z[6]);
            y[7] += (a * x[7]) + (b * z[7]);
        }

        for (; x < end; x++, z++, y++)
        {
            *y += (a * *x) + (b * *z);
        }
    }

    /// <summary>y[i] += Σ_r factors[r] · rows[r][i] for four rows.</summary>
    private static void AddScaledFour(float* factors, float* rows, int stride, float* y, int length)
    {
        float a = factors[0], b = factors[1], c = factors[2], d = factors[3];
        float* p = rows, q = p + stride, r = q + stride, s = r + stride;
        float* end = p + length, lastBlock = end - 4;
        for (; p <= lastBlock; p += 4, q += 4, r += 4, s += 4, y += 4)
        {
            y[0] += (a * p[0]) + (b * q[0]) + (c * r[0]) + (d * s[0]);
            y[1] += (a * p[1]) + (b * q[1]) + (c * r[1]) + (d * s[1]);
            y[2] += (a * p[2]) + (b * q[2]) + (c * r[2]) + (d * s[2]);
            y[3] += (a * p[3]) + (b * q[3]) + (c * r[3]) + (d * s[3]);
        }

        for (; p < end; p++, q++, r++, s++, y++)
        {
            *y += (a * *p) + (b * *q) + (c * *r) + (d * *s);
        }
    }
}
