using System;

namespace FeatureAlignment.Dashboard.Storage.Series;

/// <summary>Entries that a chunk gets at its end, as they come.</summary>
/// <param name="firstPoint">Index in the series of the first point.</param>
/// <param name="stepBefore">Largest step of the entry before it in the chunk; 0 at the beginning.</param>
/// <param name="timeBefore">Latest time of that entry.</param>
internal sealed class ChunkPart(long firstPoint, long stepBefore, long timeBefore)
{
    private int entries;
    private SeriesEntry ranges; // of all entries
    private byte[] data = [];
    private int length;

    /// <summary>Takes the next entry.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="step">Largest step of the entry before it in the chunk; 0 for the first.</param>
    /// <param name="time">Latest time of that entry.</param>
    public void Add(in SeriesEntry entry, long step, long time)
    {
        Span<byte> written = stackalloc byte[EntryCodec.MaxEntryBytes];
        int bytes = EntryCodec.Write(written, entry, step, time);
        if (data.Length - length < bytes)
        {
            Array.Resize(ref data, 2 * length + bytes);
        }

        written[..bytes].CopyTo(data.AsSpan(length));
        length += bytes;
        ranges = entries == 0 ? entry : ranges.With(entry);
        entries++;
    }

    /// <summary>A copy.</summary>
    public SeriesChunk ToChunk(int level, int index) => new(
        level, index, firstPoint, ranges.Count, entries, ranges.StepMin, ranges.StepMax, ranges.TimeMin, ranges.TimeMax,
        data.AsMemory(0, length).ToArray(), stepBefore, timeBefore);
}
