using System;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using FeatureAlignment.Datasets;
using FeatureAlignment.Tests.Support;
using NUnit.Framework;

namespace FeatureAlignment.Tests.Datasets;

public class StoredIdxDatasetTests
{
    private const int Count = 40;
    private const int Side = 16;

    private static readonly byte[] Images = IdxBytes.Images(
        Count, Side, Side, [.. Enumerable.Range(0, Count * Side * Side).Select(i => (byte)(i * 7 % 256))]);
    private static readonly byte[] Labels = IdxBytes.Labels(Count, [.. Enumerable.Range(0, Count).Select(i => (byte)(i % 10))]);

    [Test]
    public void Read_AnyOrder_GivesWhatIdxDatasetGives([Values(0, 3)] int start)
    {
        using var stream = new MemoryStream([.. new byte[start], .. Images]) { Position = start };
        var stored = StoredIdxDataset.Open(stream, new MemoryStream(Labels), "t");
        var inMemory = IdxDataset.Read(new MemoryStream(Images), new MemoryStream(Labels), "t");

        Assert.That(
            (stored.Count, stored.Inputs, stored.Classes, stored.Width, stored.Height), Is.EqualTo((Count, Side * Side, 10, Side, Side)));
        for (int i = 0; i < Count; i++)
        {
            // 7 and 40 have no common divisor: every sample once, neighbours never in turn.
            AssertSame(stored, inMemory, i * 7 % Count);
        }
    }

    [Test]
    public void Read_StreamWithShortReads_GivesEveryByte()
    {
        using var stream = new ShortReads(Images);
        var inMemory = IdxDataset.Read(new MemoryStream(Images), new MemoryStream(Labels), "t");

        AssertSame(StoredIdxDataset.Open(stream, new MemoryStream(Labels), "t"), inMemory, 17);
    }

    [Test]
    public void Read_SeveralThreads_GivesEachItsSample()
    {
        using var stream = new MemoryStream(Images);
        var stored = StoredIdxDataset.Open(stream, new MemoryStream(Labels), "t");
        var inMemory = IdxDataset.Read(new MemoryStream(Images), new MemoryStream(Labels), "t");

        Parallel.For(0, 2000, new ParallelOptions { MaxDegreeOfParallelism = 4 }, i => AssertSame(stored, inMemory, i % Count));
    }

    [Test]
    public void Read_File_AllocatesNothing()
    {
        string path = Path.Combine(TestFolder.New(), "images");
        File.WriteAllBytes(path, Images);
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        var stored = StoredIdxDataset.Open(stream, new MemoryStream(Labels), "t");
        var features = new float[stored.Inputs];
        stored.Read(1, features);

        long allocated = Allocation.Of(() =>
        {
            stored.Read(30, features);
            stored.Read(2, features);
        });

        Assert.That(allocated, Is.Zero);
    }

    [Test]
    public void Open_DataCutOffOrTooLong_SaysBytes()
    {
        AssertFails(Images[..^2], Labels, "10,240 bytes of data expected (40 of 16 x 16), 10,238 found", "sample index 39", "t images:");
        AssertFails([.. Images, 1], Labels, "end of the file expected after 10,240 bytes of data");
    }

    [Test]
    public void Open_DamagedHeader_SaysWhatWasFound()
    {
        AssertFails(Images[..9], Labels, "header of 16 bytes expected", "9 found");
        AssertFails(Labels, Labels, "0x00000803 (images) expected", "0x00000801 (labels) found");
        AssertFails(IdxBytes.Images(0, 2, 3), Labels, "greater than 0");
    }

    [Test]
    public void Open_GzipImages_SaysWhatToDo() => AssertFails(IdxBytes.Gzip(Images), Labels, "gzip data found; unpack it first");

    [Test]
    public void Open_GzipLabels_ReadsThem() => Assert.That(
        StoredIdxDataset.Open(new MemoryStream(Images), new MemoryStream(IdxBytes.Gzip(Labels)), "t").Read(13, new float[Side * Side]),
        Is.EqualTo(3));

    [Test]
    public void Open_LabelsOfAnotherSet_SaysWhy()
    {
        AssertFails(Images, IdxBytes.Labels(2, 7, 4), "40 images and 2 labels");
        AssertFails(Images, IdxBytes.Labels(2, 7, 14), "14 found at sample index 1");
    }

    [Test]
    public void Read_FileBecameShorter_SaysSample()
    {
        using var stream = new MemoryStream();
        stream.Write(Images);
        stream.Position = 0;
        var stored = StoredIdxDataset.Open(stream, new MemoryStream(Labels), "t");
        stream.SetLength(Images.Length - (2 * Side * Side) - 5);

        Assert.That(
            () => stored.Read(37, new float[stored.Inputs]),
            Throws.TypeOf<DataFormatException>().With.Message.Contains("t images:").And.Message.Contains("ends at sample index 37"));
    }

    [TestCase(-1)]
    [TestCase(Count)]
    public void Read_IndexOutOfRange_Throws(int sampleIndex) => Assert.That(
        () => StoredIdxDataset.Open(new MemoryStream(Images), new MemoryStream(Labels), "t").Read(sampleIndex, new float[Side * Side]),
        Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("from 0 to 39"));

    private static void AssertSame(StoredIdxDataset stored, IdxDataset inMemory, int sampleIndex)
    {
        var found = new float[stored.Inputs];
        var expected = new float[inMemory.Inputs];
        int label = stored.Read(sampleIndex, found);

        Assert.That(label, Is.EqualTo(inMemory.Read(sampleIndex, expected)));
        Assert.That(found.AsSpan().SequenceEqual(expected), $"sample index {sampleIndex}");
    }

    private static void AssertFails(byte[] images, byte[] labels, params string[] facts)
    {
        DataFormatException e = Assert.Throws<DataFormatException>(
            () => StoredIdxDataset.Open(new MemoryStream(images), new MemoryStream(labels), "t"))!;
        foreach (string fact in facts)
        {
            Assert.That(e.Message, Does.Contain(fact));
        }
    }

    /// <summary>Gives at most 5 bytes a call, as a card may.</summary>
    private sealed class ShortReads(byte[] bytes) : MemoryStream(bytes)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, 5));
    }
}
