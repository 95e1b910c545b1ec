using System;
using System.Buffers.Binary;
using System.IO;
using System.Runtime.InteropServices;
using System.Text;

namespace FeatureAlignment.Checkpoints;

/// <summary>
/// Writes one checkpoint file: a header with version and kind, named fields in the order of the calls, an end with length and checksum.
/// From front to back without seeking: a flash file system copies everything behind a place that is written again.
/// </summary>
/// <remarks>Memory: one block of 4 KB, however large the file. Read it with <see cref="CheckpointReader"/>.</remarks>
public sealed class CheckpointWriter
{
    private readonly Stream stream;
    private readonly byte[] block;
    private int blockUsed;
    private uint checksum;
    private bool complete;
    private int missingFloats;

    /// <summary>Starts a file; allocates its block.</summary>
    /// <param name="stream">Where to write; stays open.</param>
    /// <param name="kind">What the file holds, such as <c>layer</c>: 1 to 8 printable ASCII characters without spaces.</param>
    /// <exception cref="ArgumentException"><paramref name="kind"/> is not such a text.</exception>
    public CheckpointWriter(Stream stream, string kind) : this(stream, kind, new byte[CheckpointFormat.BlockBytes])
    {
    }

    internal CheckpointWriter(Stream stream, string kind, byte[] block)
    {
        CheckpointFormat.RequireLittleEndian();
        this.stream = stream ?? throw new ArgumentNullException(nameof(stream));
        if (kind is null || !CheckpointFormat.IsName(kind, CheckpointFormat.KindBytes))
        {
            throw new ArgumentException(
                $"Kind must be 1 to {CheckpointFormat.KindBytes} printable ASCII characters; was '{kind}'.", nameof(kind));
        }
        this.block = block;

        Span<byte> header = Reserve(CheckpointFormat.HeaderBytes);
        header.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(header, CheckpointFormat.Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(header.Slice(4), CheckpointFormat.Version);
        Encoding.ASCII.GetBytes(kind, header.Slice(8));
    }

    /// <summary>Bytes handed to the stream so far; after <see cref="Complete"/> the file's length.</summary>
    public long BytesWritten { get; private set; }

    /// <summary>The file's CRC-32 as it stands in its last four bytes; 0 before <see cref="Complete"/>.</summary>
    public uint Checksum => complete ? checksum : 0;

    /// <summary>Writes a field.</summary>
    /// <param name="name">1 to 64 printable ASCII characters without spaces; may repeat.</param>
    /// <param name="value">Any value.</param>
    public void Write(string name, int value) =>
        BinaryPrimitives.WriteInt32LittleEndian(StartField(name, FieldType.Int, sizeof(int)), value);

    /// <inheritdoc cref="Write(string, int)"/>
    public void Write(string name, long value) =>
        BinaryPrimitives.WriteInt64LittleEndian(StartField(name, FieldType.Long, sizeof(long)), value);

    /// <inheritdoc cref="Write(string, int)"/>
    public void Write(string name, uint value) =>
        BinaryPrimitives.WriteUInt32LittleEndian(StartField(name, FieldType.UInt, sizeof(uint)), value);

    /// <inheritdoc cref="Write(string, int)"/>
    public void Write(string name, ulong value) =>
        BinaryPrimitives.WriteUInt64LittleEndian(StartField(name, FieldType.ULong, sizeof(ulong)), value);

    /// <inheritdoc cref="Write(string, int)"/>
    public void Write(string name, float value) =>
        BinaryPrimitives.WriteInt32LittleEndian(StartField(name, FieldType.Float, sizeof(float)), BitConverter.SingleToInt32Bits(value));

    /// <summary>Writes a text field as UTF-8; allocates its bytes.</summary>
    /// <param name="name">1 to 64 printable ASCII characters without spaces; may repeat.</param>
    /// <param name="value">At most 65,535 bytes of UTF-8; may be empty.</param>
    /// <exception cref="ArgumentException"><paramref name="value"/> is too long or has no UTF-8 form.</exception>
    public void Write(string name, string value)
    {
        byte[] bytes = CheckpointFormat.Utf8.GetBytes(value ?? throw new ArgumentNullException(nameof(value)));
        if (bytes.Length > CheckpointFormat.MaximumStringBytes)
        {
            throw new ArgumentException(
                $"Field '{name}' must have at most {CheckpointFormat.MaximumStringBytes} bytes; has {bytes.Length}.", nameof(value));
        }
        BinaryPrimitives.WriteUInt16LittleEndian(StartField(name, FieldType.String, sizeof(ushort)), (ushort)bytes.Length);
        Append(bytes);
    }

    /// <summary>Writes an array field, bit for bit (NaN payloads included). Allocates nothing.</summary>
    /// <param name="name">1 to 64 printable ASCII characters without spaces; may repeat.</param>
    /// <param name="values">At most 536,870,911 values; a matrix row by row.</param>
    public void Write(string name, ReadOnlySpan<float> values)
    {
        BeginFloats(name, values.Length);
        AppendFloats(values);
    }

    /// <summary>Starts an array field whose values come in parts, by <see cref="AppendFloats"/>.</summary>
    /// <param name="name">1 to 64 printable ASCII characters without spaces; may repeat.</param>
    /// <param name="count">Values of all parts together.</param>
    public void BeginFloats(string name, int count)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(StartField(name, FieldType.Floats, sizeof(uint)), (uint)count);
        missingFloats = count;
    }

