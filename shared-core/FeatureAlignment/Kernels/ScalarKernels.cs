using System;
using System.Diagnostics;

namespace FeatureAlignment.Kernels;

/// <summary>
/// The board's form: pointers, unrolled by eight, because that is what Mono's compiler for 32-bit ARM turns into the fewest
/// instructions (spans take three times as many, Vector&lt;T&gt; twelve times).
/// </summary>
/// <remarks>
/// Every operation rounds to single precision. The casts to float look redundant and are not: they forbid a runtime to keep the
/// product of a multiply-add in a wider register, so the same seed gives the same weights on .NET and on Mono.
/// </remarks>
internal sealed unsafe class ScalarKernels : KernelSet
{
    public override string Name => "scalar";

    internal override int ScratchLength(int batch, int longestSum) => 0;

    internal override void MultiplyTransposed(in Matrix a, in Matrix b, in Matrix c, float[] scratch)
    {
        Debug.Assert(a.Columns == b.Columns && c.Rows == a.Rows && c.Columns == b.Rows, "shapes do not fit");
        fixed (float* aData = a.Data, bData = b.Data, cData = c.Data)
        {
            // Rows of b (the weights) outside, so that each is read once for the whole batch.
            for (int n = 0; n < b.Rows; n++)
            {
                float* bRow = bData + b.Offset + ((long)n * b.Stride);
                for (int m = 0; m < a.Rows; m++)
                {
                    cData[c.Offset + ((long)m * c.Stride) + n] = Dot(aData + a.Offset + ((long)m * a.Stride), bRow, a.Columns);
                }
            }
        }
    }

    internal override void AddMultiply(in Matrix a, in Matrix b, in Matrix c, float[] scratch)
    {
        Debug.Assert(a.Columns == b.Rows && c.Rows == a.Rows && c.Columns == b.Columns, "shapes do not fit");
        fixed (float* aData = a.Data, bData = b.Data, cData = c.Data)
        {
            for (int k = 0; k < b.Rows; k++)
            {
                float* bRow = bData + b.Offset + ((long)k * b.Stride);
                for (int m = 0; m < a.Rows; m++)
                {
                    Axpy(aData[a.Offset + ((long)m * a.Stride) + k], bRow, cData + c.Offset + ((long)m * c.Stride), b.Columns);
                }
            }
        }
    }

    internal override void AddTransposedMultiply(in Matrix a, in Matrix b, in Matrix c, float[] scratch)
    {
        Debug.Assert(a.Rows == b.Rows && c.Rows == a.Columns && c.Columns >= b.Columns, "shapes do not fit");
        fixed (float* aData = a.Data, bData = b.Data, cData = c.Data)
        {
            for (int m = 0; m < a.Columns; m++)
            {
                float* cRow = cData + c.Offset + ((long)m * c.Stride);
                for (int k = 0; k < a.Rows; k++)
                {
                    Axpy(aData[a.Offset + ((long)k * a.Stride) + m], bData + b.Offset + ((long)k * b.Stride), cRow, b.Columns);
                }
            }
        }
    }

    internal override void AddTransposedMultiplyPair(
        in Matrix a1, in Matrix b1, in Matrix a2, in Matrix b2, in Matrix c, float[] scratch)
    {
        if (a1.Rows == 1 && a2.Rows == 1 && b2.Columns <= b1.Columns)
        {
            AddOuterPair(a1, b1, a2, b2, c);
            return;
        }

        AddTransposedMultiply(a1, b1, c, scratch);
        AddTransposedMultiply(a2, b2, c, scratch);
    }

    internal override void Momentum(
        Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> velocity, float rate, float momentum)
    {
        Debug.Assert(gradient.Length == parameters.Length && velocity.Length == parameters.Length, "lengths differ");
        for (int i = 0; i < parameters.Length; i++)
        {
            velocity[i] = (float)((float)(momentum * velocity[i]) + gradient[i]);
            parameters[i] = (float)(parameters[i] + (float)(rate * velocity[i]));
        }
    }

    internal override void Adam(
        Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> mean, Span<float> square, float rate, in AdamCoefficients coefficients)
    {
        Debug.Assert(gradient.Length == parameters.Length && mean.Length == parameters.Length && square.Length == parameters.Length, "lengths differ");
        float meanDecay = coefficients.MeanDecay, meanShare = (float)(1 - meanDecay);
        float squareDecay = coefficients.SquareDecay, squareShare = (float)(1 - squareDecay);
        for (int i = 0; i < parameters.Length; i++)
        {
            float g = gradient[i];
            mean[i] = (float)((float)(meanDecay * mean[i]) + (float)(meanShare * g));
            square[i] = (float)((float)(squareDecay * square[i]) + (float)((float)(squareShare * g) * g));
            parameters[i] = (float)(parameters[i] + (float)((float)(rate * mean[i]) / (float)((float)Math.Sqrt(square[i]) + coefficients.Epsilon)));
        }
    }

