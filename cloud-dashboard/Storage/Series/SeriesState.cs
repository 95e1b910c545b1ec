using System;
using System.Buffers.Binary;
using System.Collections.Generic;

namespace FeatureAlignment.Dashboard.Storage.Series;

/// <summary>What a series needs to go on, beside its last chunks.</summary>
/// <param name="Gaps">The rhythm so far.</param>
/// <param name="Points">Points ever received.</param>
/// <param name="Last">The point that came last.</param>
/// <param name="Partials">For each level, the entry that still collects points.</param>
public sealed record SeriesState(GapDetector Gaps, long Points, SeriesEntry? Last, IReadOnlyList<SeriesEntry?> Partials)
{
    private const int HeaderBytes = 8 + 1 + 8 + 8;

    /// <summary>As bytes.</summary>
    public byte[] Write()
    {
        var output = new byte[HeaderBytes + (1 + SeriesTail.Levels) * (1 + EntryCodec.MaxEntryBytes)];
        BinaryPrimitives.WriteDoubleLittleEndian(output, Gaps.MeanMilliseconds);
        output[8] = (byte)Gaps.Intervals;
        BinaryPrimitives.WriteInt64LittleEndian(output.AsSpan(9), Gaps.LastTime);
        BinaryPrimitives.WriteInt64LittleEndian(output.AsSpan(17), Points);
        int length = HeaderBytes;
        foreach (SeriesEntry? entry in (SeriesEntry?[])[Last, .. Partials])
        {
            // One byte tells how long the entry is: 0 for none.
            int bytes = entry is SeriesEntry some ? EntryCodec.Write(output.AsSpan(length + 1), some) : 0;
            output[length] = (byte)bytes;
            length += 1 + bytes;
        }

        return output[..length];
    }

    /// <summary>From bytes.</summary>
    /// <exception cref="FormatException">The bytes are damaged.</exception>
    public static SeriesState Read(ReadOnlySpan<byte> input)
    {
        var entries = new SeriesEntry?[1 + SeriesTail.Levels];
        if (input.Length < HeaderBytes + entries.Length)
        {
            throw new FormatException(
                $"The state of a series must take at least {HeaderBytes + entries.Length} bytes; found {input.Length}.");
        }

        var gaps =
            new GapDetector(BinaryPrimitives.ReadDoubleLittleEndian(input), input[8], BinaryPrimitives.ReadInt64LittleEndian(input[9..]));
        long points = BinaryPrimitives.ReadInt64LittleEndian(input[17..]);
        ReadOnlySpan<byte> rest = input[HeaderBytes..];
        for (int i = 0; i < entries.Length; i++)
        {
            int bytes = rest.IsEmpty || rest[0] >= rest.Length ? throw new FormatException($"The state of a series ends before entry {i}.")
                : rest[0];
            entries[i] = bytes == 0 ? null : new EntryCodec.Reader(rest.Slice(1, bytes)).Next();
            rest = rest[(1 + bytes)..];
        }

        return new SeriesState(gaps, points, entries[0], entries[1..]);
    }
}
