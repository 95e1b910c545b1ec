using System;
using System.Buffers.Binary;
using System.IO;
using System.Linq;
using System.Text;
using FeatureAlignment.Checkpoints;
using NUnit.Framework;

namespace FeatureAlignment.Tests.Checkpoints;

public class CheckpointReaderTests
{
    private const string FileName = "layer-0.000017.lfa";

    [Test]
    public void Fields_ComeBackAsWritten()
    {
        float[] values = { 0f, -0f, float.MaxValue, float.Epsilon, float.NegativeInfinity, BitConverter.Int32BitsToSingle(0x7FC01234) };
        byte[] file = Write("layer", writer =>
        {
            writer.Write("int", int.MinValue);
            writer.Write("long", long.MinValue);
            writer.Write("uint", uint.MaxValue);
            writer.Write("ulong", ulong.MaxValue);
            writer.Write("float", -1.5f);
            writer.Write("text", "η·α ≤ 1");
            writer.Write("empty", "");
            writer.Write("values", values);
            writer.Write("none", ReadOnlySpan<float>.Empty);
        });

        CheckpointReader reader = Open(file);
        Assert.That(reader.ReadInt("int"), Is.EqualTo(int.MinValue));
        Assert.That(reader.ReadLong("long"), Is.EqualTo(long.MinValue));
        Assert.That(reader.ReadUInt("uint"), Is.EqualTo(uint.MaxValue));
        Assert.That(reader.ReadULong("ulong"), Is.EqualTo(ulong.MaxValue));
        Assert.That(reader.ReadFloat("float"), Is.EqualTo(-1.5f));
        Assert.That(reader.ReadString("text"), Is.EqualTo("η·α ≤ 1"));
        Assert.That(reader.ReadString("empty"), Is.Empty);
        var found = new float[values.Length];
        reader.ReadFloats("values", found);
        Assert.That(found.Select(BitConverter.SingleToInt32Bits), Is.EqualTo(values.Select(BitConverter.SingleToInt32Bits)));
        reader.ReadFloats("none", default);
        Assert.That(reader.Complete, Throws.Nothing);
    }

    // Fields before the array shift it, so that it begins and ends at every position relative to the blocks of 4,096 bytes.
    [Test]
    public void Floats_AtEveryPositionInBlock_ComeBackAsWritten([Values(1, 7, 1023, 1024, 1025, 5000)] int count)
    {
        float[] values = Enumerable.Range(0, count).Select(i => i * 0.25f).ToArray();
        for (int shift = 0; shift < 70; shift++)
        {
            string name = new('n', 1 + (shift % 64));
            byte[] file = Write("layer", writer =>
            {
                writer.Write("text", new string('x', 3990 + shift));
                writer.Write(name, values);
                writer.Write("last", 7);
            });
            CheckpointReader reader = Open(file);
            reader.ReadString("text");
            var found = new float[count];
            reader.ReadFloats(name, found);
            Assert.That(found.AsSpan().SequenceEqual(values), Is.True, $"shift {shift}");
            Assert.That(reader.ReadInt("last"), Is.EqualTo(7));
            reader.Complete();
        }
    }

