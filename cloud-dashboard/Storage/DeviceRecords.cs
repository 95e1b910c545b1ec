using System;

namespace FeatureAlignment.Dashboard.Storage;

/// <summary>A device. Times are Unix milliseconds, 0 when it never reported; zero is also the interval of its reports
/// while it is not known.</summary>
public sealed record DeviceRecord(
    string DeviceId, string Title, long RegisteredAt, long LastSeenAt, string App, int Boot, long? LastRunId, TimeSpan ReportInterval);

/// <summary>A key of a device: its SHA-256, and itself sealed for checking signatures.</summary>
public sealed record DeviceKeyRecord(long Id, string DeviceId, ReadOnlyMemory<byte> Hash, ReadOnlyMemory<byte> SealedKey, long CreatedAt,
    long? RevokedAt)
{
    /// <summary>Keys of a device that can be valid at a time: the old one and the new one.</summary>
    public const int MostValid = 2;
}

/// <summary>An RSA public key of a board, DER of X.509's SubjectPublicKeyInfo. Times are Unix milliseconds.</summary>
public sealed record PublicKeyRecord(long Id, string DeviceId, ReadOnlyMemory<byte> Key, long CreatedAt, long? RevokedAt);

/// <summary>A line of a device's connection log.</summary>
/// <param name="DeviceId">The device.</param>
/// <param name="Time">Unix milliseconds.</param>
/// <param name="Kind"><c>online</c>, <c>offline</c>, <c>restarted</c> or <c>refused</c>.</param>
/// <param name="Reason">Why, as a sentence.</param>
public sealed record ConnectionRecord(string DeviceId, long Time, string Kind, string Reason);

/// <summary>What came in and can't be used.</summary>
/// <param name="DeviceId">The device; null when it is not known.</param>
/// <param name="Time">Unix milliseconds.</param>
/// <param name="Source">The door: <c>batch</c>, <c>events</c>, <c>logs</c>, <c>mqtt</c>.</param>
/// <param name="Reason">Why it can't be used.</param>
/// <param name="Body">What came, cut off if it was long.</param>
public sealed record QuarantineRecord(string? DeviceId, long Time, string Source, string Reason, ReadOnlyMemory<byte> Body);
