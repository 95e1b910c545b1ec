using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace FeatureAlignment.Dashboard.Tests.Support;

/// <summary>Makes bytes worse, the same way for the same seed.</summary>
internal sealed class HostileBytes(int seed)
{
    // What parsers stumble over.
    private static readonly byte[][] Pieces =
    [
        .. new[]
        {
            "NaN", "-Infinity", "1e999", "-1", "0", "9223372036854775808", "1.5", "null", "true", "[]", "{}", "\"\"", "\"", "\\", "\\u0000",
            "\\ud800", ",", ":", "}", "]", "{OID}/commands/VICTIM", "VICTIM", "#", "+", "../..", "'; DROP TABLE runs; --", "=1+1",
            "<script>", "2026-13-40T99:99:99Z", "0001-01-01T00:00:00Z",
        }.Select(Encoding.UTF8.GetBytes),
        [0], [0xFF], [0xC3, 0x28], [0xED, 0xA0, 0x80], [0xF0, 0x9F], [0x7F, 0xFF, 0xFF, 0xFF], new byte[300],
        [.. Enumerable.Repeat((byte)'[', 500)], [.. Enumerable.Range(0, 100).SelectMany(_ => "{\"a\":"u8.ToArray())],
    ];

    private readonly Random random = new(seed);

    public int Next(int count) => random.Next(count);

    public T Pick<T>(IReadOnlyList<T> from) => from[random.Next(from.Count)];

    /// <summary>The bytes with one to four faults; or others altogether.</summary>
    public byte[] Spoil(byte[] good)
    {
        switch (random.Next(50))
        {
            case 0: return [];
            case 1: return Noise(random.Next(1, 400));
            case 2: return [.. good, .. new byte[70_000]];
            case 3: return [.. Enumerable.Repeat((byte)'[', 60_000)];
            case 4: return [.. Enumerable.Range(0, 12_000).SelectMany(_ => "{\"a\":"u8.ToArray())];
            default: break;
        }

        List<byte> bytes = [.. good];
        for (int faults = random.Next(1, 5); faults > 0; faults--)
        {
            int at = random.Next(bytes.Count + 1), length = Math.Min(random.Next(1, 12), bytes.Count - at);
            switch (random.Next(5))
            {
                case 0 when length > 0: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 1: bytes.RemoveRange(at, length); break;
                case 2: bytes.RemoveRange(at, bytes.Count - at); break;
                case 3: bytes.InsertRange(at, bytes.GetRange(at, length)); break;
                default:
                    bytes.RemoveRange(at, length);
                    bytes.InsertRange(at, Pick(Pieces));
                    break;
            }
        }

        return [.. bytes];
    }

    public byte[] Noise(int length)
    {
        byte[] noise = new byte[length];
        random.NextBytes(noise);
        return noise;
    }
}
