using System;
using System.IO;

namespace FeatureAlignment.Datasets;

/// <summary>
/// Labelled images from a pair of IDX files, the images read in place: a board has no room for 47 MB of MNIST, but its storage has. Gives
/// the values of <see cref="IdxDataset"/>, to the bit. In memory are the labels, a byte each, and the bytes of one image.
/// </summary>
/// <remarks>In shuffled order every sample costs a seek and a read; a file stream without a buffer reads no byte more than that.</remarks>
public sealed class StoredIdxDataset : ISampleSource
{
    private readonly Stream images;
    private readonly IdxHeader header;
    private readonly long dataStart;
    private readonly IdxFile labels;
    private readonly byte[] pixels;

    private StoredIdxDataset(Stream images, in IdxHeader header, IdxFile labels, int classes)
    {
        this.images = images;
        this.header = header;
        this.labels = labels;
        dataStart = images.Position;
        pixels = new byte[header.SampleBytes];
        Classes = classes;
    }

    /// <inheritdoc/>
    public int Count => header.Count;

    /// <inheritdoc/>
    public int Inputs => header.SampleBytes;

    /// <inheritdoc/>
    public int Classes { get; }

    /// <summary>Width of an image in pixels.</summary>
    public int Width => header.Columns;

    /// <summary>Height of an image in pixels.</summary>
    public int Height => header.Rows;

    /// <summary>Reads the labels and the images' header, and checks that as many bytes follow it as it promises.</summary>
    /// <param name="images">
    /// A plain IDX file of images, from its first byte; must support seeking. Left open: stays the caller's to close, but only this data
    /// set may use it until then.
    /// </param>
    /// <param name="labels">An IDX file with as many labels, plain or gzip; must support seeking. Read to its end, left open.</param>
    /// <param name="name">What messages call the pair, for example "mnist/train".</param>
    /// <param name="classes">Number of classes, from 2 to 256; every label must be below it.</param>
    /// <exception cref="DataFormatException">A file is damaged, images are packed, counts differ, or a label is out of range.</exception>
    /// <exception cref="ArgumentException">A stream does not support seeking, or <paramref name="classes"/> is out of range.</exception>
    public static StoredIdxDataset Open(Stream images, Stream labels, string name, int classes = 10)
    {
        ArgumentChecks.NotNull(images, nameof(images));
        IdxFile labelFile = IdxPair.ReadLabels(labels, name, classes);
        if (!images.CanSeek)
        {
            throw new ArgumentException("Stream must support seeking, to read samples in any order.", nameof(images));
        }

        string imagesName = name + " images";
        if (IdxFile.IsGzip(images))
        {
            throw new DataFormatException($"{imagesName}: a plain file expected, to be read in place; gzip data found; unpack it first.");
        }

        var header = IdxHeader.Read(images, imagesName, IdxHeader.ImagesMagic);
        long found = images.Length - images.Position;
        if (found != header.DataBytes)
        {
            throw found < header.DataBytes ? header.CutOff(found) : header.TooLong();
        }

        IdxPair.RequireSameCount(name, header.Count, labelFile.Count);
        return new StoredIdxDataset(images, header, labelFile, classes);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The index is out of range, or the buffer has not <see cref="Inputs"/> elements.</exception>
    /// <exception cref="DataFormatException">The file has become shorter since it was opened.</exception>
    /// <exception cref="IOException">The storage fails.</exception>
    public int Read(int sampleIndex, Span<float> features)
    {
        SampleArguments.Check(this, sampleIndex, features);
        lock (pixels)
        {
            long offset = (long)sampleIndex * pixels.Length;
            images.Position = dataStart + offset;
            int found = IdxHeader.Fill(images, pixels, 0, pixels.Length);
            if (found < pixels.Length)
            {
                throw header.CutOff(offset + found);
            }

            IdxPair.ToFeatures(pixels, features);
        }

        return labels.Values[sampleIndex];
    }
}
