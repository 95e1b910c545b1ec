using System;
using System.Globalization;
using System.Numerics;

namespace FeatureAlignment.Telemetry.Json;

/// <summary>
/// Doubles as decimal text and back, correctly rounded and the same on every runtime. Mono's own conversions are not: of random doubles
/// written with 17 digits its parser misses some in the last bit, and its formatter rounds some digits differently from .NET's.
/// </summary>
/// <remarks>
/// Ordinary numbers take a short way that is exact by IEEE arithmetic; the others are computed with whole numbers of any size. Sources:
/// W. D. Clinger,
/// "How to read floating point numbers accurately" (1990); R. G. Burger and R. K. Dybvig, "Printing floating-point numbers quickly and
/// accurately" (1996).
/// </remarks>
public static class DecimalNumber
{
    /// <summary>
    /// Most characters of a number that is read. No runtime writes a longer one; the bound keeps the exact arithmetic small.
    /// </summary>
    public const int MaxLength = 64;

    private const int MantissaBits = 52;
    private const int SmallestExponent = -1074; // of the last bit of a subnormal number
    private const int SingleMantissaBits = 23;
    private const int SmallestSingleExponent = -149;
    private const int LargestExactPower = 22; // 10^22 is the largest power of ten that a double holds exactly
    private const int DigitsOfEveryDecimal = 15; // decimals of so many digits are told apart by doubles

    private static readonly double[] ExactPowers = CreateExactPowers();

    /// <summary>
    /// Shortest decimal that reads back as the same double; of several the nearest. Without a point for whole numbers, with an exponent
    /// only
    /// below 1e-5 and from 1e17 on. Minus zero becomes "0".
    /// </summary>
    /// <param name="value">A finite number.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="value"/> is NaN or infinite.</exception>
    public static string Format(double value)
    {
        ArgumentChecks.Finite(value, nameof(value));
        if (value == Math.Floor(value) && Math.Abs(value) < 1L << (MantissaBits + 1))
        {
            return ((long)value).ToString(CultureInfo.InvariantCulture);
        }

        double magnitude = Math.Abs(value);
        (string digits, int pointPosition) = ShortDigits(magnitude, DigitsOfEveryDecimal) ?? ShortestDigits(magnitude);
        return (value < 0 ? "-" : "") + Lay(digits, pointPosition);
    }

    /// <summary>
    /// The double nearest to the shortest decimal that a float needs: 0.1f becomes 0.1, not 0.10000000149011612. So a float goes over the
    /// wire
    /// with at most nine digits; converted back to float it is the same.
    /// </summary>
    /// <param name="value">A finite number.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="value"/> is NaN or infinite.</exception>
    public static double FromSingle(float value)
    {
        ArgumentChecks.Finite(value, nameof(value));
        if (value == 0)
        {
            return 0;
        }

        int bits = BitConverter.SingleToInt32Bits(value);
        int fraction = bits & ((1 << SingleMantissaBits) - 1), biased = (bits >> SingleMantissaBits) & 255;
        (string digits, int pointPosition) = ShortestDigits(
            biased == 0 ? fraction : fraction | 1 << SingleMantissaBits,
            SmallestSingleExponent + Math.Max(biased, 1) - 1,
            fraction == 0 && biased > 1);
        bool isRead = TryParse((value < 0 ? "-" : "") + Lay(digits, pointPosition), out double nearest);

        // Rounding twice, to double and to float, may in the rarest case end beside the float.
        return isRead && (float)nearest == value ? nearest : value;
    }

    /// <summary>Reads a number in the form of JSON: correctly rounded, half to even.</summary>
    /// <param name="text">ASCII digits as JSON allows them, at most <see cref="MaxLength"/>; nothing around them.</param>
    /// <param name="value">The number.</param>
    /// <returns>False when the text has another form, is too long, or is beyond the range of a double.</returns>
    public static bool TryParse(ReadOnlySpan<byte> text, out double value)
    {
        if (TryParseShort(text, out value))
        {
            return true;
        }

        if (text.Length is 0 or > MaxLength)
        {
            return false;
        }

        int at = 0;
        bool negative = text[0] == '-';
        at += negative ? 1 : 0;
        Span<byte> digits = stackalloc byte[MaxLength];
        int count = 0, exponent = 0;
        int first = at;
        TakeDigits(text, ref at, digits, ref count);
        if (at == first || (text[first] == '0' && at > first + 1))
        {
            return false;
        }

        if (at < text.Length && text[at] == '.')
        {
            int fraction = ++at;
            TakeDigits(text, ref at, digits, ref count);
            exponent = fraction - at;
            if (at == fraction)
            {
                return false;
            }
        }

        if (at < text.Length && (text[at] | 0x20) == 'e')
        {
            at++;
            bool below = at < text.Length && text[at] == '-';
            at += at < text.Length && text[at] is (byte)'-' or (byte)'+' ? 1 : 0;
            int start = at, stated = 0;
            for (; at < text.Length && text[at] is >= (byte)'0' and <= (byte)'9'; at++)
            {
                stated = Math.Min(stated * 10 + (text[at] - '0'), 100_000);
            }

            if (at == start)
            {
                return false;
            }

            exponent += below ? -stated : stated;
        }

        if (at != text.Length)
        {
            return false;
        }

        double magnitude = Nearest(digits[..count], exponent);
        value = negative ? -magnitude : magnitude;
        return !double.IsInfinity(magnitude);
    }

