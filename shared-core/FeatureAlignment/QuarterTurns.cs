using System;

namespace FeatureAlignment;

/// <summary>Splits an angle into whole quarter turns and a rest of at most π/4, for sine and cosine of any float.</summary>
internal static class QuarterTurns
{
    private const double HalfPi = 1.57079632679489661923;

    // π/2 in two parts; the first has 30 bits, so that its product with a count of up to 23 bits is exact (Cody and Waite 1980).
    private const double HalfPiHead = 1.570796325802803;
    private const double HalfPiTail = 9.920935796805404e-10;
    private const float LargestForTwoParts = 1 << 23;

    private const double RoundingShift = 6755399441055744.0;

    // The first bits of 1/(2π) after the point, enough for the largest exponent of a float and 96 bits beyond.
    private static readonly uint[] TurnsPerRadian =
        [0x28BE60DB, 0x9391054A, 0x7F09D5F4, 0x7D4D3770, 0x36D8A566, 0x4F10E410, 0x7F9458EA];

    /// <summary>x = quarter turns · π/2 + rest. Only the two lowest bits of the number of quarter turns are meant.</summary>
    internal static int Reduce(float x, out double rest)
    {
        double angle = x;
        if (angle < LargestForTwoParts && angle > -LargestForTwoParts)
        {
            double shifted = (angle * (1.0 / HalfPi)) + RoundingShift;
            double count = shifted - RoundingShift;
            rest = angle - (count * HalfPiHead) - (count * HalfPiTail);
            return (int)(BitConverter.DoubleToInt64Bits(shifted) & 3);
        }

        if (!(Math.Abs(angle) <= float.MaxValue))
        {
            rest = double.NaN;
            return 0;
        }

        return ReduceLarge(angle, out rest);
    }

    // Payne and Hanek, "Radian Reduction for Trigonometric Functions" (1983): of x / 2π only the bits that are neither whole turns
    // nor beyond the precision are computed, in integers.
    private static int ReduceLarge(double angle, out double rest)
    {
        long bits = BitConverter.DoubleToInt64Bits(Math.Abs(angle));
        uint mantissa = (uint)((bits >> 29) & 0x7FFFFF) | 0x800000;
        int exponent = (int)(bits >> 52) - 1023 - 23;

        // |x| = mantissa · 2^exponent with an exponent of 0 or more, so bits of 1/2π above `exponent` make whole turns.
        uint first = Window(exponent);
        uint second = Window(exponent + 32);
        uint third = Window(exponent + 64);
        ulong low = (ulong)mantissa * third;
        ulong middle = ((ulong)mantissa * second) + (low >> 32);
        ulong high = ((ulong)mantissa * first) + (middle >> 32);
        ulong turns = (high << 32) | (uint)middle;

        // The nearest quarter, then a signed rest in units of 2^-64 turn.
        ulong rounded = turns + (1UL << 61);
        int quadrant = (int)(rounded >> 62);
        long restTurns = unchecked((long)(turns - ((ulong)quadrant << 62)));
        rest = restTurns * (4.0 * HalfPi / 18446744073709551616.0);
        if (angle < 0)
        {
            rest = -rest;
            quadrant = -quadrant;
        }

        return quadrant & 3;
    }

    private static uint Window(int startBit)
    {
        int index = startBit >> 5;
        ulong pair = ((ulong)TurnsPerRadian[index] << 32) | TurnsPerRadian[index + 1];
        return (uint)(pair >> (32 - (startBit & 31)));
    }
}