    /// <summary>Writes the next part of the array field that was begun. Allocates nothing.</summary>
    /// <param name="values">At most as many as are missing.</param>
    /// <exception cref="ArgumentException">The field does not want that many.</exception>
    public void AppendFloats(ReadOnlySpan<float> values)
    {
        if (values.Length > missingFloats)
        {
            throw new ArgumentException(
                $"The array field must get {missingFloats} more values at most; got {values.Length}.", nameof(values));
        }

        missingFloats -= values.Length;
        Append(MemoryMarshal.AsBytes(values));
    }

    /// <summary>Writes length and checksum and hands the last block to the stream, which is neither flushed nor closed.</summary>
    public void Complete()
    {
        Span<byte> end = Reserve(CheckpointFormat.EndBytes);
        end[0] = 0; // where the next field's name length would stand
        BinaryPrimitives.WriteInt64LittleEndian(end.Slice(1), BytesWritten + blockUsed);
        checksum = Crc32.Append(checksum, block.AsSpan(0, blockUsed - CheckpointFormat.ChecksumBytes));
        BinaryPrimitives.WriteUInt32LittleEndian(end.Slice(9), checksum);
        EmptyBlock();
        complete = true;
    }

    private Span<byte> StartField(string name, FieldType type, int valueBytes)
    {
        if (name is null || !CheckpointFormat.IsName(name, CheckpointFormat.MaximumNameBytes))
        {
            throw new ArgumentException(
                $"Field name must be 1 to {CheckpointFormat.MaximumNameBytes} printable ASCII characters; was '{name}'.", nameof(name));
        }
        Span<byte> field = Reserve(1 + name.Length + 1 + valueBytes);
        field[0] = (byte)name.Length;
        Encoding.ASCII.GetBytes(name, field.Slice(1));
        field[1 + name.Length] = (byte)type;
        return field.Slice(1 + name.Length + 1);
    }

    private Span<byte> Reserve(int count)
    {
        if (complete)
        {
            throw new InvalidOperationException("Fields must be written before Complete; the file is complete.");
        }

        if (missingFloats > 0)
        {
            throw new InvalidOperationException(
                $"An array field must be whole before the next begins; {missingFloats} values are missing.");
        }

        if (block.Length - blockUsed < count)
        {
            EmptySummedBlock();
        }

        Span<byte> reserved = block.AsSpan(blockUsed, count);
        blockUsed += count;
        return reserved;
    }

    // Block by block: Stream.Write(ReadOnlySpan) of a stream that does not override it copies all bytes to an array of that size.
    private void Append(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            if (blockUsed == block.Length)
            {
                EmptySummedBlock();
            }

            int count = Math.Min(bytes.Length, block.Length - blockUsed);
            bytes.Slice(0, count).CopyTo(block.AsSpan(blockUsed));
            blockUsed += count;
            bytes = bytes.Slice(count);
        }
    }

    private void EmptySummedBlock()
    {
        checksum = Crc32.Append(checksum, block.AsSpan(0, blockUsed));
        EmptyBlock();
    }

    private void EmptyBlock()
    {
        stream.Write(block, 0, blockUsed);
        BytesWritten += blockUsed;
        blockUsed = 0;
    }
}
