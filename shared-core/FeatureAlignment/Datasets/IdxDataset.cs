using System;
using System.IO;

namespace FeatureAlignment.Datasets;

/// <summary>
/// Labelled images from a pair of IDX files, held in memory as bytes: MNIST, Fashion-MNIST and whatever shares their format.
/// <see cref="StoredIdxDataset"/> leaves them where they are.
/// </summary>
public sealed class IdxDataset : ISampleSource
{
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
        IdxFile labelFile = IdxPair.ReadLabels(labels, name, classes);
        var imageFile = IdxFile.ReadImages(images, name + " images");
        IdxPair.RequireSameCount(name, imageFile.Count, labelFile.Count);
        return new IdxDataset(imageFile, labelFile, classes);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The index is out of range, or the buffer has not <see cref="Inputs"/> elements.</exception>
    public int Read(int sampleIndex, Span<float> features)
    {
        SampleArguments.Check(this, sampleIndex, features);
        IdxPair.ToFeatures(images.Values.Slice(sampleIndex * features.Length, features.Length), features);
        return labels.Values[sampleIndex];
    }
}
