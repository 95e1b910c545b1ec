using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using System.Threading;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Devices;
using FeatureAlignment.Dashboard.Hosting;
using FeatureAlignment.Dashboard.Storage;
using FeatureAlignment.Telemetry;
using Microsoft.AspNetCore.Http;

namespace FeatureAlignment.Dashboard.Ingestion;

/// <summary>Finds out whether a request comes from the device that it names.</summary>
/// <remarks>
/// A device that never had a key may report without one from the same machine: the simulator and the demo need no set-up. Its first key
/// ends that for ever, also when the key is revoked. <see cref="RequestSource"/> knows what is not
/// from the same machine although it looks so.
/// </remarks>
internal sealed class BatchLogin(DashboardOptions options, ITelemetryStore store, DeviceKeys keys)
{
    /// <summary>Checks the key or the signature.</summary>
    /// <param name="request">The request.</param>
    /// <param name="header">What it says of itself.</param>
    /// <param name="body">The body as sent.</param>
    /// <param name="cancellation">When the sender has gone.</param>
    /// <exception cref="DoorRefusedException">401 or 403.</exception>
    public async ValueTask RequireAsync(HttpRequest request, BatchHeader header, byte[] body, CancellationToken cancellation)
    {
        IReadOnlyList<DeviceKeyRecord> known = await store.ListKeysAsync(header.DeviceId, cancellation);
        string? signature = request.Headers[BatchHeader.SignatureHeader], key = request.Headers[BatchHeader.KeyHeader];
        if (signature is not null)
        {
            RequireSignature(known, header, body, signature);
        }
        else if (key is not null)
        {
            await RequireKeyAsync(request, known, header.DeviceId, key, cancellation);
        }
        else if (known.Count > 0 || !RequestSource.IsSameMachine(request.HttpContext, options))
        {
            throw Unauthorized(
                $"A batch must bring {BatchHeader.KeyHeader} or {BatchHeader.SignatureHeader}; it brings neither. Without one a device "
                    + $"may report from the dashboard's own machine only, and only before it gets its first key.");
        }
    }

    private static DoorRefusedException Unauthorized(string detail) => new(StatusCodes.Status401Unauthorized, detail);

    private void RequireSignature(IReadOnlyList<DeviceKeyRecord> known, BatchHeader header, byte[] body, string signature)
    {
        bool matches = false;
        foreach (DeviceKeyRecord record in known.Where(record => record.RevokedAt is null))
        {
            matches |= keys.SigningKey(record) is byte[] secret && BatchSignature.Verify(secret, header, body, signature);
        }

        if (!matches)
        {
            throw Unauthorized(
                $"{BatchHeader.SignatureHeader} must be made with a valid key of device {header.DeviceId} over what is sent; it is not.");
        }
    }

    private async ValueTask RequireKeyAsync(
        HttpRequest request, IReadOnlyList<DeviceKeyRecord> known, string deviceId, string key, CancellationToken cancellation)
    {
        if (!request.IsHttps && !RequestSource.IsSameMachine(request.HttpContext, options))
        {
            throw Unauthorized(
                $"{BatchHeader.KeyHeader} must not be sent in the clear. Use https, or {BatchHeader.SignatureHeader}, and change this "
                + $"key: it may have been seen.");
        }

        byte[] hash = DeviceKeys.Hash(key);
        bool matches = false;
        foreach (DeviceKeyRecord record in known.Where(record => record.RevokedAt is null))
        {
            matches |= CryptographicOperations.FixedTimeEquals(record.Hash.Span, hash);
        }

        if (!matches)
        {
            throw await store.FindKeyOwnerAsync(hash, cancellation) is null
                ? Unauthorized($"{BatchHeader.KeyHeader} must be a valid key of device {deviceId}; it is not.")
                : new DoorRefusedException(StatusCodes.Status403Forbidden,
                    $"{BatchHeader.KeyHeader} must be of device {deviceId}; it is another device's.");
        }
    }
}
