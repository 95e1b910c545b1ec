using System;

namespace FeatureAlignment.Checkpoints;

/// <summary>
/// The CRC-32 of IEEE 802.3, as in zip and png: reflected polynomial 0xEDB88320, start and final inversion. The check value of
/// "123456789" is 0xCBF43926. It detects every changed bit and every burst of up to 32 bits.
/// </summary>
public static class Crc32
{
    private const uint ReflectedPolynomial = 0xEDB88320;

    // RFC 1952, section 8: one division step of eight bits for every value of a byte.
    private static readonly uint[] Table = CreateTable();

    /// <summary>Extends a checksum by more bytes, so that a long file is summed block by block. Allocates nothing.</summary>
    /// <param name="checksum">Checksum of the bytes before these, 0 when there are none.</param>
    /// <param name="bytes">The bytes to add.</param>
    /// <returns>Checksum of all bytes so far.</returns>
    public static uint Append(uint checksum, ReadOnlySpan<byte> bytes)
    {
        uint remainder = ~checksum;
        uint[] table = Table;
        for (int i = 0; i < bytes.Length; i++)
        {
            remainder = table[(byte)(remainder ^ bytes[i])] ^ (remainder >> 8);
        }

        return ~remainder;
    }

    private static uint[] CreateTable()
    {
        var table = new uint[256];
        for (uint value = 0; value < 256; value++)
        {
            uint remainder = value;
            for (int bit = 0; bit < 8; bit++)
            {
                remainder = (remainder & 1) != 0 ? ReflectedPolynomial ^ (remainder >> 1) : remainder >> 1;
            }

            table[value] = remainder;
        }
        return table;
    }
}
