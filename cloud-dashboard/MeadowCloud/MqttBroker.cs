using System;
using System.Collections;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Hosting;
using FeatureAlignment.Dashboard.Ingestion;
using FeatureAlignment.Dashboard.Monitoring;
using FeatureAlignment.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MQTTnet.Diagnostics.Logger;
using MQTTnet.Protocol;
using MQTTnet.Server;

namespace FeatureAlignment.Dashboard.MeadowCloud;

/// <summary>
/// The MQTT v5 broker that Meadow's cloud client keeps a connection to. A board may subscribe to its own topics,
/// <c>{OID}/commands/{ID}</c> and <c>{OID}/ota/{ID}</c>, and publish nothing; a command goes to the connection of its board alone.
/// </summary>
/// <remarks>Sessions end with their connection: Meadow's client has a new id at every start, and commands wait in the store.</remarks>
internal sealed partial class MqttBroker(
    DashboardOptions options, MqttAccess access, CommandDelivery delivery, DoorLimits limits, Refusals refusals, TimeProvider time,
    ILogger<MqttBroker> logger) : IHostedService, IDisposable
{
    // Names this door in the metrics.
    private const string Door = "mqtt";

    // Subscriptions of one connection.
    private const int MostRefusals = 8;

    private static readonly TimeSpan CommunicationTimeout = TimeSpan.FromSeconds(10);

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
        server.ClientConnectedAsync += OnConnectedAsync;
        server.InterceptingSubscriptionAsync += InterceptSubscriptionAsync;
        server.InterceptingPublishAsync += RefusePublishAsync;
        server.ClientSubscribedTopicAsync += subscribed => OnSubscribedAsync(subscribed.SessionItems, subscribed.TopicFilter.Topic);
        server.ClientUnsubscribedTopicAsync += unsubscribed => OnUnsubscribedAsync(unsubscribed.SessionItems, unsubscribed.TopicFilter);
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

        delivery.Start();
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        delivery.Stop();
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
        if (await access.ReceiveAsync(connecting, address) is not string fault)
        {
            return;
        }

        int status = connecting.ReasonCode != MqttConnectReasonCode.NotAuthorized ? StatusCodes.Status400BadRequest
            : limits.CountFailure(address) is null ? StatusCodes.Status401Unauthorized
            : StatusCodes.Status429TooManyRequests;
        if (status == StatusCodes.Status429TooManyRequests)
        {
            connecting.ReasonCode = MqttConnectReasonCode.ConnectionRateExceeded;
        }

        if (refusals.Count(Door, status, Refusals.SenderAt(address), fault) is string line)
        {
            LogRefusal(address, line);
        }
    }

    private Task OnConnectedAsync(ClientConnectedEventArgs connected)
    {
        BoardGuest? guest = BoardGuest.Of(connected.SessionItems);
        access.Take(connected.ClientId, guest);
        guest?.AwaitSubscription(time, () => _ = PutOutAsync(connected.ClientId, guest));
        return Task.CompletedTask;
    }

    private async Task PutOutAsync(string clientId, BoardGuest guest)
    {
        if (server is MqttServer running)
        {
            if (refusals.Take(
                SenderOf(guest), $"{Door} silence",
                $"it must subscribe to its board's topics within {BoardGuest.SubscribesWithin.TotalSeconds} s; it has not") is string line)
            {
                LogRefusal(guest.Address, line);
            }

            await running.DisconnectClientAsync(clientId, MqttDisconnectReasonCode.MaximumConnectTime);
        }
    }

    private async Task InterceptSubscriptionAsync(InterceptingSubscriptionEventArgs subscribing)
    {
        string topic = subscribing.TopicFilter.Topic;
        BoardGuest? guest = BoardGuest.Of(subscribing.SessionItems);
        if (await access.SubscribeAsync(guest, topic, subscribing.Session, subscribing.CancellationToken) is not string fault)
        {
            return;
        }

        // Meadow's client would only connect again, a second later: one that errs may stay, for a while.
        int refusals = guest?.CountRefusal() ?? MostRefusals;
        subscribing.ProcessSubscription = false;
        subscribing.CloseConnection = refusals >= MostRefusals;
        subscribing.Response.ReasonCode = MqttSubscribeReasonCode.NotAuthorized;
        RefuseTopic(guest, topic, fault);
    }

    private Task RefusePublishAsync(InterceptingPublishEventArgs publishing)
    {
        publishing.ProcessPublish = false;
        publishing.CloseConnection = true;
        publishing.Response.ReasonCode = MqttPubAckReasonCode.NotAuthorized;
        RefuseTopic(BoardGuest.Of(publishing.SessionItems), publishing.ApplicationMessage.Topic ?? "", "a board publishes nothing");
        return Task.CompletedTask;
    }

    private void RefuseTopic(BoardGuest? guest, string topic, string fault)
    {
        if (refusals.Take(SenderOf(guest), $"{Door} topic", fault) is string line)
        {
            LogTopic(TelemetryText.Clean(topic, TelemetryNames.MaxLength), guest?.Address, line);
        }
    }

    private static string SenderOf(BoardGuest? guest) => guest?.LoggedIn ?? Refusals.SenderAt(guest?.Address);

    private async Task OnSubscribedAsync(IDictionary items, string topic)
    {
        if (BoardGuest.Of(items) is { DeviceId: string board, Session: MqttSessionStatus session } guest && MqttAccess.IsCommands(topic))
        {
            guest.Connection = new BoardConnection(board, topic, guest.Address, session, () => access.MayStayAsync(board, guest));
            await delivery.BeginAsync(guest.Connection);
        }
    }

    private async Task OnUnsubscribedAsync(IDictionary items, string topic)
    {
        if (MqttAccess.IsCommands(topic))
        {
            await EndAsync(BoardGuest.Of(items), "No longer subscribed to its commands.");
        }
    }

    private Task OnDisconnectedAsync(ClientDisconnectedEventArgs disconnected)
    {
        BoardGuest? guest = BoardGuest.Of(disconnected.SessionItems);
        guest?.Leave();
        if (disconnected.DisconnectType != MqttClientDisconnectType.Takeover)
        {
            access.Free(disconnected.ClientId, guest);
        }

        return EndAsync(guest, disconnected.DisconnectType switch
        {
            MqttClientDisconnectType.Clean => "Said goodbye to the broker.",
            MqttClientDisconnectType.Takeover => "Connected to the broker anew.",
            _ => "Connection to the broker lost.",
        });
    }

    private Task EndAsync(BoardGuest? guest, string reason) =>
        guest?.Connection is BoardConnection connection ? delivery.EndAsync(connection, reason) : Task.CompletedTask;

    private void LogEnd(EndPoint? address, string reason)
    {
        if (refusals.Take(Refusals.SenderAt((address as IPEndPoint)?.Address), $"{Door} end", reason) is string line)
        {
            LogConnection(address, line);
        }
    }

    [LoggerMessage(EventId = 210, Level = LogLevel.Warning, Message = "MQTT connection from {Address} refused: {Detail}")]
    private partial void LogRefusal(IPAddress address, string detail);

    [LoggerMessage(EventId = 211, Level = LogLevel.Warning, Message = "MQTT connection from {Address} ended: {Detail}")]
    private partial void LogConnection(EndPoint? address, string detail);

    [LoggerMessage(EventId = 212, Level = LogLevel.Warning, Message = "MQTT topic {Topic} from {Address} refused: {Detail}")]
    private partial void LogTopic(string topic, IPAddress? address, string detail);

    [LoggerMessage(EventId = 214, Level = LogLevel.Warning,
        Message = "No board can use Meadow's cloud client: port {Port} at {Address} is not free ({Detail}). --mqtt-port chooses another")]
    private partial void LogNoPort(IPAddress address, int port, string detail);
}
