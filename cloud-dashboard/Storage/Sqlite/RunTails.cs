using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using FeatureAlignment.Dashboard.Storage.Series;
using Microsoft.Data.Sqlite;

namespace FeatureAlignment.Dashboard.Storage.Sqlite;

/// <summary>Tails of the runs that are being written. The writing thread changes them; anybody may look for one.</summary>
internal sealed class RunTails
{
    /// <summary>What <see cref="ReadChunk"/> reads, in this order.</summary>
    public const string ChunkColumns = "level, number, first, points, entries, step_min, step_max, time_min, time_max, data";

    /// <summary>Most series that stay in memory, about a kilobyte each; a run that had to leave is read again at its next batch.</summary>
    public const int MostSeries = 50_000;

    private readonly ConcurrentDictionary<long, RunTail> runs = new();

    public IEnumerable<RunTail> All => runs.Values;

    public RunTail? Find(long runId) => runs.GetValueOrDefault(runId);

    public void Clear() => runs.Clear();

    /// <summary>The run is deleted, or what is in memory is not true any more.</summary>
    public void Forget(long runId) => runs.TryRemove(runId, out _);

    /// <summary>The tail of a run that has a row.</summary>
    public RunTail Load(SqliteConnection connection, long runId)
    {
        if (runs.TryGetValue(runId, out RunTail? run))
        {
            return run;
        }

        run = new RunTail(runId, (long)connection.Scalar("SELECT deleted FROM runs WHERE id = $1", runId)! != 0);
        foreach (SeriesTail series in ReadSeries(connection, runId))
        {
            run.Add(series);
        }

        runs[runId] = run;
        return run;
    }

    /// <summary>Tails of a run's series as they are stored.</summary>
    /// <param name="connection">Any connection.</param>
    /// <param name="runId">The run.</param>
    /// <param name="only">The one series that is wanted; null for all.</param>
    public static IEnumerable<SeriesTail> ReadSeries(
        SqliteConnection connection, long runId, (int? Layer, string Name)? only = null) => connection
        .Query(
            "SELECT id, layer, name, state FROM series WHERE run = $1 AND ($3 IS NULL OR (layer = $2 AND name = $3))",
            row => (Id: row.GetInt64(0), Layer: row.GetInt32(1), Name: row.GetString(2), State: row.GetBytes(3)),
            runId, only?.Layer ?? -1, only?.Name)
        .Select(row => new SeriesTail(row.Id, row.Layer < 0 ? null : row.Layer, row.Name, row.State, LastChunks(connection, row.Id)));

    /// <summary>The database has got the series; runs that nothing came for since a time are forgotten, and of too many the
    /// oldest.</summary>
    public void Stored(IReadOnlyCollection<SeriesTail> series, long idleSince)
    {
        HashSet<SeriesTail> stored = [.. series];
        int kept = 0;
        foreach (RunTail run in runs.Values.OrderByDescending(run => run.TouchedAt))
        {
            lock (run.Lock)
            {
                foreach (SeriesTail one in run.Series.Where(stored.Contains))
                {
                    one.Stored();
                }
            }

            kept += run.Series.Count;
            if (run.TouchedAt < idleSince || kept > MostSeries)
            {
                runs.TryRemove(run.RunId, out _);
            }
        }
    }

    public static SeriesChunk ReadChunk(SqliteDataReader row) => new(
        row.GetInt32(0), row.GetInt32(1), row.GetInt64(2), row.GetInt32(3), row.GetInt32(4),
        row.GetInt64(5), row.GetInt64(6), row.GetInt64(7), row.GetInt64(8), row.GetBytes(9));

    private static List<SeriesChunk> LastChunks(SqliteConnection connection, long series) =>
    [
        .. Enumerable.Range(0, SeriesTail.Levels).SelectMany(level => connection.Query(
            $"SELECT {ChunkColumns} FROM chunks WHERE series = $1 AND level = $2 ORDER BY number DESC LIMIT 1", ReadChunk, series, level)),
    ];
}
