using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Threading;
using System.Threading.Tasks;

namespace FeatureAlignment.Simulator.Datasets;

/// <summary>One of the four gzip files of a data set.</summary>
/// <param name="Name">As published, without ".gz".</param>
/// <param name="Digest">Lower-case hexadecimal; of what, its data set says.</param>
internal sealed record PublishedFile(string Name, string Digest);

/// <summary>A data set that its authors publish as four gzip-compressed IDX files.</summary>
internal sealed record PublishedDataset
{
    /// <summary>
    /// LeCun, Cortes and Burges. The mirrors are those of PyTorch and of the Common Visual Data Foundation. The digests are of
    /// the unpacked files: mirrors pack anew.
    /// </summary>
    public static PublishedDataset Mnist { get; } = new()
    {
        Name = "mnist",
        FolderVariable = "MNIST_DIR",
        Mirrors =
        [
            new Uri("https://ossci-datasets.s3.amazonaws.com/mnist/"),
            new Uri("https://storage.googleapis.com/cvdf-datasets/mnist/"),
        ],
        DigestName = "SHA-256 of the unpacked file",
        ComputeDigestAsync = Sha256OfUnpackedAsync,
        TrainingImages = new("train-images-idx3-ubyte", "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"),
        TrainingLabels = new("train-labels-idx1-ubyte", "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"),
        TestImages = new("t10k-images-idx3-ubyte", "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"),
        TestLabels = new("t10k-labels-idx1-ubyte", "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"),
        ClassNames = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"],
    };

    /// <summary>
    /// Xiao, Rasul and Vollgraf. The first mirror, the digests (of the .gz files) and the class names stand in the README of
    /// zalandoresearch/fashion-mnist; the second mirror is that of Keras (keras/src/datasets/fashion_mnist.py), the same bytes.
    /// </summary>
    public static PublishedDataset FashionMnist { get; } = new()
    {
        Name = "fashion-mnist",
        FolderVariable = "FASHION_MNIST_DIR",
        Mirrors =
        [
            new Uri("http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"),
            new Uri("https://storage.googleapis.com/tensorflow/tf-keras-datasets/"),
        ],
        DigestName = "MD5 of the .gz file",
        ComputeDigestAsync = Md5OfFileAsync,
        TrainingImages = new("train-images-idx3-ubyte", "8d4fb7e6c68d591d4c3dfef9ec88bf0d"),
        TrainingLabels = new("train-labels-idx1-ubyte", "25c81989df183df01b3e8a0aad5dffbe"),
        TestImages = new("t10k-images-idx3-ubyte", "bef4ecab320f06d8554ea6380940ec79"),
        TestLabels = new("t10k-labels-idx1-ubyte", "bb300cfdad3c16e7a12a480ee83cd310"),
        ClassNames =
        [
            "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot",
        ],
    };

    public required string Name { get; init; }

    /// <summary>The environment variable that names a folder with the four files.</summary>
    public required string FolderVariable { get; init; }

    /// <summary>Folders on the web, tried in this order; each ends with a slash.</summary>
    public required IReadOnlyList<Uri> Mirrors { get; init; }

    /// <summary>What the digests are of, in words for messages.</summary>
    public required string DigestName { get; init; }

    /// <summary>Computes the digest of a .gz file. Throws <see cref="InvalidDataException"/> when it cannot be unpacked.</summary>
    public required Func<Stream, CancellationToken, Task<string>> ComputeDigestAsync { get; init; }

    public required PublishedFile TrainingImages { get; init; }

    public required PublishedFile TrainingLabels { get; init; }

    public required PublishedFile TestImages { get; init; }

    public required PublishedFile TestLabels { get; init; }

    public required IReadOnlyList<string> ClassNames { get; init; }

    public IReadOnlyList<PublishedFile> Files => [TrainingImages, TrainingLabels, TestImages, TestLabels];

    private static async Task<string> Sha256OfUnpackedAsync(Stream file, CancellationToken cancellation)
    {
        using var unpacked = new GZipStream(file, CompressionMode.Decompress, leaveOpen: true);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(unpacked, cancellation).ConfigureAwait(false));
    }

    [SuppressMessage(
        "Security", "CA5351",
        Justification = "The authors publish no other digest; no second file for a given MD5 is known to be feasible.")]
    private static async Task<string> Md5OfFileAsync(Stream file, CancellationToken cancellation) =>
        Convert.ToHexStringLower(await MD5.HashDataAsync(file, cancellation).ConfigureAwait(false));
}
