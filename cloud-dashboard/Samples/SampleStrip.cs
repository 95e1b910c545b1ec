using System;
using FeatureAlignment.Telemetry;

namespace FeatureAlignment.Dashboard.Samples;

/// <summary>Input, reconstruction and error side by side in one picture: one request for three.</summary>
internal static class SampleStrip
{
    /// <summary>Pictures in a strip.</summary>
    public const int Parts = 3;

    /// <summary>Draws the strip as PNG.</summary>
    public static byte[] Draw(TelemetryImage image)
    {
        int width = image.Width;
        byte[] pixels = new byte[Parts * width * image.Height];
        ReadOnlySpan<byte> input = image.Input.Span, output = image.Output.Span;
        for (int row = 0; row < image.Height; row++)
        {
            Span<byte> strip = pixels.AsSpan(Parts * width * row, Parts * width);
            ReadOnlySpan<byte> given = input.Slice(width * row, width), made = output.Slice(width * row, width);
            given.CopyTo(strip);
            made.CopyTo(strip[width..]);
            for (int i = 0; i < width; i++)
            {
                strip[2 * width + i] = Brightness(given[i] - made[i]);
            }
        }

        return GrayPng.Write(pixels, Parts * width);
    }

    // The root shows small errors too, and the same error is as bright at every step.
    private static byte Brightness(int difference) => (byte)Math.Round(Math.Sqrt(Math.Abs(difference) / 255.0) * 255);
}
