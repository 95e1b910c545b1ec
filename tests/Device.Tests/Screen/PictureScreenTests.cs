using System;
using System.Buffers.Binary;
using System.IO;
using System.IO.Compression;
using FeatureAlignment.Simulation.Screen;
using NUnit.Framework;

namespace FeatureAlignment.Device.Tests.Screen;

public sealed class PictureScreenTests
{
    [Test]
    public void Fill_PartlyOutside_FillsWhatIsInside()
    {
        PictureScreen screen = new(4, 3);
        screen.Fill(-2, 1, 4, 9, 0x123456);
        screen.Show();

        for (int y = 0; y < 3; y++)
        {
            for (int x = 0; x < 4; x++)
            {
                Assert.That(screen[x, y], Is.EqualTo(x < 2 && y >= 1 ? 0x123456 : 0), $"{x},{y}");
            }
        }

        Assert.That(screen.DrawnPixels, Is.EqualTo(4));
    }

    [Test]
    public void Fill_NotShownYet_IsNotSeen()
    {
        PictureScreen screen = new(1, 1);
        screen.Fill(0, 0, 1, 1, 0xFFFFFF);

        Assert.That(screen[0, 0], Is.Zero);
    }

    [Test]
    public void WritePng_HoldsThePixels()
    {
        PictureScreen screen = new(3, 2);
        screen.Fill(1, 1, 1, 1, 0xA0B0C0);
        screen.Show();
        using MemoryStream png = new();

        screen.WritePng(png);

        // Signature 8; header chunk 8 + 13 + 4, of which width and height come first; then length and name of the data chunk.
        byte[] bytes = png.ToArray();
        Assert.That(
            (BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(16)), BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(20))),
            Is.EqualTo((3, 2)));
        int length = BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(33));
        using ZLibStream zlib = new(new MemoryStream(bytes, 41, length), CompressionMode.Decompress);
        using MemoryStream rows = new();
        zlib.CopyTo(rows);
        Assert.That(
            rows.ToArray(), Is.EqualTo(new byte[] { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xA0, 0xB0, 0xC0, 0, 0, 0 }),
            "a filter byte before each row of three pixels");
    }
}
