using System;
using System.IO;
using StbImageSharp;

namespace FeatureAlignment.Simulator.Reports;

/// <summary>Reads a PNG file as the kind of picture the networks are trained on: small, gray, light strokes on black.</summary>
internal static class PngReader
{
    /// <summary>Where the border is brighter than this on average, the background is taken to be light.</summary>
    private const float LightBorder = 0.5f;

    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>
    /// Decodes a PNG, puts it on white where it is transparent, and resizes it to width x height by area average. With
    /// <paramref name="invertLightBackground"/>, a dark drawing on a light background becomes a light one on a dark background.
    /// </summary>
    /// <exception cref="ImageFormatException">The stream holds no PNG, or a damaged one.</exception>
    public static DecodedPng Read(Stream stream, int width, int height, bool invertLightBackground = true)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using MemoryStream file = new();
        stream.CopyTo(file);
        ReadOnlySpan<byte> bytes = file.GetBuffer().AsSpan(0, (int)file.Length);
        if (!bytes.StartsWith(Signature))
        {
            string found = bytes.IsEmpty ? "an empty file" : $"the bytes {Convert.ToHexString(bytes[..Math.Min(bytes.Length, 8)])}";
            throw new ImageFormatException($"Image must be a PNG file (which starts with 89504E47); {found} found. Convert it to PNG.");
        }

        GrayImage decoded = Decode(file);
        bool lightBackground = BorderMean(decoded) > LightBorder;
        bool inverted = lightBackground && invertLightBackground;
        GrayImage image = Resize(inverted ? Invert(decoded) : decoded, width, height);
        return new DecodedPng(image, decoded.Width, decoded.Height, inverted);
    }

    /// <summary>
    /// Resizes by area average: each new pixel is the mean of the old pixels that it covers, parts of pixels counted by their area.
    /// </summary>
    internal static GrayImage Resize(GrayImage image, int width, int height)
    {
        if (image.Width == width && image.Height == height)
        {
            return image;
        }

        float[] pixels = new float[width * height];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                pixels[(y * width) + x] = Mean(
                    image,
                    (double)x * image.Width / width, (double)(x + 1) * image.Width / width,
                    (double)y * image.Height / height, (double)(y + 1) * image.Height / height);
            }
        }

        return new GrayImage(width, height, pixels);
    }

    private static GrayImage Decode(MemoryStream file)
    {
        file.Position = 0;
        ImageResult image;
        try
        {
            image = ImageResult.FromStream(file, ColorComponents.GreyAlpha);
        }
        catch (Exception exception) when (exception is InvalidOperationException or IOException or ArgumentException)
        {
            // The decoder's own message can repeat raw bytes of the file, which do not belong on a terminal.
            throw new ImageFormatException(
                $"Image must be a whole PNG file; {file.Length} bytes found that cannot be decoded. Save it anew.", exception);
        }

        float[] pixels = new float[image.Width * image.Height];
        for (int i = 0; i < pixels.Length; i++)
        {
            float gray = image.Data[2 * i] / 255f;
            float alpha = image.Data[(2 * i) + 1] / 255f;
            pixels[i] = (alpha * gray) + (1 - alpha);
        }

        return new GrayImage(image.Width, image.Height, pixels);
    }

    private static float BorderMean(GrayImage image)
    {
        double sum = 0;
        int count = 0;
        for (int y = 0; y < image.Height; y++)
        {
            for (int x = 0; x < image.Width; x++)
            {
                if (y == 0 || y == image.Height - 1 || x == 0 || x == image.Width - 1)
                {
                    sum += image.Pixels[(y * image.Width) + x];
                    count++;
                }
            }
        }

        return (float)(sum / count);
    }

    private static GrayImage Invert(GrayImage image)
    {
        float[] pixels = new float[image.Pixels.Count];
        for (int i = 0; i < pixels.Length; i++)
        {
            pixels[i] = 1 - image.Pixels[i];
        }

        return new GrayImage(image.Width, image.Height, pixels);
    }

    private static float Mean(GrayImage image, double left, double right, double top, double bottom)
    {
        double sum = 0;
        for (int y = (int)top; y < Math.Min((int)Math.Ceiling(bottom), image.Height); y++)
        {
            double rowShare = Math.Min(y + 1, bottom) - Math.Max(y, top);
            for (int x = (int)left; x < Math.Min((int)Math.Ceiling(right), image.Width); x++)
            {
                sum += rowShare * (Math.Min(x + 1, right) - Math.Max(x, left)) * image.Pixels[(y * image.Width) + x];
            }
        }

        return (float)(sum / ((right - left) * (bottom - top)));
    }
}

/// <summary>A picture read from a file, and what was done to it.</summary>
/// <param name="Image">Gray, from 0 to 1, of the size that was asked for.</param>
/// <param name="FileWidth">Width before resizing.</param>
/// <param name="FileHeight">Height before resizing.</param>
/// <param name="Inverted">True when the background was light, and black and white were exchanged.</param>
internal sealed record DecodedPng(GrayImage Image, int FileWidth, int FileHeight, bool Inverted);
