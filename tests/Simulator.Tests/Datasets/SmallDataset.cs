using System;
using System.Buffers.Binary;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Security.Cryptography;
using FeatureAlignment.Simulator.Datasets;

namespace FeatureAlignment.Simulator.Tests.Datasets;

/// <summary>Four tiny IDX files with their true digests: 3 training and 2 test images of 2 x 2 pixels.</summary>
internal static class SmallDataset
{
    public const string FirstMirror = "https://first.example/data/";
    public const string SecondMirror = "https://second.example/data/";

    public static readonly byte[] TrainingImages = Gzip(Idx([0x803, 3, 2, 2], [.. Enumerable.Range(0, 12).Select(i => (byte)(i * 20))]));
    public static readonly byte[] TrainingLabels = Gzip(Idx([0x801, 3], [1, 0, 2]));
    public static readonly byte[] TestImages = Gzip(Idx([0x803, 2, 2, 2], [.. Enumerable.Range(0, 8).Select(i => (byte)(255 - i))]));
    public static readonly byte[] TestLabels = Gzip(Idx([0x801, 2], [2, 1]));

    /// <summary>With digests of the unpacked files, as MNIST has.</summary>
    public static PublishedDataset WithContentDigests { get; } = PublishedDataset.Mnist with
    {
        Name = "small",
        FolderVariable = "SMALL_DIR",
        Mirrors = [new Uri(FirstMirror), new Uri(SecondMirror)],
        TrainingImages = new("train-images-idx3-ubyte", Sha256(TrainingImages)),
        TrainingLabels = new("train-labels-idx1-ubyte", Sha256(TrainingLabels)),
        TestImages = new("t10k-images-idx3-ubyte", Sha256(TestImages)),
        TestLabels = new("t10k-labels-idx1-ubyte", Sha256(TestLabels)),
        ClassNames = ["a", "b", "c"],
    };

    /// <summary>Each published name without ".gz" and the bytes of its .gz file.</summary>
    public static (string Name, byte[] Packed)[] Files =>
    [
        ("train-images-idx3-ubyte", TrainingImages), ("train-labels-idx1-ubyte", TrainingLabels),
        ("t10k-images-idx3-ubyte", TestImages), ("t10k-labels-idx1-ubyte", TestLabels),
    ];

    public static byte[] Idx(int[] header, byte[] values)
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

    public static byte[] Unpack(byte[] packed)
    {
        using var unpacked = new MemoryStream();
        using var gzip = new GZipStream(new MemoryStream(packed), CompressionMode.Decompress);
        gzip.CopyTo(unpacked);
        return unpacked.ToArray();
    }

    private static string Sha256(byte[] packed) => Convert.ToHexStringLower(SHA256.HashData(Unpack(packed)));
}
