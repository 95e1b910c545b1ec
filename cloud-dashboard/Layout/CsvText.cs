using System;
using System.Globalization;

namespace FeatureAlignment.Dashboard.Layout;

/// <summary>Cells of CSV (RFC 4180) that no spreadsheet takes for a formula.</summary>
internal static class CsvText
{
    /// <summary>A text: quoted where needed; one that a spreadsheet would calculate gets an apostrophe before it.</summary>
    public static string Cell(string text)
    {
        bool isFormula = text.Length > 0 && text[0] is '=' or '+' or '-' or '@' or '\t' or '\r';
        string safe = isFormula ? "'" + text : text;
        return safe.AsSpan().ContainsAny("\",\r\n") || isFormula ? $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : safe;
    }

    /// <summary>A number with all its digits.</summary>
    public static string Cell(double number) => number.ToString("R", CultureInfo.InvariantCulture);
}
