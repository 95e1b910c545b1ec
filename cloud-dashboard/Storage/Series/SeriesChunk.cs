using System;
using System.Collections.Generic;

namespace FeatureAlignment.Dashboard.Storage.Series;

/// <summary>Up to <see cref="Capacity"/> entries of one level of a series in succession: a row of the database.</summary>
/// <param name="Level">0 for points, 1 to 3 for entries of up to 16, 256, 4096 points.</param>
/// <param name="Index">Place among the chunks of the level, from 0.</param>
/// <param name="FirstPoint">Index in the series of the first point.</param>
/// <param name="Points">Points in all entries.</param>
/// <param name="Entries">Entries.</param>
/// <param name="StepMin">Smallest step.</param>
/// <param name="StepMax">Largest step.</param>
/// <param name="TimeMin">Earliest time.</param>
/// <param name="TimeMax">Latest time.</param>
/// <param name="Data">The entries, by <see cref="EntryCodec"/>.</param>
/// <param name="StepBefore">Of a part that belongs behind another one: largest step of the last entry there.</param>
/// <param name="TimeBefore">Of such a part: latest time of the last entry there.</param>
public sealed record SeriesChunk(
    int Level, int Index, long FirstPoint, int Points, int Entries, long StepMin, long StepMax, long TimeMin, long TimeMax,
    ReadOnlyMemory<byte> Data, long StepBefore = 0, long TimeBefore = 0)
{
    /// <summary>Entries of a full chunk: few enough that more can be put behind them at little cost, many enough that rows are
    /// few.</summary>
    public const int Capacity = 256;

    /// <summary>Reads the entries.</summary>
    /// <exception cref="FormatException">The data is damaged.</exception>
    public IReadOnlyList<SeriesEntry> Read()
    {
        var entries = new SeriesEntry[Entries];
        var reader = new EntryCodec.Reader(Data.Span, StepBefore, TimeBefore);
        for (int i = 0; i < entries.Length; i++)
        {
            entries[i] = reader.Next();
        }

        return entries;
    }
}
