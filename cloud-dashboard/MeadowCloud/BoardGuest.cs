using System;
using System.Collections;
using System.Net;
using System.Threading;
using MQTTnet.Server;

namespace FeatureAlignment.Dashboard.MeadowCloud;

/// <summary>Who is at the other end of a connection to the broker.</summary>
internal sealed class BoardGuest(IPAddress address, bool isSameMachine, string? loggedIn, string? token)
{
    /// <summary>Where the items of a session have it.</summary>
    public const string Key = nameof(BoardGuest);

    /// <summary>A board subscribes at once; who does not in this time keeps its place from others.</summary>
    public static readonly TimeSpan SubscribesWithin = TimeSpan.FromSeconds(30);

    private int refusals;
    private ITimer? patience;

    public IPAddress Address { get; } = address;

    public bool IsSameMachine { get; } = isSameMachine;

    /// <summary>The board that it logged in as; null without a login.</summary>
    public string? LoggedIn { get; } = loggedIn;

    /// <summary>What it logged in with.</summary>
    public string? Token { get; } = token;

    /// <summary>The board that it is; null until it has subscribed to a topic of one.</summary>
    public string? DeviceId { get; private set; }

    public MqttSessionStatus? Session { get; private set; }

    /// <summary>Its connection as that of a board; null until it has subscribed to its commands.</summary>
    public BoardConnection? Connection { get; set; }

    /// <summary>The guest of a session; null when it has none.</summary>
    public static BoardGuest? Of(IDictionary items) => items[Key] as BoardGuest;

    public int CountRefusal() => ++refusals;

    /// <summary>Becomes a board. Its first topic says which; it stays that one.</summary>
    /// <returns>Whether it is that board.</returns>
    public bool TryBecome(string deviceId, MqttSessionStatus session)
    {
        DeviceId ??= deviceId;
        Session = session;
        return DeviceId == deviceId;
    }

    /// <summary>Does something if it has not become a board in time.</summary>
    public void AwaitSubscription(TimeProvider time, Action tooLate) => patience = time.CreateTimer(
        _ =>
        {
            if (DeviceId is null)
            {
                tooLate();
            }
        }, null, SubscribesWithin, Timeout.InfiniteTimeSpan);

    /// <summary>It has gone: nothing is awaited of it any more.</summary>
    public void Leave() => patience?.Dispose();
}
