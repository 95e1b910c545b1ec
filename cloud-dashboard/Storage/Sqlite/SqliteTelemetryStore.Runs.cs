using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Storage.Series;
using FeatureAlignment.Telemetry;
using Microsoft.Data.Sqlite;

namespace FeatureAlignment.Dashboard.Storage.Sqlite;

public sealed partial class SqliteTelemetryStore
{
    private const string RunColumns = """
        SELECT runs.id, devices.name, runs.name, runs.title, notes, tags, settings, runs.app, first, last, step
        FROM runs JOIN devices ON devices.id = device WHERE NOT deleted
        """;

    internal const string LogsStatement = """
        SELECT logs.id, devices.name, logs.run, received, time, level, text FROM logs JOIN devices ON devices.id = device
        WHERE device = (SELECT id FROM devices WHERE name = $1) AND level >= $2
          AND ($3 IS NULL OR instr(lower(text), lower($3)) > 0) AND logs.id < $4
        ORDER BY logs.id DESC LIMIT $5
        """;

    // Points that are read at once and held in memory: 64 chunks.
    private const int EntriesOfPage = 64 * SeriesChunk.Capacity;

    private const string ImageColumns =
        "SELECT id, run, time, step, layer, kind, width, height, input, output, label, predicted FROM images WHERE run = $1";

    /// <inheritdoc/>
    public Task<IReadOnlyList<RunRecord>> ListRunsAsync(string? deviceId = null, CancellationToken cancellation = default) =>
        ReadAsync<IReadOnlyList<RunRecord>>(
            connection => connection.Query(
                RunColumns + (deviceId is null ? "" : " AND devices.name = $1") + " ORDER BY runs.id DESC", ReadRun, deviceId),
            cancellation);

    /// <inheritdoc/>
    public Task<RunRecord?> FindRunAsync(long runId, CancellationToken cancellation = default) =>
        ReadAsync(connection => connection.Query(RunColumns + " AND runs.id = $1", ReadRun, runId).SingleOrDefault(), cancellation);

    /// <inheritdoc/>
    public Task<bool> EditRunAsync(long runId, RunEdit edit)
    {
        ArgumentNullException.ThrowIfNull(edit);
        return writer.RunAsync(session => session.Prepared(
            """
            UPDATE runs SET title = coalesce($2, title), notes = coalesce($3, notes), tags = coalesce($4, tags)
            WHERE id = $1 AND NOT deleted
            """,
            runId, edit.Title, edit.Notes, edit.Tags).ExecuteNonQuery() == 1);
    }

    /// <inheritdoc/>
    public Task<bool> DeleteRunAsync(long runId) => writer.RunAsync(
        session =>
        {
            if (session.Prepared(
                "UPDATE runs SET deleted = 1, title = '', notes = '', tags = '', settings = NULL WHERE id = $1 AND NOT deleted",
                runId).ExecuteNonQuery() == 0)
            {
                return false;
            }

            foreach (string sql in (string[])[
                "DELETE FROM chunks WHERE series IN (SELECT id FROM series WHERE run = $1)",
                "DELETE FROM series WHERE run = $1",
                "DELETE FROM events WHERE run = $1",
                "DELETE FROM logs WHERE run = $1",
                "DELETE FROM images WHERE run = $1",
                "UPDATE batches SET body = NULL WHERE device = (SELECT device FROM runs WHERE id = $1) AND run = $1 AND body IS NOT NULL",
                "UPDATE devices SET run = NULL WHERE run = $1"])
            {
                session.Prepared(sql, runId).ExecuteNonQuery();
            }

            // Still in the transaction: a batch behind this one in it must find the run deleted.
            session.Tails.Forget(runId);
            return true;
        });

    /// <inheritdoc/>
    public Task<IReadOnlyList<SeriesRecord>> ListSeriesAsync(long runId, CancellationToken cancellation = default) =>
        ReadAsync<IReadOnlyList<SeriesRecord>>(
        connection =>
        {
            if (tails.Find(runId) is RunTail run)
            {
                lock (run.Lock)
                {
                    return Describe(run.Series.Select(series => (series.Layer, series.Name, series.Points, series.Last)));
                }
            }

            return Describe(connection
                .Query("SELECT layer, name, state FROM series WHERE run = $1", row =>
                    (Layer: row.GetInt32(0), Name: row.GetString(1), State: SeriesState.Read(row.GetBytes(2))), runId)
                .Select(row => (row.Layer < 0 ? (int?)null : row.Layer, row.Name, row.State.Points, row.State.Last)));
        },
        cancellation);

    /// <inheritdoc/>
    public Task<ChartData> ReadChartAsync(ChartRequest request, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return ReadAsync(
            connection =>
            {
                using SqliteTransaction transaction = connection.BeginTransaction(deferred: true);
                return OpenSeries(connection, request.RunId, request.Layer, request.Name) is IChunkSource source
                    ? ChartReader.Read(source, request) : ChartData.Empty;
            },
            cancellation);
    }

