using System;

namespace FeatureAlignment.Layers;

/// <summary>Values and the first two derivatives of the activations, over whole buffers, so that the choice is made once a pass.</summary>
/// <remarks>Built on <see cref="ElementaryFunctions"/>: the same bits on every runtime. NaN in, NaN out. Nothing is allocated.</remarks>
public static class ActivationFunctions
{
    private const float LeakySlope = 0.01f;

    /// <summary>True when σ' is 0 on a half-line, so that a row can stop learning for good.</summary>
    public static bool CanDie(Activation activation) => activation == Activation.Relu;

    /// <summary>y = σ(z).</summary>
    /// <param name="activation">Which function.</param>
    /// <param name="z">Pre-activations, [N].</param>
    /// <param name="y">[N], overwritten; may be the same memory as <paramref name="z"/>.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Apply(Activation activation, ReadOnlySpan<float> z, Span<float> y)
    {
        ArgumentChecks.SameLength(y.Length, z.Length, nameof(y));
        switch (activation)
        {
            case Activation.Identity:
                z.CopyTo(y);
                break;
            case Activation.Relu:
                for (int i = 0; i < z.Length; i++)
                {
                    y[i] = Math.Max(z[i], 0f);
                }

                break;
            case Activation.LeakyRelu:
                for (int i = 0; i < z.Length; i++)
                {
                    y[i] = z[i] > 0 ? z[i] : LeakySlope * z[i];
                }

                break;
            case Activation.Tanh:
                for (int i = 0; i < z.Length; i++)
                {
                    y[i] = ElementaryFunctions.Tanh(z[i]);
                }

                break;
            case Activation.Sigmoid:
                for (int i = 0; i < z.Length; i++)
                {
                    y[i] = Sigmoid(z[i]);
                }

                break;
            case Activation.Asinh:
                for (int i = 0; i < z.Length; i++)
                {
                    y[i] = ElementaryFunctions.Asinh(z[i]);
                }

                break;
            case Activation.Softplus:
                for (int i = 0; i < z.Length; i++)
                {
                    y[i] = Softplus(z[i]);
                }

                break;
            default:
                throw Unknown(activation);
        }
    }

    /// <summary>y = σ(z) and slope = σ'(z).</summary>
    /// <param name="activation">Which function.</param>
    /// <param name="z">Pre-activations, [N].</param>
    /// <param name="y">[N], overwritten; may be the same memory as <paramref name="z"/>.</param>
    /// <param name="slope">[N], overwritten; memory of its own.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void ApplyWithSlope(Activation activation, ReadOnlySpan<float> z, Span<float> y, Span<float> slope)
    {
        ArgumentChecks.SameLength(slope.Length, z.Length, nameof(slope));
        if (activation == Activation.Asinh)
        {
            // The one slope that is cheaper from z than from σ(z).
            for (int i = 0; i < z.Length; i++)
            {
                slope[i] = (float)(1 / Math.Sqrt(1 + ((double)z[i] * z[i])));
            }

            Apply(activation, z, y);
            return;
        }

        Apply(activation, z, y);
        switch (activation)
        {
            case Activation.Identity:
                slope.Fill(1);
                break;
            case Activation.Relu:
                for (int i = 0; i < y.Length; i++)
                {
                    slope[i] = y[i] > 0 ? 1 : 0;
                }

                break;
            case Activation.LeakyRelu:
                for (int i = 0; i < y.Length; i++)
                {
                    slope[i] = y[i] > 0 ? 1 : LeakySlope;
                }

                break;
            case Activation.Tanh:
                for (int i = 0; i < y.Length; i++)
                {
                    slope[i] = 1 - (y[i] * y[i]);
                }

                break;
            case Activation.Sigmoid:
                for (int i = 0; i < y.Length; i++)
                {
                    slope[i] = y[i] * (1 - y[i]);
                }

                break;
            case Activation.Softplus:
                // σ' is the logistic function of z, and 1 - exp(-σ(z)) is the same number.
                for (int i = 0; i < y.Length; i++)
                {
                    slope[i] = 1 - ElementaryFunctions.Exp(-y[i]);
                }

                break;
        }
    }

    /// <summary>y = σ(z), slope = σ'(z) and curvature = σ''(z).</summary>
    /// <param name="activation">Which function.</param>
    /// <param name="z">Pre-activations, [N].</param>
    /// <param name="y">[N], overwritten; memory of its own.</param>
    /// <param name="slope">[N], overwritten; memory of its own.</param>
    /// <param name="curvature">[N], overwritten; memory of its own.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void ApplyWithDerivatives(
        Activation activation, ReadOnlySpan<float> z, Span<float> y, Span<float> slope, Span<float> curvature)
    {
        ArgumentChecks.SameLength(curvature.Length, z.Length, nameof(curvature));
        ApplyWithSlope(activation, z, y, slope);
        switch (activation)
        {
            case Activation.Tanh:
                for (int i = 0; i < y.Length; i++)
                {
                    curvature[i] = -2 * y[i] * slope[i];
                }

                break;
            case Activation.Sigmoid:
                for (int i = 0; i < y.Length; i++)
                {
                    curvature[i] = slope[i] * (1 - (2 * y[i]));
                }

                break;
            case Activation.Asinh:
                for (int i = 0; i < y.Length; i++)
                {
                    double s = slope[i];
                    curvature[i] = (float)(-z[i] * s * s * s);
                }

                break;
            case Activation.Softplus:
                for (int i = 0; i < y.Length; i++)
                {
                    curvature[i] = slope[i] * (1 - slope[i]);
                }

                break;
            default:
                curvature.Clear();
                break;
        }
    }

    private static float Sigmoid(float z) => (float)(1 / (1 + (double)ElementaryFunctions.Exp(-z)));

    private static float Softplus(float z) =>
        (z > 0 ? z : 0) + ElementaryFunctions.Log1p(ElementaryFunctions.Exp(z > 0 ? -z : z));

    private static ArgumentOutOfRangeException Unknown(Activation activation) =>
        new(nameof(activation), $"Activation must be one of the named ones; was {(int)activation}.");
}
