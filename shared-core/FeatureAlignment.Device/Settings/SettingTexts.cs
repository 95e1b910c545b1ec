using System;
using System.Collections.Generic;
using System.Globalization;

namespace FeatureAlignment.Device.Settings;

/// <summary>Reads the values of settings; each method throws <see cref="FormatException"/> when a text is none or out of range.</summary>
internal static class SettingTexts
{
    public static int Int(string text, int smallest, int largest)
    {
        int value = int.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        return value >= smallest && value <= largest ? value : throw new FormatException();
    }

    public static ulong ULong(string text) => ulong.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);

    public static float Float(string text, float smallest, float largest)
    {
        float value = float.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);

        // A NaN is in no range.
        return value >= smallest && value <= largest ? value : throw new FormatException();
    }

    public static bool Bool(string text) => Choice(text, "false", "true") == 1;

    /// <summary>Index of the choice that the text is, letter case aside.</summary>
    public static int Choice(string text, params string[] choices)
    {
        int index = Array.FindIndex(choices, choice => string.Equals(choice, text, StringComparison.OrdinalIgnoreCase));
        return index >= 0 ? index : throw new FormatException();
    }

    /// <summary>Bytes, such as <c>512KB</c> or <c>3MB</c>; a KB is 1,024 bytes.</summary>
    public static long Size(string text, long smallest, long largest)
    {
        double value = Scaled(text, ("GB", 1 << 30), ("MB", 1 << 20), ("KB", 1 << 10), ("B", 1));
        return value >= smallest && value <= largest ? (long)value : throw new FormatException();
    }

    /// <summary>A duration, such as <c>500ms</c>, <c>30s</c>, <c>5m</c>, <c>24h</c> or <c>7d</c>.</summary>
    public static TimeSpan Duration(string text, TimeSpan shortest, TimeSpan longest)
    {
        double milliseconds = Scaled(text, ("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000));
        return milliseconds >= shortest.TotalMilliseconds && milliseconds <= longest.TotalMilliseconds
            ? TimeSpan.FromTicks((long)(milliseconds * TimeSpan.TicksPerMillisecond))
            : throw new FormatException();
    }

    public static IReadOnlyList<string> Names(string text)
    {
        string[] names = text.Length == 0 ? Array.Empty<string>() : text.Split(',');
        for (int i = 0; i < names.Length; i++)
        {
            names[i] = names[i].Trim();
            if (names[i].Length == 0)
            {
                throw new FormatException();
            }
        }

        return names;
    }

    public static IReadOnlyList<int> Widths(string text)
    {
        IReadOnlyList<string> names = Names(text);
        var widths = new int[names.Count];
        for (int i = 0; i < widths.Length; i++)
        {
            widths[i] = Int(names[i], 1, 1 << 20);
        }

        return widths.Length > 0 ? widths : throw new FormatException();
    }

    public static string Name(string text, bool mayBeEmpty = false)
    {
        bool isName = text.Length <= 64 && (mayBeEmpty || text.Length > 0);
        foreach (char c in text)
        {
            isName &= c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9') or '-' or '_' or '.';
        }

        return isName ? text : throw new FormatException();
    }

    private static double Scaled(string text, params (string Unit, double Factor)[] units)
    {
        foreach ((string unit, double factor) in units)
        {
            if (text.EndsWith(unit, StringComparison.OrdinalIgnoreCase)
                && double.TryParse(
                    text.AsSpan(0, text.Length - unit.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture,
                    out double value))
            {
                return value * factor;
            }
        }

        throw new FormatException();
    }
}
