using System;
using System.Buffers.Binary;
using System.Globalization;
using System.IO;
using System.IO.Compression;

namespace FeatureAlignment.Datasets;

/// <summary>
/// One file in the IDX format of LeCun's MNIST page, unsigned bytes only: images (magic 0x00000803, then count, rows and
/// columns) or labels (magic 0x00000801, then count), all numbers big-endian. Plain or gzip, told apart by the first bytes.
/// </summary>
public sealed class IdxFile
{
    private const int ImagesMagic = 0x00000803;
    private const int LabelsMagic = 0x00000801;

    /// <summary>Largest accepted width and height: a header above it is damage, not an image for a dense network.</summary>
    private const int LargestSide = 4096;

    /// <summary>Longest array of bytes the runtimes give.</summary>
    private const int LargestArray = 0x7FFFFFC7;

    /// <summary>Memory follows the data that arrived, never the header alone: a lying header must not cost gigabytes.</summary>
    private const int FirstAllocation = 1 << 20;

    private readonly byte[] values;

    private IdxFile(int count, int rows, int columns, byte[] values)
    {
        Count = count;
        Rows = rows;
        Columns = columns;
        this.values = values;
    }

    /// <summary>Number of images or labels, at least 1.</summary>
    public int Count { get; }

    /// <summary>Height of an image in pixels; 1 in a file of labels.</summary>
    public int Rows { get; }

    /// <summary>Width of an image in pixels; 1 in a file of labels.</summary>
    public int Columns { get; }

    /// <summary>[<see cref="Count"/> x <see cref="Rows"/> x <see cref="Columns"/>] bytes, row-major, as they stand in the file.</summary>
    public ReadOnlySpan<byte> Values => values;

    /// <summary>Reads a file of images to its end.</summary>
    /// <param name="stream">Positioned at the file's first byte; must support seeking. Left open.</param>
    /// <param name="name">What messages call the file, for example its file name.</param>
    /// <exception cref="DataFormatException">The bytes are not a whole IDX file of images.</exception>
    /// <exception cref="ArgumentException">The stream does not support seeking.</exception>
    public static IdxFile ReadImages(Stream stream, string name) => Read(stream, name, ImagesMagic);

    /// <summary>Reads a file of labels to its end.</summary>
    /// <inheritdoc cref="ReadImages"/>
    /// <exception cref="DataFormatException">The bytes are not a whole IDX file of labels.</exception>
    public static IdxFile ReadLabels(Stream stream, string name) => Read(stream, name, LabelsMagic);

    private static IdxFile Read(Stream stream, string name, int expectedMagic)
    {
        _ = stream ?? throw new ArgumentNullException(nameof(stream));
        _ = name ?? throw new ArgumentNullException(nameof(name));
        if (!stream.CanSeek)
        {
            throw new ArgumentException(
                "Stream must support seeking, to look for gzip first; copy it into a MemoryStream.", nameof(stream));
        }

        if (!IsGzip(stream))
        {
            return ReadPlain(stream, name, expectedMagic);
        }

        try
        {
            using var unpacked = new GZipStream(stream, CompressionMode.Decompress, leaveOpen: true);
            IdxFile file = ReadPlain(unpacked, name, expectedMagic);
            CheckGzipLength(stream, name, HeaderLength(expectedMagic) + file.values.Length);
            return file;
        }
        catch (InvalidDataException e)
        {
            throw new DataFormatException(
                $"{name}: whole gzip data expected; it is cut off or corrupt, get it anew. ({e.Message})", e);
        }
    }

    private static bool IsGzip(Stream stream)
    {
        long start = stream.Position;
        int first = stream.ReadByte();
        int second = stream.ReadByte();
        stream.Position = start;
        return first == 0x1f && second == 0x8b;
    }

