using System.IO;
using System.Linq;
using System.Text;
using FeatureAlignment.Simulator.Reports;
using NUnit.Framework;

namespace FeatureAlignment.Simulator.Tests.Reports;

public sealed class PngReaderTests
{
    /// <summary>Half a step of the 256 grays of a PNG.</summary>
    private const float GrayTolerance = 0.5f / 255;

    [Test]
    public void Read_SameSize_GivesThePixels()
    {
        GrayImage image = new(3, 3, [0, 0, 0, 0, 0.4f, 0.2f, 0, 0, 1]);

        DecodedPng read = Read(image, 3, 3);

        Assert.Multiple(() =>
        {
            Assert.That(read.Image.Pixels, Is.EqualTo(image.Pixels).Within(GrayTolerance));
            Assert.That(read.Inverted, Is.False);
        });
    }

    [Test]
    public void Read_LightBackground_IsInverted()
    {
        GrayImage image = new(3, 3, [1, 1, 1, 1, 0, 1, 1, 1, 1]);

        DecodedPng read = Read(image, 3, 3);

        Assert.Multiple(() =>
        {
            Assert.That(read.Image.Pixels, Is.EqualTo(new float[] { 0, 0, 0, 0, 1, 0, 0, 0, 0 }).Within(GrayTolerance));
            Assert.That(read.Inverted, Is.True);
        });
    }

    [Test]
    public void Read_LightBackground_StaysWhenAsked()
    {
        GrayImage image = new(3, 3, [1, 1, 1, 1, 0, 1, 1, 1, 1]);

        DecodedPng read = Read(image, 3, 3, invertLightBackground: false);

        Assert.That((read.Image.Pixels[4], read.Inverted), Is.EqualTo((0f, false)));
    }

    [Test]
    public void Read_LargerImage_IsAveragedAndSizeReported()
    {
        GrayImage image = new(4, 2, [0, 0.4f, 0, 0, 0, 0, 0, 0.8f]);

        DecodedPng read = Read(image, 2, 1);

        Assert.Multiple(() =>
        {
            Assert.That(read.Image.Pixels, Is.EqualTo(new[] { 0.1f, 0.2f }).Within(GrayTolerance));
            Assert.That((read.FileWidth, read.FileHeight), Is.EqualTo((4, 2)));
        });
    }

    [Test]
    public void Resize_ByFraction_CountsPartsOfPixelsByArea()
    {
        // Three pixels to two: each new one covers one old pixel and half of the middle one.
        GrayImage resized = PngReader.Resize(new GrayImage(3, 1, [0.9f, 0.3f, 0]), 2, 1);

        Assert.That(resized.Pixels, Is.EqualTo(new[] { (0.9f + 0.15f) / 1.5f, 0.15f / 1.5f }).Within(1e-6f));
    }

    [Test]
    public void Resize_Larger_RepeatsPixels()
    {
        GrayImage resized = PngReader.Resize(new GrayImage(2, 1, [0.25f, 0.75f]), 4, 2);

        Assert.That(resized.Pixels, Is.EqualTo(new[] { 0.25f, 0.25f, 0.75f, 0.75f, 0.25f, 0.25f, 0.75f, 0.75f }).Within(1e-6f));
    }

    [Test]
    public void Resize_KeepsTheMean([Values(1, 5, 28, 40)] int width, [Values(3, 28)] int height)
    {
        GrayImage image = new(17, 23, Enumerable.Range(0, 17 * 23).Select(index => index * 31 % 100 / 100f).ToArray());

        Assert.That(PngReader.Resize(image, width, height).Pixels.Average(), Is.EqualTo(image.Pixels.Average()).Within(1e-5f));
    }

    [TestCase("", "an empty file")]
    [TestCase("GIF89a", "474946383961")]
    public void Read_NotAPng_Throws(string content, string found) =>
        Assert.That(() => Read(Encoding.ASCII.GetBytes(content)), Throws.TypeOf<ImageFormatException>().With.Message.Contains(found));

    [Test]
    public void Read_CutOffPng_Throws([Values(8, 20, 33, 41, 60, 300)] int length)
    {
        byte[] file = File(new GrayImage(28, 28, Enumerable.Range(0, 784).Select(index => index * 37 % 256 / 255f).ToArray()));

        Assert.That(() => Read(file[..length]), Throws.TypeOf<ImageFormatException>());
    }

    [Test]
    public void Read_ChunkOfNegativeLength_Throws()
    {
        // The chunk behind the header (8 + 25 bytes) becomes one that may be skipped, and is to be skipped backwards.
        byte[] file = File(new GrayImage(1, 1, [0]));
        new byte[] { 0xFF, 0xFF, 0xFF, 0x00, (byte)'i' }.CopyTo(file, 33);

        Assert.That(() => Read(file), Throws.TypeOf<ImageFormatException>().With.InnerException.TypeOf<IOException>());
    }

    private static DecodedPng Read(GrayImage image, int width, int height, bool invertLightBackground = true)
    {
        using MemoryStream stream = new(File(image));
        return PngReader.Read(stream, width, height, invertLightBackground);
    }

    private static void Read(byte[] content)
    {
        using MemoryStream stream = new(content);
        PngReader.Read(stream, 28, 28);
    }

    private static byte[] File(GrayImage image)
    {
        using MemoryStream stream = new();
        PngImage.FromGray(image).Write(stream);
        return stream.ToArray();
    }
}
