using System;
using System.IO;

namespace FeatureAlignment.Datasets;

/// <summary>
/// Labelled images from a pair of IDX files, held in memory as bytes: MNIST, Fashion-MNIST and whatever shares their format.
/// </summary>
public sealed class IdxDataset : ISampleSource
{
    /// <summary>The value of every possible pixel, byte / 255, so that reading needs no division on the board.</summary>
    private static readonly float[] PixelValues = CreatePixelValues();

    private readonly IdxFile images;
    private readonly IdxFile labels;

    private IdxDataset(IdxFile images, IdxFile labels, int classes)
    {
        this.images = images;
        this.labels = labels;
        Classes = classes;
    }

    /// <inheritdoc/>
    public int Count => images.Count;

    /// <inheritdoc/>
    public int Inputs => Width * Height;

    /// <inheritdoc/>
    public int Classes { get; }

    /// <summary>Width of an image in pixels.</summary>
    public int Width => images.Columns;

    /// <summary>Height of an image in pixels.</summary>
    public int Height => images.Rows;

    /// <summary>Reads images and their labels, each plain or gzip, to the end of their streams.</summary>
    /// <param name="images">An IDX file of images; must support seeking. Left open.</param>
    /// <param name="labels">An IDX file with as many labels; must support seeking. Left open.</param>
    /// <param name="name">What messages call the pair, for example "mnist/train".</param>
    /// <param name="classes">Number of classes, from 2 to 256; every label must be below it.</param>
    /// <exception cref="DataFormatException">A file is damaged, counts differ, or a label is out of range.</exception>
    /// <exception cref="ArgumentException">A stream does not support seeking, or <paramref name="classes"/> is out of range.</exception>
    public static IdxDataset Read(Stream images, Stream labels, string name, int classes = 10)
    {
        if (classes is < 2 or > 256)
        {
            throw new ArgumentOutOfRangeException(nameof(classes), classes, "Classes must be from 2 to 256, for a label is one byte.");
        }

        var labelFile = IdxFile.ReadLabels(labels, name + " labels");
        ReadOnlySpan<byte> values = labelFile.Values;
        for (int i = 0; i < values.Length; i++)
        {
            if (values[i] >= classes)
            {
                throw new DataFormatException(
                    $"{name} labels: labels must be from 0 to {classes - 1}; {values[i]} found at sample index {i}; "
                    + "the file is damaged or belongs to a data set with more classes.");
            }
        }

        var imageFile = IdxFile.ReadImages(images, name + " images");
        if (imageFile.Count != labelFile.Count)
        {
            throw new DataFormatException(
                $"{name}: as many labels as images expected; {imageFile.Count} images and {labelFile.Count} labels found; "
                + "give two files of the same set.");
        }

        return new IdxDataset(imageFile, labelFile, classes);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The index is out of range, or the buffer has not <see cref="Inputs"/> elements.</exception>
    public int Read(int sampleIndex, Span<float> features)
    {
        SampleArguments.Check(this, sampleIndex, features);
        ReadOnlySpan<byte> pixels = images.Values.Slice(sampleIndex * features.Length, features.Length);
        for (int i = 0; i < pixels.Length; i++)
        {
            features[i] = PixelValues[pixels[i]];
        }

        return labels.Values[sampleIndex];
    }

    private static float[] CreatePixelValues()
    {
        var values = new float[256];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = i / 255f;
        }

        return values;
    }
}
