using System;
using System.Buffers.Binary;

namespace FeatureAlignment.Dashboard.Storage.Series;

/// <summary>
/// Entries as bytes, each as a difference to the one before it, so that a point of a float takes about eight bytes and an open chunk grows
/// at its end alone.
/// </summary>
/// <remarks>
/// An entry: a byte of flags, step and time as zigzag variable-length differences, then for a point its value, otherwise the widths of both
/// ranges, the count and min, max, last. Values are float where that loses nothing, else double, little-endian.
/// </remarks>
public static class EntryCodec
{
    /// <summary>Most bytes of an entry.</summary>
    public const int MaxEntryBytes = 1 + 4 * 10 + 5 + 3 * sizeof(double);

    private const byte AfterGapFlag = 1;
    private const byte DoubleFlag = 2;
    private const byte PointFlag = 4;

    /// <summary>Writes an entry behind another one.</summary>
    /// <param name="output">At least <see cref="MaxEntryBytes"/> bytes.</param>
    /// <param name="entry">What is written.</param>
    /// <param name="stepBefore">Largest step of the entry before it in the chunk; 0 for the first.</param>
    /// <param name="timeBefore">Latest time of the entry before it in the chunk; 0 for the first.</param>
    /// <returns>Bytes written.</returns>
    public static int Write(Span<byte> output, in SeriesEntry entry, long stepBefore = 0, long timeBefore = 0)
    {
        bool isPoint = entry.Count == 1;
        bool asDouble = !(FitsSingle(entry.Last) && (isPoint || (FitsSingle(entry.Min) && FitsSingle(entry.Max))));
        output[0] = (byte)((entry.AfterGap ? AfterGapFlag : 0) | (asDouble ? DoubleFlag : 0) | (isPoint ? PointFlag : 0));
        int length = 1;
        length += WriteNumber(output[length..], Zigzag(entry.StepMin - stepBefore));
        length += WriteNumber(output[length..], Zigzag(entry.TimeMin - timeBefore));
        if (!isPoint)
        {
            length += WriteNumber(output[length..], (ulong)(entry.StepMax - entry.StepMin));
            length += WriteNumber(output[length..], (ulong)(entry.TimeMax - entry.TimeMin));
            length += WriteNumber(output[length..], (ulong)entry.Count);
            length += WriteValue(output[length..], entry.Min, asDouble);
            length += WriteValue(output[length..], entry.Max, asDouble);
        }

        return length + WriteValue(output[length..], entry.Last, asDouble);
    }

    private static bool FitsSingle(double value) => (float)value == value;

    private static ulong Zigzag(long value) => (ulong)((value << 1) ^ (value >> 63));

    private static int WriteNumber(Span<byte> output, ulong number)
    {
        int length = 0;
        for (; number >= 0x80; number >>= 7)
        {
            output[length++] = (byte)(number | 0x80);
        }

        output[length++] = (byte)number;
        return length;
    }

    private static int WriteValue(Span<byte> output, double value, bool asDouble)
    {
        if (asDouble)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(output, value);
            return sizeof(double);
        }

        BinaryPrimitives.WriteSingleLittleEndian(output, (float)value);
        return sizeof(float);
    }

    /// <summary>Reads entries in the order in which they were written.</summary>
    /// <param name="data">The entries.</param>
    /// <param name="stepBefore">Largest step of the entry before the first; 0 at the beginning of a chunk.</param>
    /// <param name="timeBefore">Latest time of the entry before the first; 0 at the beginning of a chunk.</param>
    public ref struct Reader(ReadOnlySpan<byte> data, long stepBefore = 0, long timeBefore = 0)
    {
        private readonly ReadOnlySpan<byte> data = data;
        private int position;
        private long step = stepBefore;
        private long time = timeBefore;

        /// <summary>Reads the next entry.</summary>
        /// <exception cref="FormatException">There is no whole entry any more.</exception>
        public SeriesEntry Next()
        {
            byte flags = Take(1)[0];
            bool afterGap = (flags & AfterGapFlag) != 0, asDouble = (flags & DoubleFlag) != 0;
            long stepMin = step += ReadDifference();
            long timeMin = time += ReadDifference();
            if ((flags & PointFlag) != 0)
            {
                return SeriesEntry.OfPoint(stepMin, timeMin, ReadValue(asDouble), afterGap);
            }

            step += (long)ReadNumber();
            time += (long)ReadNumber();
            int count = (int)ReadNumber();
            return new SeriesEntry(
                stepMin, step, timeMin, time, ReadValue(asDouble), ReadValue(asDouble), ReadValue(asDouble), count, afterGap);
        }

        private long ReadDifference()
        {
            ulong number = ReadNumber();
            return (long)(number >> 1) ^ -(long)(number & 1);
        }

        private ulong ReadNumber()
        {
            ulong number = 0;
            for (int shift = 0; shift < 64; shift += 7)
            {
                byte next = Take(1)[0];
                number |= (ulong)(next & 0x7F) << shift;
                if (next < 0x80)
                {
                    return number;
                }
            }

            throw new FormatException($"A number in a chunk must take at most ten bytes; at byte {position} it takes more.");
        }

        private double ReadValue(bool asDouble) => asDouble
            ? BinaryPrimitives.ReadDoubleLittleEndian(Take(sizeof(double)))
            : BinaryPrimitives.ReadSingleLittleEndian(Take(sizeof(float)));

        private ReadOnlySpan<byte> Take(int count)
        {
            if (data.Length - position < count)
            {
                throw new FormatException($"A chunk must hold {count} more bytes at byte {position}; it ends at {data.Length}.");
            }

            position += count;
            return data.Slice(position - count, count);
        }
    }
}
