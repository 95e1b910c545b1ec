using System;
using System.IO;
using FeatureAlignment.Checkpoints;
using FeatureAlignment.Tests.Support;
using NUnit.Framework;

namespace FeatureAlignment.Tests.Checkpoints;

public class CheckpointWriterTests
{
    [TestCase("")]
    [TestCase("ninechars")]
    [TestCase("a b")]
    [TestCase("größe")]
    public void Kind_NotAsciiOrTooLong_Throws(string kind) =>
        Assert.That(() => new CheckpointWriter(new MemoryStream(), kind), Throws.ArgumentException);

    [Test]
    public void Write_NameNotAsciiOrTooLong_Throws([Values("", "a b", "größe", null)] string? name)
    {
        var writer = new CheckpointWriter(new MemoryStream(), "layer");
        Assert.That(() => writer.Write(name!, 1), Throws.ArgumentException);
        Assert.That(() => writer.Write(new string('n', 65), 1), Throws.ArgumentException);
        Assert.That(() => writer.Write(new string('n', 64), 1), Throws.Nothing);
    }

    [Test]
    public void Write_TooLongText_Throws()
    {
        var writer = new CheckpointWriter(new MemoryStream(), "layer");
        Assert.That(() => writer.Write("text", new string('x', 65536)), Throws.ArgumentException.With.Message.Contains("65536"));
        Assert.That(() => writer.Write("text", new string('x', 65535)), Throws.Nothing);
    }

    [Test]
    public void Write_TextWithoutUtf8Form_Throws()
    {
        var writer = new CheckpointWriter(new MemoryStream(), "layer");
        Assert.That(() => writer.Write("text", "\uD800"), Throws.InstanceOf<ArgumentException>());
    }

    [Test]
    public void Write_AfterComplete_Throws()
    {
        var writer = new CheckpointWriter(new MemoryStream(), "layer");
        writer.Complete();
        Assert.That(() => writer.Write("n", 1), Throws.InvalidOperationException);
    }

    [Test]
    public void Write_LargeArray_AllocatesNothing()
    {
        var writer = new CheckpointWriter(Stream.Null, "layer");
        var weights = new float[750_000];
        writer.Write("warm-up", weights.AsSpan(0, 2000));

        long allocated = Allocation.Of(() => writer.Write("weights", weights));

        Assert.That(allocated, Is.Zero);
    }

    [Test]
    public void BytesWritten_AfterComplete_IsTheFilesLength()
    {
        var stream = new MemoryStream();
        var writer = new CheckpointWriter(stream, "layer");
        writer.Write("weights", new float[5000]);
        writer.Complete();
        Assert.That(writer.BytesWritten, Is.EqualTo(stream.Length));
    }
}
