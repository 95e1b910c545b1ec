using System;
using System.Collections.Generic;

namespace FeatureAlignment.Dashboard.Storage.Series;

/// <summary>The growing end of one level of a series: the open chunk, the full ones that the database has not got yet, and the entry that
/// still collects.</summary>
internal sealed class LevelTail
{
    private readonly int level;
    private readonly int pointsPerEntry;
    private readonly List<SeriesChunk> full = [];
    private int index;
    private long firstPoint;
    private int entries;
    private SeriesEntry ranges; // of all entries of the open chunk
    private byte[] data;
    private int length;
    private SeriesEntry previous;

    /// <summary>Goes on behind what is stored.</summary>
    /// <param name="level">0 to 3.</param>
    /// <param name="open">The chunk that is not full; null at the start of a series.</param>
    /// <param name="partial">The entry that still collects; null when there is none.</param>
    public LevelTail(int level, SeriesChunk? open = null, SeriesEntry? partial = null)
    {
        this.level = level;
        pointsPerEntry = 1 << (4 * level);
        data = [];
        Begin(open ?? SeriesChunk.Empty(level, 0, 0));
        Partial = partial;
    }

    /// <summary>The entry that still collects points.</summary>
    public SeriesEntry? Partial { get; private set; }

    /// <summary>Index of the first chunk that is here; those before it are in the database alone.</summary>
    public int FirstIndex => full.Count > 0 ? full[0].Index : index;

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
        if (Partial.Value.Count == pointsPerEntry)
        {
            Close(Partial.Value);
            Partial = null;
        }
    }

    /// <summary>What the database must get: full chunks and the open one as it is now.</summary>
    public IEnumerable<SeriesChunk> Chunks()
    {
        foreach (SeriesChunk chunk in full)
        {
            yield return chunk;
        }

        if (entries > 0)
        {
            yield return OpenChunk();
        }
    }

    /// <summary>A copy for a reader. The entry that still collects is a chunk of its own, the last one.</summary>
    public LevelSnapshot Snapshot()
    {
        List<SeriesChunk> chunks = [.. Chunks()];
        if (Partial is SeriesEntry entry)
        {
            var buffer = new byte[EntryCodec.MaxEntryBytes];
            int bytes = EntryCodec.Write(buffer, entry, default);
            chunks.Add(new SeriesChunk(
                level, index + 1, firstPoint + ranges.Count, entry.Count, 1,
                entry.StepMin, entry.StepMax, entry.TimeMin, entry.TimeMax, buffer.AsMemory(0, bytes)));
        }

        return new LevelSnapshot(FirstIndex, firstPoint, chunks);
    }

    /// <summary>The database has got <see cref="Chunks"/>.</summary>
    public void Stored() => full.Clear();

    private void Close(in SeriesEntry entry)
    {
        Span<byte> written = stackalloc byte[EntryCodec.MaxEntryBytes];
        int bytes = EntryCodec.Write(written, entry, previous);
        if (data.Length - length < bytes)
        {
            // In small steps: a fleet has tens of thousands of these, which all grow at once.
            Array.Resize(ref data, length + bytes + length / 4);
        }

        written[..bytes].CopyTo(data.AsSpan(length));
        length += bytes;
        previous = entry;
        ranges = ranges.With(entry);
        entries++;
        if (entries == SeriesChunk.Capacity)
        {
            SeriesChunk chunk = OpenChunk();
            full.Add(chunk);
            Begin(SeriesChunk.Empty(level, index + 1, firstPoint + chunk.Points));
        }
    }

    private void Begin(SeriesChunk chunk)
    {
        (index, firstPoint, entries, length) = (chunk.Index, chunk.FirstPoint, chunk.Entries, chunk.Data.Length);
        ranges = new SeriesEntry(chunk.StepMin, chunk.StepMax, chunk.TimeMin, chunk.TimeMax, 0, 0, 0, chunk.Points, AfterGap: false);
        data = length > data.Length ? new byte[length] : data;
        chunk.Data.CopyTo(data);
        previous = entries > 0 ? chunk.Read()[^1] : default;
    }

    private SeriesChunk OpenChunk() => new(
        level, index, firstPoint, ranges.Count, entries, ranges.StepMin, ranges.StepMax, ranges.TimeMin, ranges.TimeMax,
        data.AsMemory(0, length).ToArray());
}

/// <summary>One level of a series as far as it is in memory.</summary>
/// <param name="FirstIndex">Chunks before this one are in the database.</param>
/// <param name="FirstPoint">Index in the series of the first point of the chunk that still fills.</param>
/// <param name="Chunks">Chunks from there on.</param>
internal sealed record LevelSnapshot(int FirstIndex, long FirstPoint, IReadOnlyList<SeriesChunk> Chunks);
