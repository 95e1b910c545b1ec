namespace FeatureAlignment.Telemetry.Json;

/// <summary>Hexadecimal digits; the board's class library has no conversion for them.</summary>
internal static class HexDigits
{
    /// <summary>Value of a digit in either case, or -1.</summary>
    public static int Value(char digit) => digit switch
    {
        >= '0' and <= '9' => digit - '0',
        >= 'a' and <= 'f' => digit - 'a' + 10,
        >= 'A' and <= 'F' => digit - 'A' + 10,
        _ => -1,
    };

    /// <summary>Bytes as lower-case digits, two for each.</summary>
    public static string Format(byte[] bytes)
    {
        var digits = new char[bytes.Length * 2];
        for (int i = 0; i < bytes.Length; i++)
        {
            digits[2 * i] = "0123456789abcdef"[bytes[i] >> 4];
            digits[2 * i + 1] = "0123456789abcdef"[bytes[i] & 15];
        }

        return new string(digits);
    }
}
