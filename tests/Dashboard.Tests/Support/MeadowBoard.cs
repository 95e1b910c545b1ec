using System;
using System.Buffers;
using System.Collections.Generic;
using System.Linq;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using System.Threading.Tasks;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace FeatureAlignment.Dashboard.Tests.Support;

/// <summary>What a board with Meadow's cloud client does on the wire, as it was captured.</summary>
internal sealed class MeadowBoard : IAsyncDisposable
{
    private readonly IMqttClient client = new MqttClientFactory().CreateMqttClient();
    private readonly Channel<MqttApplicationMessage> messages = Channel.CreateUnbounded<MqttApplicationMessage>();
    private readonly TaskCompletionSource disconnected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string deviceId;
    private readonly int port;

    public MeadowBoard(string deviceId, int port)
    {
        this.deviceId = deviceId;
        this.port = port;
        client.ApplicationMessageReceivedAsync += received =>
        {
            messages.Writer.TryWrite(received.ApplicationMessage);
            return Task.CompletedTask;
        };
        client.DisconnectedAsync += _ =>
        {
            disconnected.TrySetResult();
            return Task.CompletedTask;
        };
    }

    /// <summary>Ends when the connection does.</summary>
    public Task Disconnected => disconnected.Task;

    public bool IsConnected => client.IsConnected;

    public static string NewClientId() => Guid.NewGuid().ToString("N");

    /// <summary>Connects as Meadow 2.1 does: no clean start, a session for a day, keep alive 15 s.</summary>
    public async Task<MqttClientConnectResultCode> ConnectAsync(
        string? user = null, string? password = null, MqttProtocolVersion version = MqttProtocolVersion.V500, string? clientId = null)
    {
        MqttClientOptionsBuilder options = new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", port).WithProtocolVersion(version)
            .WithCleanSession(false).WithClientId(clientId ?? NewClientId()).WithKeepAlivePeriod(TimeSpan.FromSeconds(15));
        if (version == MqttProtocolVersion.V500)
        {
            options.WithSessionExpiryInterval(86_400);
        }

        if (user is not null)
        {
            options.WithCredentials(user, password);
        }

        return (await client.ConnectAsync(options.Build())).ResultCode;
    }

    /// <summary>Subscribes to its two topics, one packet each.</summary>
    public async Task SubscribeAsync(string organization = "{OID}")
    {
        await SubscribeToAsync($"{organization}/commands/{deviceId.ToUpperInvariant()}");
        await SubscribeToAsync($"{organization}/ota/{deviceId.ToUpperInvariant()}");
    }

    public async Task<MqttClientSubscribeResultCode> SubscribeToAsync(string topic) =>
        (await client.SubscribeAsync(topic, MqttQualityOfServiceLevel.AtMostOnce)).Items.Single().ResultCode;

    public Task PublishAsync(string topic, string payload) => client.PublishStringAsync(topic, payload);

    /// <summary>Waits for a command.</summary>
    public async Task<(string Topic, string Name, string Arguments)> ReceiveAsync()
    {
        MqttApplicationMessage message = await messages.Reader.ReadAsync().AsTask().WaitAsync(Patience.Limit);
        return (message.Topic, message.UserProperties.Single(property => property.Name == "commandName").ReadValueAsString(),
            Encoding.UTF8.GetString(message.Payload.ToArray()));
    }

    /// <summary>Commands that came and were not waited for.</summary>
    public int Waiting => messages.Reader.Count;

    /// <summary>Waits until the broker has done all that it was told: it answers a ping after what came before.</summary>
    public Task PingAsync() => client.PingAsync();

    /// <summary>Logs in and opens the answer with the private key, step by step as Meadow.Linux and the F7 do.</summary>
    /// <returns>The token.</returns>
    public static async Task<string> LogInAsync(HttpClient http, string deviceId, RSA privateKey)
    {
        using HttpResponseMessage response = await PostAsync(
            http, "/api/devices/login", "{\"id\":\"" + deviceId.ToUpperInvariant() + "\"}");
        response.EnsureSuccessStatusCode();
        Dictionary<string, string> answer =
            JsonSerializer.Deserialize<Dictionary<string, string>>(await response.Content.ReadAsStringAsync())!;
        using var aes = Aes.Create();
        aes.Key = privateKey.Decrypt(Convert.FromBase64String(answer["encryptedKey"]), RSAEncryptionPadding.Pkcs1);
        byte[] token = aes.DecryptCbc(Convert.FromBase64String(answer["encryptedToken"]), Convert.FromBase64String(answer["iv"]));
        return new string([.. Encoding.UTF8.GetString(token)
            .TakeWhile(c => c is (>= 'A' and <= 'Z') or (>= 'a' and <= 'z') or (>= '-' and <= '9') or '_' or '+' or '=')]);
    }

    /// <summary>Posts a body as Meadow does, over a connection of its own.</summary>
    public static async Task<HttpResponseMessage> PostAsync(
        HttpClient http, string route, string body, string? token = null, string? address = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, route)
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        if (address is not null)
        {
            request.Headers.Add(TestDashboard.AddressHeader, address);
        }

        return await http.SendAsync(request);
    }

    public async ValueTask DisposeAsync()
    {
        if (client.IsConnected)
        {
            await client.DisconnectAsync();
        }

        client.Dispose();
    }
}
