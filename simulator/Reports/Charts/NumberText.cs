using System;
using System.Globalization;

namespace FeatureAlignment.Simulator.Reports.Charts;

/// <summary>
/// Numbers as a reader wants them: invariant, a true minus sign, as many digits as carry meaning, and no line break before a unit.
/// </summary>
internal static class NumberText
{
    private const double Kilo = 1e3;
    private const double Mega = 1e6;
    private const double Giga = 1e9;

    /// <summary>A tick of an axis whose ticks are <paramref name="step"/> apart: "0.25", "200k", "1.5M".</summary>
    public static string WithStep(double value, double step)
    {
        if (value == 0)
        {
            return "0";
        }

        double size = Math.Abs(value);
        if (size >= 1e12 || step < 1e-6)
        {
            return Short(value);
        }

        (double unit, string suffix) = size >= Giga ? (Giga, "G") : size >= Mega ? (Mega, "M") : size >= 1e4 ? (Kilo, "k") : (1.0, "");
        int decimals = Math.Max(0, (int)Math.Ceiling(-Math.Log10(step / unit) - 1e-9));
        return Signed((value / unit).ToString($"F{decimals}", CultureInfo.InvariantCulture)) + suffix;
    }

    /// <summary>Three significant digits: "0.0124", "3.1", "41,200", "1.2e−7".</summary>
    public static string Short(double value)
    {
        if (!double.IsFinite(value))
        {
            return "not a number";
        }

        if (value == 0)
        {
            return "0";
        }

        double size = Math.Abs(value);
        if (size is >= 1e7 or < 9.995e-5)
        {
            return Signed(value.ToString("0.##e0", CultureInfo.InvariantCulture));
        }

        if (size >= 999.5)
        {
            return Signed(value.ToString("#,0", CultureInfo.InvariantCulture));
        }

        return Signed(value.ToString("G3", CultureInfo.InvariantCulture));
    }

    /// <summary>Whole number with thousands separated: "60,000".</summary>
    public static string Whole(double value) => Signed(value.ToString("#,0", CultureInfo.InvariantCulture));

    /// <summary>A fraction as a percentage: 0.98714 as "98.71 %".</summary>
    public static string Percent(double fraction) =>
        double.IsFinite(fraction) ? Signed((fraction * 100).ToString("F2", CultureInfo.InvariantCulture)) + "\u00A0%" : "not a number";

    /// <summary>Bytes in units of 1,024: "640 B", "12.5 KB", "6.21 MB".</summary>
    public static string Bytes(long bytes)
    {
        const double Unit = 1024;
        return bytes switch
        {
            < 1024 => $"{bytes.ToString(CultureInfo.InvariantCulture)}\u00A0B",
            < 1024 * 1024 => (bytes / Unit).ToString("0.0", CultureInfo.InvariantCulture) + "\u00A0KB",
            < 1024 * 1024 * 1024 => (bytes / Unit / Unit).ToString("0.00", CultureInfo.InvariantCulture) + "\u00A0MB",
            _ => (bytes / Unit / Unit / Unit).ToString("0.00", CultureInfo.InvariantCulture) + "\u00A0GB",
        };
    }

    /// <summary>A duration with the two units that matter: "8.4 s", "1 min 32 s", "2 h 5 min".</summary>
    public static string Duration(double seconds)
    {
        if (seconds < 59.95)
        {
            return seconds.ToString("0.0", CultureInfo.InvariantCulture) + "\u00A0s";
        }

        long whole = (long)Math.Round(seconds);
        return whole < 3600
            ? string.Create(CultureInfo.InvariantCulture, $"{whole / 60}\u00A0min {whole % 60}\u00A0s")
            : string.Create(CultureInfo.InvariantCulture, $"{whole / 3600}\u00A0h {whole % 3600 / 60}\u00A0min");
    }

    private static string Signed(string number) => number.Replace('-', '−');
}
