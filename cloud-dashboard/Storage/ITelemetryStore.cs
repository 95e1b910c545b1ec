using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Storage.Series;
using FeatureAlignment.Telemetry;

namespace FeatureAlignment.Dashboard.Storage;

/// <summary>
/// All that the dashboard keeps. A task of a write ends after the commit. Tasks fail with <see cref="StoreUnavailableException"/> when
/// nothing can be stored, or read. tests/Dashboard.Tests/Storage/TelemetryStoreContract says what every store must do.
/// </summary>
public interface ITelemetryStore : IBatchStore, IDeviceStore, IPublicKeyStore, IRunStore, ICommandStore, IQuarantineStore, ISettingStore,
    IStoreMaintenance, IAsyncDisposable;

/// <summary>Takes batches.</summary>
public interface IBatchStore
{
    /// <summary>Stores a batch once for ever: one that is there already changes nothing and gets its first answer. So does a part whose
    /// batch is there whole.</summary>
    Task<AppendResult> AppendAsync(ReceivedBatch batch);

    /// <summary>Called after each commit with a batch that was new; from the writer, so it must return at once and throw nothing.</summary>
    event Action<ReceivedBatch>? Committed;
}

/// <summary>Devices, their keys and connections.</summary>
public interface IDeviceStore
{
    /// <summary>Makes a device known, if it is not.</summary>
    Task RegisterDeviceAsync(string deviceId, long now);

    /// <summary>Changes the name that people see.</summary>
    /// <returns>False when there is no such device.</returns>
    Task<bool> SetTitleAsync(string deviceId, string title);

    /// <summary>All devices, by id.</summary>
    Task<IReadOnlyList<DeviceRecord>> ListDevicesAsync(CancellationToken cancellation = default);

    /// <summary>One device; null when it is not known.</summary>
    Task<DeviceRecord?> FindDeviceAsync(string deviceId, CancellationToken cancellation = default);

    /// <summary>The id of a known device that differs from this one in no more than capitals; one that is the same is preferred. Null when
    /// there is none.</summary>
    Task<string?> FindDeviceIdAsync(string anyCase, CancellationToken cancellation = default);

    /// <summary>Adds a key, and the device if it is not known. Two can be valid at a time, so that keys are changed without a
    /// break.</summary>
    /// <exception cref="InvalidOperationException">Two are valid already.</exception>
    Task<DeviceKeyRecord> AddKeyAsync(string deviceId, ReadOnlyMemory<byte> hash, ReadOnlyMemory<byte> sealedKey, long now);

    /// <summary>Revokes a key for ever.</summary>
    /// <returns>False when the device has no such valid key.</returns>
    Task<bool> RevokeKeyAsync(string deviceId, long keyId, long now);

    /// <summary>Keys of a device, revoked ones among them, oldest first. Called for every request: fast.</summary>
    ValueTask<IReadOnlyList<DeviceKeyRecord>> ListKeysAsync(string deviceId, CancellationToken cancellation = default);

    /// <summary>The device that has this valid key; null when none.</summary>
    Task<string?> FindKeyOwnerAsync(ReadOnlyMemory<byte> hash, CancellationToken cancellation = default);

    /// <summary>Adds a line to the connection log of a known device, which keeps its newest thousand.</summary>
    Task AddConnectionAsync(ConnectionRecord connection);

    /// <summary>The connection log, newest first.</summary>
    Task<IReadOnlyList<ConnectionRecord>> ListConnectionsAsync(string deviceId, int limit = 200, CancellationToken cancellation = default);
}

/// <summary>Public keys of boards that log in as at Meadow.Cloud.</summary>
public interface IPublicKeyStore
{
    /// <summary>Gives a device its public key, and makes the device known if it is not. The key before it is revoked.</summary>
    /// <param name="deviceId">The device.</param>
    /// <param name="key">The key, DER of X.509's SubjectPublicKeyInfo.</param>
    /// <param name="now">Unix milliseconds.</param>
    Task<PublicKeyRecord> SetPublicKeyAsync(string deviceId, ReadOnlyMemory<byte> key, long now);

    /// <summary>Revokes a device's public key for ever.</summary>
    /// <returns>False when it has no valid one.</returns>
    Task<bool> RevokePublicKeyAsync(string deviceId, long now);

    /// <summary>Public keys, of one device or of all, revoked ones among them, oldest first.</summary>
    Task<IReadOnlyList<PublicKeyRecord>> ListPublicKeysAsync(string? deviceId = null, CancellationToken cancellation = default);
}

/// <summary>Runs and what they consist of.</summary>
public interface IRunStore
{
    /// <summary>Runs that are not deleted, newest first.</summary>
    Task<IReadOnlyList<RunRecord>> ListRunsAsync(string? deviceId = null, CancellationToken cancellation = default);

    /// <summary>One run; null when there is none or it is deleted.</summary>
    Task<RunRecord?> FindRunAsync(long runId, CancellationToken cancellation = default);

