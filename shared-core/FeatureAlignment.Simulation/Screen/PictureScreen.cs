using System;
using System.IO;
using FeatureAlignment.Device.Platform;

namespace FeatureAlignment.Simulation.Screen;

/// <summary>A display that keeps its pixels, so that they can be looked at as a PNG.</summary>
public sealed class PictureScreen : IScreen
{
    private const int Channels = 3;

    private readonly byte[] drawn;
    private readonly byte[] shown;

    /// <summary>Creates a black display.</summary>
    /// <param name="width">Pixels per row, 1 to 4096.</param>
    /// <param name="height">Rows, 1 to 4096.</param>
    /// <exception cref="ArgumentOutOfRangeException">A side is outside that range.</exception>
    public PictureScreen(int width, int height)
    {
        ArgumentChecks.InRange(width, 1, 4096, nameof(width));
        ArgumentChecks.InRange(height, 1, 4096, nameof(height));
        Width = width;
        Height = height;
        drawn = new byte[width * height * Channels];
        shown = new byte[drawn.Length];
    }

    /// <inheritdoc/>
    public int Width { get; }

    /// <inheritdoc/>
    public int Height { get; }

    /// <summary>Times that <see cref="Show"/> was called.</summary>
    public long ShowCount { get; private set; }

    /// <summary>Pixels that were drawn, one that was drawn twice counted twice: what a display behind SPI takes its time for.</summary>
    public long DrawnPixels { get; private set; }

    /// <summary>A pixel as it shows, 0xRRGGBB.</summary>
    /// <param name="x">0-based, from the left.</param>
    /// <param name="y">0-based, from the top.</param>
    public int this[int x, int y]
    {
        get
        {
            ArgumentChecks.InRange(x, 0, Width - 1, nameof(x));
            ArgumentChecks.InRange(y, 0, Height - 1, nameof(y));
            ReadOnlySpan<byte> pixel = shown.AsSpan(((y * Width) + x) * Channels, Channels);
            return (pixel[0] << 16) | (pixel[1] << 8) | pixel[2];
        }
    }

    /// <inheritdoc/>
    public void Fill(int x, int y, int width, int height, int color)
    {
        int right = Math.Min(x + width, Width), bottom = Math.Min(y + height, Height);
        for (int row = Math.Max(y, 0); row < bottom; row++)
        {
            for (int column = Math.Max(x, 0); column < right; column++)
            {
                Span<byte> pixel = drawn.AsSpan(((row * Width) + column) * Channels, Channels);
                pixel[0] = (byte)(color >> 16);
                pixel[1] = (byte)(color >> 8);
                pixel[2] = (byte)color;
                DrawnPixels++;
            }
        }
    }

    /// <inheritdoc/>
    public void Show()
    {
        drawn.CopyTo(shown, 0);
        ShowCount++;
    }

    /// <summary>Writes what shows as a PNG.</summary>
    public void WritePng(Stream stream)
    {
        ArgumentChecks.NotNull(stream, nameof(stream));
        PngFile.Write(stream, shown, Width, Channels);
    }

    /// <summary>Writes a PNG file; one that is there is replaced at once, so that a viewer never sees half a picture.</summary>
    public void SavePng(string path)
    {
        ArgumentChecks.NotNull(path, nameof(path));
        string unfinished = path + ".new";
        using (FileStream file = File.Create(unfinished))
        {
            WritePng(file);
        }

        File.Move(unfinished, path, overwrite: true);
    }
}
