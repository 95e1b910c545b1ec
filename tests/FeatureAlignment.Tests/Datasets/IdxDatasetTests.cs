using System;
using System.IO;
using FeatureAlignment.Datasets;
using FeatureAlignment.Tests.Support;
using NUnit.Framework;

namespace FeatureAlignment.Tests.Datasets;

public class IdxDatasetTests
{
    private static readonly byte[] Images = IdxBytes.Images(2, 1, 3, 0, 51, 255, 10, 20, 30);

    [Test]
    public void Read_GivesPixelsFromZeroToOneAndLabel()
    {
        IdxDataset dataset = Read(Images, IdxBytes.Labels(2, 7, 4));
        var features = new float[3];

        int label = dataset.Read(0, features);

        Assert.That(label, Is.EqualTo(7));
        Assert.That(features, Is.EqualTo(new[] { 0f, 51 / 255f, 1f }));
        Assert.That(dataset.Read(1, features), Is.EqualTo(4));
        Assert.That(features, Is.EqualTo(new[] { 10 / 255f, 20 / 255f, 30 / 255f }));
    }

    [Test]
    public void Shape_ComesFromTheFiles()
    {
        IdxDataset dataset = Read(Images, IdxBytes.Labels(2, 7, 4));

        Assert.That(
            (dataset.Count, dataset.Inputs, dataset.Classes, dataset.Width, dataset.Height), Is.EqualTo((2, 3, 10, 3, 1)));
    }

    [Test]
    public void Read_AllocatesNothing()
    {
        IdxDataset dataset = Read(Images, IdxBytes.Labels(2, 7, 4));
        var features = new float[3];
        dataset.Read(0, features);

        Assert.That(Allocation.Of(() => dataset.Read(1, features)), Is.Zero);
    }

    [Test]
    public void Read_CountsDiffer_SaysBoth() =>
        Assert.That(
            () => Read(Images, IdxBytes.Labels(3, 7, 4, 1)),
            Throws.TypeOf<DataFormatException>().With.Message.Contains("mnist/train").And.Message.Contains("2 images and 3 labels"));

    [Test]
    public void Read_LabelOutOfRange_SaysValueAndIndex() =>
        Assert.That(
            () => Read(Images, IdxBytes.Labels(2, 9, 10)),
            Throws.TypeOf<DataFormatException>().With.Message.Contains("from 0 to 9").And.Message.Contains("10 found at sample index 1"));

    [Test]
    public void Read_DamagedFile_NamesWhichOfTheTwo()
    {
        Assert.That(
            () => Read(Images[..^1], IdxBytes.Labels(2, 7, 4)),
            Throws.TypeOf<DataFormatException>().With.Message.StartsWith("mnist/train images:"));
        Assert.That(
            () => Read(Images, Images), Throws.TypeOf<DataFormatException>().With.Message.StartsWith("mnist/train labels:"));
    }

    [TestCase(1)]
    [TestCase(257)]
    public void Read_ClassesOutOfRange_Throws(int classes) =>
        Assert.That(
            () => IdxDataset.Read(new MemoryStream(Images), new MemoryStream(IdxBytes.Labels(2, 0, 0)), "t", classes),
            Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("from 2 to 256"));

    [TestCase(-1)]
    [TestCase(2)]
    public void Read_IndexOutOfRange_Throws(int sampleIndex) =>
        Assert.That(
            () => Read(Images, IdxBytes.Labels(2, 7, 4)).Read(sampleIndex, new float[3]),
            Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("from 0 to 1"));

    [TestCase(2)]
    [TestCase(4)]
    public void Read_BufferOfOtherLength_Throws(int length) =>
        Assert.That(
            () => Read(Images, IdxBytes.Labels(2, 7, 4)).Read(0, new float[length]),
            Throws.ArgumentException.With.Message.Contains($"must have 3 elements; {length} found"));

    [Test]
    public void Read_Mnist_HoldsThePublishedSamples()
    {
        string? folder = Environment.GetEnvironmentVariable("MNIST_DIR");
        if (string.IsNullOrEmpty(folder))
        {
            Assert.Ignore("The environment variable MNIST_DIR is not set; it names the folder with the four MNIST .gz files.");
        }

        // Expected numbers: computed from the published files in Python with gzip and struct alone.
        AssertMnist(folder, "train", 60_000, [5, 0, 4, 1, 9], firstPixelSum: 27_525, lastPixelSum: 20_920);
        AssertMnist(folder, "t10k", 10_000, [7, 2, 1, 0, 4], firstPixelSum: 18_454, lastPixelSum: 41_833);
    }

    private static void AssertMnist(string folder, string part, int count, int[] firstLabels, int firstPixelSum, int lastPixelSum)
    {
        using FileStream images = File.OpenRead(Path.Combine(folder, part + "-images-idx3-ubyte.gz"));
        using FileStream labels = File.OpenRead(Path.Combine(folder, part + "-labels-idx1-ubyte.gz"));
        IdxDataset dataset = IdxDataset.Read(images, labels, "mnist/" + part);

        Assert.That((dataset.Count, dataset.Width, dataset.Height, dataset.Inputs), Is.EqualTo((count, 28, 28, 784)));
        var features = new float[784];
        for (int i = 0; i < firstLabels.Length; i++)
        {
            Assert.That(dataset.Read(i, features), Is.EqualTo(firstLabels[i]));
        }

        Assert.That(PixelSum(dataset, 0), Is.EqualTo(firstPixelSum));
        Assert.That(PixelSum(dataset, count - 1), Is.EqualTo(lastPixelSum));
    }

    private static int PixelSum(IdxDataset dataset, int sampleIndex)
    {
        var features = new float[dataset.Inputs];
        dataset.Read(sampleIndex, features);
        double sum = 0;
        foreach (float feature in features)
        {
            sum += Math.Round(feature * 255.0);
        }

        return (int)sum;
    }

    private static IdxDataset Read(byte[] images, byte[] labels) =>
        IdxDataset.Read(new MemoryStream(images), new MemoryStream(labels), "mnist/train");
}
