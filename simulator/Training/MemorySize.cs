using System;
using System.Globalization;

namespace FeatureAlignment.Simulator.Training;

/// <summary>Bytes as people write them: 300KB, 1.5 MB. One KB is 1,024 bytes.</summary>
internal static class MemorySize
{
    private static readonly string[] Units = ["B", "KB", "MB", "GB"];

    /// <summary>Reads a number with an optional unit; a bare number counts bytes, and parts of a byte are cut off.</summary>
    public static bool TryParse(string text, out long bytes)
    {
        bytes = 0;
        ReadOnlySpan<char> number = text.AsSpan().Trim();
        decimal bytesPerUnit = 1;
        // Longest unit first, or "3KB" would be read as 3K bytes.
        for (int power = Units.Length - 1; power >= 0; power--)
        {
            if (number.EndsWith(Units[power], StringComparison.OrdinalIgnoreCase))
            {
                number = number[..^Units[power].Length];
                bytesPerUnit = 1L << (10 * power);
                break;
            }
        }

        const NumberStyles Style = NumberStyles.AllowDecimalPoint | NumberStyles.AllowTrailingWhite;
        if (!decimal.TryParse(number, Style, CultureInfo.InvariantCulture, out decimal units)
            || units > long.MaxValue / bytesPerUnit)
        {
            return false;
        }

        bytes = (long)(units * bytesPerUnit);
        return true;
    }

    /// <summary>Writes the largest unit of which there is at least one, with up to two decimals.</summary>
    public static string Format(long bytes)
    {
        int power = 0;
        double units = bytes;
        while (units >= 1024 && power < Units.Length - 1)
        {
            units /= 1024;
            power++;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{units:#,0.##} {Units[power]}");
    }
}
