using System;
using System.Buffers.Binary;
using System.IO;
using System.Runtime.InteropServices;
using System.Text;

namespace FeatureAlignment.Checkpoints;

/// <summary>
/// Reads a file of <see cref="CheckpointWriter"/>: the fields in the order they were written, each by its name and type. The whole
/// file is checked before the first field is handed out, so it is read twice; memory: one block of 4 KB, however large the file.
/// </summary>
public sealed class CheckpointReader
{
    private readonly Stream stream;
    private readonly byte[] block;
    private readonly byte[] fieldName = new byte[CheckpointFormat.MaximumNameBytes];
    private int fieldNameLength;
    private FieldType fieldType;
    private int blockUsed;
    private int blockFilled;
    private long position;
    private uint runningChecksum;

    private CheckpointReader(Stream stream, string fileName, byte[] block)
    {
        CheckpointFormat.RequireLittleEndian();
        this.stream = stream ?? throw new ArgumentNullException(nameof(stream));
        stream.Position = 0;
        FileName = fileName;
        Length = stream.Length;
        this.block = block;
        Kind = ReadHeader();
    }

    /// <summary>The name that messages give this file.</summary>
    public string FileName { get; }

    /// <summary>What the file holds, such as <c>layer</c>.</summary>
    public string Kind { get; }

    /// <summary>The file's length in bytes.</summary>
    public long Length { get; }

    /// <summary>The file's CRC-32, as it stands in its last four bytes.</summary>
    public uint Checksum { get; private set; }

    /// <summary>Checks the whole file, then stands before its first field.</summary>
    /// <param name="stream">A seekable stream; read from its beginning, stays open.</param>
    /// <param name="fileName">The name for messages.</param>
    /// <param name="kind">The kind the file must be of; <c>null</c> accepts every kind.</param>
    /// <returns>A reader that stands before the first field.</returns>
    /// <exception cref="CheckpointFormatException">
    /// No checkpoint, another version or kind, cut off, damaged, or followed by more bytes.
    /// </exception>
    public static CheckpointReader Open(Stream stream, string fileName, string? kind) =>
        Open(stream, fileName, kind, new byte[CheckpointFormat.BlockBytes]);

    internal static CheckpointReader Open(Stream stream, string fileName, string? kind, byte[] block)
    {
        var reader = new CheckpointReader(stream, fileName, block);
        reader.CheckToTheEnd();
        if (kind != null && kind != reader.Kind)
        {
            throw reader.Fault($"kind '{kind}' expected, '{reader.Kind}' found; it is another part of a checkpoint.");
        }

        reader.Rewind();
        return reader;
    }

    /// <summary>Reads the next field.</summary>
    /// <param name="name">The name it must have.</param>
    /// <returns>Its value.</returns>
    /// <exception cref="CheckpointFormatException">The next field has another name or type, or there is none.</exception>
    public int ReadInt(string name)
    {
        Expect(name, FieldType.Int);
        return BinaryPrimitives.ReadInt32LittleEndian(Take(stackalloc byte[sizeof(int)]));
    }

    /// <inheritdoc cref="ReadInt"/>
    public long ReadLong(string name)
    {
        Expect(name, FieldType.Long);
        return BinaryPrimitives.ReadInt64LittleEndian(Take(stackalloc byte[sizeof(long)]));
    }

    /// <inheritdoc cref="ReadInt"/>
    public uint ReadUInt(string name)
    {
        Expect(name, FieldType.UInt);
        return TakeUInt();
    }

    /// <inheritdoc cref="ReadInt"/>
    public ulong ReadULong(string name)
    {
        Expect(name, FieldType.ULong);
        return BinaryPrimitives.ReadUInt64LittleEndian(Take(stackalloc byte[sizeof(ulong)]));
    }

    /// <inheritdoc cref="ReadInt"/>
    public float ReadFloat(string name)
    {
        Expect(name, FieldType.Float);
        return BitConverter.Int32BitsToSingle((int)TakeUInt());
    }

    /// <inheritdoc cref="ReadInt"/>
    public string ReadString(string name)
    {
        Expect(name, FieldType.String);
        var bytes = new byte[TakeUShort()];
        Take(bytes);
        return CheckpointFormat.Utf8.GetString(bytes);
    }

