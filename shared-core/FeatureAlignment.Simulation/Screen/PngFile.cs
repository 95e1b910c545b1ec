using System;
using System.Buffers.Binary;
using System.IO;
using System.IO.Compression;
using FeatureAlignment.Checkpoints;

namespace FeatureAlignment.Simulation.Screen;

/// <summary>
/// Writes 8-bit pictures, gray or RGB, as PNG (W3C PNG, third edition: signature, IHDR, IDAT, IEND, no row filters). Written here rather
/// than by a library because the platform's zlib does the work: StbImageWriteSharp names no license in its package and brings a deflate
/// of its own, BigGustave writes no grayscale.
/// </summary>
internal static class PngFile
{
    private const byte GrayColorType = 0;
    private const byte RgbColorType = 2;

    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Writes a whole file.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="samples">[height x width x channels], row after row.</param>
    /// <param name="width">Pixels per row, at least 1.</param>
    /// <param name="channels">1 for gray, 3 for red, green and blue.</param>
    public static void Write(Stream stream, ReadOnlySpan<byte> samples, int width, int channels)
    {
        int rowBytes = width * channels;
        stream.Write(Signature);

        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], samples.Length / rowBytes);
        header[8] = 8;
        header[9] = channels == 1 ? GrayColorType : RgbColorType;
        header[10..].Clear();
        WriteChunk(stream, "IHDR"u8, header);

        using MemoryStream compressed = new();
        using (ZLibStream zlib = new(compressed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            for (int start = 0; start < samples.Length; start += rowBytes)
            {
                zlib.WriteByte(0);
                zlib.Write(samples.Slice(start, rowBytes));
            }
        }

        WriteChunk(stream, "IDAT"u8, compressed.GetBuffer().AsSpan(0, (int)compressed.Length));
        WriteChunk(stream, "IEND"u8, []);
    }

    private static void WriteChunk(Stream stream, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        stream.Write(number);
        stream.Write(type);
        stream.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc32.Append(Crc32.Append(0, type), data));
        stream.Write(number);
    }
}
