using System;
using System.Collections.Generic;
using System.Linq;
using FeatureAlignment.Dashboard.Storage.Series;
using FeatureAlignment.Telemetry;
using Microsoft.Data.Sqlite;

namespace FeatureAlignment.Dashboard.Storage.Sqlite;

/// <summary>What the writing thread works with: its connection, its prepared statements, the tails of the runs that are being
/// written.</summary>
/// <remarks>
/// A commit has the raw batch and everything but the points' chunks; those are stored every few seconds, many points at once. After a
/// crash, and after a rollback, the tails are made again: from the stored chunks and from the bodies of the batches behind
/// <c>progress.applied</c>.
/// </remarks>
internal sealed class WriteSession : IDisposable
{
    /// <summary>Points that are stored in chunks at the latest when so many wait.</summary>
    private const long FlushPoints = 100_000;

    private static readonly TimeSpan FlushInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan IdleTime = TimeSpan.FromMinutes(10);

    private readonly Dictionary<string, SqliteCommand> statements = [];
    private readonly Dictionary<string, KnownDevice> devices = [];
    private readonly RunTails tails;
    private readonly TimeProvider time;
    private long lastBatch;
    private long waitingPoints;
    private long flushDue;
    private bool mustReload;

    public WriteSession(SqliteConnection connection, RunTails tails, TimeProvider time)
    {
        Connection = connection;
        this.tails = tails;
        this.time = time;
        Reload();
    }

    public SqliteConnection Connection { get; }

    /// <summary>Runs that are being written.</summary>
    public RunTails Tails => tails;

    /// <summary>A statement of this thread, prepared once, with its arguments; valid until the next use of the same text.</summary>
    public SqliteCommand Prepared(string sql, params ReadOnlySpan<object?> arguments)
    {
        if (!statements.TryGetValue(sql, out SqliteCommand? command))
        {
            command = Connection.Statement(sql, arguments);
            command.Prepare();
            statements.Add(sql, command);
            return command;
        }

        for (int i = 0; i < arguments.Length; i++)
        {
            command.Parameters[i].Value = arguments[i] ?? DBNull.Value;
        }

        return command;
    }

    /// <summary>A device, which is made known if it is not.</summary>
    public KnownDevice Register(string deviceId, long now)
    {
        if (!devices.ContainsKey(deviceId))
        {
            Prepared("INSERT INTO devices (name, registered) VALUES ($1, $2) ON CONFLICT DO NOTHING", deviceId, now).ExecuteNonQuery();
        }

        return FindDevice(deviceId)!;
    }

    /// <summary>A device; null when it is not known.</summary>
    public KnownDevice? FindDevice(string deviceId)
    {
        if (devices.TryGetValue(deviceId, out KnownDevice? known))
        {
            return known;
        }

        known = Prepared(
            """
            SELECT id, boot, (SELECT coalesce(max(seq), 0) FROM batches WHERE device = devices.id AND boot = devices.boot), seen, interval
            FROM devices WHERE name = $1
            """,
            deviceId).ReadAll(row => new KnownDevice(
            row.GetInt64(0), row.GetInt32(1), row.GetInt32(2), new ReportInterval(row.GetInt64(3), row.GetInt64(4)))).SingleOrDefault();
        if (known is not null)
        {
            devices.Add(deviceId, known);
        }

        return known;
    }

    /// <summary>Does something in one transaction that is on the disk when this returns. On an exception nothing of it stays.</summary>
    public void Transact(Action action)
    {
        if (mustReload)
        {
            Reload();
        }

        try
        {
            Prepared("BEGIN IMMEDIATE").ExecuteNonQuery();
            action();
            Prepared("COMMIT").ExecuteNonQuery();
        }
        catch
        {
            mustReload = true;
            RollBack();
            throw;
        }
    }

