using System.Collections.Generic;
using System.Linq;
using FeatureAlignment.Dashboard.Storage.Series;
using Microsoft.Data.Sqlite;

namespace FeatureAlignment.Dashboard.Storage.Sqlite;

/// <summary>A series on the disk and its tail in memory, as one.</summary>
/// <remarks>The tail was copied before the database is read: entries that reach the database meanwhile are in the copy, and are left out of
/// what is read.</remarks>
/// <param name="connection">Reads.</param>
/// <param name="series">Row of the series.</param>
/// <param name="tail">What is in memory.</param>
/// <param name="fromPoint">Chunks that end before this point of the series are left out.</param>
internal sealed class SqliteChunkSource(
    SqliteConnection connection, long series, IReadOnlyList<LevelSnapshot> tail, long fromPoint = 0) : IChunkSource
{
    /// <summary>Points that the series has.</summary>
    public long Points => tail[0].Chunks is [.., SeriesChunk last] ? last.FirstPoint + last.Points : tail[0].FirstPoint;

    public long CountEntries(int level, ChartRange range)
    {
        object? stored = connection.Scalar(
            $"""
            SELECT coalesce(sum(CASE WHEN number < $7 THEN entries ELSE $8 END), 0) FROM chunks WHERE {Condition(range.Axis)}
            """,
            series, level, tail[level].LastStoredIndex, range.From, range.To, fromPoint,
            tail[level].FirstIndex, tail[level].StoredEntries);
        return (long)stored! + InMemory(level, range).Sum(chunk => (long)chunk.Entries);
    }

    public IEnumerable<SeriesChunk> ReadChunks(int level, ChartRange range)
    {
        using (SqliteCommand command = connection.Statement(
            $"SELECT {RunTails.ChunkColumns} FROM chunks WHERE {Condition(range.Axis)} ORDER BY number",
            series, level, tail[level].LastStoredIndex, range.From, range.To, fromPoint))
        {
            using SqliteDataReader row = command.ExecuteReader();
            while (row.Read())
            {
                yield return tail[level].Clip(RunTails.ReadChunk(row));
            }
        }

        foreach (SeriesChunk chunk in InMemory(level, range))
        {
            yield return chunk;
        }
    }

    private static string Condition(ChartAxis axis) => axis == ChartAxis.Step
        ? "series = $1 AND level = $2 AND number <= $3 AND step_max >= $4 AND step_min <= $5 AND first + points > $6"
        : "series = $1 AND level = $2 AND number <= $3 AND time_max >= $4 AND time_min <= $5 AND first + points > $6";

    private IEnumerable<SeriesChunk> InMemory(int level, ChartRange range) => tail[level].Chunks
        .Where(chunk => range.Touches(chunk) && chunk.FirstPoint + chunk.Points > fromPoint);
}
