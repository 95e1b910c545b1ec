using System;
using System.Collections.Generic;
using System.Linq;

namespace FeatureAlignment.Dashboard.Storage.Series;

/// <summary>A series to read: a database and the tail in memory, as one.</summary>
public interface IChunkSource
{
    /// <summary>Entries in the chunks of a level that touch a range, the one that still collects among them.</summary>
    long CountEntries(int level, ChartRange range);

    /// <summary>Chunks of a level that touch a range, in order of arrival; what still collects is the last one.</summary>
    IEnumerable<SeriesChunk> ReadChunks(int level, ChartRange range);
}

/// <summary>Reads from a series what a chart can show: from the coarsest level that has an entry for each bucket.</summary>
/// <remarks>
/// An entry belongs where its last step or time is, so a bucket that is narrower than the entries can stay empty. Entries across an edge of
/// the range are replaced by their points, so that nothing from outside is shown or counted.
/// </remarks>
public static class ChartReader
{
    /// <summary>More entries than this across an edge come from steps that jump about; then the points would be as many as all of
    /// them.</summary>
    private const int MaxEdges = 8;

    /// <summary>Reads the buckets.</summary>
    public static ChartData Read(IChunkSource source, ChartRequest request)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(request);
        var range = new ChartRange(request.Axis, request.From ?? long.MinValue, request.To ?? long.MaxValue);
        int level = SeriesTail.Levels - 1;
        while (level > 0 && source.CountEntries(level, range) < request.Buckets)
        {
            level--;
        }

        // Steps go back after a power cut, clocks jump, spooled batches come late: order of arrival need not be order of x. The sort is
        // stable.
        List<(long X, SeriesEntry Entry, int Arrival)> entries =
            [.. ReadEntries(source, level, range).Select((entry, i) => (entry.X, entry.Entry, i)).OrderBy(entry => entry.X)];
        if (entries.Count == 0)
        {
            return ChartData.Empty;
        }

        return new ChartData(entries.Sum(entry => (long)entry.Entry.Count), level,
            Collect(entries, range with { From = request.From ?? entries[0].X, To = request.To ?? entries[^1].X }, request.Buckets));
    }

    /// <summary>Reads all points in order of arrival; where they are deleted already, the finest entries that are left.</summary>
    public static IEnumerable<SeriesEntry> ReadFinest(IChunkSource source, ChartRange range) =>
        ReadNumbered(source, range).Select(one => one.Entry);

    /// <summary>As <see cref="ReadFinest"/>, each with the index of its first point in the series.</summary>
    public static IEnumerable<(long FirstPoint, SeriesEntry Entry)> ReadNumbered(IChunkSource source, ChartRange range)
    {
        ArgumentNullException.ThrowIfNull(source);
        using IEnumerator<SeriesChunk> chunks = source.ReadChunks(0, range).GetEnumerator();
        bool any = chunks.MoveNext();
        // Points older than the retention are gone; the level above still has them.
        long firstKept = any ? chunks.Current.FirstPoint : long.MaxValue;
        foreach ((long, SeriesEntry) one in ReadBefore(source, range, firstKept))
        {
            yield return one;
        }

        for (; any; any = chunks.MoveNext())
        {
            long point = chunks.Current.FirstPoint;
            foreach (SeriesEntry entry in chunks.Current.Read())
            {
                yield return (point, entry);
                point++;
            }
        }
    }

    private static IEnumerable<(long FirstPoint, SeriesEntry Entry)> ReadBefore(IChunkSource source, ChartRange range, long firstPoint)
    {
        foreach (SeriesChunk chunk in source.ReadChunks(1, range).TakeWhile(chunk => chunk.FirstPoint < firstPoint))
        {
            long point = chunk.FirstPoint;
            foreach (SeriesEntry entry in chunk.Read())
            {
                if (point + entry.Count > firstPoint)
                {
                    yield break;
                }

                yield return (point, entry);
                point += entry.Count;
            }
        }
    }

    private static List<(long X, SeriesEntry Entry)> ReadEntries(IChunkSource source, int level, ChartRange range)
    {
        if (level == 0)
        {
            return [.. ReadFinest(source, range).Select(entry => (range.XOf(entry), entry)).Where(entry => range.Contains(entry.Item1))];
        }

        var entries = new List<(long, SeriesEntry)>();
        var edges = new List<(long FirstPoint, SeriesEntry Entry)>();
        foreach (SeriesChunk chunk in source.ReadChunks(level, range))
        {
            long point = chunk.FirstPoint;
            foreach (SeriesEntry entry in chunk.Read())
            {
                if (range.Encloses(entry))
                {
                    entries.Add((range.XOf(entry), entry));
                }
                else if (range.Touches(entry))
                {
                    edges.Add((point, entry));
                }

                point += entry.Count;
            }
        }

        foreach ((long firstPoint, SeriesEntry entry) in edges)
        {
            List<SeriesEntry> points = edges.Count > MaxEdges ? [] : ReadPointsOf(source, range, firstPoint, entry);
            // Without points, because they are deleted or too many, the entry stands for them where its end is in the range.
            entries.AddRange((points.Count > 0 ? points : [entry]).Select(one => (range.XOf(one), one))
                .Where(one => range.Contains(one.Item1)));
        }

        return entries;
    }

    private static List<SeriesEntry> ReadPointsOf(IChunkSource source, ChartRange range, long firstPoint, SeriesEntry entry) =>
    [
        .. source.ReadChunks(0, range.Around(entry))
            .SelectMany(chunk => chunk.Read().Select((point, i) => (Index: chunk.FirstPoint + i, Point: point)))
            .Where(point => point.Index >= firstPoint && point.Index < firstPoint + entry.Count).Select(point => point.Point),
    ];

    private static List<ChartBucket> Collect(List<(long X, SeriesEntry Entry, int Arrival)> entries, ChartRange range, int buckets)
    {
        double width = Math.Max(((double)range.To - range.From) / buckets, double.Epsilon);
        double usual = ((double)entries[^1].X - entries[0].X) / entries.Count;
        var collected = new List<ChartBucket>(Math.Min(buckets, entries.Count));
        int current = -1;
        (long X, SeriesEntry Entry, int Arrival) before = (entries[0].X, entries[0].Entry, -1);
        foreach ((long X, SeriesEntry Entry, int Arrival) one in entries)
        {
            (long x, SeriesEntry entry, int arrival) = one;
            long hole = range.StartOf(entry) - before.X;
            // Neighbours that did not come one after the other, as after a jump of the clock: nobody looked for a gap between them.
            bool isJump = arrival != before.Arrival + 1 && hole > GapDetector.Factor * usual;
            // A gap that is narrower than a bucket can't be seen, but would turn a curve with many of them into dots.
            bool isGap = (entry.AfterGap || isJump) && hole > width;
            before = one;
            int index = (int)Math.Clamp(((double)x - range.From) / width, 0, buckets - 1);
            if (index != current)
            {
                collected.Add(new ChartBucket(x, entry.Min, entry.Max, entry.Last, entry.Count, isGap));
                current = index;
                continue;
            }

            ChartBucket bucket = collected[^1];
            collected[^1] = new ChartBucket(
                x, Math.Min(bucket.Min, entry.Min), Math.Max(bucket.Max, entry.Max), entry.Last, bucket.Count + entry.Count,
                bucket.AfterGap || isGap);
        }

        return collected;
    }
}
