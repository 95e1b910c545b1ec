using System;
using System.IO;
using Microsoft.Data.Sqlite;

namespace FeatureAlignment.Dashboard.Storage.Sqlite;

/// <summary>A database file, and the lock that keeps a second dashboard from it.</summary>
internal sealed class SqliteDatabase : IDisposable
{
    // Another process that writes (sqlite3 in a terminal) holds everybody up: boards are told to come again before they give up.
    private const int BusySeconds = 5;

    private readonly FileStream processLock;
    private readonly string reading;

    private SqliteDatabase(string file, FileStream processLock)
    {
        File = file;
        this.processLock = processLock;
        reading = new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadOnly }.ToString();
    }

    /// <summary>Full path.</summary>
    public string File { get; }

    /// <summary>Takes the file for this process and makes its folder.</summary>
    /// <exception cref="IOException">Another process has it, or its folder can't be made or written.</exception>
    public static SqliteDatabase Open(string file)
    {
        file = Path.GetFullPath(file);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            return new SqliteDatabase(file, new FileStream(file + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException(
                $"{file} must be in a folder that can be written. {e.Message} Name another file by --database, or change who may write.",
                e);
        }
        catch (IOException e) when (System.IO.File.Exists(file + ".lock"))
        {
            throw new IOException(
                $"{file} must not be in use by another dashboard; its lock is taken. Stop that one, or name another file by --database.",
                e);
        }
    }

    /// <summary>The one connection that writes: write-ahead log, and a commit is on the disk when it returns.</summary>
    public SqliteConnection OpenWriter()
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = File, Pooling = false, DefaultTimeout = BusySeconds }.ToString());
        connection.Open();
        // Checkpoints every 16 MiB of log: each costs two more waits for the disk. 16 MiB of pages hold the ends of all indexes of a large
        // fleet.
        connection.Execute(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4000; PRAGMA journal_size_limit = 67108864; "
            + "PRAGMA cache_size = -16384");
        return connection;
    }

    /// <summary>A connection that reads, from a pool.</summary>
    public SqliteConnection OpenReader()
    {
        var connection = new SqliteConnection(reading);
        connection.Open();
        return connection;
    }

    /// <summary>Closes the connections in the pool.</summary>
    public void CloseReaders()
    {
        using var pooled = new SqliteConnection(reading);
        SqliteConnection.ClearPool(pooled);
    }

    public void Dispose() => processLock.Dispose();
}
