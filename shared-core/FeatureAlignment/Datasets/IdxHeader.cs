using System;
using System.Buffers.Binary;
using System.Globalization;
using System.IO;

namespace FeatureAlignment.Datasets;

/// <summary>The checked header of an IDX file of unsigned bytes, and what messages say of a file that does not keep its promises.</summary>
internal readonly struct IdxHeader
{
    public const int ImagesMagic = 0x00000803;
    public const int LabelsMagic = 0x00000801;

    /// <summary>Largest accepted width and height: a header above it is damage, not an image for a dense network.</summary>
    private const int LargestSide = 4096;

    private readonly string name;

    private IdxHeader(string name, int bytes, int count, int rows, int columns)
    {
        this.name = name;
        Bytes = bytes;
        Count = count;
        Rows = rows;
        Columns = columns;
    }

    /// <summary>Length of the header itself.</summary>
    public int Bytes { get; }

    /// <summary>Number of images or labels, at least 1.</summary>
    public int Count { get; }

    /// <summary>Height of an image; 1 in a file of labels.</summary>
    public int Rows { get; }

    /// <summary>Width of an image; 1 in a file of labels.</summary>
    public int Columns { get; }

    /// <summary>Bytes of one image or label.</summary>
    public int SampleBytes => Rows * Columns;

    /// <summary>Bytes that must follow the header. Sides are at most 2^12 and the count is below 2^31: the product fits 64 bits.</summary>
    public long DataBytes => (long)Count * SampleBytes;

    /// <exception cref="DataFormatException">These bytes head no IDX file of the kind expected.</exception>
    public static IdxHeader Read(Stream stream, string name, int expectedMagic)
    {
        bool isImages = expectedMagic == ImagesMagic;
        var header = new byte[isImages ? 16 : 8];
        int found = Fill(stream, header, 0, header.Length);

        if (found >= sizeof(int))
        {
            int magic = BinaryPrimitives.ReadInt32BigEndian(header);
            if (magic != expectedMagic)
            {
                throw new DataFormatException(
                    $"{name}: IDX magic 0x{expectedMagic:x8} ({Kind(expectedMagic)}) expected, 0x{magic:x8} ({Kind(magic)}) found; "
                    + "give the file that its name promises.");
            }
        }

        if (found < header.Length)
        {
            throw new DataFormatException(
                $"{name}: an IDX header of {header.Length} bytes expected, {found} found; the file is cut off, get it anew.");
        }

        int count = BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(4));
        int rows = isImages ? BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(8)) : 1;
        int columns = isImages ? BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(12)) : 1;
        if (count <= 0)
        {
            throw new DataFormatException(
                Text($"{name}: the count in the header must be greater than 0; {count:N0} found; the file is damaged, get it anew."));
        }

        if (rows is <= 0 or > LargestSide || columns is <= 0 or > LargestSide)
        {
            throw new DataFormatException(
                Text($"{name}: rows and columns must be from 1 to {LargestSide:N0}; {rows:N0} x {columns:N0} found in the header; ")
                + "the file is damaged, get it anew.");
        }

        return new IdxHeader(name, header.Length, count, rows, columns);
    }

    /// <summary>Reads until the part is full or the stream ends; a stream may give fewer bytes a call than it is asked for.</summary>
    /// <returns>Bytes read.</returns>
    public static int Fill(Stream stream, byte[] buffer, int offset, int count)
    {
        int total = 0;
        while (total < count)
        {
            int read = stream.Read(buffer, offset + total, count - total);
            if (read == 0)
            {
                break;
            }

            total += read;
        }

        return total;
    }

    public DataFormatException CutOff(long foundBytes) => new(
        Text($"{name}: {DataBytes:N0} bytes of data expected ({Shape}), {foundBytes:N0} found; ")
        + Text($"the file ends at sample index {foundBytes / SampleBytes}; it is cut off, get it anew."));

    public DataFormatException TooLong() => new(
        Text($"{name}: the end of the file expected after {DataBytes:N0} bytes of data ({Shape}); ")
        + "more bytes found; the header or the file is damaged, get it anew.");

    public DataFormatException TooLarge(int mostBytes) => new(
        Text($"{name}: at most {mostBytes:N0} bytes of data fit in memory; the header promises {DataBytes:N0} ({Shape}); ")
        + "the file is damaged, or must be split.");

    private string Shape => Text($"{Count:N0} of {Rows:N0} x {Columns:N0}");

    private static string Kind(int magic) => magic switch
    {
        ImagesMagic => "images",
        LabelsMagic => "labels",
        _ => "not IDX bytes",
    };

    private static string Text(FormattableString message) => message.ToString(CultureInfo.InvariantCulture);
}
