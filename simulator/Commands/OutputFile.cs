using System;
using System.IO;
using FeatureAlignment.Simulator.Training;

namespace FeatureAlignment.Simulator.Commands;

/// <summary>Files that the user names for results: checked before long work begins, written at its end.</summary>
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

    /// <exception cref="UsageException">The path is one of the files by which the run lives.</exception>
    public static void RequireNotOf(RunFolder folder, string option, string? path)
    {
        if (path is not null && folder.Keeps(path))
        {
            throw new UsageException(
                $"Option {option} must not name a file that the run keeps for itself; '{path}' is one; choose another.");
        }
    }

    /// <summary>Writes a file, whole or not at all; one that is there is replaced, a device is written to.</summary>
    /// <exception cref="IOException">It can't be written; the message names it.</exception>
    public static void Write(string path, Action<Stream> content)
    {
        // Whole before a file is touched: what fails then is the disk.
        using MemoryStream buffer = new();
        content(buffer);
        try
        {
            if (IsWrittenInPlace(path))
            {
                using FileStream file = File.Create(path);
                buffer.WriteTo(file);
                return;
            }

            string temporary = $"{path}.{Path.GetRandomFileName()}";
            try
            {
                using (FileStream file = new(temporary, FileMode.CreateNew))
                {
                    buffer.WriteTo(file);
                }

                File.Move(temporary, path, overwrite: true);
            }
            finally
            {
                File.Delete(temporary);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"'{path}' could not be written: {exception.Message} Choose another place.", exception);
        }
    }

    /// <summary>Devices, which have no length, and links must stay what they are; a file moved there would take their place.</summary>
    private static bool IsWrittenInPlace(string path)
    {
        FileInfo file = new(path);
        return file.LinkTarget is not null || (file.Exists && file.Length == 0);
    }
}