    /// <summary>
    /// The decompressor takes a missing trailer for the end of the data and ignores bytes behind it. The trailer's last field,
    /// the unpacked length, tells both: it must be the last four bytes of the file (RFC 1952; one member, as MNIST is published).
    /// </summary>
    private static void CheckGzipLength(Stream stream, string name, int unpackedLength)
    {
        var trailer = new byte[sizeof(int)];
        stream.Seek(-trailer.Length, SeekOrigin.End);
        Fill(stream, trailer, 0, trailer.Length);
        uint promised = BinaryPrimitives.ReadUInt32LittleEndian(trailer);
        if (promised != unpackedLength)
        {
            throw new DataFormatException(
                Text($"{name}: the gzip data must end with its unpacked length, {unpackedLength:N0}; {promised:N0} found; ")
                + "it is cut off or corrupt, get the file anew.");
        }
    }

    private static int HeaderLength(int magic) => magic == ImagesMagic ? 16 : 8;

    private static IdxFile ReadPlain(Stream stream, string name, int expectedMagic)
    {
        bool isImages = expectedMagic == ImagesMagic;
        var header = new byte[HeaderLength(expectedMagic)];
        int headerFound = Fill(stream, header, 0, header.Length);

        if (headerFound >= sizeof(int))
        {
            int magic = BinaryPrimitives.ReadInt32BigEndian(header);
            if (magic != expectedMagic)
            {
                throw new DataFormatException(
                    $"{name}: IDX magic 0x{expectedMagic:x8} ({Kind(expectedMagic)}) expected, 0x{magic:x8} ({Kind(magic)}) found; "
                    + "give the file that its name promises.");
            }
        }

        if (headerFound < header.Length)
        {
            throw new DataFormatException(
                $"{name}: an IDX header of {header.Length} bytes expected, {headerFound} found; the file is cut off, get it anew.");
        }

        int count = BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(4));
        int rows = isImages ? BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(8)) : 1;
        int columns = isImages ? BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(12)) : 1;
        return new IdxFile(count, rows, columns, ReadValues(stream, name, count, rows, columns));
    }

    private static byte[] ReadValues(Stream stream, string name, int count, int rows, int columns)
    {
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

        // Sides are at most 2^12 and the count below 2^31: the product fits 64 bits.
        int sampleBytes = rows * columns;
        long expected = (long)count * sampleBytes;
        if (expected > LargestArray)
        {
            throw new DataFormatException(
                Text($"{name}: at most {LargestArray:N0} bytes of data fit in memory; the header promises {expected:N0} ")
                + Text($"({count:N0} of {rows:N0} x {columns:N0}); the file is damaged, or must be split."));
        }

        var values = new byte[Math.Min(expected, FirstAllocation)];
        int found = Fill(stream, values, 0, values.Length);
        while (found == values.Length && found < expected)
        {
            Array.Resize(ref values, (int)Math.Min(expected, 2L * found));
            found += Fill(stream, values, found, values.Length - found);
        }

        if (found < expected)
        {
            throw new DataFormatException(
                Text($"{name}: {expected:N0} bytes of data expected ({count:N0} of {rows:N0} x {columns:N0}), {found:N0} found; ")
                + Text($"the file ends at sample index {found / sampleBytes}; it is cut off, get it anew."));
        }

        // In gzip data this read also makes the decompressor check the trailing checksum.
        if (stream.ReadByte() >= 0)
        {
            throw new DataFormatException(
                Text($"{name}: the end of the file expected after {expected:N0} bytes of data ({count:N0} of {rows:N0} x {columns:N0}); ")
                + "more bytes found; the header or the file is damaged, get it anew.");
        }

        return values;
    }

    private static int Fill(Stream stream, byte[] buffer, int offset, int count)
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

    private static string Kind(int magic) => magic switch
    {
        ImagesMagic => "images",
        LabelsMagic => "labels",
        _ => "not IDX bytes",
    };

    private static string Text(FormattableString message) => message.ToString(CultureInfo.InvariantCulture);
}
