using System;
using System.IO;
using System.Linq;
using FeatureAlignment.Simulator.Reports;
using NUnit.Framework;
using StbImageSharp;

namespace FeatureAlignment.Simulator.Tests.Reports;

public sealed class PngImageTests
{
    [TestCase(1, 1)]
    [TestCase(28, 28)]
    [TestCase(7, 300)]
    public void Gray_DecodedByAnotherLibrary_IsTheSame(int width, int height)
    {
        float[] pixels = Enumerable.Range(0, width * height).Select(index => index * 37 % 256 / 255f).ToArray();

        ImageResult decoded = Decode(PngImage.FromGray(new GrayImage(width, height, pixels)), ColorComponents.Default);

        Assert.Multiple(() =>
        {
            Assert.That((decoded.Width, decoded.Height, decoded.SourceComp), Is.EqualTo((width, height, ColorComponents.Grey)));
            Assert.That(decoded.Data, Is.EqualTo(Enumerable.Range(0, width * height).Select(index => (byte)(index * 37 % 256))));
        });
    }

    [Test]
    public void Gray_OutOfRange_IsClamped()
    {
        GrayImage image = new(5, 1, [-1, 0, 2, float.NaN, float.PositiveInfinity]);

        Assert.That(Decode(PngImage.FromGray(image), ColorComponents.Grey).Data, Is.EqualTo(new byte[] { 0, 0, 255, 0, 255 }));
    }

    [Test]
    public void Error_IsOrangeWhereTooBrightBlueWhereTooDarkBlackWhereEqual()
    {
        GrayImage input = new(3, 1, [0, 1, 0.5f]);
        GrayImage output = new(3, 1, [1, 0, 0.5f]);

        byte[] rgb = Decode(PngImage.FromError(input, output, scale: 1), ColorComponents.RedGreenBlue).Data;

        Assert.Multiple(() =>
        {
            Assert.That(rgb[0], Is.GreaterThan(rgb[1]).And.GreaterThan(rgb[2]), "too bright: most red");
            Assert.That(rgb[5], Is.GreaterThan(rgb[4]).And.GreaterThan(rgb[3]), "too dark: most blue");
            Assert.That(rgb[6..9], Is.EqualTo(new byte[] { 0, 0, 0 }));
        });
    }

    [Test]
    public void Error_HalfOfTheScale_IsHalfAsBright()
    {
        GrayImage zero = new(2, 1, [0, 0]);

        byte[] rgb = Decode(PngImage.FromError(zero, new GrayImage(2, 1, [0.2f, 0.1f]), scale: 0.2f), ColorComponents.RedGreenBlue).Data;

        Assert.That((rgb[0], rgb[3]), Is.EqualTo(((byte)255, (byte)128)));
    }

    [Test]
    public void Error_WithoutAnyError_IsBlack()
    {
        GrayImage image = new(2, 1, [0.3f, 0.6f]);

        Assert.That(Decode(PngImage.FromError(image, image, scale: 0), ColorComponents.RedGreenBlue).Data, Is.All.Zero);
    }

    [Test]
    public void Error_OfDifferentSizes_Throws() =>
        Assert.That(() => PngImage.FromError(new GrayImage(2, 1, [0, 0]), new GrayImage(1, 2, [0, 0]), 1), Throws.ArgumentException);

    [Test]
    public void Write_EndsEachChunkWithItsChecksum()
    {
        using MemoryStream stream = new();
        new PngImage(1, 1, channels: 1).Write(stream);

        // The checksum of an empty IEND chunk is the same in every PNG file.
        Assert.That(Convert.ToHexString(stream.ToArray()), Does.EndWith("0000000049454E44AE426082"));
    }

    [Test]
    public void DataUri_HoldsTheFile()
    {
        PngImage image = PngImage.FromGray(new GrayImage(2, 1, [0, 1]));
        using MemoryStream file = new();
        image.Write(file);

        Assert.That(image.ToDataUri(), Is.EqualTo("data:image/png;base64," + Convert.ToBase64String(file.ToArray())));
    }

    [Test]
    public void GrayImage_OfWrongLength_Throws() =>
        Assert.That(() => new GrayImage(2, 2, [0, 0, 0]), Throws.ArgumentException.With.Message.Contains("4 pixels; 3 given"));

    [TestCase(new[] { 2f, 4, 3 }, new[] { 0f, 1, 0.5f })]
    [TestCase(new[] { 5f, 5, 5 }, new[] { 0f, 0, 0 })]
    public void Stretched_SpansBlackToWhite(float[] pixels, float[] expected) =>
        Assert.That(new GrayImage(3, 1, pixels).Stretched().Pixels, Is.EqualTo(expected));

    internal static ImageResult Decode(PngImage image, ColorComponents components)
    {
        using MemoryStream stream = new();
        image.Write(stream);
        return ImageResult.FromMemory(stream.ToArray(), components);
    }
}
