using System;
using System.IO;
using System.IO.Compression;

namespace FeatureAlignment.Dashboard.Storage.Sqlite;

/// <summary>A batch's JSON in a column: deflated, since it repeats the same names over and over.</summary>
internal static class StoredBody
{
    public static byte[] Deflate(ReadOnlySpan<byte> body)
    {
        using var output = new MemoryStream(body.Length / 4);
        using (var deflate = new DeflateStream(output, CompressionLevel.Fastest, leaveOpen: true))
        {
            deflate.Write(body);
        }

        return output.ToArray();
    }

    public static byte[] Inflate(byte[] stored)
    {
        using var inflate = new DeflateStream(new MemoryStream(stored), CompressionMode.Decompress);
        using var output = new MemoryStream();
        inflate.CopyTo(output);
        return output.ToArray();
    }
}
