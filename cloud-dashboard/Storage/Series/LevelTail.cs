using System.Collections.Generic;

namespace FeatureAlignment.Dashboard.Storage.Series;

/// <summary>The growing end of one level of a series: the entries that the database has not got yet, and the one that still
/// collects.</summary>
/// <remarks>The database has the beginning of the chunk that fills; here is only how to go on with it. So a tail stays small however long
/// its chunk takes to fill: a board that reports each minute needs four hours for one of points, and two years for the coarsest.</remarks>
internal sealed class LevelTail
{
    private readonly int level;
    private SeriesChunk[] full = [];
    private ChunkPart? open;
    private int index;
    private int entries; // of the chunk that fills, stored ones and others
    private long points; // of the series, in all entries
    private long step, time; // where the last entry of the chunk ends; 0 before its first

    /// <summary>Goes on behind what is stored.</summary>
    /// <param name="level">0 to 3.</param>
    /// <param name="last">The last stored chunk; null at the start of a series.</param>
    /// <param name="partial">The entry that still collects; null when there is none.</param>
    public LevelTail(int level, SeriesChunk? last = null, SeriesEntry? partial = null)
    {
        this.level = level;
        Partial = partial;
        if (last is not null)
        {
            (index, entries, points) = (last.Index, last.Entries, last.FirstPoint + last.Points);
            SeriesEntry end = last.Read()[^1];
            (step, time) = (end.StepMax, end.TimeMax);
            BeginIfFull();
        }
    }

    /// <summary>The entry that still collects points.</summary>
    public SeriesEntry? Partial { get; private set; }

    public void Add(in SeriesEntry point)
    {
        if (level == 0)
        {
            Close(point);
            return;
        }

        if (point.AfterGap && Partial is SeriesEntry before)
        {
            Close(before);
            Partial = null;
        }

        Partial = Partial is SeriesEntry collected ? collected.With(point) : point;
        if (Partial.Value.Count == 1 << (4 * level))
        {
            Close(Partial.Value);
            Partial = null;
        }
    }

    /// <summary>What the database must get: parts of chunks, each to be put behind what the database has of its chunk.</summary>
    public IEnumerable<SeriesChunk> Parts() => open is null ? full : [.. full, open.ToChunk(level, index)];

    /// <summary>A copy for a reader. The entry that still collects is a chunk of its own, the last one.</summary>
    public LevelSnapshot Snapshot()
    {
        List<SeriesChunk> chunks = [.. Parts()];
        (int firstIndex, long firstPoint, int stored) = chunks is [SeriesChunk first, ..]
            ? (first.Index, first.FirstPoint, (full.Length > 0 ? SeriesChunk.Capacity : entries) - first.Entries)
            : (index, points, entries);
        if (Partial is SeriesEntry collected)
        {
            var last = new ChunkPart(points, 0, 0);
            last.Add(collected, step: 0, time: 0);
            chunks.Add(last.ToChunk(level, index + 1));
        }

        return new LevelSnapshot(firstIndex, stored, firstPoint, chunks);
    }

    /// <summary>The database has got <see cref="Parts"/>.</summary>
    public void Stored() => (full, open) = ([], null);

    private void Close(in SeriesEntry entry)
    {
        open ??= new ChunkPart(points, step, time);
        open.Add(entry, step, time);
        (step, time) = (entry.StepMax, entry.TimeMax);
        points += entry.Count;
        entries++;
        BeginIfFull();
    }

    private void BeginIfFull()
    {
        if (entries < SeriesChunk.Capacity)
        {
            return;
        }

        full = [.. Parts()];
        open = null;
        index++;
        (entries, step, time) = (0, 0, 0);
    }
}

/// <summary>One level of a series as far as it is in memory.</summary>
/// <param name="FirstIndex">Chunks before this one are whole in the database.</param>
/// <param name="StoredEntries">Entries of this one that are there.</param>
/// <param name="FirstPoint">Index in the series of the first point behind those.</param>
/// <param name="Chunks">What comes behind them.</param>
internal sealed record LevelSnapshot(int FirstIndex, int StoredEntries, long FirstPoint, IReadOnlyList<SeriesChunk> Chunks)
{
    /// <summary>The last chunk that is in the database, be it in part; -1 when there is none.</summary>
    public int LastStoredIndex => StoredEntries > 0 ? FirstIndex : FirstIndex - 1;

    /// <summary>A chunk of the database without what has reached it since the copy was made.</summary>
    public SeriesChunk Clip(SeriesChunk stored) => stored.Index < FirstIndex
        ? stored
        : stored with { Entries = StoredEntries, Points = (int)(FirstPoint - stored.FirstPoint) };
}
