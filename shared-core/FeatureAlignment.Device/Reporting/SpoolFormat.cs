using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using FeatureAlignment.Checkpoints;
using FeatureAlignment.Telemetry;

namespace FeatureAlignment.Device.Reporting;

/// <summary>Bytes of a segment; docs/checkpoint-format.md describes them. All numbers are little-endian.</summary>
internal static class SpoolFormat
{
    /// <summary>What a segment costs at least: the block that flash is erased by.</summary>
    public const int BlockBytes = 4096;

    public const int SegmentHeadBytes = 8;
    public const int RecordHeadBytes = 16;

    private const uint Magic = 0x53_41_46_4C; // "LFAS"
    private const byte Version = 1;

    public static long InBlocks(long bytes) => (bytes + BlockBytes - 1) / BlockBytes * BlockBytes;

    public static byte[] EncodeSegmentHead(TelemetryPriority priority)
    {
        var head = new byte[SegmentHeadBytes];
        BinaryPrimitives.WriteUInt32LittleEndian(head, Magic);
        head[4] = Version;
        head[5] = (byte)priority;
        return head;
    }

    public static byte[] EncodeRecord(int boot, int sequence, ReadOnlySpan<byte> body)
    {
        var record = new byte[RecordHeadBytes + body.Length];
        BinaryPrimitives.WriteInt32LittleEndian(record, boot);
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(4), sequence);
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(8), body.Length);
        body.CopyTo(record.AsSpan(RecordHeadBytes));
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(12), ChecksumOf(record));
        return record;
    }

    /// <summary>Whether bytes are the record of that name, whole.</summary>
    public static bool IsRecord(ReadOnlySpan<byte> bytes, int boot, int sequence) =>
        BinaryPrimitives.ReadInt32LittleEndian(bytes) == boot
        && BinaryPrimitives.ReadInt32LittleEndian(bytes.Slice(4)) == sequence
        && BinaryPrimitives.ReadInt32LittleEndian(bytes.Slice(8)) == bytes.Length - RecordHeadBytes
        && BinaryPrimitives.ReadUInt32LittleEndian(bytes.Slice(12)) == ChecksumOf(bytes);

    /// <summary>
    /// Finds the records of a segment. A damaged one is passed over; where a length is impossible, as in a torn tail, the rest is given up.
    /// </summary>
    /// <param name="stream">The segment from its beginning.</param>
    /// <param name="number">Its number.</param>
    /// <param name="records">The whole records are added here.</param>
    /// <param name="damaged">Raised by the places where something else stands.</param>
    /// <returns>The segment; null when its head is not one.</returns>
    public static SpoolSegment? Read(Stream stream, long number, List<SpoolRecord> records, ref int damaged)
    {
        Span<byte> head = stackalloc byte[RecordHeadBytes];
        if (!TryFill(stream, head.Slice(0, SegmentHeadBytes))
            || BinaryPrimitives.ReadUInt32LittleEndian(head) != Magic
            || head[4] != Version
            || head[5] > (byte)TelemetryPriority.High)
        {
            damaged++;
            return null;
        }

        var segment = new SpoolSegment(number, (TelemetryPriority)head[5], stream.Length);
        for (long offset = SegmentHeadBytes; offset < stream.Length;)
        {
            if (!TryFill(stream, head))
            {
                damaged++;
                break;
            }

            int length = BinaryPrimitives.ReadInt32LittleEndian(head.Slice(8));
            if (length is < 1 or > TelemetryLimits.BodyBytes || offset + RecordHeadBytes + length > stream.Length)
            {
                damaged++;
                break;
            }

            int boot = BinaryPrimitives.ReadInt32LittleEndian(head);
            int sequence = BinaryPrimitives.ReadInt32LittleEndian(head.Slice(4));
            var bytes = new byte[RecordHeadBytes + length];
            head.CopyTo(bytes);
            if (TryFill(stream, bytes.AsSpan(RecordHeadBytes)) && IsRecord(bytes, boot, sequence))
            {
                records.Add(new SpoolRecord(boot, sequence, segment.Priority, bytes.Length) { Segment = segment, Offset = offset });
            }
            else
            {
                damaged++;
            }

            offset += bytes.Length;
        }

        return segment;
    }

    /// <summary>Reads until the buffer is full; false when the stream ends before.</summary>
    public static bool TryFill(Stream stream, Span<byte> buffer)
    {
        while (buffer.Length > 0)
        {
            int count = stream.Read(buffer);
            if (count <= 0)
            {
                return false;
            }

            buffer = buffer.Slice(count);
        }

        return true;
    }

    // Of all but the checksum itself.
    private static uint ChecksumOf(ReadOnlySpan<byte> record) =>
        Crc32.Append(Crc32.Append(0, record.Slice(0, 12)), record.Slice(RecordHeadBytes));
}