    /// <summary>Reads the next field, an array, into the caller's buffer. Allocates nothing.</summary>
    /// <param name="name">The name it must have.</param>
    /// <param name="destination">Overwritten whole; its length is the count the field must have.</param>
    /// <exception cref="CheckpointFormatException">The next field has another name, type or count, or there is none.</exception>
    public void ReadFloats(string name, Span<float> destination)
    {
        BeginFloats(name, destination.Length);
        ReadPart(destination);
    }

    /// <summary>Starts to read the next field, an array, in parts.</summary>
    /// <param name="name">The name it must have.</param>
    /// <param name="count">The count it must have; all of it must then be read by <see cref="ReadPart"/>.</param>
    /// <exception cref="CheckpointFormatException">The next field has another name, type or count, or there is none.</exception>
    public void BeginFloats(string name, int count) => ExpectFloats(name, count);

    /// <summary>Reads the next values of the array field that was begun. Allocates nothing.</summary>
    /// <param name="destination">Overwritten whole.</param>
    public void ReadPart(Span<float> destination) => Take(MemoryMarshal.AsBytes(destination));

    /// <summary>Passes over the next field, an array, and says where its values stand, to read them from the stream in parts.</summary>
    /// <param name="name">The name it must have.</param>
    /// <param name="count">The count it must have.</param>
    /// <returns>Offset of the first value from the beginning of the stream, in bytes.</returns>
    /// <exception cref="CheckpointFormatException">The next field has another name, type or count, or there is none.</exception>
    public long LocateFloats(string name, int count)
    {
        ExpectFloats(name, count);
        long offset = position;
        Skip((long)count * sizeof(float));
        return offset;
    }

    /// <summary>States that everything was read, and checks the bytes that were handed out once more.</summary>
    /// <exception cref="CheckpointFormatException">A field is left, or the file changed after it was opened.</exception>
    public void Complete()
    {
        if (NextField())
        {
            throw Fault($"no more fields expected; {DescribeField()} found at byte {position - fieldNameLength - 2}. {WrittenOtherwise}");
        }

        Take(stackalloc byte[sizeof(long)]);
        if (TakeUInt() != Checksum || runningChecksum != Checksum)
        {
            throw Fault("the file changed while it was read; what was read must not be used. Check the medium.");
        }
    }

    private const string WrittenOtherwise = "It was written by another program version or for other settings.";

    private string ReadHeader()
    {
        if (Length < CheckpointFormat.HeaderBytes + CheckpointFormat.EndBytes)
        {
            throw CutOff(CheckpointFormat.HeaderBytes + CheckpointFormat.EndBytes);
        }

        if (TakeUInt() != CheckpointFormat.Magic)
        {
            throw Fault("a checkpoint must begin with the bytes 'LFAC'; this file does not. Choose a checkpoint's file.");
        }

        uint version = TakeUInt();
        if (version != CheckpointFormat.Version)
        {
            throw Fault($"format version {CheckpointFormat.Version} expected, {version} found; " +
                "read it with the release that wrote it (docs/checkpoint-format.md).");
        }
        Span<byte> kind = Take(stackalloc byte[CheckpointFormat.KindBytes]);
        return Encoding.ASCII.GetString(kind).TrimEnd('\0');
    }

    private void CheckToTheEnd()
    {
        while (NextField())
        {
            Skip(ValueBytes());
        }

        if (position + sizeof(long) + CheckpointFormat.ChecksumBytes > Length)
        {
            throw CutOff(position + sizeof(long) + CheckpointFormat.ChecksumBytes);
        }

        long statedLength = BinaryPrimitives.ReadInt64LittleEndian(Take(stackalloc byte[sizeof(long)]));
        Checksum = TakeUInt();
        if (position != Length)
        {
            throw Fault($"the file must end after {position} bytes; {Length - position} more follow. Restore it from a copy.");
        }

        if (statedLength != Length)
        {
            throw Fault($"{statedLength} bytes expected, {Length} found; the file is damaged.");
        }

        if (runningChecksum != Checksum)
        {
            throw Fault($"checksum {Checksum:X8} expected, {runningChecksum:X8} found; the file is damaged.");
        }
    }

    private void Rewind()
    {
        stream.Position = 0;
        position = blockUsed = blockFilled = 0;
        runningChecksum = 0;
        Skip(CheckpointFormat.HeaderBytes);
    }

