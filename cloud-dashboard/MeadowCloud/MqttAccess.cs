using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Hosting;
using FeatureAlignment.Telemetry;
using MQTTnet.Formatter;
using MQTTnet.Protocol;
using MQTTnet.Server;

namespace FeatureAlignment.Dashboard.MeadowCloud;

/// <summary>Whom the broker lets in, under which client id, to which topics and for how long.</summary>
internal sealed class MqttAccess(DashboardOptions options, BoardAccess access)
{
    // First part of the topics of a board that did not log in: Meadow's client leaves the macro as it is.
    private const string NoOrganization = "{OID}";

    private const string CommandTopic = "commands", UpdateTopic = "ota";

    private const string NotItsOwn = "it must be one of the board's own topics";

    // Keep alive: Meadow's client has 15 s. One that is lost without a word, or says nothing on purpose, must not keep its place for ever.
    private const int MostSilentSeconds = 300;

    // Who has which client id; MQTT gives a connection, and what it is subscribed to, to the next that comes with the same id.
    private readonly ConcurrentDictionary<string, BoardGuest?> clients = new();

    /// <summary>Whether a topic is that of a board's commands.</summary>
    public static bool IsCommands(string topic) => topic.Split('/') is [_, CommandTopic, _];

    /// <summary>Lets a guest in, or gives the connection the reason why not.</summary>
    /// <returns>What is wrong, for the log; null when it is let in.</returns>
    public async Task<string?> ReceiveAsync(ValidatingConnectionEventArgs connecting, IPAddress address)
    {
        if (connecting.ProtocolVersion != MqttProtocolVersion.V500)
        {
            connecting.ReasonCode = MqttConnectReasonCode.UnsupportedProtocolVersion;
            return "MQTT must be version 5";
        }

        if (connecting.KeepAlivePeriod is 0 or > MostSilentSeconds)
        {
            connecting.ReasonCode = MqttConnectReasonCode.ImplementationSpecificError;
            return $"its keep alive must be 1 to {MostSilentSeconds} s; it is {connecting.KeepAlivePeriod}";
        }

        (BoardGuest? guest, string? fault) = await LogInAsync(connecting, address);
        if (guest is not null && clients.TryGetValue(connecting.ClientId ?? "", out BoardGuest? owner)
            && owner?.LoggedIn != guest.LoggedIn)
        {
            (guest, fault) = (null, "its client id is another board's");
        }

        connecting.ReasonCode = guest is null ? MqttConnectReasonCode.NotAuthorized : MqttConnectReasonCode.Success;
        connecting.SessionItems[BoardGuest.Key] = guest;
        return fault;
    }

    /// <summary>A client id is a guest's from now on.</summary>
    public void Take(string clientId, BoardGuest? guest) => clients[clientId] = guest;

    /// <summary>A guest has gone, and its client id is nobody's, unless its next connection has it already.</summary>
    public void Free(string clientId, BoardGuest? guest) => clients.TryRemove(KeyValuePair.Create(clientId, guest));

    /// <summary>Lets a guest subscribe to a topic, by which it becomes that board; or says why it may not.</summary>
    /// <returns>What is wrong, for the log; null when it may.</returns>
    public async Task<string?> SubscribeAsync(BoardGuest? guest, string topic, MqttSessionStatus session, CancellationToken cancellation)
    {
        if (guest is null || topic.Split('/') is not [string organization, CommandTopic or UpdateTopic, string id]
            || !TelemetryNames.IsDeviceId(id))
        {
            return NotItsOwn;
        }

        string board = await access.ResolveAsync(id, cancellation);
        string? refusal = guest.LoggedIn is null
            ? await access.FindRefusalAsync(board, guest.IsSameMachine, cancellation)
            : guest.LoggedIn == board ? null : NotItsOwn;
        if (refusal is not null)
        {
            return refusal;
        }

        return organization == (guest.LoggedIn is null ? NoOrganization : BoardTokens.Organization) && guest.TryBecome(board, session)
            ? null
            : NotItsOwn;
    }

    /// <summary>Whether a board may still have what it was let in with.</summary>
    /// <remarks>Keys are made, replaced and revoked while boards are connected.</remarks>
    public async Task<bool> MayStayAsync(string board, BoardGuest guest) => guest.Token is null
        ? await access.FindRefusalAsync(board, guest.IsSameMachine, CancellationToken.None) is null
        : await access.FindBoardAsync(guest.Token, allowExpired: true, CancellationToken.None) == board;

    private async Task<(BoardGuest? Guest, string? Fault)> LogInAsync(ValidatingConnectionEventArgs connecting, IPAddress address)
    {
        bool isSameMachine = RequestSource.IsSameMachine(address, options);
        if (string.IsNullOrEmpty(connecting.UserName))
        {
            return isSameMachine || access.ListsBoards
                ? (new BoardGuest(address, isSameMachine, loggedIn: null, token: null), null)
                : (null, "it must log in; it has no user name");
        }

        // Meadow's client keeps its first token for ever here, also when it gets new ones for its posts.
        string? board = await access.FindBoardAsync(connecting.Password, allowExpired: true, connecting.CancellationToken);
        return board is not null && board.Equals(connecting.UserName, StringComparison.OrdinalIgnoreCase)
            ? (new BoardGuest(address, isSameMachine, board, connecting.Password), null)
            : (null, "its password must be a token of the board in its user name; it is not");
    }
}
