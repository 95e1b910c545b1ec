using System;
using System.Buffers;
using System.Globalization;
using System.Linq;

namespace FeatureAlignment.Dashboard.Layout;

/// <summary>Numbers and times as people read them.</summary>
internal static class Format
{
    private const double Kibi = 1024;
    private static readonly SearchValues<char> DirectionMarks =
        SearchValues.Create("\u061C\u200E\u200F\u202A\u202B\u202C\u202D\u202E\u2066\u2067\u2068\u2069");
    private static readonly string[] ByteUnits = ["B", "KB", "MB", "GB"];

    /// <summary>Whole numbers as they are, all others with four significant digits; the smallest and largest with a power of ten.</summary>
    public static string Number(double? value) => value switch
    {
        null => "–",
        0 => "0",
        double number when !double.IsFinite(number) => "not finite",
        double number when Math.Abs(number) is < 0.0001 or >= 10_000_000 => number.ToString("0.000e+0", CultureInfo.InvariantCulture),
        double number when Math.Abs(number) >= 1_000 || double.IsInteger(number) => number.ToString("#,0", CultureInfo.InvariantCulture),
        double number => number.ToString($"N{DecimalsOf(number)}", CultureInfo.InvariantCulture),
    };

    public static string Count(long count) => count.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>0.9712 is 97.1 %.</summary>
    public static string Percent(double? share) => share is double known ? known.ToString("0.0 %", CultureInfo.InvariantCulture) : "–";

    public static string Bytes(double? bytes)
    {
        if (bytes is not double rest)
        {
            return "–";
        }

        int unit = 0;
        for (; Math.Abs(rest) >= Kibi && unit < ByteUnits.Length - 1; unit++)
        {
            rest /= Kibi;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{Number(rest)} {ByteUnits[unit]}");
    }

    /// <summary>A value in the unit of its metric.</summary>
    public static string Value(double? value, string? unit) => unit switch
    {
        "bytes" => Bytes(value),
        "%" => Percent(value),
        "s" when value is double seconds => Span(TimeSpan.FromSeconds(Math.Clamp(seconds, -1e9, 1e9))),
        "°C" when value is not null => Number(value) + " °C",
        _ => Number(value),
    };

    /// <summary>A duration in its two largest units.</summary>
    public static string Span(TimeSpan span) => span switch
    {
        { TotalSeconds: < 60 } => string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalSeconds} s"),
        { TotalMinutes: < 60 } => string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalMinutes} min"),
        { TotalHours: < 48 } => string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalHours} h {span.Minutes} min"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalDays} d {span.Hours} h"),
    };

    /// <summary>Time as machines read it, for the datetime attribute.</summary>
    public static string Iso(long milliseconds) => At(milliseconds).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>Time in UTC for people.</summary>
    public static string Utc(long milliseconds) => At(milliseconds).ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>"label_loss" is "Label loss".</summary>
    public static string Title(string name)
    {
        string words = name.Replace('_', ' ').Trim();
        return words.Length == 0 ? name : char.ToUpperInvariant(words[0]) + words[1..];
    }

    public static string Layer(int? index) =>
        index is int layer ? string.Create(CultureInfo.InvariantCulture, $"Layer {layer}") : "Network";

    /// <summary>A text that a device sent, for reading in a line: marks that turn the direction of writing are shown by their numbers, so
    /// that "gnp.exe" is never read as "exe.png".</summary>
    public static string Text(string text) => text.AsSpan().ContainsAny(DirectionMarks)
        ? string.Concat(text.Select(c => DirectionMarks.Contains(c) ? $"[U+{(int)c:X4}]" : c.ToString()))
        : text;

    // Of the rounded number: 9.9996 is 10.00.
    private static int DecimalsOf(double number) =>
        3 - int.Parse(number.ToString("E3", CultureInfo.InvariantCulture).Split('E')[1], CultureInfo.InvariantCulture);

    private static DateTimeOffset At(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
}
