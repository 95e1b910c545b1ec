using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using MQTTnet.Server;

namespace FeatureAlignment.Dashboard.MeadowCloud;

/// <summary>A board that is connected to the broker and subscribed to its commands.</summary>
internal sealed class BoardConnection(
    string deviceId, string topic, IPAddress address, MqttSessionStatus session, Func<Task<bool>> mayStay)
{
    public string DeviceId { get; } = deviceId;

    /// <summary>Topic of its commands, as it spells it.</summary>
    public string Topic { get; } = topic;

    public IPAddress Address { get; } = address;

    public MqttSessionStatus Session { get; } = session;

    /// <summary>Whether the board may still have what it was let in with: no key then, or one that is valid.</summary>
    public Task<bool> MayStayAsync() => mayStay();

    /// <summary>Held while commands are sent.</summary>
    public SemaphoreSlim Sending { get; } = new(1);

    /// <summary>Ids of commands that went over this connection.</summary>
    public HashSet<string> Sent { get; } = [];
}

/// <summary>The boards that are connected; of several connections of one board the newest counts.</summary>
internal sealed class BoardConnections
{
    private readonly Lock access = new();
    private readonly Dictionary<string, BoardConnection> boards = [];

    /// <summary>Adds a connection.</summary>
    public void Add(BoardConnection connection)
    {
        lock (access)
        {
            boards[connection.DeviceId] = connection;
        }
    }

    /// <summary>Removes a connection, unless a newer one has taken its place.</summary>
    /// <returns>Whether the board is now without one.</returns>
    public bool Remove(BoardConnection connection)
    {
        lock (access)
        {
            return boards.TryGetValue(connection.DeviceId, out BoardConnection? newest) && newest == connection
                && boards.Remove(connection.DeviceId);
        }
    }

    /// <summary>A board's connection; null when it has none.</summary>
    public BoardConnection? Find(string deviceId)
    {
        lock (access)
        {
            return boards.GetValueOrDefault(deviceId);
        }
    }

    /// <summary>The one board that is connected from an address; null when there is none or more than one.</summary>
    public string? FindOnly(IPAddress address)
    {
        lock (access)
        {
            string[] found = [.. boards.Values.Where(board => board.Address.Equals(address)).Take(2).Select(board => board.DeviceId)];
            return found.Length == 1 ? found[0] : null;
        }
    }
}
