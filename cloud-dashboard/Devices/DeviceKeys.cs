using System;
using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Storage;
using Microsoft.AspNetCore.DataProtection;

namespace FeatureAlignment.Dashboard.Devices;

/// <summary>
/// Keys of devices: 256 random bits as 43 characters, shown once. The database has the hash, which a sent key is compared with, and the key
/// sealed by the protection folder beside the database, since a signature can be checked by nothing less than the key. Whoever has the
/// database alone has no key.
/// </summary>
public sealed class DeviceKeys(ITelemetryStore store, IDataProtectionProvider protection, TimeProvider time)
{
    private const int KeyBytes = 32;

    private readonly IDataProtector protector = protection.CreateProtector("device keys");
    private readonly ConcurrentDictionary<long, byte[]?> unsealed = new();

    /// <summary>Makes a key for a device, which becomes known by it.</summary>
    /// <returns>The key's row, and the key itself, which nothing shows again.</returns>
    /// <exception cref="InvalidOperationException">The device has two valid keys.</exception>
    public async Task<(DeviceKeyRecord Record, string Key)> CreateAsync(string deviceId)
    {
        string key = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(KeyBytes));
        byte[] bytes = Encoding.ASCII.GetBytes(key);
        DeviceKeyRecord record =
            await store.AddKeyAsync(deviceId, SHA256.HashData(bytes), protector.Protect(bytes), time.GetUtcNow().ToUnixTimeMilliseconds());
        return (record, key);
    }

    /// <summary>Hash of a key as it was sent.</summary>
    public static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    /// <summary>The bytes that a device signs with: the characters of its key. Null when the protection folder can't open them.</summary>
    public byte[]? SigningKey(DeviceKeyRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        return unsealed.GetOrAdd(record.Id, static (_, state) => Unseal(state.protector, state.record), (protector, record));
    }

    private static byte[]? Unseal(IDataProtector protector, DeviceKeyRecord record)
    {
        try
        {
            return protector.Unprotect(record.SealedKey.ToArray());
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