    // The form that nearly all numbers have: few digits, no exponent. Both operands of the division are exact, so that it rounds the true
    // result once; whatever has another form is left to the long way.
    private static bool TryParseShort(ReadOnlySpan<byte> text, out double value)
    {
        value = 0;
        int first = text.Length > 0 && text[0] == '-' ? 1 : 0, point = text.Length;
        if (text.Length - first is 0 or > DigitsOfEveryDecimal || text[first] == '.' || text[^1] == '.'
            || (text[first] == '0' && text.Length > first + 1 && text[first + 1] != '.'))
        {
            return false;
        }

        long digits = 0;
        for (int at = first; at < text.Length; at++)
        {
            int digit = text[at] - '0';
            if (digit is >= 0 and <= 9)
            {
                digits = digits * 10 + digit;
            }
            else if (text[at] == '.' && point == text.Length)
            {
                point = at;
            }
            else
            {
                return false;
            }
        }

        double magnitude = point == text.Length ? digits : digits / ExactPowers[text.Length - point - 1];
        value = first == 0 ? magnitude : -magnitude;
        return true;
    }

    private static bool TryParse(string text, out double value)
    {
        Span<byte> ascii = stackalloc byte[text.Length];
        for (int i = 0; i < text.Length; i++)
        {
            ascii[i] = (byte)text[i];
        }

        return TryParse(ascii, out value);
    }

    private static void TakeDigits(ReadOnlySpan<byte> text, ref int at, Span<byte> digits, ref int count)
    {
        for (; at < text.Length && text[at] is >= (byte)'0' and <= (byte)'9'; at++)
        {
            if (count > 0 || text[at] != '0')
            {
                digits[count++] = (byte)(text[at] - '0');
            }
        }
    }

    // The double nearest to digits · 10^exponent.
    private static double Nearest(ReadOnlySpan<byte> digits, int exponent)
    {
        while (digits.Length > 0 && digits[^1] == 0)
        {
            digits = digits[..^1];
            exponent++;
        }

        if (digits.Length == 0 || digits.Length + exponent < -330)
        {
            return 0;
        }

        if (digits.Length + exponent > 310)
        {
            return double.PositiveInfinity;
        }

        if (digits.Length <= DigitsOfEveryDecimal && Math.Abs(exponent) <= LargestExactPower)
        {
            // Both operands are exact, so IEEE division or multiplication rounds the true result once.
            long small = 0;
            foreach (byte digit in digits)
            {
                small = small * 10 + digit;
            }

            return exponent < 0 ? small / ExactPowers[-exponent] : small * ExactPowers[exponent];
        }

        BigInteger whole = BigInteger.Zero;
        foreach (byte digit in digits)
        {
            whole = whole * 10 + digit;
        }

        return exponent < 0
            ? Quotient(whole, BigInteger.Pow(10, -exponent))
            : Quotient(whole * BigInteger.Pow(10, exponent), BigInteger.One);
    }

    // The double nearest to a fraction above 0, half to even.
    private static double Quotient(BigInteger numerator, BigInteger denominator)
    {
        int exponent = Math.Max(BitLength(numerator) - BitLength(denominator) - MantissaBits - 1, SmallestExponent);
        BigInteger quotient, remainder;
        while (true)
        {
            BigInteger scaled = exponent < 0 ? numerator << -exponent : numerator;
            BigInteger divisor = exponent > 0 ? denominator << exponent : denominator;
            quotient = BigInteger.DivRem(scaled, divisor, out remainder);
            if (quotient >> (MantissaBits + 1) == 0)
            {
                int half = (remainder << 1).CompareTo(divisor);
                quotient += half > 0 || (half == 0 && !quotient.IsEven) ? 1 : 0;
                break;
            }

            exponent++;
        }

        long mantissa = (long)quotient;
        if (mantissa == 1L << (MantissaBits + 1))
        {
            mantissa >>= 1;
            exponent++;
        }

        long biased = mantissa < 1L << MantissaBits ? 0 : exponent - SmallestExponent + 1;
        return biased >= 2047
            ? double.PositiveInfinity
            : BitConverter.Int64BitsToDouble(biased << MantissaBits | (mantissa & ((1L << MantissaBits) - 1)));
    }

