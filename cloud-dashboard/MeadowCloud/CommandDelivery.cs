using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Storage;
using FeatureAlignment.Telemetry;
using Microsoft.Extensions.Logging;

namespace FeatureAlignment.Dashboard.MeadowCloud;

/// <summary>Sends boards their commands while they are connected to the broker, and stores when they are.</summary>
/// <remarks>Its log lines are the broker's: one category for all that happens at that door.</remarks>
internal sealed partial class CommandDelivery(
    ITelemetryStore store, BoardConnections connections, TimeProvider time, ILogger<MqttBroker> logger)
{
    /// <summary>From now on new commands go at once to boards that are connected.</summary>
    public void Start() => store.CommandAdded += OnCommandAdded;

    public void Stop() => store.CommandAdded -= OnCommandAdded;

    /// <summary>A board can take commands: those that wait are sent.</summary>
    public async Task BeginAsync(BoardConnection connection)
    {
        string board = connection.DeviceId;
        connections.Add(connection);
        try
        {
            long now = time.GetUtcNow().ToUnixTimeMilliseconds();
            await store.RegisterDeviceAsync(board, now);
            await store.AddConnectionAsync(new ConnectionRecord(board, now, "online", "Connected to the broker."));
        }
        catch (StoreUnavailableException e)
        {
            LogStore(board, e.Message);
        }

        _ = SendAsync(board);
    }

    /// <summary>A board takes no more commands over a connection; it is offline, unless it has a newer one.</summary>
    public async Task EndAsync(BoardConnection connection, string reason)
    {
        if (connections.Remove(connection))
        {
            try
            {
                await store.AddConnectionAsync(
                    new ConnectionRecord(connection.DeviceId, time.GetUtcNow().ToUnixTimeMilliseconds(), "offline", reason));
            }
            catch (StoreUnavailableException e)
            {
                LogStore(connection.DeviceId, e.Message);
            }
        }
    }

    // From the writing thread, which must not wait.
    private void OnCommandAdded(string deviceId)
    {
        if (connections.Find(deviceId) is not null)
        {
            _ = Task.Run(() => SendAsync(deviceId));
        }
    }

    // A command that the board has not answered goes again over its next connection; the board does each id once.
    private async Task SendAsync(string deviceId)
    {
        if (connections.Find(deviceId) is not BoardConnection connection)
        {
            return;
        }

        await connection.Sending.WaitAsync();
        try
        {
            if (!await connection.MayStayAsync())
            {
                await connection.Session.DeleteAsync();
                return;
            }

            IReadOnlyList<TelemetryCommand> open = await store.TakeCommandsAsync(deviceId, time.GetUtcNow().ToUnixTimeMilliseconds());
            foreach (TelemetryCommand command in open.Where(command => connection.Sent.Add(command.Id)))
            {
                connection.Session.TryEnqueueApplicationMessage(MqttCommand.Create(connection.Topic, command), out _);
            }
        }
        catch (Exception e) when (e is StoreUnavailableException or ObjectDisposedException or InvalidOperationException)
        {
            // The connection has just ended, or nothing can be stored: the commands wait for the next one.
            LogStore(deviceId, e.Message);
        }
        finally
        {
            connection.Sending.Release();
        }
    }

    [LoggerMessage(EventId = 213, Level = LogLevel.Warning, Message = "Commands of board {DeviceId} wait: {Detail}")]
    private partial void LogStore(string deviceId, string detail);
}
