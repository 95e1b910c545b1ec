using System;
using System.Text;

namespace FeatureAlignment.Checkpoints;

/// <summary>Constants of the file format; docs/checkpoint-format.md describes it byte by byte.</summary>
internal static class CheckpointFormat
{
    public const uint Magic = 0x43_41_46_4C; // "LFAC", little-endian
    public const uint Version = 1;

    public const int KindBytes = 8;
    public const int HeaderBytes = sizeof(uint) + sizeof(uint) + KindBytes;
    public const int ChecksumBytes = sizeof(uint);
    public const int EndBytes = sizeof(byte) + sizeof(long) + ChecksumBytes;
    public const int MaximumNameBytes = 64;
    public const int MaximumStringBytes = ushort.MaxValue;

    // Unit of reading and writing: the memory that a file of any size needs, and a whole number of flash pages.
    public const int BlockBytes = 4096;

    /// <summary>Refuses what does not encode as UTF-8 and back, instead of replacing it.</summary>
    public static readonly Encoding Utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Float arrays are copied as they lie in memory, which is the file's order on little-endian machines only.</summary>
    public static void RequireLittleEndian()
    {
        if (!BitConverter.IsLittleEndian)
        {
            throw new PlatformNotSupportedException("Checkpoints need a little-endian processor; this one is big-endian.");
        }
    }

    /// <summary>Kinds and field names: printable ASCII without spaces.</summary>
    public static bool IsName(string text, int maximumLength)
    {
        if (text.Length == 0 || text.Length > maximumLength)
        {
            return false;
        }

        foreach (char c in text)
        {
            if (c is <= ' ' or > '~')
            {
                return false;
            }
        }
        return true;
    }

    public static string Describe(FieldType type) => type switch
    {
        FieldType.Int => "int",
        FieldType.Long => "long",
        FieldType.UInt => "uint",
        FieldType.ULong => "ulong",
        FieldType.Float => "float",
        FieldType.String => "string",
        FieldType.Floats => "floats",
        _ => "unknown type",
    };
}

/// <summary>The byte that tells how a field's value is stored.</summary>
internal enum FieldType : byte
{
    Int = 1,
    Long = 2,
    UInt = 3,
    ULong = 4,
    Float = 5,
    String = 6,
    Floats = 7,
}