    private static int BitLength(BigInteger value)
    {
        byte[] bytes = value.ToByteArray(); // little-endian, the sign's bit included
        int bits = (bytes.Length - 1) * 8;
        for (int top = bytes[^1]; top != 0; top >>= 1)
        {
            bits++;
        }

        return bits;
    }

    // The runtime's digits, if the decimal they make is one that only this double has; whether it is, is judged by our own parser.
    private static (string Digits, int PointPosition)? ShortDigits(double value, int precision)
    {
        string text = value.ToString("E" + (precision - 1).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        if (value < 1e-300 || !TryParse(text, out double back) || back != value)
        {
            return null;
        }

        int end = text.IndexOf('E');
        int exponent = int.Parse(text[(end + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        return ((text[..1] + text[2..end]).TrimEnd('0'), exponent + 1);
    }

    private static (string Digits, int PointPosition) ShortestDigits(double value)
    {
        long bits = BitConverter.DoubleToInt64Bits(value);
        long fraction = bits & ((1L << MantissaBits) - 1);
        int biased = (int)(bits >> MantissaBits);
        return ShortestDigits(
            biased == 0 ? fraction : fraction | 1L << MantissaBits,
            SmallestExponent + Math.Max(biased, 1) - 1,
            fraction == 0 && biased > 1);
    }

    // Free-format printing of Burger and Dybvig, of mantissa · 2^exponent. The value is remainder / scale; below and above are the
    // distances to the midpoints between it and its neighbours.
    private static (string Digits, int PointPosition) ShortestDigits(long mantissa, int exponent, bool lowerIsNearer)
    {
        bool even = mantissa % 2 == 0;
        int doubled = lowerIsNearer ? 2 : 1;
        BigInteger remainder = (BigInteger)mantissa << (Math.Max(exponent, 0) + doubled);
        BigInteger scale = BigInteger.One << (Math.Max(-exponent, 0) + doubled);
        BigInteger below = BigInteger.One << Math.Max(exponent, 0);
        BigInteger above = below << (doubled - 1);

        // One too small at most, which the first comparison corrects.
        int pointPosition = (int)Math.Ceiling(Math.Log10(mantissa) + exponent * Math.Log10(2) - 1e-9);
        if (pointPosition >= 0)
        {
            scale *= BigInteger.Pow(10, pointPosition);
        }
        else
        {
            BigInteger power = BigInteger.Pow(10, -pointPosition);
            (remainder, below, above) = (remainder * power, below * power, above * power);
        }

        if (Reaches(remainder + above, scale, even))
        {
            pointPosition++;
        }
        else
        {
            (remainder, below, above) = (remainder * 10, below * 10, above * 10);
        }

        var digits = new char[17];
        for (int count = 0; ; count++)
        {
            int digit = (int)BigInteger.DivRem(remainder, scale, out remainder);
            bool low = Reaches(below, remainder, even), high = Reaches(remainder + above, scale, even);
            if (low || high)
            {
                bool up = high && (!low || remainder << 1 >= scale);
                digits[count] = (char)('0' + digit + (up ? 1 : 0));
                return (new string(digits, 0, count + 1), pointPosition);
            }

            digits[count] = (char)('0' + digit);
            (remainder, below, above) = (remainder * 10, below * 10, above * 10);
        }
    }

    private static bool Reaches(BigInteger value, BigInteger bound, bool inclusive) => inclusive ? value >= bound : value > bound;

    // 0.DIGITS · 10^pointPosition as JSON has it.
    private static string Lay(string digits, int pointPosition) => pointPosition switch
    {
        > 0 and <= 17 when digits.Length <= pointPosition => digits.PadRight(pointPosition, '0'),
        > 0 and <= 17 => digits[..pointPosition] + "." + digits[pointPosition..],
        > -5 and <= 0 => "0." + new string('0', -pointPosition) + digits,
        _ => digits[..1] + (digits.Length > 1 ? "." + digits[1..] : "") + "e" + (pointPosition - 1).ToString(CultureInfo.InvariantCulture),
    };

    private static double[] CreateExactPowers()
    {
        var powers = new double[LargestExactPower + 1];
        powers[0] = 1;
        for (int i = 1; i < powers.Length; i++)
        {
            powers[i] = powers[i - 1] * 10;
        }

        return powers;
    }
}
