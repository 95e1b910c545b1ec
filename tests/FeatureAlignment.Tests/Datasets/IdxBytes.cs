using System;
using System.Buffers.Binary;
using System.IO;
using System.IO.Compression;

namespace FeatureAlignment.Tests.Datasets;

/// <summary>Writes IDX files by hand, whole or damaged, for the tests of their readers.</summary>
internal static class IdxBytes
{
    /// <summary>A file of images whose header may promise what the values do not keep.</summary>
    public static byte[] Images(int count, int rows, int columns, params byte[] values) => File([0x803, count, rows, columns], values);

    public static byte[] Labels(int count, params byte[] values) => File([0x801, count], values);

    public static byte[] File(int[] header, byte[] values)
    {
        var bytes = new byte[(header.Length * sizeof(int)) + values.Length];
        for (int i = 0; i < header.Length; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(i * sizeof(int)), header[i]);
        }

        values.CopyTo(bytes, header.Length * sizeof(int));
        return bytes;
    }

    public static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write(bytes);
        }

        return packed.ToArray();
    }
}
