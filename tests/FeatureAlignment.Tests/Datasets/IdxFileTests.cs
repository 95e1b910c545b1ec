using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using FeatureAlignment.Datasets;
using NUnit.Framework;

namespace FeatureAlignment.Tests.Datasets;

public class IdxFileTests
{
    /// <summary>Two images of 2 rows x 3 columns.</summary>
    private static readonly byte[] TwoImages = IdxBytes.Images(2, 2, 3, 0, 1, 2, 3, 4, 5, 250, 251, 252, 253, 254, 255);

    [Test]
    public void ReadImages_PlainFile_GivesShapeAndBytes()
    {
        IdxFile file = ReadImages(TwoImages);

        Assert.That((file.Count, file.Rows, file.Columns), Is.EqualTo((2, 2, 3)));
        Assert.That(file.Values.ToArray(), Is.EqualTo(new byte[] { 0, 1, 2, 3, 4, 5, 250, 251, 252, 253, 254, 255 }));
    }

    [Test]
    public void ReadImages_GzipFile_EqualsPlainFile()
    {
        IdxFile file = ReadImages(IdxBytes.Gzip(TwoImages));

        Assert.That((file.Count, file.Rows, file.Columns), Is.EqualTo((2, 2, 3)));
        Assert.That(file.Values.ToArray(), Is.EqualTo(ReadImages(TwoImages).Values.ToArray()));
    }

    [Test]
    public void ReadImages_LongerThanFirstAllocation_GivesEveryByte()
    {
        // 5 images of 1,000 x 1,000 bytes: the buffer grows three times.
        byte[] values = [.. Enumerable.Range(0, 5_000_000).Select(i => (byte)(i % 251))];

        IdxFile file = ReadImages(IdxBytes.Gzip(IdxBytes.Images(5, 1000, 1000, values)));

        Assert.That(file.Values.SequenceEqual(values));
    }

    [Test]
    public void ReadImages_StreamWithShortReads_GivesEveryByte()
    {
        using var stream = new OneByteAtATime(TwoImages);

        Assert.That(IdxFile.ReadImages(stream, "t").Values.ToArray(), Is.EqualTo(TwoImages[16..]));
    }

    [Test]
    public void ReadLabels_GivesCountAndBytes()
    {
        IdxFile file = ReadLabels(IdxBytes.Labels(3, 7, 2, 1));

        Assert.That((file.Count, file.Rows, file.Columns), Is.EqualTo((3, 1, 1)));
        Assert.That(file.Values.ToArray(), Is.EqualTo(new byte[] { 7, 2, 1 }));
    }

    [Test]
    public void ReadImages_LabelsGiven_SaysWhatWasFound() =>
        AssertFails(() => ReadImages(IdxBytes.Labels(3, 7, 2, 1)), "0x00000803 (images) expected", "0x00000801 (labels) found");

    [Test]
    public void ReadLabels_ImagesGiven_SaysWhatWasFound() =>
        AssertFails(() => ReadLabels(TwoImages), "0x00000801 (labels) expected", "0x00000803 (images) found");

    [Test]
    public void ReadImages_OtherFile_SaysWhatWasFound() =>
        AssertFails(() => ReadImages("<html>not found</html>"u8.ToArray()), "0x3c68746d (not IDX bytes) found");

    [TestCase(0)]
    [TestCase(2)]
    [TestCase(4)]
    [TestCase(15)]
    public void ReadImages_HeaderCutOff_SaysHowManyBytes(int length) =>
        AssertFails(() => ReadImages(TwoImages[..length]), "header of 16 bytes expected", $"{length} found");

    [TestCase(0)]
    [TestCase(-1)]
    public void ReadImages_CountNotPositive_Fails(int count) =>
        AssertFails(() => ReadImages(IdxBytes.Images(count, 2, 3)), "count", "greater than 0", $"{count} found");

    [Test]
    public void ReadLabels_CountZero_Fails() => AssertFails(() => ReadLabels(IdxBytes.Labels(0)), "count", "0 found");