    [Test]
    public void File_HasTheBytesOfTheFormatDocument()
    {
        byte[] file = Write("layer", writer =>
        {
            writer.Write("n", 258);
            writer.Write("w", new[] { 1f });
        });

        byte[] expected =
        {
            (byte)'L', (byte)'F', (byte)'A', (byte)'C', 1, 0, 0, 0,
            (byte)'l', (byte)'a', (byte)'y', (byte)'e', (byte)'r', 0, 0, 0,
            1, (byte)'n', 1, 2, 1, 0, 0,
            1, (byte)'w', 7, 1, 0, 0, 0, 0, 0, 0x80, 0x3F,
            0, 47, 0, 0, 0, 0, 0, 0, 0,
        };
        Assert.That(file[..^4], Is.EqualTo(expected));
        Assert.That(BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(43)), Is.EqualTo(Crc32.Append(0, expected)));
    }

    [Test]
    public void Open_AnyBitFlipped_Throws()
    {
        byte[] file = SmallFile();
        for (int bit = 0; bit < file.Length * 8; bit++)
        {
            file[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.That(() => Open(file), Throws.TypeOf<CheckpointFormatException>().With.Message.StartsWith(FileName), $"bit {bit}");
            file[bit / 8] ^= (byte)(1 << (bit % 8));
        }
        Assert.That(() => Open(file), Throws.Nothing);
    }

    [Test]
    public void Open_TruncatedAnywhere_SaysExpectedAndFoundBytes()
    {
        byte[] file = SmallFile();
        for (int length = 0; length < file.Length; length++)
        {
            Assert.That(
                () => Open(file[..length]),
                Throws.TypeOf<CheckpointFormatException>().With.Message.Match($@"at least \d+ bytes expected, {length} found"));
        }
    }

    [Test]
    public void Open_LargeFileTruncatedAnywhereInItsLastBlock_Throws()
    {
        byte[] file = Write("layer", writer => writer.Write("weights", new float[1500]));
        for (int length = 4000; length < file.Length; length++)
        {
            Assert.That(() => Open(file[..length]), Throws.TypeOf<CheckpointFormatException>(), $"{length}");
        }
    }

    [Test]
    public void Open_BytesAfterTheEnd_SaysHowMany() =>
        AssertFault([.. SmallFile(), 0, 0, 0], "must end after 73 bytes; 3 more follow");

    [Test]
    public void Open_OtherMagic_SaysNoCheckpoint() =>
        AssertFault(Encoding.ASCII.GetBytes("id,label,pixel0,pixel1,pixel2,pixel3"), "must begin with the bytes 'LFAC'");

    [Test]
    public void Open_OtherVersion_SaysExpectedAndFound()
    {
        byte[] file = SmallFile();
        file[4] = 2;
        AssertFault(file, "format version 1 expected, 2 found");
    }

    [Test]
    public void Open_OtherKind_SaysExpectedAndFound() =>
        AssertFault(Write("commit", writer => writer.Write("n", 1)), "kind 'layer' expected, 'commit' found");

    [Test]
    public void Open_ChangedValue_SaysChecksum()
    {
        byte[] file = SmallFile();
        file[24] ^= 1;
        AssertFault(file, "checksum [0-9A-F]{8} expected, [0-9A-F]{8} found");
    }

    [Test]
    public void Open_AbsurdCount_ThrowsWithoutAllocating()
    {
        byte[] file = Write("layer", writer => writer.Write("weights", new float[3]));
        file.AsSpan(25, 4).Fill(0xFF);
        AssertFault(file, "at least 17179869209 bytes expected, 54 found");
    }

    [Test]
    public void ReadFloats_OtherCount_SaysExpectedAndFound()
    {
        CheckpointReader reader = Open(Write("layer", writer => writer.Write("weights", new float[3])));
        Assert.That(
            () => reader.ReadFloats("weights", new float[4]),
            Throws.TypeOf<CheckpointFormatException>().With.Message.Contains("'weights' must hold 4 floats; holds 3"));
    }

    [TestCase("biases", "field 'biases' (int) expected at byte 16; 'n' (long) found")]
    [TestCase("n", "field 'n' (int) expected at byte 16; 'n' (long) found")]
    public void Read_OtherNameOrType_SaysExpectedAndFound(string name, string message)
    {
        CheckpointReader reader = Open(Write("layer", writer => writer.Write("n", 1L)));
        Assert.That(() => reader.ReadInt(name), Throws.TypeOf<CheckpointFormatException>().With.Message.Contains(message));
    }

    [Test]
    public void Read_PastTheLastField_Throws()
    {
        CheckpointReader reader = Open(Write("layer", _ => { }));
        Assert.That(() => reader.ReadInt("n"), Throws.TypeOf<CheckpointFormatException>().With.Message.Contains("the end found"));
    }

    [Test]
    public void Complete_FieldLeft_NamesIt()
    {
        CheckpointReader reader = Open(Write("layer", writer => writer.Write("n", 1)));
        Assert.That(reader.Complete, Throws.TypeOf<CheckpointFormatException>().With.Message.Contains("'n' (int) found at byte 16"));
    }

    [Test]
    public void Complete_FileChangedAfterOpening_Throws()
    {
        byte[] file = Write("layer", writer => writer.Write("weights", new float[3000]));
        var reader = CheckpointReader.Open(new MemoryStream(file), FileName, "layer");
        file[9000] ^= 1;
        reader.ReadFloats("weights", new float[3000]);
        Assert.That(reader.Complete, Throws.TypeOf<CheckpointFormatException>().With.Message.Contains("changed while it was read"));
    }

    private static byte[] SmallFile() => Write("layer", writer =>
    {
        writer.Write("units", 3);
        writer.Write("name", "relu");
        writer.Write("weights", new[] { 1f, 2f });
    });

    private static byte[] Write(string kind, Action<CheckpointWriter> content)
    {
        var stream = new MemoryStream();
        var writer = new CheckpointWriter(stream, kind);
        content(writer);
        writer.Complete();
        return stream.ToArray();
    }

    private static CheckpointReader Open(byte[] file) => CheckpointReader.Open(new MemoryStream(file), FileName, "layer");

    private static void AssertFault(byte[] file, string pattern) =>
        Assert.That(() => Open(file), Throws.TypeOf<CheckpointFormatException>().With.Message.Match($"^{FileName}: .*{pattern}"));
}
