using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using FeatureAlignment.Telemetry;

namespace FeatureAlignment.Dashboard.Storage.Sqlite;

public sealed partial class SqliteTelemetryStore
{
    private const int QuarantineCapacity = 1_000;
    private const int QuarantinedBytes = 4_096;

    // In small transactions, so that devices are answered in between. What is not in chunks yet keeps its body.
    internal static readonly IReadOnlyList<string> RetentionStatements =
    [
        """
        UPDATE batches SET body = NULL WHERE id IN (
          SELECT id FROM batches WHERE received < $1 AND body IS NOT NULL AND id <= (SELECT applied FROM progress) LIMIT 1000)
        """,
        "DELETE FROM logs WHERE id IN (SELECT id FROM logs WHERE received < $1 LIMIT 1000)",
        "DELETE FROM images WHERE id IN (SELECT id FROM images WHERE received < $1 LIMIT 1000)",
    ];

    /// <inheritdoc/>
    public Task AddCommandAsync(string deviceId, TelemetryCommand command, long now)
    {
        ArgumentNullException.ThrowIfNull(command);
        return writer.RunAsync(
        session =>
        {
            KnownDevice device = session.FindDevice(deviceId)
                ?? throw new InvalidOperationException($"The device of a command must be known; {deviceId} is not.");
            device.MayHaveCommands = true;
            return session.Prepared(
                "INSERT INTO commands (device, id, name, args, expires, state, created) VALUES ($1, $2, $3, $4, $5, 0, $6)",
                device.Row, command.Id, command.Name, FieldsJson.Write(command.Args), command.ExpiresMilliseconds, now).ExecuteNonQuery();
        },
        (_, _) => CommandAdded?.Invoke(deviceId));
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<TelemetryCommand>> TakeCommandsAsync(string deviceId, long now) =>
        writer.RunAsync(session => session.FindDevice(deviceId) is KnownDevice device ? OpenCommands.Take(session, device, now) : []);

    /// <inheritdoc/>
    public Task<IReadOnlyList<CommandRecord>> ListCommandsAsync(
        string deviceId, int limit = 200, CancellationToken cancellation = default) =>
        ReadAsync<IReadOnlyList<CommandRecord>>(
            connection => connection.Query(
                """
                SELECT devices.name, commands.id, commands.name, args, expires, state, created, sent, closed, answer
                FROM commands JOIN devices ON devices.id = device
                WHERE devices.name = $1 ORDER BY number DESC LIMIT $2
                """,
                row => new CommandRecord(
                    row.GetString(0), OpenCommands.ReadCommand(row, 1), (CommandState)row.GetInt32(5), row.GetInt64(6),
                    row.GetLongOrNull(7), row.GetLongOrNull(8), row.GetString(9)),
                deviceId, limit),
            cancellation);

    /// <inheritdoc/>
    public Task AddQuarantineAsync(QuarantineRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        byte[] body = record.Body[..Math.Min(record.Body.Length, QuarantinedBytes)].ToArray();
        return writer.RunAsync(session =>
        {
            session.Prepared(
                "INSERT INTO quarantine (device, time, source, reason, body) VALUES ($1, $2, $3, $4, $5)",
                record.DeviceId, record.Time, record.Source, record.Reason, body).ExecuteNonQuery();
            return session.Prepared("DELETE FROM quarantine WHERE id <= (SELECT max(id) FROM quarantine) - $1", QuarantineCapacity)
                .ExecuteNonQuery();
        });
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<QuarantineRecord>> ListQuarantineAsync(int limit = 200, CancellationToken cancellation = default) =>
        ReadAsync<IReadOnlyList<QuarantineRecord>>(
            connection => connection.Query(
                "SELECT device, time, source, reason, body FROM quarantine ORDER BY id DESC LIMIT $1",
                row => new QuarantineRecord(
                    row.IsDBNull(0) ? null : row.GetString(0), row.GetInt64(1), row.GetString(2), row.GetString(3), row.GetBytes(4)),
                limit),
            cancellation);

    /// <inheritdoc/>
    public async Task DeleteRawBeforeAsync(long time)
    {
        foreach (string sql in RetentionStatements)
        {
            while (await writer.RunAsync(session => session.Prepared(sql, time).ExecuteNonQuery()) > 0)
            {
            }
        }

        // Only the series that have such a chunk: most of a large fleet's have none, and each costs a wait for the disk.
        foreach (long series in await ReadAsync(
            connection => connection.Query(
                """
                SELECT id FROM series WHERE (
                  SELECT time_max FROM chunks WHERE series = series.id AND level = 0
                    AND number < (SELECT max(number) FROM chunks WHERE series = series.id AND level = 0)
                  ORDER BY number LIMIT 1) < $1
                """,
                row => row.GetInt64(0), time),
            CancellationToken.None))
        {
            // Full chunks in order up to the first that is young enough: a series must not get holes. The open one is the tail's.
            await writer.RunAsync(session => session.Prepared(
                """
                DELETE FROM chunks WHERE series = $1 AND level = 0 AND number <
                  coalesce(
                    (SELECT min(number) FROM chunks WHERE series = $1 AND level = 0 AND time_max >= $2),
                    (SELECT max(number) FROM chunks WHERE series = $1 AND level = 0))
                """,
                series, time).ExecuteNonQuery());
        }
    }

    /// <inheritdoc/>
    public Task BackupAsync(string file, CancellationToken cancellation = default) =>
        Task.Run(() => Backup(database.File, file), cancellation);

    /// <inheritdoc/>
    public async Task<string?> FindFaultAsync(CancellationToken cancellation = default)
    {
        // What failed before counts once more: on a full disk a batch finds no room, and the write that is tried here may find some.
        Exception? before = writer.Fault;
        try
        {
            await writer.RunAsync(session => session.Prepared("UPDATE progress SET applied = applied").ExecuteNonQuery())
                .WaitAsync(cancellation);
            return (writer.Fault ?? before)?.Message ?? DiskSpace.FindFault(database.File, DiskSpace.FreeFor(database.File));
        }
        catch (StoreUnavailableException e)
        {
            return e.Message;
        }
    }

    /// <inheritdoc/>
    public Task<bool> HasBatchAsync(string deviceId, int boot, int sequence, CancellationToken cancellation = default) => ReadAsync(
        connection => connection.Scalar(
            "SELECT 1 FROM batches JOIN devices ON devices.id = device WHERE name = $1 AND batches.boot = $2 AND seq = $3",
            deviceId, boot, sequence) is not null,
        cancellation);
}
