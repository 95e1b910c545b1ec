using System;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using FeatureAlignment.Telemetry.Json;

namespace FeatureAlignment.Telemetry;

/// <summary>
/// Signature of a batch: hex(HMAC-SHA256(key, method \n path \n boot \n seq \n time \n hex(SHA-256(body as sent)))), all hex in lower
/// case.
/// </summary>
public static class BatchSignature
{
    /// <summary>Computes the signature of a batch that is posted.</summary>
    /// <param name="key">The device's key, not empty.</param>
    /// <param name="header">Its path, boot, sequence and time are signed.</param>
    /// <param name="body">The body as it is sent: compressed, if it is.</param>
    /// <returns>64 hexadecimal digits in lower case.</returns>
    /// <exception cref="ArgumentException"><paramref name="key"/> is empty, or an argument is null.</exception>
    public static string Create(byte[] key, BatchHeader header, byte[] body) => HexDigits.Format(Compute(key, header, body));

    /// <summary>Compares a signature with what it must be, in a time that does not tell where they differ.</summary>
    /// <param name="key">The device's key, not empty.</param>
    /// <param name="header">What the request's address and headers say.</param>
    /// <param name="body">The body as it came.</param>
    /// <param name="signature">What the request brought: hexadecimal digits in either case, or anything else.</param>
    /// <returns>Whether it is the right one.</returns>
    /// <exception cref="ArgumentException"><paramref name="key"/> is empty, or an argument but <paramref name="signature"/> is
    /// null.</exception>
    public static bool Verify(byte[] key, BatchHeader header, byte[] body, string? signature)
    {
        byte[] expected = Compute(key, header, body);
        var found = new byte[expected.Length];
        bool wellFormed = signature is not null && signature.Length == 2 * found.Length;
        for (int i = 0; wellFormed && i < found.Length; i++)
        {
            int high = HexDigits.Value(signature![2 * i]), low = HexDigits.Value(signature[2 * i + 1]);
            wellFormed = high >= 0 && low >= 0;
            found[i] = (byte)(high << 4 | (low & 15));
        }

        return wellFormed & CryptographicOperations.FixedTimeEquals(expected, found);
    }

    private static byte[] Compute(byte[] key, BatchHeader header, byte[] body)
    {
        ArgumentChecks.NotNull(key, nameof(key));
        ArgumentChecks.NotNull(header, nameof(header));
        ArgumentChecks.NotNull(body, nameof(body));
        if (key.Length == 0)
        {
            throw new ArgumentException("The key must hold at least one byte; it is empty.", nameof(key));
        }

        using SHA256 sha = SHA256.Create();
        string text = string.Format(
            CultureInfo.InvariantCulture, "POST\n{0}\n{1}\n{2}\n{3}\n{4}",
            header.Path, header.Boot, header.Sequence, header.TimeMilliseconds, HexDigits.Format(sha.ComputeHash(body)));
        using var hmac = new HMACSHA256(key);
        return hmac.ComputeHash(Encoding.UTF8.GetBytes(text));
    }
}
