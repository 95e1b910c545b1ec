using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace FeatureAlignment.Dashboard.Storage.Sqlite;

public sealed partial class SqliteTelemetryStore
{
    private const string RevokePublicKey = "UPDATE public_keys SET revoked = $2 WHERE device = $1 AND revoked IS NULL";

    /// <inheritdoc/>
    public Task<PublicKeyRecord> SetPublicKeyAsync(string deviceId, ReadOnlyMemory<byte> key, long now) => writer.RunAsync(session =>
    {
        long device = session.Register(deviceId, now).Row;
        session.Prepared(RevokePublicKey, device, now).ExecuteNonQuery();
        object id = session.Prepared(
            "INSERT INTO public_keys (device, key, created) VALUES ($1, $2, $3) RETURNING id", device, key.ToArray(), now).ExecuteScalar()!;
        return new PublicKeyRecord((long)id, deviceId, key, now, RevokedAt: null);
    });

    /// <inheritdoc/>
    public Task<bool> RevokePublicKeyAsync(string deviceId, long now) => writer.RunAsync(
        session => session.FindDevice(deviceId) is KnownDevice device
            && session.Prepared(RevokePublicKey, device.Row, now).ExecuteNonQuery() > 0);

    /// <inheritdoc/>
    public Task<IReadOnlyList<PublicKeyRecord>> ListPublicKeysAsync(string? deviceId = null, CancellationToken cancellation = default) =>
        ReadAsync<IReadOnlyList<PublicKeyRecord>>(
            connection => connection.Query(
                """
                SELECT public_keys.id, name, key, created, revoked FROM public_keys JOIN devices ON devices.id = device
                WHERE $1 IS NULL OR name = $1 ORDER BY public_keys.id
                """,
                row => new PublicKeyRecord(row.GetInt64(0), row.GetString(1), row.GetBytes(2), row.GetInt64(3), row.GetLongOrNull(4)),
                deviceId),
            cancellation);
}