    /// <summary>Changes title, notes, tags.</summary>
    /// <returns>False when there is no such run.</returns>
    Task<bool> EditRunAsync(long runId, RunEdit edit);

    /// <summary>Deletes a run and all its data. What the device still sends for it is answered as quarantined and not kept.</summary>
    /// <returns>False when there is no such run.</returns>
    Task<bool> DeleteRunAsync(long runId);

    /// <summary>Series of a run, the network's first, then by layer and name.</summary>
    Task<IReadOnlyList<SeriesRecord>> ListSeriesAsync(long runId, CancellationToken cancellation = default);

    /// <summary>A series as a chart shows it; empty when there is no such series.</summary>
    Task<ChartData> ReadChartAsync(ChartRequest request, CancellationToken cancellation = default);

    /// <summary>All points of a series in order of arrival; where they are deleted already, the finest entries that are left.</summary>
    IEnumerable<SeriesEntry> ReadPoints(long runId, int? layer, string name);

    /// <summary>Events, newest first.</summary>
    Task<IReadOnlyList<EventRecord>> ListEventsAsync(EventFilter filter, CancellationToken cancellation = default);

    /// <summary>Lines of a log, newest first.</summary>
    Task<IReadOnlyList<LogRecord>> ListLogsAsync(LogFilter filter, CancellationToken cancellation = default);

    /// <summary>Steps of a run at which pictures came, each once, ascending.</summary>
    Task<IReadOnlyList<long>> ListImageStepsAsync(long runId, CancellationToken cancellation = default);

    /// <summary>Pictures of a run in order of arrival: of one step, or of all.</summary>
    Task<IReadOnlyList<ImageRecord>> ListImagesAsync(
        long runId, long? atStep = null, int limit = 200, CancellationToken cancellation = default);

    /// <summary>One picture of a run; null when there is none.</summary>
    Task<ImageRecord?> FindImageAsync(long runId, long imageId, CancellationToken cancellation = default);
}

/// <summary>Commands to devices.</summary>
public interface ICommandStore
{
    /// <summary>Adds a command for a known device. Answers to its batches bring it until it is done, refused or expired; the device does
    /// each id once.</summary>
    /// <exception cref="InvalidOperationException">The device is not known.</exception>
    Task AddCommandAsync(string deviceId, TelemetryCommand command, long now);

    /// <summary>Called after each commit of a new command with its device; from the writer, so it must return at once and throw
    /// nothing.</summary>
    event Action<string>? CommandAdded;

    /// <summary>Commands that the device must still get, oldest first; for doors that do not answer batches. Marks them as sent.</summary>
    Task<IReadOnlyList<TelemetryCommand>> TakeCommandsAsync(string deviceId, long now);

    /// <summary>Commands of a device, newest first.</summary>
    Task<IReadOnlyList<CommandRecord>> ListCommandsAsync(string deviceId, int limit = 200, CancellationToken cancellation = default);
}

/// <summary>What came in and can't be used.</summary>
public interface IQuarantineStore
{
    /// <summary>Keeps it; the oldest go when there are more than 1,000.</summary>
    Task AddQuarantineAsync(QuarantineRecord record);

    /// <summary>Newest first.</summary>
    Task<IReadOnlyList<QuarantineRecord>> ListQuarantineAsync(int limit = 200, CancellationToken cancellation = default);
}

/// <summary>What people set on the settings page.</summary>
public interface ISettingStore
{
    /// <summary>A setting; null when it was never set.</summary>
    Task<string?> FindSettingAsync(string name, CancellationToken cancellation = default);

    /// <summary>Sets it; null removes it.</summary>
    Task SetSettingAsync(string name, string? value);
}

/// <summary>Care of the store.</summary>
public interface IStoreMaintenance
{
    /// <summary>Deletes bodies of batches, points, logs and pictures that came before a time. Batch numbers, answers, roll-ups and events
    /// stay.</summary>
    Task DeleteRawBeforeAsync(long time);

    /// <summary>Copies the whole store to a new file while it is used.</summary>
    /// <exception cref="System.IO.IOException">The file exists or can't be written.</exception>
    Task BackupAsync(string file, CancellationToken cancellation = default);

    /// <summary>Called after each commit with how long it took; from the writer, so it must return at once and throw nothing.</summary>
    event Action<TimeSpan>? CommitTimed;

    /// <summary>Writes that wait for a commit.</summary>
    int WaitingWrites { get; }

    /// <summary>Whether batches can be stored now.</summary>
    /// <returns>Null when they can; else why not.</returns>
    Task<string?> FindFaultAsync(CancellationToken cancellation = default);

    /// <summary>Whether (device, boot, seq) is stored, for the crash test and for support.</summary>
    Task<bool> HasBatchAsync(string deviceId, int boot, int sequence, CancellationToken cancellation = default);
}
