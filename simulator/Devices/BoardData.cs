using System;
using System.Buffers.Binary;
using System.IO;
using FeatureAlignment.Checkpoints;
using FeatureAlignment.Datasets;
using FeatureAlignment.Device.Settings;
using FeatureAlignment.Simulation.Storage;
using FeatureAlignment.Simulator.Datasets;

namespace FeatureAlignment.Simulator.Devices;

/// <summary>The files that a board learns from, unpacked, under the names that its settings give.</summary>
internal static class BoardData
{
    private const int ImageMagic = 0x803;
    private const int LabelMagic = 0x801;

    /// <summary>Writes a data set of images as plain IDX files into memory; a pixel becomes the byte that it was read from.</summary>
    /// <param name="dataset">The images.</param>
    /// <param name="limit">Training images used, from the first; null for all.</param>
    /// <param name="names">Names of the four files.</param>
    public static IStorage Create(LoadedDataset dataset, int? limit, DataFileNames names)
    {
        var storage = new MemoryStorage();
        int width = dataset.ImageWidth!.Value, height = dataset.ImageHeight!.Value;
        ISampleSource training = SampleSubset.Take(dataset.Training, limit ?? int.MaxValue);
        Write(storage, training, width, height, names.TrainingImages, names.TrainingLabels);
        if (names.TestImages.Length > 0)
        {
            Write(storage, dataset.Test, width, height, names.TestImages, names.TestLabels);
        }

        return storage;
    }

    private static void Write(MemoryStorage storage, ISampleSource samples, int width, int height, string imageName, string labelName)
    {
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
                pixels[p] = (byte)MathF.Round(features[p] * byte.MaxValue);
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
