using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text.Json;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Devices;
using FeatureAlignment.Dashboard.Fleet;
using FeatureAlignment.Dashboard.MeadowCloud;
using FeatureAlignment.Dashboard.Storage;
using FeatureAlignment.Dashboard.Tests.Support;
using FeatureAlignment.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using MQTTnet;
using MQTTnet.Formatter;
using NUnit.Framework;

namespace FeatureAlignment.Dashboard.Tests.MeadowCloud;

[TestFixture]
public sealed class MqttBrokerTests
{
    private AdjustableTime time = null!;
    private TestDashboard dashboard = null!;

    [SetUp]
    public async Task StartAsync()
    {
        time = new AdjustableTime();
        dashboard = await TestDashboard.StartAsync(
            options => options with { MqttPort = 0 }, builder => builder.Services.AddSingleton<TimeProvider>(time));
    }

    [TearDown]
    public async Task StopAsync() => await dashboard.DisposeAsync();

    [Test]
    public async Task Board_WithoutLoginOnThisMachine_BecomesKnownAndOnline()
    {
        await using MeadowBoard board = await SubscribeAsync("d1");

        Assert.That((await dashboard.Store.ListDevicesAsync()).Single().DeviceId, Is.EqualTo("D1"));
        Assert.That((await dashboard.Store.ListConnectionsAsync("D1")).Single().Kind, Is.EqualTo("online"));
    }

    [Test]
    public async Task Board_ThatReportsSeldom_IsOnlineWhileItIsConnected()
    {
        await dashboard.Store.AppendAsync(Batches.Received(Batches.OfPoints(Batches.Counting(0, 1)), device: "D1"));
        FleetReader fleet = dashboard.Services.GetRequiredService<FleetReader>();
        async Task<DeviceState> StateAsync() => (await fleet.ReadAsync()).Single().State;

        MeadowBoard board = await SubscribeAsync("d1");
        time.Advance(TimeSpan.FromHours(1));
        DeviceState connected = await StateAsync();
        await board.DisposeAsync();
        while (dashboard.Services.GetRequiredService<BoardConnections>().Find("D1") is not null)
        {
            await Task.Yield();
        }

        Assert.That((connected, await StateAsync()), Is.EqualTo((DeviceState.Online, DeviceState.Offline)));
    }

    [Test]
    public async Task Board_ThatLeaves_IsOffline()
    {
        MeadowBoard board = await SubscribeAsync("d1");
        await board.DisposeAsync();

        IReadOnlyList<ConnectionRecord> lines;
        do
        {
            lines = await dashboard.Store.ListConnectionsAsync("D1");
        }
        while (lines.Count < 2);

        Assert.That((lines[0].Kind, lines[0].Reason), Is.EqualTo(("offline", "Said goodbye to the broker.")));
    }

    [Test]
    public async Task Command_ToAConnectedBoard_ArrivesAsMeadowTakesIt()
    {
        await using MeadowBoard board = await SubscribeAsync("d1");

        await AddCommandAsync("c-1", "send_reconstructions", Batches.Noon + 60_000,
            new TelemetryFields { { "count", 3 }, { "rate", 0.01 }, { "text", "ü" }, { "reset", true } });
        (string topic, string name, string arguments) = await board.ReceiveAsync();

        Assert.That(topic, Is.EqualTo("{OID}/commands/D1"));
        Assert.That(name, Is.EqualTo("SendReconstructions"));
        JsonElement json = JsonDocument.Parse(arguments).RootElement;
        Assert.That(json.GetProperty("id").GetString(), Is.EqualTo("c-1"));
        Assert.That(json.GetProperty("expires").GetInt64(), Is.EqualTo(Batches.Noon + 60_000));
        Assert.That((json.GetProperty("count").GetInt32(), json.GetProperty("rate").GetDouble(), json.GetProperty("text").GetString(),
            json.GetProperty("reset").GetBoolean()), Is.EqualTo((3, 0.01, "ü", true)));
        Assert.That((await dashboard.Store.ListCommandsAsync("D1")).Single().State, Is.EqualTo(CommandState.Sent));
    }

    [Test]
    public async Task Commands_OfAnAbsentBoard_WaitUntilItSubscribes_AndExpiredOnesAreLost()
    {
        await dashboard.Store.RegisterDeviceAsync("D1", Batches.Noon);
        await AddCommandAsync("c-1", "pause", Batches.Noon + 60_000);
        await AddCommandAsync("c-2", "resume", Batches.Noon + 120_000);
        await AddCommandAsync("c-3", "checkpoint");
        time.Advance(TimeSpan.FromMinutes(1));
        await using var board = new MeadowBoard("d1", Port);
        await board.ConnectAsync();
        await board.SubscribeToAsync("{OID}/ota/D1");
        await board.PingAsync();
        int early = board.Waiting;

        await board.SubscribeToAsync("{OID}/commands/D1");

        Assert.That(early, Is.Zero, "it has not subscribed to its commands");
        Assert.That((await board.ReceiveAsync()).Name, Is.EqualTo("Resume"));
        Assert.That((await board.ReceiveAsync()).Name, Is.EqualTo("Checkpoint"));
        Assert.That((await dashboard.Store.ListCommandsAsync("D1")).Single(command => command.Command.Id == "c-1").State,
            Is.EqualTo(CommandState.Waiting));
    }