    [TestCase(0, 3, "0 x 3")]
    [TestCase(2, -5, "2 x -5")]
    [TestCase(2, 4097, "2 x 4,097")]
    [TestCase(int.MaxValue, int.MaxValue, "2,147,483,647 x 2,147,483,647")]
    public void ReadImages_SidesOutOfRange_Fails(int rows, int columns, string found) =>
        AssertFails(() => ReadImages(IdxBytes.Images(1, rows, columns)), "from 1 to 4,096", found);

    [Test]
    public void ReadImages_MoreThanAnArrayHolds_Fails() =>
        AssertFails(() => ReadImages(IdxBytes.Images(int.MaxValue, 4096, 4096)), "2,147,483,591", "36,028,797,002,186,752");

    [Test]
    public void ReadImages_DataCutOff_SaysBytesAndSample() =>
        AssertFails(() => ReadImages(TwoImages[..^2]), "12 bytes of data expected (2 of 2 x 3), 10 found", "sample index 1");

    [Test]
    public void ReadLabels_DataCutOff_SaysBytesAndSample() =>
        AssertFails(() => ReadLabels(IdxBytes.Labels(4, 1, 2, 3)), "4 bytes of data expected", "3 found", "sample index 3");

    [Test]
    public void ReadImages_LyingHeader_AllocatesNoMoreThanTwiceWhatArrived()
    {
        byte[] lying = IdxBytes.Images(120_000, 120, 120, new byte[1000]);

        long before = GC.GetAllocatedBytesForCurrentThread();
        AssertFails(() => ReadImages(lying), "1,728,000,000 bytes of data expected", "1,000 found");
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        // One first buffer of 1 MB and the message; the header promises 1.7 GB.
        Assert.That(allocated, Is.LessThan(2 << 20));
    }

    [Test]
    public void ReadImages_MoreBytesThanPromised_Fails() =>
        AssertFails(() => ReadImages([.. TwoImages, 9]), "end of the file expected after 12 bytes of data", "more bytes found");

    [Test]
    public void ReadImages_GzipCutOffAnywhere_Fails()
    {
        byte[] packed = IdxBytes.Gzip(TwoImages);
        for (int length = 0; length < packed.Length; length++)
        {
            AssertFails(() => ReadImages(packed[..length]), "t:", "cut off");
        }
    }

    [Test]
    public void ReadImages_GzipWithBytesBehind_Fails() =>
        AssertFails(() => ReadImages([.. IdxBytes.Gzip(TwoImages), 1, 2, 3, 4, 5]), "must end with its unpacked length, 28");

    [Test]
    public void ReadImages_GzipWithFlippedBit_Fails()
    {
        byte[] values = [.. Enumerable.Range(0, 4000).Select(i => (byte)(i * i % 253))];
        byte[] packed = IdxBytes.Gzip(IdxBytes.Images(10, 20, 20, values));
        packed[packed.Length / 2] ^= 0x10;

        AssertFails(() => ReadImages(packed), "t:");
    }

    [Test]
    public void ReadImages_GzipWithWrongChecksum_Fails()
    {
        byte[] packed = IdxBytes.Gzip(TwoImages);
        packed[^8] ^= 1;

        AssertFails(() => ReadImages(packed), "cut off or corrupt");
    }

    [Test]
    public void ReadImages_StreamWithoutSeeking_SaysWhatToDo()
    {
        using var stream = new System.IO.Compression.GZipStream(new MemoryStream(), System.IO.Compression.CompressionMode.Decompress);

        Assert.That(
            () => IdxFile.ReadImages(stream, "t"),
            Throws.ArgumentException.With.Message.Contains("must support seeking").And.Message.Contains("MemoryStream"));
    }

    private static IdxFile ReadImages(byte[] bytes) => IdxFile.ReadImages(new MemoryStream(bytes), "t");

    private static IdxFile ReadLabels(byte[] bytes) => IdxFile.ReadLabels(new MemoryStream(bytes), "t");

    private static void AssertFails(Func<IdxFile> read, params IEnumerable<string> facts)
    {
        DataFormatException e = Assert.Throws<DataFormatException>(() => read())!;
        foreach (string fact in facts)
        {
            Assert.That(e.Message, Does.Contain(fact));
        }
    }

    /// <summary>A stream may give fewer bytes than asked for; files over a network do.</summary>
    private sealed class OneByteAtATime(byte[] bytes) : MemoryStream(bytes)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, 1));
    }
}
