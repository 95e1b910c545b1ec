using System;

namespace FeatureAlignment.Layers;

/// <summary>Rows of weights that are not in memory: a file on a card or a disk, read and written in place.</summary>
public interface IRowStorage
{
    /// <summary>Reads whole rows.</summary>
    /// <param name="firstRow">0-based.</param>
    /// <param name="rows">[a whole number of rows x (I + K)], overwritten.</param>
    void Read(int firstRow, Span<float> rows);

    /// <summary>Writes whole rows in their place.</summary>
    /// <param name="firstRow">0-based.</param>
    /// <param name="rows">[a whole number of rows x (I + K)].</param>
    void Write(int firstRow, ReadOnlySpan<float> rows);
}