    /// <inheritdoc/>
    public IEnumerable<SeriesEntry> ReadPoints(long runId, int? layer, string name)
    {
        // A page at a time: who takes long must keep no transaction open, behind which the write-ahead log would grow. Points are only
        // added, so pages fit together; those that come meanwhile are left out, else who is slower than a board would never be done.
        long next = 0, end = long.MaxValue;
        List<(long FirstPoint, SeriesEntry Entry)> page;
        do
        {
            (page, long points) = ReadPage(runId, layer, name, next);
            end = Math.Min(end, points);
            foreach ((long firstPoint, SeriesEntry entry) in page.TakeWhile(one => one.FirstPoint < end))
            {
                yield return entry;
                next = firstPoint + entry.Count;
            }
        }
        while (page.Count == EntriesOfPage && page[^1].FirstPoint < end);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<EventRecord>> ListEventsAsync(EventFilter filter, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return ReadAsync<IReadOnlyList<EventRecord>>(
            connection => connection.Query(
                EventsStatement(filter),
                row => new EventRecord(row.GetInt64(0), row.GetString(1), row.GetInt64(2), row.GetInt64(3), new TelemetryEvent(
                    row.GetInt64(4), row.GetInt64(5), row.GetString(6), (TelemetryPriority)row.GetInt32(7), row.GetString(8),
                    FieldsJson.Read(row.GetString(9)))),
                filter.DeviceId, filter.RunId, filter.Kind, filter.Before, filter.Limit),
            cancellation);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<LogRecord>> ListLogsAsync(LogFilter filter, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return ReadAsync<IReadOnlyList<LogRecord>>(
            connection => connection.Query(
                LogsStatement,
                row => new LogRecord(row.GetInt64(0), row.GetString(1), row.GetInt64(2), row.GetInt64(3), new TelemetryLog(
                    row.GetInt64(4), (TelemetryLogLevel)row.GetInt32(5), row.GetString(6))),
                filter.DeviceId, (int)filter.AtLeast, filter.Text, filter.Before, filter.Limit),
            cancellation);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<long>> ListImageStepsAsync(long runId, CancellationToken cancellation = default) =>
        ReadAsync<IReadOnlyList<long>>(
            connection => connection.Query("SELECT DISTINCT step FROM images WHERE run = $1 ORDER BY step", row => row.GetInt64(0), runId),
            cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ImageRecord>> ListImagesAsync(
        long runId, long? atStep = null, int limit = 200, CancellationToken cancellation = default) =>
        ReadAsync<IReadOnlyList<ImageRecord>>(
            connection => atStep is long step
                ? connection.Query(ImageColumns + " AND step = $2 ORDER BY id LIMIT $3", ReadImage, runId, step, limit)
                : connection.Query(ImageColumns + " ORDER BY id LIMIT $2", ReadImage, runId, limit),
            cancellation);

    /// <inheritdoc/>
    public Task<ImageRecord?> FindImageAsync(long runId, long imageId, CancellationToken cancellation = default) =>
        ReadAsync(connection => connection.Query(ImageColumns + " AND id = $2", ReadImage, runId, imageId).SingleOrDefault(), cancellation);

    internal static string EventsStatement(EventFilter filter)
    {
        // Only what is asked for: behind an "$1 IS NULL OR" no index is used, and the events of all devices are looked through.
        string where = (filter.DeviceId is null ? "" : " AND device = (SELECT id FROM devices WHERE name = $1)")
            + (filter.RunId is null ? "" : " AND events.run = $2") + (filter.Kind is null ? "" : " AND kind = $3");
        return $"""
            SELECT events.id, devices.name, events.run, received, time, step, kind, level, text, data
            FROM events JOIN devices ON devices.id = device
            WHERE events.id < $4{where}
            ORDER BY events.id DESC LIMIT $5
            """;
    }

    // The next entries of a series, and how many points it has.
    private (List<(long FirstPoint, SeriesEntry Entry)> Page, long Points) ReadPage(long runId, int? layer, string name, long fromPoint)
    {
        using SqliteConnection connection = database.OpenReader();
        using SqliteTransaction transaction = connection.BeginTransaction(deferred: true);
        return OpenSeries(connection, runId, layer, name, fromPoint) is not SqliteChunkSource source ? ([], 0)
            : ([.. ChartReader.ReadNumbered(source, ChartRange.All).SkipWhile(one => one.FirstPoint < fromPoint).Take(EntriesOfPage)],
                source.Points);
    }

    // Memory first, then the database: what moves from the one to the other in between is then seen once.
    private SqliteChunkSource? OpenSeries(
        SqliteConnection connection, long runId, int? layer, string name, long fromPoint = 0)
    {
        if (tails.Find(runId) is RunTail run)
        {
            lock (run.Lock)
            {
                return run.Find(layer, name) is SeriesTail series
                    ? new SqliteChunkSource(connection, series.Id, series.Snapshot(), fromPoint)
                    : null;
            }
        }

        SeriesTail? stored = RunTails.ReadSeries(connection, runId, (layer, name)).FirstOrDefault();
        return stored is null ? null : new SqliteChunkSource(connection, stored.Id, stored.Snapshot(), fromPoint);
    }

    private static IReadOnlyList<SeriesRecord> Describe(IEnumerable<(int? Layer, string Name, long Points, SeriesEntry? Last)> series) =>
    [
        .. series.Select(one => new SeriesRecord(one.Layer, one.Name, one.Points, one.Last)).OrderBy(one => one.Layer ?? -1)
            .ThenBy(one => one.Name, StringComparer.Ordinal),
    ];

    private static RunRecord ReadRun(SqliteDataReader row) => new(
        row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetString(5),
        row.IsDBNull(6) ? null : FieldsJson.Read(row.GetString(6)), row.GetString(7), row.GetInt64(8), row.GetInt64(9), row.GetInt64(10));

    private static ImageRecord ReadImage(SqliteDataReader row) => new(row.GetInt64(0), row.GetInt64(1), new TelemetryImage(
        row.GetInt64(2), row.GetInt64(3), row.GetIntOrNull(4), row.GetString(5), row.GetInt32(6), row.GetInt32(7), row.GetBytes(8),
        row.GetBytes(9), row.GetIntOrNull(10), row.GetIntOrNull(11)));
}
