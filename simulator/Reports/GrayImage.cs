using System;
using System.Collections.Generic;

namespace FeatureAlignment.Simulator.Reports;

/// <summary>A grayscale picture: rows from the top, each from the left, 0 black to 1 white; reconstructions may go beyond both.</summary>
internal sealed class GrayImage
{
    /// <param name="width">Pixels per row, at least 1.</param>
    /// <param name="height">Rows, at least 1.</param>
    /// <param name="pixels">[height x width], row-major; kept, not copied.</param>
    public GrayImage(int width, int height, IReadOnlyList<float> pixels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentNullException.ThrowIfNull(pixels);
        if (pixels.Count != width * height)
        {
            throw new ArgumentException(
                $"A {width} x {height} image must have {width * height} pixels; {pixels.Count} given.", nameof(pixels));
        }

        Width = width;
        Height = height;
        Pixels = pixels;
    }

    public int Width { get; }

    public int Height { get; }

    public IReadOnlyList<float> Pixels { get; }

    /// <summary>The same picture stretched so that its darkest pixel is 0 and its brightest 1; a flat picture becomes black.</summary>
    public GrayImage Stretched()
    {
        float least = float.PositiveInfinity;
        float most = float.NegativeInfinity;
        foreach (float pixel in Pixels)
        {
            least = MathF.Min(least, pixel);
            most = MathF.Max(most, pixel);
        }

        float[] stretched = new float[Pixels.Count];
        if (most > least)
        {
            for (int i = 0; i < stretched.Length; i++)
            {
                stretched[i] = (Pixels[i] - least) / (most - least);
            }
        }

        return new GrayImage(Width, Height, stretched);
    }
}
