using System;
using System.Buffers.Binary;
using System.IO;
using FeatureAlignment.Checkpoints;
using FeatureAlignment.Datasets;

namespace FeatureAlignment.Simulation.Storage;

/// <summary>Images as the pair of plain IDX files that a board reads.</summary>
public static class IdxFiles
{
    private const int ImageMagic = 0x803;
    private const int LabelMagic = 0x801;

    /// <summary>Writes all samples; a value from 0 to 1 becomes a byte from 0 to 255.</summary>
    /// <param name="storage">Where to.</param>
    /// <param name="samples">Images of [height x width] pixels, row by row, and their labels.</param>
    /// <param name="width">Pixels in a row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="imageName">Name of the file of images; must not exist.</param>
    /// <param name="labelName">Name of the file of labels; must not exist.</param>
    /// <exception cref="ArgumentException">The samples are not of that size.</exception>
    public static void Write(IStorage storage, ISampleSource samples, int width, int height, string imageName, string labelName)
    {
        ArgumentChecks.NotNull(storage, nameof(storage));
        ArgumentChecks.NotNull(samples, nameof(samples));
        ArgumentChecks.SameLength(samples.Inputs, width * height, nameof(samples));
        using Stream images = storage.Create(imageName);
        using Stream labels = storage.Create(labelName);
        WriteHeader(images, ImageMagic, samples.Count, height, width);
        WriteHeader(labels, LabelMagic, samples.Count);
        float[] features = new float[samples.Inputs];
        byte[] pixels = new byte[samples.Inputs];
        for (int i = 0; i < samples.Count; i++)
        {
            labels.WriteByte((byte)samples.Read(i, features));
            for (int p = 0; p < pixels.Length; p++)
            {
                pixels[p] = (byte)((features[p] * byte.MaxValue) + 0.5f);
            }

            images.Write(pixels);
        }
    }

    private static void WriteHeader(Stream stream, params ReadOnlySpan<int> numbers)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        foreach (int number in numbers)
        {
            BinaryPrimitives.WriteInt32BigEndian(bytes, number);
            stream.Write(bytes);
        }
    }
}