    /// <summary>Takes the points of a batch that is committed.</summary>
    public void Committed(RunTail run, TelemetryBatch batch, long receivedMilliseconds, long batchRow)
    {
        run.Append(batch, receivedMilliseconds);
        lastBatch = batchRow;
        if (waitingPoints == 0)
        {
            flushDue = time.GetTimestamp() + (long)(FlushInterval.TotalSeconds * time.TimestampFrequency);
        }

        waitingPoints += Math.Max(1, batch.Points.Count);
    }

    /// <summary>How long the writer may wait for work before it must look at <see cref="FlushIfDue"/>.</summary>
    public TimeSpan UntilFlush() => waitingPoints == 0
        ? System.Threading.Timeout.InfiniteTimeSpan
        : TimeSpan.FromSeconds(
            Math.Clamp((double)(flushDue - time.GetTimestamp()) / time.TimestampFrequency, 0, FlushInterval.TotalSeconds));

    /// <summary>Stores the tails when enough waits, or long enough.</summary>
    public void FlushIfDue()
    {
        if (waitingPoints >= FlushPoints || (waitingPoints > 0 && time.GetTimestamp() >= flushDue))
        {
            Flush();
        }
    }

    /// <summary>Stores the tails; runs that nothing came for in a while leave the memory.</summary>
    public void Flush()
    {
        if (waitingPoints == 0)
        {
            return;
        }

        // When it fails, the tails are gone and are made again from the batches; so much less waits.
        waitingPoints = 0;
        SeriesTail[] dirty = [];
        Transact(() =>
        {
            // Looked for only here: after a rollback the tails are others, and what the old ones have would be stored twice.
            dirty = [.. tails.All.SelectMany(run => run.Series).Where(series => series.IsDirty)];
            foreach (SeriesTail series in dirty)
            {
                Store(series);
            }

            Prepared("UPDATE progress SET applied = $1", lastBatch).ExecuteNonQuery();
        });
        tails.Stored(dirty, time.GetUtcNow().Subtract(IdleTime).ToUnixTimeMilliseconds());
    }

    public void Dispose()
    {
        foreach (SqliteCommand statement in statements.Values)
        {
            statement.Dispose();
        }

        Connection.Dispose();
    }

    private void Store(SeriesTail series)
    {
        Prepared("UPDATE series SET state = $2 WHERE id = $1", series.Id, series.State()).ExecuteNonQuery();
        foreach (SeriesChunk part in series.Parts())
        {
            // Bytes put together are a text by SQLite's rules; nothing of them changes.
            Prepared(
                """
                INSERT INTO chunks VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO UPDATE SET
                  points = points + excluded.points, entries = entries + excluded.entries,
                  step_min = min(step_min, excluded.step_min), step_max = max(step_max, excluded.step_max),
                  time_min = min(time_min, excluded.time_min), time_max = max(time_max, excluded.time_max),
                  data = CAST(data || excluded.data AS BLOB)
                """,
                series.Id, part.Level, part.Index, part.FirstPoint, part.Points, part.Entries,
                part.StepMin, part.StepMax, part.TimeMin, part.TimeMax, part.Data.ToArray()).ExecuteNonQuery();
        }
    }

    private void Reload()
    {
        devices.Clear();
        tails.Clear();
        lastBatch = (long)Connection.Scalar("SELECT applied FROM progress")!;
        waitingPoints = 0;
        List<(long Row, long Run, long Received, byte[] Body)> batches;
        do
        {
            batches = Connection.Query(
                "SELECT id, run, received, body FROM batches WHERE id > $1 AND body IS NOT NULL ORDER BY id LIMIT 100",
                row => (row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetBytes(3)), lastBatch);
            foreach ((long row, long run, long received, byte[] body) in batches)
            {
                Committed(tails.Load(Connection, run), BatchReader.ReadBatch(StoredBody.Inflate(body)), received, row);
            }
        }
        while (batches.Count > 0);
        mustReload = false;
    }

    private void RollBack()
    {
        try
        {
            Prepared("ROLLBACK").ExecuteNonQuery();
        }
        catch (SqliteException)
        {
            // SQLite has rolled back by itself, as it does when the disk is full.
        }
    }
}
