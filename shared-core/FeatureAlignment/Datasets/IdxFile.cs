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
    /// <summary>Longest array of bytes the runtimes give.</summary>
    private const int LargestArray = 0x7FFFFFC7;

    /// <summary>Memory follows the data that arrived, never the header alone: a lying header must not cost gigabytes.</summary>
    private const int FirstAllocation = 1 << 20;

    private readonly IdxHeader header;
    private readonly byte[] values;

    private IdxFile(in IdxHeader header, byte[] values)
    {
        this.header = header;
        this.values = values;
    }

    /// <summary>Number of images or labels, at least 1.</summary>
    public int Count => header.Count;

    /// <summary>Height of an image in pixels; 1 in a file of labels.</summary>
    public int Rows => header.Rows;

    /// <summary>Width of an image in pixels; 1 in a file of labels.</summary>
    public int Columns => header.Columns;

    /// <summary>[<see cref="Count"/> x <see cref="Rows"/> x <see cref="Columns"/>] bytes, row-major, as they stand in the file.</summary>
    public ReadOnlySpan<byte> Values => values;

    /// <summary>Reads a file of images to its end.</summary>
    /// <param name="stream">Positioned at the file's first byte; must support seeking. Left open.</param>
    /// <param name="name">What messages call the file, for example its file name.</param>
    /// <exception cref="DataFormatException">The bytes are not a whole IDX file of images.</exception>
    /// <exception cref="ArgumentException">The stream does not support seeking.</exception>
    public static IdxFile ReadImages(Stream stream, string name) => Read(stream, name, IdxHeader.ImagesMagic);

    /// <summary>Reads a file of labels to its end.</summary>
    /// <inheritdoc cref="ReadImages"/>
    /// <exception cref="DataFormatException">The bytes are not a whole IDX file of labels.</exception>
    public static IdxFile ReadLabels(Stream stream, string name) => Read(stream, name, IdxHeader.LabelsMagic);

    /// <summary>Whether the stream's next two bytes are those of gzip data; its position stays.</summary>
    internal static bool IsGzip(Stream stream)
    {
        long start = stream.Position;
        int first = stream.ReadByte();
        int second = stream.ReadByte();
        stream.Position = start;
        return first == 0x1f && second == 0x8b;
    }

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
            CheckGzipLength(stream, name, file.header.Bytes + file.values.Length);
            return file;
        }
        catch (InvalidDataException e)
        {
            throw new DataFormatException(
                $"{name}: whole gzip data expected; it is cut off or corrupt, get it anew. ({e.Message})", e);
        }
    }

    /// <summary>
    /// The decompressor takes a missing trailer for the end of the data and ignores bytes behind it. The trailer's last field,
    /// the unpacked length, tells both: it must be the last four bytes of the file (RFC 1952; one member, as MNIST is published).
    /// </summary>
    private static void CheckGzipLength(Stream stream, string name, int unpackedLength)
    {
        var trailer = new byte[sizeof(int)];
        stream.Seek(-trailer.Length, SeekOrigin.End);
        IdxHeader.Fill(stream, trailer, 0, trailer.Length);
        uint promised = BinaryPrimitives.ReadUInt32LittleEndian(trailer);
        if (promised != unpackedLength)
        {
            FormattableString fault =
                $"{name}: the gzip data must end with its unpacked length, {unpackedLength:N0}; {promised:N0} found; ";
            throw new DataFormatException(fault.ToString(CultureInfo.InvariantCulture) + "it is cut off or corrupt, get the file anew.");
        }
    }

    private static IdxFile ReadPlain(Stream stream, string name, int expectedMagic)
    {
        var header = IdxHeader.Read(stream, name, expectedMagic);
        long expected = header.DataBytes;
        if (expected > LargestArray)
        {
            throw header.TooLarge(LargestArray);
        }

        var values = new byte[Math.Min(expected, FirstAllocation)];
        int found = IdxHeader.Fill(stream, values, 0, values.Length);
        while (found == values.Length && found < expected)
        {
            Array.Resize(ref values, (int)Math.Min(expected, 2L * found));
            found += IdxHeader.Fill(stream, values, found, values.Length - found);
        }

        if (found < expected)
        {
            throw header.CutOff(found);
        }

        // In gzip data this read also makes the decompressor check the trailing checksum.
        return stream.ReadByte() < 0 ? new IdxFile(header, values) : throw header.TooLong();
    }
}
