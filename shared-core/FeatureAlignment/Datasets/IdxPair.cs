using System;
using System.IO;

namespace FeatureAlignment.Datasets;

/// <summary>What every reader of a pair of IDX files does: checks that the two belong together, and turns pixels into features.</summary>
internal static class IdxPair
{
    /// <summary>The value of every possible pixel, byte / 255, so that reading needs no division on the board.</summary>
    private static readonly float[] PixelValues = CreatePixelValues();

    /// <exception cref="DataFormatException">The file is damaged, or a label is not below the number of classes.</exception>
    /// <exception cref="ArgumentException">The stream does not support seeking, or the number of classes is out of range.</exception>
    public static IdxFile ReadLabels(Stream labels, string name, int classes)
    {
        if (classes is < 2 or > 256)
        {
            throw new ArgumentOutOfRangeException(nameof(classes), classes, "Classes must be from 2 to 256, for a label is one byte.");
        }

        var file = IdxFile.ReadLabels(labels, name + " labels");
        ReadOnlySpan<byte> values = file.Values;
        for (int i = 0; i < values.Length; i++)
        {
            if (values[i] >= classes)
            {
                throw new DataFormatException(
                    $"{name} labels: labels must be from 0 to {classes - 1}; {values[i]} found at sample index {i}; "
                    + "the file is damaged or belongs to a data set with more classes.");
            }
        }

        return file;
    }

    /// <exception cref="DataFormatException">The two files do not hold the same number of samples.</exception>
    public static void RequireSameCount(string name, int images, int labels)
    {
        if (images != labels)
        {
            throw new DataFormatException(
                $"{name}: as many labels as images expected; {images} images and {labels} labels found; give two files of the same set.");
        }
    }

    /// <param name="pixels">Bytes of a file.</param>
    /// <param name="features">As many values from 0 to 1, overwritten.</param>
    public static void ToFeatures(ReadOnlySpan<byte> pixels, Span<float> features)
    {
        for (int i = 0; i < pixels.Length; i++)
        {
            features[i] = PixelValues[pixels[i]];
        }
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