    // False at the end record, which begins like a field with an empty name.
    private bool NextField()
    {
        Span<byte> one = stackalloc byte[1];
        fieldNameLength = Take(one)[0];
        if (fieldNameLength == 0)
        {
            return false;
        }

        if (fieldNameLength > CheckpointFormat.MaximumNameBytes)
        {
            throw Damaged(position - 1, "a field's name length", fieldNameLength);
        }

        Take(fieldName.AsSpan(0, fieldNameLength));
        fieldType = (FieldType)Take(one)[0];
        return true;
    }

    private long ValueBytes()
    {
        switch (fieldType)
        {
            case FieldType.Int or FieldType.UInt or FieldType.Float:
                return sizeof(int);
            case FieldType.Long or FieldType.ULong:
                return sizeof(long);
            case FieldType.String:
                return TakeUShort();
            case FieldType.Floats:
                return (long)TakeUInt() * sizeof(float);
            default:
                throw Damaged(position - 1, "a field's type", (int)fieldType);
        }
    }

    private void Expect(string name, FieldType type)
    {
        long start = position;
        if (NextField() && fieldType == type && IsFieldNamed(name))
        {
            return;
        }

        throw Fault($"field '{name}' ({CheckpointFormat.Describe(type)}) expected at byte {start}; " +
            $"{DescribeField()} found. {WrittenOtherwise}");
    }

    private void ExpectFloats(string name, int count)
    {
        Expect(name, FieldType.Floats);
        uint found = TakeUInt();
        if (found != (uint)count)
        {
            throw Fault($"field '{name}' must hold {count} floats; holds {found}. " +
                "Use the layers and settings the checkpoint was written with.");
        }
    }

    private bool IsFieldNamed(string name)
    {
        if (name.Length != fieldNameLength)
        {
            return false;
        }

        for (int i = 0; i < name.Length; i++)
        {
            if (name[i] != fieldName[i])
            {
                return false;
            }
        }
        return true;
    }

    private string DescribeField() => fieldNameLength == 0
        ? "the end"
        : $"'{Encoding.ASCII.GetString(fieldName, 0, fieldNameLength)}' ({CheckpointFormat.Describe(fieldType)})";

    private ushort TakeUShort() => BinaryPrimitives.ReadUInt16LittleEndian(Take(stackalloc byte[sizeof(ushort)]));

    private uint TakeUInt() => BinaryPrimitives.ReadUInt32LittleEndian(Take(stackalloc byte[sizeof(uint)]));

    // Bytes are copied to where the caller's values lie, never read as values in the block: ARM faults on unaligned floats.
    private Span<byte> Take(Span<byte> destination)
    {
        Require(destination.Length);
        for (int done = 0; done < destination.Length;)
        {
            int count = Advance(destination.Length - done);
            block.AsSpan(blockUsed - count, count).CopyTo(destination.Slice(done));
            done += count;
        }
        return destination;
    }

    private void Skip(long count)
    {
        Require(count);
        while (count > 0)
        {
            count -= Advance(count);
        }
    }

    private void Require(long count)
    {
        if (position + count > Length)
        {
            throw CutOff(position + count);
        }
    }

    // Moves over up to `wanted` bytes of the block, refilled when it is used up; returns how many.
    private int Advance(long wanted)
    {
        if (blockUsed == blockFilled)
        {
            FillBlock();
        }

        int count = (int)Math.Min(wanted, blockFilled - blockUsed);
        blockUsed += count;
        position += count;
        return count;
    }

    private void FillBlock()
    {
        blockUsed = 0;
        blockFilled = stream.Read(block, 0, block.Length);
        if (blockFilled <= 0)
        {
            throw CutOff(position + 1, position);
        }

        long summedBytes = Math.Min(blockFilled, Length - CheckpointFormat.ChecksumBytes - position);
        if (summedBytes > 0)
        {
            runningChecksum = Crc32.Append(runningChecksum, block.AsSpan(0, (int)summedBytes));
        }
    }

    private CheckpointFormatException CutOff(long expectedBytes) => CutOff(expectedBytes, Length);

    private CheckpointFormatException CutOff(long expectedBytes, long foundBytes) =>
        Fault($"at least {expectedBytes} bytes expected, {foundBytes} found; the file is cut off or damaged.");

    private CheckpointFormatException Damaged(long position, string what, int value) =>
        Fault($"byte {position} must be {what}; {value} found; the file is damaged.");

    private CheckpointFormatException Fault(string fault) => new CheckpointFormatException(FileName, fault);
}