    [Test]
    public async Task Command_NotAnswered_GoesOnceOverEachConnection()
    {
        MeadowBoard board = await SubscribeAsync("d1");
        await AddCommandAsync("c-1", "pause");
        await board.ReceiveAsync();
        await AddCommandAsync("c-2", "resume");
        string second = (await board.ReceiveAsync()).Name;
        await board.DisposeAsync();
        await using MeadowBoard again = await SubscribeAsync("d1");

        Assert.That(second, Is.EqualTo("Resume"), "the first did not come again");
        Assert.That((await again.ReceiveAsync()).Name, Is.EqualTo("Pause"));
        Assert.That((await again.ReceiveAsync()).Name, Is.EqualTo("Resume"));
    }

    [Test]
    public async Task Command_OfOneBoard_ReachesNoOther()
    {
        await using MeadowBoard other = await SubscribeAsync("d2");
        await using MeadowBoard board = await SubscribeAsync("d1");

        await AddCommandAsync("c-1", "pause");
        await board.ReceiveAsync();
        await other.PingAsync();

        Assert.That(other.Waiting, Is.Zero);
    }

    [TestCase("{OID}/commands/#")]
    [TestCase("#")]
    [TestCase("+/commands/D1")]
    [TestCase("{OID}/commands/+")]
    [TestCase("{OID}/other/D1")]
    [TestCase("{OID}/commands/D1/x")]
    [TestCase("dashboard/commands/D1")]
    [TestCase("{OID}/commands/..")]
    [TestCase("$SYS/broker")]
    [TestCase("$share/g/{OID}/commands/D1")]
    public async Task Topic_ThatIsNotTheBoardsOwn_IsRefused(string topic)
    {
        await using var board = new MeadowBoard("d1", Port);
        await board.ConnectAsync();

        MqttClientSubscribeResultCode result = await board.SubscribeToAsync(topic);

        Assert.That(result, Is.EqualTo(MqttClientSubscribeResultCode.NotAuthorized)
            .Or.EqualTo(MqttClientSubscribeResultCode.SharedSubscriptionsNotSupported));
        Assert.That(await dashboard.Store.ListDevicesAsync(), Is.Empty);
    }

    [Test]
    public async Task Board_IsOneBoardOnly()
    {
        await using MeadowBoard board = await SubscribeAsync("d1");

        Assert.That(await board.SubscribeToAsync("{OID}/commands/D2"), Is.EqualTo(MqttClientSubscribeResultCode.NotAuthorized));
        await AddCommandAsync("c-1", "pause");
        Assert.That((await board.ReceiveAsync()).Name, Is.EqualTo("Pause"));
    }

    [Test]
    public async Task Board_WithAKey_MustLogInAlsoOnThisMachine()
    {
        await dashboard.Keys.CreateAsync("D1");
        await using var board = new MeadowBoard("d1", Port);
        await board.ConnectAsync();

        Assert.That(await board.SubscribeToAsync("{OID}/commands/D1"), Is.EqualTo(MqttClientSubscribeResultCode.NotAuthorized));
    }

    [Test]
    public async Task Board_ThatPublishes_IsPutOut()
    {
        await using MeadowBoard other = await SubscribeAsync("d2");
        await using MeadowBoard board = await SubscribeAsync("d1");

        await board.PublishAsync("{OID}/commands/D2", "{}");

        await board.Disconnected.WaitAsync(Patience.Limit);
        await other.PingAsync();
        Assert.That(other.Waiting, Is.Zero);
    }

    [Test]
    public async Task Board_WhoseFirstKeyIsMade_GetsNoCommandOverItsConnectionWithoutLogin()
    {
        await using MeadowBoard board = await SubscribeAsync("d1");
        await dashboard.Keys.CreateAsync("D1");

        await AddCommandAsync("c-1", "pause");

        await board.Disconnected.WaitAsync(Patience.Limit);
        Assert.That(board.Waiting, Is.Zero);
        Assert.That((await dashboard.Store.ListCommandsAsync("D1")).Single().State, Is.EqualTo(CommandState.Waiting));
    }

    [Test]
    public async Task Board_WhoseKeyIsRevoked_GetsNoCommandOverItsConnection()
    {
        using var privateKey = RSA.Create(2_048);
        BoardKeys keys = dashboard.Services.GetRequiredService<BoardKeys>();
        await keys.SetAsync("D1", privateKey.ExportRSAPublicKeyPem());
        await using var board = new MeadowBoard("d1", Port);
        await board.ConnectAsync("D1", await MeadowBoard.LogInAsync(dashboard.Client, "d1", privateKey));
        await board.SubscribeAsync("dashboard");
        await keys.RevokeAsync("D1");

        await AddCommandAsync("c-1", "pause");

        await board.Disconnected.WaitAsync(Patience.Limit);
        Assert.That(board.Waiting, Is.Zero);
    }

