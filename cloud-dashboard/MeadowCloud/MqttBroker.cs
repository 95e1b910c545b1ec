using System;
using System.Collections;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Hosting;
using FeatureAlignment.Dashboard.Ingestion;
using FeatureAlignment.Dashboard.Monitoring;
using FeatureAlignment.Dashboard.Storage;
using FeatureAlignment.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MQTTnet.Diagnostics.Logger;
using MQTTnet.Formatter;
using MQTTnet.Protocol;
using MQTTnet.Server;

namespace FeatureAlignment.Dashboard.MeadowCloud;

/// <summary>
/// The MQTT v5 broker that Meadow's cloud client keeps a connection to. A board may subscribe to its own topics,
/// <c>{OID}/commands/{ID}</c> and <c>{OID}/ota/{ID}</c>, and publish nothing; a command goes to the connection of its board alone.
/// </summary>
/// <remarks>Sessions end with their connection: Meadow's client has a new id at every start, and commands wait in the store.</remarks>
internal sealed partial class MqttBroker(
    DashboardOptions options, ITelemetryStore store, BoardAccess access, BoardConnections connections, DoorLimits limits, TimeProvider time,
    DashboardMetrics metrics, ILogger<MqttBroker> logger) : IHostedService, IDisposable
{
    // First part of the topics of a board that did not log in: Meadow's client leaves the macro as it is.
    private const string NoOrganization = "{OID}";

    // Names this door in the metrics.
    private const string Door = "mqtt";

    private const string CommandTopic = "commands", UpdateTopic = "ota";

    // Subscriptions of one connection.
    private const int MostRefusals = 8;

    // Keep alive: Meadow's client has 15 s. One that is lost without a word, or says nothing on purpose, must not keep its place for ever.
    private const int MostSilentSeconds = 300;

    // A board subscribes at once; who does not in this time keeps its place from others.
    private static readonly TimeSpan SubscribesWithin = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan CommunicationTimeout = TimeSpan.FromSeconds(10);

    // Who has which client id; MQTT gives a connection, and what it is subscribed to, to the next that comes with the same id.
    private readonly ConcurrentDictionary<string, string?> clients = new();

    private MqttServer? server;
    private MqttListener? listener;

    /// <summary>The port that it listens at; null when it does not.</summary>
    public int? Port => listener?.Port;

    /// <summary>Connections at this moment.</summary>
    public int Connections => listener?.Connections ?? 0;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.MqttPort is not int port)
        {
            return;
        }

        listener = new MqttListener(options.MqttAddress, port, LogEnd);
        server = new MqttServer(
            new MqttServerOptions { DefaultCommunicationTimeout = CommunicationTimeout }, [listener], new MqttNetNullLogger());
        server.ValidatingConnectionAsync += ValidateAsync;
        server.InterceptingSubscriptionAsync += InterceptSubscriptionAsync;
        server.InterceptingPublishAsync += RefusePublishAsync;
        server.ClientSubscribedTopicAsync += subscribed => OnSubscribedAsync(subscribed.SessionItems, subscribed.TopicFilter.Topic);
        server.ClientUnsubscribedTopicAsync += unsubscribed => OnUnsubscribedAsync(unsubscribed.SessionItems, unsubscribed.TopicFilter);
        server.ClientConnectedAsync += connected =>
        {
            var guest = connected.SessionItems[nameof(Guest)] as Guest;
            clients[connected.ClientId] = guest?.LoggedIn;
            guest?.Patience = time.CreateTimer(
                _ => _ = PutOutAsync(connected.ClientId, guest), null, SubscribesWithin, Timeout.InfiniteTimeSpan);
            return Task.CompletedTask;
        };
        server.ClientDisconnectedAsync += OnDisconnectedAsync;
        try
        {
            await server.StartAsync();
        }
        catch (SocketException e) when (!options.IsMqttPortChosen)
        {
            // The page of an ordinary start must not fail for a board door that nobody asked for.
            LogNoPort(options.MqttAddress, port, e.Message);
            Dispose();
            return;
        }
        catch (SocketException e)
        {
            throw new InvalidOperationException(
                $"--mqtt-port must be free at {options.MqttAddress}; {port} is not: {e.Message}. Choose another one, or 0 for none.", e);
        }

        store.CommandAdded += OnCommandAdded;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        store.CommandAdded -= OnCommandAdded;
        if (server is not null)
        {
            await server.StopAsync();
        }
    }

    public void Dispose()
    {
        server?.Dispose();
        listener?.Dispose();
        (server, listener) = (null, null);
    }

    private async Task ValidateAsync(ValidatingConnectionEventArgs connecting)
    {
        IPAddress address = RequestSource.Plain((connecting.RemoteEndPoint as IPEndPoint)?.Address);
        if (limits.FindBlock(address) is not null)
        {
            metrics.CountRefusal(Door, StatusCodes.Status429TooManyRequests);
            connecting.ReasonCode = MqttConnectReasonCode.ConnectionRateExceeded;
            return;
        }

        string? fault;
        if (connecting.ProtocolVersion != MqttProtocolVersion.V500)
        {
            (connecting.ReasonCode, fault) = (MqttConnectReasonCode.UnsupportedProtocolVersion, "MQTT must be version 5");
        }
        else if (connecting.KeepAlivePeriod is 0 or > MostSilentSeconds)
        {
            (connecting.ReasonCode, fault) = (MqttConnectReasonCode.ImplementationSpecificError,
                $"its keep alive must be 1 to {MostSilentSeconds} s; it is {connecting.KeepAlivePeriod}");
        }
        else
        {
            (Guest? guest, fault) = await ReceiveAsync(connecting, address);
            if (guest is not null && clients.TryGetValue(connecting.ClientId ?? "", out string? owner) && owner != guest.LoggedIn)
            {
                (guest, fault) = (null, "its client id is another board's");
            }

            connecting.ReasonCode = guest is null ? MqttConnectReasonCode.NotAuthorized : MqttConnectReasonCode.Success;
            connecting.SessionItems[nameof(Guest)] = guest;
        }

        if (fault is not null)
        {
            bool isFailedLogin = connecting.ReasonCode == MqttConnectReasonCode.NotAuthorized;
            if (isFailedLogin)
            {
                limits.CountFailure(address);
            }

            metrics.CountRefusal(Door, isFailedLogin ? StatusCodes.Status401Unauthorized : StatusCodes.Status400BadRequest);
            LogRefusal(address, fault);
        }
    }

    private async Task<(Guest? Guest, string? Fault)> ReceiveAsync(ValidatingConnectionEventArgs connecting, IPAddress address)
    {
        bool isSameMachine = RequestSource.IsSameMachine(address, options);
        if (string.IsNullOrEmpty(connecting.UserName))
        {
            return isSameMachine || access.ListsBoards
                ? (new Guest(address, isSameMachine, LoggedIn: null, Token: null), null)
                : (null, "it must log in; it has no user name");
        }

        // Meadow's client keeps its first token for ever here, also when it gets new ones for its posts.
        string? board = await access.FindBoardAsync(connecting.Password, allowExpired: true, connecting.CancellationToken);
        return board is not null && board.Equals(connecting.UserName, StringComparison.OrdinalIgnoreCase)
            ? (new Guest(address, isSameMachine, board, connecting.Password), null)
            : (null, "its password must be a token of the board in its user name; it is not");
    }

    private async Task InterceptSubscriptionAsync(InterceptingSubscriptionEventArgs subscribing)
    {
        string topic = subscribing.TopicFilter.Topic;
        string fault = "it must be one of the board's own topics";
        if (subscribing.SessionItems[nameof(Guest)] is Guest guest
            && topic.Split('/') is [string organization, CommandTopic or UpdateTopic, string id] && TelemetryNames.IsDeviceId(id))
        {
            string board = await access.ResolveAsync(id, subscribing.CancellationToken);
            string? refusal = guest.LoggedIn is null
                ? await access.FindRefusalAsync(board, guest.IsSameMachine, subscribing.CancellationToken)
                : guest.LoggedIn == board ? null : fault;
            if (refusal is null && organization == (guest.LoggedIn is null ? NoOrganization : BoardTokens.Organization)
                && guest.TryBecome(board, subscribing.Session))
            {
                return;
            }

            fault = refusal ?? fault;
        }

        // Meadow's client would only connect again, a second later: one that errs may stay, for a while.
        int refusals = (subscribing.SessionItems[nameof(Guest)] as Guest)?.CountRefusal() ?? MostRefusals;
        subscribing.ProcessSubscription = false;
        subscribing.CloseConnection = refusals >= MostRefusals;
        subscribing.Response.ReasonCode = MqttSubscribeReasonCode.NotAuthorized;
        if (refusals > 1)
        {
            return;
        }

        LogTopic(TelemetryText.Clean(topic, TelemetryNames.MaxLength), AddressOf(subscribing.SessionItems), fault);
    }

    private Task RefusePublishAsync(InterceptingPublishEventArgs publishing)
    {
        publishing.ProcessPublish = false;
        publishing.CloseConnection = true;
        publishing.Response.ReasonCode = MqttPubAckReasonCode.NotAuthorized;
        LogTopic(
            TelemetryText.Clean(publishing.ApplicationMessage.Topic ?? "", TelemetryNames.MaxLength), AddressOf(publishing.SessionItems),
            "a board publishes nothing");
        return Task.CompletedTask;
    }

    private async Task OnSubscribedAsync(IDictionary items, string topic)
    {
        if (items[nameof(Guest)] is not Guest { DeviceId: string board, Session: MqttSessionStatus session } guest || !IsCommands(topic))
        {
            return;
        }

        var connection = new BoardConnection(board, topic, guest.Address, session, () => MayStayAsync(board, guest));
        guest.Connection = connection;
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

        _ = SendCommandsAsync(board);
    }

    private async Task OnUnsubscribedAsync(IDictionary items, string topic)
    {
        if (IsCommands(topic))
        {
            await EndAsync(items, "No longer subscribed to its commands.");
        }
    }

    private async Task PutOutAsync(string clientId, Guest guest)
    {
        if (guest.DeviceId is null && server is MqttServer running)
        {
            LogRefusal(guest.Address, $"it must subscribe to its board's topics within {SubscribesWithin.TotalSeconds} s; it has not");
            await running.DisconnectClientAsync(clientId, MqttDisconnectReasonCode.MaximumConnectTime);
        }
    }

    private Task OnDisconnectedAsync(ClientDisconnectedEventArgs disconnected)
    {
        (disconnected.SessionItems[nameof(Guest)] as Guest)?.Patience?.Dispose();
        if (disconnected.DisconnectType != MqttClientDisconnectType.Takeover)
        {
            clients.TryRemove(disconnected.ClientId, out _);
        }

        return EndAsync(disconnected.SessionItems, disconnected.DisconnectType switch
        {
            MqttClientDisconnectType.Clean => "Said goodbye to the broker.",
            MqttClientDisconnectType.Takeover => "Connected to the broker anew.",
            _ => "Connection to the broker lost.",
        });
    }

    private async Task EndAsync(IDictionary items, string reason)
    {
        if (items[nameof(Guest)] is Guest { Connection: BoardConnection connection } && connections.Remove(connection))
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
            _ = Task.Run(() => SendCommandsAsync(deviceId));
        }
    }

    // A command that the board has not answered goes again over its next connection; the board does each id once.
    private async Task SendCommandsAsync(string deviceId)
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

    // Keys are made, replaced and revoked while boards are connected.
    private async Task<bool> MayStayAsync(string board, Guest guest) => guest.Token is null
        ? await access.FindRefusalAsync(board, guest.IsSameMachine, CancellationToken.None) is null
        : await access.FindBoardAsync(guest.Token, allowExpired: true, CancellationToken.None) == board;

    private static IPAddress? AddressOf(IDictionary items) => (items[nameof(Guest)] as Guest)?.Address;

    private static bool IsCommands(string topic) => topic.Split('/') is [_, CommandTopic, _];

    private void LogEnd(EndPoint? address, string reason) => LogConnection(address, reason);

    [LoggerMessage(EventId = 210, Level = LogLevel.Warning, Message = "MQTT connection from {Address} refused: {Detail}")]
    private partial void LogRefusal(IPAddress address, string detail);

    [LoggerMessage(EventId = 211, Level = LogLevel.Warning, Message = "MQTT connection from {Address} ended: {Detail}")]
    private partial void LogConnection(EndPoint? address, string detail);

    [LoggerMessage(EventId = 212, Level = LogLevel.Warning, Message = "MQTT topic {Topic} from {Address} refused: {Detail}")]
    private partial void LogTopic(string topic, IPAddress? address, string detail);

    [LoggerMessage(EventId = 213, Level = LogLevel.Warning, Message = "Commands of board {DeviceId} wait: {Detail}")]
    private partial void LogStore(string deviceId, string detail);

    [LoggerMessage(EventId = 214, Level = LogLevel.Warning,
        Message = "No board can use Meadow's cloud client: port {Port} at {Address} is not free ({Detail}). --mqtt-port chooses another")]
    private partial void LogNoPort(IPAddress address, int port, string detail);

    /// <summary>Who is at the other end of a connection.</summary>
    private sealed record Guest(IPAddress Address, bool IsSameMachine, string? LoggedIn, string? Token)
    {
        private int refusals;

        public string? DeviceId { get; private set; }

        public MqttSessionStatus? Session { get; private set; }

        public BoardConnection? Connection { get; set; }

        /// <summary>Goes off when it should have subscribed.</summary>
        public ITimer? Patience { get; set; }

        public int CountRefusal() => ++refusals;

        // Its first topic says which board it is; it stays that one.
        public bool TryBecome(string deviceId, MqttSessionStatus session)
        {
            DeviceId ??= deviceId;
            Session = session;
            return DeviceId == deviceId;
        }
    }
}
