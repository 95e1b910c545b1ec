using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using System.Threading;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Storage;

namespace FeatureAlignment.Dashboard.MeadowCloud;

/// <summary>The registry of boards' public keys, which <c>meadow device provision --gen-command</c> shows as PEM.</summary>
public sealed class BoardKeys(ITelemetryStore store, TimeProvider time)
{
    // Meadow boards have 2048 bits; less is broken, more is slow for nothing.
    private const int LeastBits = 2_048, MostBits = 8_192;

    /// <summary>Gives a board its public key, in place of the one before.</summary>
    /// <param name="deviceId">The board; if it is known in other capitals, that one is meant.</param>
    /// <param name="pem">The key as PEM: PUBLIC KEY or RSA PUBLIC KEY.</param>
    /// <exception cref="ArgumentException">It is no such key.</exception>
    public async Task<PublicKeyRecord> SetAsync(string deviceId, string pem)
    {
        using RSA rsa = Parse(pem);
        string id = await store.FindDeviceIdAsync(deviceId) ?? deviceId;
        return await store.SetPublicKeyAsync(id, rsa.ExportSubjectPublicKeyInfo(), time.GetUtcNow().ToUnixTimeMilliseconds());
    }

    /// <summary>Revokes a board's public key and, with it, all its tokens.</summary>
    /// <returns>False when it has none.</returns>
    public async Task<bool> RevokeAsync(string deviceId) => await store.RevokePublicKeyAsync(
        await store.FindDeviceIdAsync(deviceId) ?? deviceId, time.GetUtcNow().ToUnixTimeMilliseconds());

    /// <summary>A board's valid key; null when it has none.</summary>
    public async Task<PublicKeyRecord?> FindAsync(string deviceId, CancellationToken cancellation = default)
    {
        IReadOnlyList<PublicKeyRecord> keys =
            await store.ListPublicKeysAsync(await store.FindDeviceIdAsync(deviceId, cancellation) ?? deviceId, cancellation);
        return keys.LastOrDefault(key => key.RevokedAt is null);
    }

    /// <summary>What people compare keys by: the start of the SHA-256 of its DER form.</summary>
    public static string Fingerprint(PublicKeyRecord key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return Convert.ToHexStringLower(SHA256.HashData(key.Key.Span)[..8]);
    }

    private static RSA Parse(string pem)
    {
        ArgumentNullException.ThrowIfNull(pem);
        var rsa = RSA.Create();
        try
        {
            if (pem.Contains("PRIVATE KEY", StringComparison.Ordinal))
            {
                throw new ArgumentException("The key must be the public one; it is the private one, which must never leave its board.");
            }

            rsa.ImportFromPem(pem);
            return rsa.KeySize is >= LeastBits and <= MostBits ? rsa
                : throw new ArgumentException($"The key must have {LeastBits} to {MostBits} bits; it has {rsa.KeySize}.");
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException)
        {
            rsa.Dispose();
            // The runtime's own words for text without a key are for programmers.
            throw e is ArgumentException { ParamName: null } ? e : new ArgumentException(
                "The key must be PEM, from -----BEGIN PUBLIC KEY----- or -----BEGIN RSA PUBLIC KEY----- on; "
                + (e is CryptographicException ? $"what stands there is no RSA key: {e.Message}" : "there is no such line."), e);
        }
    }
}
