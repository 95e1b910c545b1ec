using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Data.Sqlite;

namespace FeatureAlignment.Dashboard.Storage.Sqlite;

/// <summary>The store in one SQLite file. Reads use pooled connections beside the writer, which the write-ahead log lets them do at any
/// time.</summary>
public sealed partial class SqliteTelemetryStore : ITelemetryStore
{
    private static readonly TimeSpan ReadRetry = TimeSpan.FromSeconds(30);

    private readonly SqliteDatabase database;
    private readonly RunTails tails = new();
    private readonly WriteSession session;
    private readonly SqliteWriter writer;
    private readonly KeyCache keys = new();
    private bool isClosed;

    private SqliteTelemetryStore(SqliteDatabase database, SqliteConnection connection, TimeProvider time)
    {
        this.database = database;
        session = new WriteSession(connection, tails, time);
        writer = new SqliteWriter(session, duration => CommitTimed?.Invoke(duration));
    }

    /// <inheritdoc/>
    public event Action<ReceivedBatch>? Committed;

    /// <inheritdoc/>
    public event Action<string>? CommandAdded;

    /// <inheritdoc/>
    public event Action<TimeSpan>? CommitTimed;

    /// <inheritdoc/>
    public int WaitingWrites => writer.Waiting;

    /// <summary>Opens a database, makes it if there is none, brings it to the newest version, and looks for damage.</summary>
    /// <param name="file">Where it is.</param>
    /// <param name="time">Tells when tails are stored.</param>
    /// <exception cref="StoreFormatException">It is damaged, newer than this program, or none of ours.</exception>
    /// <exception cref="IOException">Another process has it, or it can't be opened.</exception>
    public static SqliteTelemetryStore Open(string file, TimeProvider? time = null) => Open(file, time ?? TimeProvider.System, _ => { });

    /// <summary>As above, with a writing connection that tests have made worse.</summary>
    internal static SqliteTelemetryStore Open(string file, TimeProvider time, Action<SqliteConnection> configure)
    {
        var database = SqliteDatabase.Open(file);
        SqliteConnection? connection = null;
        try
        {
            connection = database.OpenWriter();
            if (connection.Scalar("PRAGMA quick_check(1)") is not "ok" and object fault)
            {
                throw new StoreFormatException(
                    $"{database.File} must be undamaged; SQLite says: {fault}. Restore a backup, or save what can be read with 'sqlite3 "
                    + $"FILE .recover'.");
            }

            SqliteSchema.Migrate(connection);
            configure(connection);
            return new SqliteTelemetryStore(database, connection, time);
        }
        catch (Exception e)
        {
            connection?.Dispose();
            database.Dispose();
            throw e is SqliteException sqlite ? Explain(database.File, sqlite) : e;
        }
    }

    /// <summary>Copies a database to a new file, whether a dashboard uses it or not.</summary>
    /// <exception cref="IOException">There is no database, the copy exists already, or it can't be written.</exception>
    /// <exception cref="StoreFormatException">The database is none of ours.</exception>
    public static void Backup(string file, string copy)
    {
        RequireFile(file);
        if (File.Exists(copy))
        {
            throw new IOException($"The copy must be a new file; {copy} exists. Name another one.");
        }

        if (Path.GetDirectoryName(copy) is string folder && !Directory.Exists(folder))
        {
            throw new DirectoryNotFoundException(
                $"The copy must be in a folder that exists; there is no {folder}. Make it, or name another.");
        }

        // Under another name until it is whole: no half copy is ever taken for a backup.
        string unfinished = copy + ".unfinished";
        using SqliteConnection source = OpenSource(file);
        try
        {
            File.Delete(unfinished);
            using (SqliteConnection target = OpenUnpooled(unfinished))
            {
                source.BackupDatabase(target);
            }

            File.Move(unfinished, copy);
        }
        catch (SqliteException e)
        {
            File.Delete(unfinished);
            throw new IOException($"The copy must be written to the end; {copy} is not, as SQLite says: {e.Message}", e);
        }
    }

    /// <summary>For commands that make no database: a mistyped name must not make an empty one.</summary>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    public static void RequireFile(string file)
    {
        if (!File.Exists(file))
        {
            throw new FileNotFoundException($"The database must exist; there is no {file}. Name it by --database.", file);
        }
    }

    /// <inheritdoc/>
    public async Task<AppendResult> AppendAsync(ReceivedBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        // Deflated here, not on the writing thread: requests have more threads than the database.
        var append = new BatchAppend(batch, StoredBody.Deflate(batch.Body.Span));
        return await writer.RunAsync(append.Do, (session, _) =>
        {
            if (append.Committed(session))
            {
                Committed?.Invoke(batch);
            }
        });
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        if (!isClosed)
        {
            isClosed = true;
            writer.Dispose();
            // The writer's connection goes last: it then empties the write-ahead log into the database.
            database.CloseReaders();
            session.Dispose();
            database.Dispose();
        }

        return ValueTask.CompletedTask;
    }

    private static SqliteConnection OpenSource(string file)
    {
        SqliteConnection? source = null;
        try
        {
            source = OpenUnpooled(file);
            return SqliteSchema.VersionOf(source) > 0 ? source
                : throw new StoreFormatException($"{file} must be a dashboard's database; it is none. Name one by --database.");
        }
        catch (Exception e)
        {
            source?.Dispose();
            throw e is SqliteException sqlite ? Explain(file, sqlite) : e;
        }
    }

    private static SqliteConnection OpenUnpooled(string file)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        connection.Open();
        return connection;
    }

    private static IOException Explain(string file, SqliteException e) =>
        new($"{file} must be a database that can be read and written; SQLite says: {e.Message}", e);

    // Reads are short and from the page cache: they are done on the caller's thread.
    private Task<T> ReadAsync<T>(Func<SqliteConnection, T> read, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        try
        {
            using SqliteConnection connection = database.OpenReader();
            return Task.FromResult(read(connection));
        }
        catch (SqliteException e)
        {
            throw new StoreUnavailableException($"The database can't be read: {e.Message}", ReadRetry, e);
        }
    }
}
