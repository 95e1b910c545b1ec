using System;
using System.IO;

namespace FeatureAlignment.Dashboard.Load;

/// <summary>A folder for one database, gone at the end.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("dashboard-").FullName;

    public string Database => Path.Combine(folder, "dashboard.db");

    /// <summary>Bytes of the database, its log among them.</summary>
    public long DatabaseBytes => new FileInfo(Database).Length
        + (File.Exists(Database + "-wal") ? new FileInfo(Database + "-wal").Length : 0);

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
