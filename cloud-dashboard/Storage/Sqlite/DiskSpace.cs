using System;
using System.Globalization;
using System.IO;

namespace FeatureAlignment.Dashboard.Storage.Sqlite;

/// <summary>Whether there is room for what comes: on a full disk a small write may still find some in the file.</summary>
internal static class DiskSpace
{
    /// <summary>What the write-ahead log takes before it is emptied into the database.</summary>
    public const long LeastFreeBytes = 16L << 20;

    /// <summary>Bytes that are free for the database.</summary>
    public static long FreeFor(string file) =>
        new DriveInfo(OperatingSystem.IsWindows() ? Path.GetPathRoot(file)! : Path.GetDirectoryName(file)!).AvailableFreeSpace;

    /// <summary>Why so little room is too little; null when it is enough.</summary>
    public static string? FindFault(string file, long freeBytes) => freeBytes >= LeastFreeBytes ? null
        : string.Create(
            CultureInfo.InvariantCulture,
            $"The disk of {file} must have {LeastFreeBytes >> 20} MiB free; "
            + $"it has {freeBytes >> 10:N0} KiB. Make room, or set a retention.");
}
