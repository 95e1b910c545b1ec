using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Data.Sqlite;

namespace FeatureAlignment.Dashboard.Storage.Sqlite;

public sealed partial class SqliteTelemetryStore
{
    private const int ConnectionCapacity = 1_000;
    private const string DeviceColumns = "SELECT name, title, registered, seen, app, boot, run, interval FROM devices";
    private const string KeyColumns = "SELECT keys.id, name, hash, sealed, created, revoked FROM keys JOIN devices ON devices.id = device";

    /// <inheritdoc/>
    public Task RegisterDeviceAsync(string deviceId, long now) => writer.RunAsync(session => session.Register(deviceId, now));

    /// <inheritdoc/>
    public Task<bool> SetTitleAsync(string deviceId, string title) => writer.RunAsync(
        session => session.Prepared("UPDATE devices SET title = $2 WHERE name = $1", deviceId, title).ExecuteNonQuery() == 1);

    /// <inheritdoc/>
    public Task<IReadOnlyList<DeviceRecord>> ListDevicesAsync(CancellationToken cancellation = default) =>
        ReadAsync<IReadOnlyList<DeviceRecord>>(connection => connection.Query(DeviceColumns + " ORDER BY name", ReadDevice), cancellation);

    /// <inheritdoc/>
    public Task<DeviceRecord?> FindDeviceAsync(string deviceId, CancellationToken cancellation = default) =>
        ReadAsync(connection => connection.Query(DeviceColumns + " WHERE name = $1", ReadDevice, deviceId).SingleOrDefault(), cancellation);

    /// <inheritdoc/>
    public Task<string?> FindDeviceIdAsync(string anyCase, CancellationToken cancellation = default) => ReadAsync(
        connection => connection.Scalar("SELECT name FROM devices WHERE name = $1", anyCase) as string
            ?? connection.Scalar("SELECT name FROM devices WHERE name = $1 COLLATE NOCASE ORDER BY id LIMIT 1", anyCase) as string,
        cancellation);

    /// <inheritdoc/>
    public Task<DeviceKeyRecord> AddKeyAsync(string deviceId, ReadOnlyMemory<byte> hash, ReadOnlyMemory<byte> sealedKey, long now) =>
        writer.RunAsync(
        session =>
        {
            long device = session.Register(deviceId, now).Row;
            if ((long)session.Prepared("SELECT count(*) FROM keys WHERE device = $1 AND revoked IS NULL", device)
                .ExecuteScalar()! >= DeviceKeyRecord.MostValid)
            {
                throw new InvalidOperationException(
                    $"Device {deviceId} must have at most {DeviceKeyRecord.MostValid} valid keys; it has them. Revoke the "
                    + $"one that it does not use any more.");
            }

            object id = session.Prepared(
                "INSERT INTO keys (device, hash, sealed, created) VALUES ($1, $2, $3, $4) RETURNING id",
                device, hash.ToArray(), sealedKey.ToArray(), now).ExecuteScalar()!;
            return new DeviceKeyRecord((long)id, deviceId, hash, sealedKey, now, RevokedAt: null);
        },
        (_, _) => keys.Forget(deviceId));

    /// <inheritdoc/>
    public Task<bool> RevokeKeyAsync(string deviceId, long keyId, long now) => writer.RunAsync(
        session => session.Prepared(
            "UPDATE keys SET revoked = $3 WHERE id = $2 AND revoked IS NULL AND device = (SELECT id FROM devices WHERE name = $1)",
            deviceId, keyId, now).ExecuteNonQuery() == 1,
        (_, _) => keys.Forget(deviceId));

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<DeviceKeyRecord>> ListKeysAsync(string deviceId, CancellationToken cancellation = default)
    {
        if (keys.Find(deviceId, out long moment) is IReadOnlyList<DeviceKeyRecord> known)
        {
            return known;
        }

        List<DeviceKeyRecord> read = await ReadAsync(
            connection => connection.Query(KeyColumns + " WHERE name = $1 ORDER BY keys.id", ReadKey, deviceId), cancellation);
        // Only this process writes, so what is kept can't grow old; devices without keys are not kept, as anybody can make up their ids.
        if (read.Count > 0)
        {
            keys.Keep(deviceId, read, moment);
        }

        return read;
    }

    /// <inheritdoc/>
    public Task<string?> FindKeyOwnerAsync(ReadOnlyMemory<byte> hash, CancellationToken cancellation = default) => ReadAsync(
        connection => connection.Scalar(
            "SELECT name FROM keys JOIN devices ON devices.id = device WHERE hash = $1 AND revoked IS NULL", hash.ToArray()) as string,
        cancellation);

    /// <inheritdoc/>
    public Task AddConnectionAsync(ConnectionRecord connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        return writer.RunAsync(session =>
        {
            if (session.FindDevice(connection.DeviceId)?.Row is not long device)
            {
                return 0;
            }

            session.Prepared(
                "INSERT INTO connections (device, time, kind, reason) VALUES ($1, $2, $3, $4)",
                device, connection.Time, connection.Kind, connection.Reason).ExecuteNonQuery();
            // A board that comes and goes all day must not fill the disk.
            return session.Prepared(
                """
                DELETE FROM connections WHERE device = $1
                  AND id <= (SELECT id FROM connections WHERE device = $1 ORDER BY id DESC LIMIT 1 OFFSET $2)
                """,
                device, ConnectionCapacity).ExecuteNonQuery();
        });
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<ConnectionRecord>> ListConnectionsAsync(
        string deviceId, int limit = 200, CancellationToken cancellation = default) =>
        ReadAsync<IReadOnlyList<ConnectionRecord>>(
            connection => connection.Query(
                """
                SELECT name, time, kind, reason FROM connections JOIN devices ON devices.id = device
                WHERE name = $1 ORDER BY connections.id DESC LIMIT $2
                """,
                row => new ConnectionRecord(row.GetString(0), row.GetInt64(1), row.GetString(2), row.GetString(3)), deviceId, limit),
            cancellation);

    private static DeviceRecord ReadDevice(SqliteDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetInt64(2), row.GetInt64(3), row.GetString(4), row.GetInt32(5), row.GetLongOrNull(6),
        TimeSpan.FromMilliseconds(row.GetInt64(7)));

    private static DeviceKeyRecord ReadKey(SqliteDataReader row) => new(
        row.GetInt64(0), row.GetString(1), row.GetBytes(2), row.GetBytes(3), row.GetInt64(4), row.GetLongOrNull(5));
}