    /// <summary>Σ x[i] · y[i]: BLAS sdot. Blocks of eight products are summed left to right, then added to the total.</summary>
    private static float Dot(float* x, float* y, int length)
    {
        float sum = 0;
        int i = 0;
        for (; i <= length - 8; i += 8)
        {
            float block = (float)(x[0] * y[0]);
            block = (float)(block + (float)(x[1] * y[1]));
            block = (float)(block + (float)(x[2] * y[2]));
            block = (float)(block + (float)(x[3] * y[3]));
            block = (float)(block + (float)(x[4] * y[4]));
            block = (float)(block + (float)(x[5] * y[5]));
            block = (float)(block + (float)(x[6] * y[6]));
            block = (float)(block + (float)(x[7] * y[7]));
            sum = (float)(sum + block);
            x += 8;
            y += 8;
        }

        for (; i < length; i++)
        {
            sum = (float)(sum + (float)(*x++ * *y++));
        }

        return sum;
    }

    /// <summary>y[i] += a · x[i]: BLAS saxpy.</summary>
    private static void Axpy(float a, float* x, float* y, int length)
    {
        int i = 0;
        for (; i <= length - 8; i += 8)
        {
            y[0] = (float)(y[0] + (float)(a * x[0]));
            y[1] = (float)(y[1] + (float)(a * x[1]));
            y[2] = (float)(y[2] + (float)(a * x[2]));
            y[3] = (float)(y[3] + (float)(a * x[3]));
            y[4] = (float)(y[4] + (float)(a * x[4]));
            y[5] = (float)(y[5] + (float)(a * x[5]));
            y[6] = (float)(y[6] + (float)(a * x[6]));
            y[7] = (float)(y[7] + (float)(a * x[7]));
            x += 8;
            y += 8;
        }

        for (; i < length; i++)
        {
            *y = (float)(*y + (float)(a * *x++));
            y++;
        }
    }

    /// <summary>c[m, n] += a1[m] · b1[n] + a2[m] · b2[n]: two BLAS sger in one pass over c; columns beyond b2 get the first term alone.</summary>
    private static void AddOuterPair(in Matrix a1, in Matrix b1, in Matrix a2, in Matrix b2, in Matrix c)
    {
        int both = b2.Columns, rest = b1.Columns - both;
        fixed (float* a1Data = &a1.Data[a1.Offset], a2Data = &a2.Data[a2.Offset])
        fixed (float* b1Data = &b1.Data[b1.Offset], b2Data = &b2.Data[b2.Offset], cData = c.Data)
        {
            for (int m = 0; m < c.Rows; m++)
            {
                float* y = cData + c.Offset + ((long)m * c.Stride);
                Axpy2(a1Data[m], b1Data, a2Data[m], b2Data, y, both);
                Axpy(a1Data[m], b1Data + both, y + both, rest);
            }
        }
    }

    /// <summary>y[i] = (y[i] + a · x[i]) + b · z[i].</summary>
    private static void Axpy2(float a, float* x, float b, float* z, float* y, int length)
    {
        int i = 0;
        for (; i <= length - 8; i += 8)
        {
            y[0] = (float)((float)(y[0] + (float)(a * x[0])) + (float)(b * z[0]));
            y[1] = (float)((float)(y[1] + (float)(a * x[1])) + (float)(b * z[1]));
            y[2] = (float)((float)(y[2] + (float)(a * x[2])) + (float)(b * z[2]));
            y[3] = (float)((float)(y[3] + (float)(a * x[3])) + (float)(b * z[3]));
            y[4] = (float)((float)(y[4] + (float)(a * x[4])) + (float)(b * z[4]));
            y[5] = (float)((float)(y[5] + (float)(a * x[5])) + (float)(b * z[5]));
            y[6] = (float)((float)(y[6] + (float)(a * x[6])) + (float)(b * z[6]));
            y[7] = (float)((float)(y[7] + (float)(a * x[7])) + (float)(b * z[7]));
            x += 8;
            z += 8;
            y += 8;
        }

        for (; i < length; i++)
        {
            *y = (float)((float)(*y + (float)(a * *x++)) + (float)(b * *z++));
            y++;
        }
    }
}
