using System;
using System.IO;

namespace FeatureAlignment.Simulator.Training;

/// <summary>Tells a file of rows from a folder of IDX files.</summary>
internal static class CsvPath
{
    /// <summary>Whether the path is a file that is there, or one that is not but is named like a .csv file.</summary>
    public static bool IsCsv(string path) =>
        File.Exists(path) || (path.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) && !Directory.Exists(path));
}
