using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;

namespace FeatureAlignment.Dashboard.Load;

/// <summary>What a tool found beside what it must reach, as a table of Markdown, and the machine's load: a figure that was measured on a
/// busy machine is to be seen as such.</summary>
internal sealed class Bars
{
    private readonly List<(string What, string Bar, string Result, bool? IsMet)> rows = [];
    private readonly string loadBefore = LoadAverage();

    /// <summary>Adds a figure that must not exceed a bar.</summary>
    public void AtMost(string what, double result, double bar, string unit, int decimals = 0) =>
        rows.Add((what, $"≤ {Text(bar, decimals)} {unit}", $"{Text(result, decimals)} {unit}", result <= bar));

    /// <summary>Adds a figure that must reach a bar.</summary>
    public void AtLeast(string what, double result, double bar, string unit, int decimals = 0) =>
        rows.Add((what, $"≥ {Text(bar, decimals)} {unit}", $"{Text(result, decimals)} {unit}", result >= bar));

    /// <summary>Adds something that must be true.</summary>
    public void Must(string what, bool isMet, string result) => rows.Add((what, "must", result, isMet));

    /// <summary>Adds a figure that has no bar.</summary>
    public void Note(string what, string result) => rows.Add((what, "", result, null));

    /// <summary>Prints the table.</summary>
    /// <returns>Exit code: 0 when every bar is met.</returns>
    public int Print()
    {
        Console.WriteLine("| measured | bar | result | met |");
        Console.WriteLine("|---|---|---|---|");
        foreach ((string what, string bar, string result, bool? isMet) in rows)
        {
            Console.WriteLine($"| {what} | {bar} | {result} | {isMet switch { true => "yes", false => "NO", null => "" }} |");
        }

        Console.WriteLine($"Load average {loadBefore} at the start, {LoadAverage()} at the end; {Environment.ProcessorCount} cores.");
        return rows.Any(row => row.IsMet == false) ? 1 : 0;
    }

    /// <summary>The value below which a share of the sorted values lies.</summary>
    public static double Percentile(IReadOnlyList<double> sorted, double share) =>
        sorted.Count == 0 ? double.NaN : sorted[Math.Min((int)(sorted.Count * share), sorted.Count - 1)];

    private static string Text(double value, int decimals) =>
        value.ToString("N" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    // Linux alone tells it in a file; elsewhere the table does without.
    private static string LoadAverage() =>
        File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "unknown";
}
