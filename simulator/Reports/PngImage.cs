using System;
using System.IO;
using FeatureAlignment.Simulation.Screen;

namespace FeatureAlignment.Simulator.Reports;

/// <summary>An 8-bit picture, gray or RGB, and its PNG form.</summary>
internal sealed class PngImage
{
    private readonly byte[] samples;

    /// <param name="width">Pixels per row, at least 1.</param>
    /// <param name="height">Rows, at least 1.</param>
    /// <param name="channels">1 for gray, 3 for red, green and blue.</param>
    public PngImage(int width, int height, int channels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        if (channels is not (1 or 3))
        {
            throw new ArgumentOutOfRangeException(nameof(channels), channels, "Channels must be 1 or 3.");
        }

        Width = width;
        Height = height;
        Channels = channels;
        samples = new byte[width * height * channels];
    }

    public int Width { get; }

    public int Height { get; }

    public int Channels { get; }

    /// <summary>The samples of one pixel: one byte of gray, or red, green and blue.</summary>
    public Span<byte> this[int x, int y] => samples.AsSpan(((y * Width) + x) * Channels, Channels);

    /// <summary>Gray picture; values are clamped to 0 (black) to 1 (white).</summary>
    public static PngImage FromGray(GrayImage image)
    {
        PngImage png = new(image.Width, image.Height, channels: 1);
        for (int i = 0; i < png.samples.Length; i++)
        {
            png.samples[i] = ToByte(image.Pixels[i]);
        }

        return png;
    }

    /// <summary>
    /// <paramref name="output"/> minus <paramref name="input"/>: black where they agree, orange where the output is too bright, blue where
    /// it is too dark, at full colour from <paramref name="scale"/> on.
    /// </summary>
    public static PngImage FromError(GrayImage input, GrayImage output, float scale)
    {
        if (input.Width != output.Width || input.Height != output.Height)
        {
            throw new ArgumentException(
                $"Images must have one size; {input.Width} x {input.Height} and {output.Width} x {output.Height} given.", nameof(output));
        }

        PngImage png = new(input.Width, input.Height, channels: 3);
        for (int i = 0; i < input.Pixels.Count; i++)
        {
            float error = scale > 0 ? (output.Pixels[i] - input.Pixels[i]) / scale : 0;
            float amount = MathF.Min(MathF.Abs(error), 1);
            Span<byte> pixel = png.samples.AsSpan(i * 3, 3);
            pixel[0] = ToByte(amount * (error > 0 ? 1.00f : 0.25f));
            pixel[1] = ToByte(amount * (error > 0 ? 0.60f : 0.65f));
            pixel[2] = ToByte(amount * (error > 0 ? 0.10f : 1.00f));
        }

        return png;
    }

    public void Write(Stream stream) => PngFile.Write(stream, samples, Width, Channels);

    /// <summary>Writes a file; one that is there is replaced.</summary>
    public void Save(string path)
    {
        using FileStream stream = File.Create(path);
        Write(stream);
    }

    /// <summary>The picture as the address of an HTML image.</summary>
    public string ToDataUri()
    {
        using MemoryStream png = new();
        Write(png);
        return "data:image/png;base64," + Convert.ToBase64String(png.GetBuffer(), 0, (int)png.Length);
    }

    // NaN becomes 0: Math.Clamp would pass it on, and its conversion to byte differs between processors.
    private static byte ToByte(float value) => value > 0 ? (byte)MathF.Round(MathF.Min(value, 1) * 255) : (byte)0;
}
