using System;
using System.Threading.Tasks;
using FeatureAlignment.Datasets;

namespace FeatureAlignment.Simulator.Datasets;

/// <summary>
/// Drawn digits, drawn once and kept as one byte per pixel, so that epochs do not draw them anew and any number of threads can read them.
/// </summary>
internal sealed class ImagesInMemory : ISampleSource
{
    private const float White = 255;

    private readonly byte[] pixels;
    private readonly byte[] labels;

    private ImagesInMemory(int count, int inputs, int classes)
    {
        pixels = new byte[count * inputs];
        labels = new byte[count];
        Inputs = inputs;
        Classes = classes;
    }

    public int Count => labels.Length;

    public int Inputs { get; }

    public int Classes { get; }

    /// <summary>Draws the digits [first, first + count) of a seed's endless row.</summary>
    public static ImagesInMemory DrawDigits(ulong seed, int count, int first)
    {
        var shape = new SyntheticDigits(seed, count, first);
        var images = new ImagesInMemory(count, shape.Inputs, shape.Classes);
        Parallel.For(
            0,
            count,
            () => (Digits: new SyntheticDigits(seed, count, first), Features: new float[shape.Inputs]),
            (i, _, buffers) =>
            {
                images.labels[i] = (byte)buffers.Digits.Read(i, buffers.Features);
                Span<byte> row = images.pixels.AsSpan(i * images.Inputs, images.Inputs);
                for (int p = 0; p < row.Length; p++)
                {
                    // Drawn in steps of 1 / 255: nothing is lost.
                    row[p] = (byte)MathF.Round(buffers.Features[p] * White);
                }

                return buffers;
            },
            _ => { });
        return images;
    }

    public int Read(int sampleIndex, Span<float> features)
    {
        ReadOnlySpan<byte> row = pixels.AsSpan(sampleIndex * Inputs, Inputs);
        for (int p = 0; p < row.Length; p++)
        {
            features[p] = row[p] / White;
        }

        return labels[sampleIndex];
    }
}
