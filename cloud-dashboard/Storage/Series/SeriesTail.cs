using System;
using System.Collections.Generic;
using System.Linq;

namespace FeatureAlignment.Dashboard.Storage.Series;

/// <summary>
/// The growing end of a series in memory. Points go in one at a time; parts of chunks and the state come out when the store writes them.
/// What is not written when the process dies is made again from the raw batches.
/// </summary>
internal sealed class SeriesTail
{
    /// <summary>Points themselves, and entries of up to 16, 256 and 4096 points.</summary>
    public const int Levels = 4;

    private readonly LevelTail[] levels;
    private GapDetector gaps;

    /// <summary>Starts an empty series.</summary>
    /// <param name="layer">Index of the layer; null for the whole network.</param>
    /// <param name="name">Name of the metric.</param>
    public SeriesTail(int? layer, string name)
    {
        Layer = layer;
        Name = name;
        levels = [.. Enumerable.Range(0, Levels).Select(level => new LevelTail(level))];
    }

    /// <summary>Goes on with a stored series.</summary>
    /// <param name="id">Its row.</param>
    /// <param name="layer">Index of the layer; null for the whole network.</param>
    /// <param name="name">Name of the metric.</param>
    /// <param name="state">What <see cref="State"/> gave when it was stored.</param>
    /// <param name="lastChunks">The last stored chunk of each level that has one.</param>
    public SeriesTail(long id, int? layer, string name, ReadOnlySpan<byte> state, IReadOnlyCollection<SeriesChunk> lastChunks)
    {
        Id = id;
        Layer = layer;
        Name = name;
        var stored = SeriesState.Read(state);
        gaps = stored.Gaps;
        Points = stored.Points;
        Last = stored.Last;
        levels = [.. Enumerable.Range(0, Levels)
            .Select(level => new LevelTail(level, lastChunks.FirstOrDefault(chunk => chunk.Level == level), stored.Partials[level]))];
    }

    /// <summary>Row of the series; 0 until it has one.</summary>
    public long Id { get; set; }

    /// <summary>Index of the layer; null for the whole network.</summary>
    public int? Layer { get; }

    /// <summary>Name of the metric.</summary>
    public string Name { get; }

    /// <summary>Points ever received.</summary>
    public long Points { get; private set; }

    /// <summary>The point that came last; null before the first.</summary>
    public SeriesEntry? Last { get; private set; }

    /// <summary>Whether the database lacks something.</summary>
    public bool IsDirty { get; private set; }

    /// <summary>Takes the next point in the order of arrival.</summary>
    public void Add(long step, long timeMilliseconds, double value)
    {
        gaps = gaps.Next(timeMilliseconds, out bool afterGap);
        var point = SeriesEntry.OfPoint(step, timeMilliseconds, value, afterGap);
        foreach (LevelTail level in levels)
        {
            level.Add(point);
        }

        Points++;
        Last = point;
        IsDirty = true;
    }

    /// <summary>Parts of chunks that the database must get, of all levels; each belongs behind what it has of the same chunk.</summary>
    public IEnumerable<SeriesChunk> Parts() => levels.SelectMany(level => level.Parts());

    /// <summary>What the database must get besides.</summary>
    public byte[] State() => new SeriesState(gaps, Points, Last, [.. levels.Select(level => level.Partial)]).Write();

    /// <summary>The database has got <see cref="Parts"/> and <see cref="State"/>.</summary>
    public void Stored()
    {
        foreach (LevelTail level in levels)
        {
            level.Stored();
        }

        IsDirty = false;
    }

    /// <summary>A copy of all levels for a reader, who finds in the database what is before.</summary>
    public IReadOnlyList<LevelSnapshot> Snapshot() => [.. levels.Select(level => level.Snapshot())];
}
