using System.IO;

namespace FeatureAlignment.Simulator.Commands;

/// <summary>Checks files that are written at the end of long work before the work begins.</summary>
internal static class OutputFile
{
    /// <exception cref="UsageException">The path is a folder, or lies in a folder that does not exist.</exception>
    public static void RequireWritable(string option, string? path)
    {
        if (path is null)
        {
            return;
        }

        if (Directory.Exists(path))
        {
            throw new UsageException($"Option {option} must name a file; '{path}' is a folder.");
        }

        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (!Directory.Exists(folder))
        {
            throw new UsageException(
                $"Option {option} must name a file in an existing folder; '{folder}' does not exist; create it first.");
        }
    }
}
