using System;
using System.IO;
using System.Linq;
using FeatureAlignment.Dashboard.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace FeatureAlignment.Dashboard.Demo;

/// <summary>
/// Where a demo keeps its data: apart from everybody's own, and empty at each start, since the boards begin their lives anew.
/// </summary>
internal sealed class DemoDatabase : IDisposable
{
    /// <summary>The setting that says so of a database.</summary>
    public const string Mark = "demo";

    private readonly string? folder;

    private DemoDatabase(string file, string? folder)
    {
        File = file;
        this.folder = folder;
    }

    /// <summary>The database file.</summary>
    public string File { get; }

    /// <summary>What becomes of the data, for the console.</summary>
    public string Fate => folder is not null
        ? "It keeps its data only while it runs; --database FILE keeps them until it starts again."
        : $"Its data are in {File} until it starts again.";

    /// <summary>Makes the database of a demo ready.</summary>
    /// <param name="file">The file that somebody chose: new, or of a demo. Null for one that goes with the demo.</param>
    /// <exception cref="ArgumentException">The file is something else.</exception>
    /// <exception cref="IOException">Another dashboard has it.</exception>
    public static DemoDatabase Open(string? file)
    {
        if (file is null)
        {
            string folder = Directory.CreateTempSubdirectory("featurealignment-demo-").FullName;
            return new DemoDatabase(Path.Combine(folder, "demo.db"), folder);
        }

        if (System.IO.File.Exists(file))
        {
            Clear(file);
        }

        return new DemoDatabase(file, folder: null);
    }

    public void Dispose()
    {
        if (folder is not null)
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // What people set stays: the administrator's password, the retention.
    private static void Clear(string file)
    {
        using SqliteDatabase database = SqliteDatabase.Open(file);
        if (!IsOfDemo(database))
        {
            throw new ArgumentException(
                $"--database must be a new file or a demo's with --demo, which deletes what is in it; {file} has other data. "
                + "Name another file, or leave --database out.");
        }

        using SqliteConnection connection = database.OpenWriter();
        connection.Execute("PRAGMA foreign_keys = OFF");
        connection.Execute("BEGIN IMMEDIATE");
        foreach (string table in connection.Query(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'", row => row.GetString(0))
            .Except(["settings", "progress"]))
        {
            connection.Execute($"DELETE FROM \"{table}\"");
        }

        connection.Execute("UPDATE progress SET applied = 0");
        connection.Execute("COMMIT");
    }

    private static bool IsOfDemo(SqliteDatabase database)
    {
        try
        {
            using SqliteConnection connection = database.OpenReader();
            return connection.Scalar("SELECT 1 FROM settings WHERE name = $1", Mark) is not null;
        }
        catch (SqliteException)
        {
            // No database, or none of ours.
            return false;
        }
        finally
        {
            database.CloseReaders();
        }
    }
}