    [Test]
    public async Task LastWill_OfABoardThatIsLost_ReachesNobody()
    {
        await using MeadowBoard victim = await SubscribeAsync("d1");
        using (IMqttClient attacker = new MqttClientFactory().CreateMqttClient())
        {
            await attacker.ConnectAsync(new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", Port)
                .WithProtocolVersion(MqttProtocolVersion.V500).WithWillTopic("{OID}/commands/D1").WithWillPayload("{}").WithWillRetain()
                .Build());
        }

        await using MeadowBoard later = await SubscribeAsync("d1");
        await later.PingAsync();
        await victim.PingAsync();
        Assert.That((victim.Waiting, later.Waiting), Is.EqualTo((0, 0)));
    }

    [TestCase(0)]
    [TestCase(60_000)]
    public async Task Connection_ThatMayBeSilentForEver_IsRefused(int seconds)
    {
        using IMqttClient client = new MqttClientFactory().CreateMqttClient();

        MqttClientConnectResult result = await client.ConnectAsync(new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", Port)
            .WithProtocolVersion(MqttProtocolVersion.V500).WithKeepAlivePeriod(TimeSpan.FromSeconds(seconds)).Build());

        Assert.That(result.ResultCode, Is.Not.EqualTo(MqttClientConnectResultCode.Success));
    }

    [Test]
    public async Task Session_IsNotKept_SoThatNobodyInheritsIt()
    {
        string client = MeadowBoard.NewClientId();
        var board = new MeadowBoard("d1", Port);
        await board.ConnectAsync(clientId: client);
        await board.SubscribeAsync();
        await board.DisposeAsync();
        await using var heir = new MeadowBoard("d2", Port);
        await heir.ConnectAsync(clientId: client);
        await heir.SubscribeAsync();

        Assert.That(heir.IsConnected);
        Assert.That((await dashboard.Store.ListDevicesAsync()).Select(device => device.DeviceId), Is.EqualTo(new[] { "D1", "D2" }));
    }

    [Test]
    public async Task Packet_LongerThanABoardSends_EndsTheConnectionBeforeItIsRead()
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, Port);
        await using NetworkStream stream = client.GetStream();

        // CONNECT, and 256 MiB to come.
        await stream.WriteAsync(new byte[] { 0x10, 0xFF, 0xFF, 0xFF, 0x7F });

        Assert.That(await stream.ReadAsync(new byte[1]), Is.Zero);
        string said = $"longer than {BoundedChannel.MostBytes} bytes";
        Assert.That(dashboard.Log.Lines.Count(line => line.Text.Contains(said, StringComparison.Ordinal)), Is.EqualTo(1));
    }

    [Test]
    public async Task Protocol_OfAnOlderVersion_IsRefused()
    {
        await using var board = new MeadowBoard("d1", Port);

        Assert.That(async () => await board.ConnectAsync(version: MqttProtocolVersion.V311) == MqttClientConnectResultCode.Success
            ? "connected" : throw new InvalidOperationException("refused"), Throws.Exception);
    }

    [Test]
    public async Task Port_ThatIsTaken_FailsWhenItWasChosen_AndIsDoneWithoutWhenNot()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        int port = ((IPEndPoint)taken.LocalEndpoint).Port;

        Assert.That(() => TestDashboard.StartAsync(options => options with { MqttPort = port }, null),
            Throws.InvalidOperationException.With.Message.Contains("--mqtt-port"));
        await using TestDashboard without =
            await TestDashboard.StartAsync(options => options with { MqttPort = port, IsMqttPortChosen = false }, null);
        Assert.That(without.Services.GetRequiredService<MqttBroker>().Port, Is.Null);
    }

    [TestCase("pause", "Pause")]
    [TestCase("reset_model", "ResetModel")]
    [TestCase("x_axis", "x_axis")]
    [TestCase("layer_2", "layer_2")]
    [TestCase("a__b", "a__b")]
    public void ClassName_CanBeToldFromTheName(string name, string expected) =>
        Assert.That(MqttCommand.ClassName(name), Is.EqualTo(expected));

    private int Port => dashboard.Services.GetRequiredService<MqttBroker>().Port!.Value;

    private Task AddCommandAsync(string id, string name, long expires = 0, TelemetryFields? args = null) =>
        dashboard.Store.AddCommandAsync("D1", new TelemetryCommand(id, name, args, expires), Batches.Noon);

    private async Task<MeadowBoard> SubscribeAsync(string deviceId)
    {
        var board = new MeadowBoard(deviceId, Port);
        await board.ConnectAsync();
        await board.SubscribeAsync();
        return board;
    }
}
