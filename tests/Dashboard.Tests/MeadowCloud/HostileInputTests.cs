using System;
using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.MeadowCloud;
using FeatureAlignment.Dashboard.Storage;
using FeatureAlignment.Dashboard.Tests.Support;
using FeatureAlignment.Telemetry;
using FeatureAlignment.Telemetry.MeadowCloud;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NUnit.Framework;

namespace FeatureAlignment.Dashboard.Tests.MeadowCloud;

/// <summary>
/// All doors under 10,000 malformed inputs. Two boards have keys: BOARD, whose secrets the attacker has, and VICTIM, whose secrets it has
/// not. BOARD may get what is well formed after all; VICTIM must get nothing, and no third board may report.
/// </summary>
[TestFixture]
public sealed partial class HostileInputTests
{
    private const int HttpInputs = 7_000, MqttInputs = 3_000, Workers = 16, Seed = 20261122;
    private const string Board = "BOARD", Victim = "VICTIM", Stranger = "STRANGER", Elsewhere = "203.0.113.7";

    private static readonly HttpStatusCode[] Allowed =
    [
        HttpStatusCode.OK, HttpStatusCode.BadRequest, HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden, HttpStatusCode.NotFound,
        HttpStatusCode.RequestEntityTooLarge, HttpStatusCode.UnsupportedMediaType,
    ];

    private static readonly byte[][] Batch =
    [
        Batches.Json(new TelemetryBatch(
            "r-1", "1.0.0", Batches.Counting(0, 3),
            [new TelemetryImage(0, 1, 0, "reconstruction", 2, 1, new byte[] { 1, 2 }, new byte[] { 3, 4 }, 7, 7)],
            [new TelemetryEvent(0, 1, EventKinds.CommandDone, TelemetryPriority.High, "x", new TelemetryFields { { "id", "c-1" } })],
            [new TelemetryLog(0, TelemetryLogLevel.Warning, "y")], new TelemetryFields { { "layers", "128" } })),
    ];

    private static readonly string[] OthersTopics = ["{OID}/commands/VICTIM", "dashboard/commands/VICTIM", "#", "+/+/+", "$SYS/#"];

    private TestDashboard dashboard = null!;
    private byte[] key = [], otherKey = [];
    private string token = "";

    [SetUp]
    public async Task StartAsync()
    {
        dashboard = await TestDashboard.StartAsync(
            options => options with { MqttPort = 0 }, null, ("Ingestion:FailureBurst", "1000000"), ("Ingestion:BatchBurst", "1000000"));
        using var privateKey = RSA.Create(2_048);
        BoardKeys keys = dashboard.Services.GetRequiredService<BoardKeys>();
        await keys.SetAsync(Board, privateKey.ExportRSAPublicKeyPem());
        await keys.SetAsync(Victim, privateKey.ExportRSAPublicKeyPem());
        key = Encoding.ASCII.GetBytes((await dashboard.Keys.CreateAsync(Board)).Key);
        otherKey = Encoding.ASCII.GetBytes((await dashboard.Keys.CreateAsync(Victim)).Key);
        token = await MeadowBoard.LogInAsync(dashboard.Client, Board, privateKey);
        await dashboard.Store.AddCommandAsync(Victim, new TelemetryCommand("c-1", "pause"), Batches.Noon);
    }

    [TearDown]
    public async Task StopAsync() => await dashboard.DisposeAsync();

    [Test]
    public async Task Doors_UnderMalformedInput_StoreNothingWrongAndSayLittle()
    {
        TestContext.Out.WriteLine($"Seed {Seed}");
        byte[][] events =
        [
            .. CapturedBodies.Events.Select(body => Encoding.UTF8.GetBytes(body.Replace("d1", Board, StringComparison.Ordinal))),
            .. OurEvents(),
        ];
        byte[][] logs = [.. CapturedBodies.Logs.Select(Encoding.UTF8.GetBytes)];
        var faults = new ConcurrentQueue<string>();
        var statuses = new ConcurrentDictionary<HttpStatusCode, int>();
        var answers = new ConcurrentDictionary<string, string>();
        int mqttPort = dashboard.Services.GetRequiredService<MqttBroker>().Port!.Value;

        await ForAllAsync(HttpInputs, async i =>
        {
            var hostile = new HostileBytes(Seed + i);
            (HttpRequestMessage made, bool mustFail) = hostile.Next(4) == 0 ? BatchRequest(hostile) : CloudRequest(hostile, events, logs);
            using HttpRequestMessage request = made;
            using HttpResponseMessage answer = await dashboard.Client.SendAsync(request);
            statuses.AddOrUpdate(answer.StatusCode, 1, (_, count) => count + 1);
            if (!Allowed.Contains(answer.StatusCode) || (mustFail && answer.StatusCode == HttpStatusCode.OK))
            {
                faults.Enqueue($"Input {i}, {request.RequestUri}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
            }
            else if (answer.StatusCode == HttpStatusCode.OK && request.Headers.Contains(BatchHeader.SequenceHeader))
            {
                string[] numbers = [BatchHeader.BootHeader, BatchHeader.SequenceHeader];
                string name = string.Join('/', numbers.SelectMany(request.Headers.GetValues));
                string text = await answer.Content.ReadAsStringAsync();
                if (answers.GetOrAdd(name, text) != text)
                {
                    faults.Enqueue($"Input {i}, batch {name} again: {text} instead of {answers[name]}");
                }
            }
        });
        await ForAllAsync(MqttInputs, i => SendToBrokerAsync(new HostileBytes(Seed + HttpInputs + i), AddressOf(i), mqttPort));

        string counts = string.Join(", ", statuses.Select(status => $"{(int)status.Key}: {status.Value}"));
        TestContext.Out.WriteLine($"{counts}; {dashboard.Log.Lines.Count} lines");
        Assert.That(faults, Is.Empty);
        Assert.That(statuses.Keys, Is.SupersetOf(new[] { HttpStatusCode.OK, HttpStatusCode.BadRequest, HttpStatusCode.Unauthorized,
            HttpStatusCode.Forbidden, HttpStatusCode.NotFound, HttpStatusCode.RequestEntityTooLarge }),
            "all ways through the doors were gone");
        Assert.That(dashboard.Log.Lines.Select(line => line.Text), Has.Some.Contains("packet is longer than").And.Some.Contains("topic")
            .And.Some.Contains("must be a token"), "nor all ways into the broker");
        Assert.That(dashboard.Log.Lines.Where(line => line.Level > LogLevel.Warning), Is.Empty, "an error is a fault of ours");
        Assert.That(dashboard.Log.Lines.Where(line => line.Request is not null).CountBy(line => line.Request!)
            .Where(lines => lines.Value > 1), Is.Empty);
        Assert.That(dashboard.Log.Lines.Where(line => line.Request is null).CountBy(line => OwnAddress().Match(line.Text).Value)
            .Where(lines => lines.Key.Length == 0 || lines.Value > 1), Is.Empty,
            "each connection has its own address, and a line names it");
        Assert.That(
            dashboard.Log.Lines.Where(line => line.Text.Any(char.IsControl) || line.Text.Length > 600), Is.Empty,
            "one line each, and short");
        await RequireUntouchedAsync();
        await RequireAliveAsync(mqttPort);
    }

    private async Task RequireUntouchedAsync()
    {
        // A spoilt topic can name a board without a key, which may connect from this machine; it has reported nothing.
        Assert.That((await dashboard.Store.ListDevicesAsync()).Where(device => device.LastSeenAt > 0).Select(device => device.DeviceId),
            Is.EqualTo(new[] { Board }));
        Assert.That((await dashboard.Store.ListRunsAsync()).Select(run => run.DeviceId), Is.All.EqualTo(Board));
        Assert.That(await dashboard.Store.ListRunsAsync(Victim), Is.Empty);
        Assert.That(await dashboard.Store.ListEventsAsync(new EventFilter(Victim)), Is.Empty);
        Assert.That(await dashboard.Store.ListLogsAsync(new LogFilter(Victim)), Is.Empty);
        Assert.That(await dashboard.Store.ListConnectionsAsync(Victim), Is.Empty);
        Assert.That((await dashboard.Store.ListCommandsAsync(Victim)).Single().State, Is.EqualTo(CommandState.Waiting));
        IReadOnlyList<QuarantineRecord> quarantine = await dashboard.Store.ListQuarantineAsync(2_000);
        Assert.That(quarantine, Has.Count.EqualTo(1_000), "there is more than that, and no more is kept");
        Assert.That(quarantine.Select(record => record.DeviceId), Is.All.EqualTo(Board));
        Assert.That(quarantine.Select(record => record.Body.Length), Is.All.AtMost(4_096));

        // All that was stored can be read.
        foreach (RunRecord run in await dashboard.Store.ListRunsAsync(Board))
        {
            foreach (SeriesRecord series in await dashboard.Store.ListSeriesAsync(run.Id))
            {
                IEnumerable<double> values = dashboard.Store.ReadPoints(run.Id, series.Layer, series.Name).Select(entry => entry.Last);
                Assert.That(values, Is.All.Matches<double>(double.IsFinite));
            }
        }
    }

    private async Task RequireAliveAsync(int mqttPort)
    {
        await using var board = new MeadowBoard(Board, mqttPort);
        await board.ConnectAsync(Board, token);
        await board.SubscribeAsync("dashboard");
        await dashboard.Store.AddCommandAsync(Board, new TelemetryCommand("c-2", "resume"), Batches.Noon);
        Assert.That((await board.ReceiveAsync()).Name, Is.EqualTo("Resume"));
        using HttpResponseMessage answer = await MeadowBoard.PostAsync(dashboard.Client, "/api/logs", CapturedBodies.Logs[0], token);
        Assert.That(await answer.Content.ReadAsStringAsync(), Is.EqualTo("""{"accepted":1,"quarantined":0}"""));
    }

    private (HttpRequestMessage Request, bool MustFail) CloudRequest(HostileBytes hostile, byte[][] events, byte[][] logs)
    {
        (string route, byte[] body) = hostile.Next(9) switch
        {
            0 => ("/api/devices/login", "{\"id\":\"VICTIM2\"}"u8.ToArray()),
            1 => ("/api/bulkevents", [(byte)'[', .. hostile.Pick(events), (byte)',', .. hostile.Pick(events), (byte)']']),
            2 => ("/api/bulklogs", [(byte)'[', .. hostile.Pick(logs), (byte)',', .. hostile.Pick(logs), (byte)']']),
            3 or 4 => ("/api/logs", hostile.Pick(logs)),
            _ => ("/api/events", hostile.Pick(events)),
        };
        // A body in another's name is whole now and then.
        bool inOthersName = hostile.Next(8) == 0;
        string text = Encoding.UTF8.GetString(body);
        body = inOthersName ? Encoding.UTF8.GetBytes(text.Replace(Board, hostile.Pick([Victim, Stranger]), StringComparison.Ordinal))
            : hostile.Spoil(body);
        HttpRequestMessage request = Request(route, body, hostile);
        string[] parts = token.Split('.');
        int login = hostile.Next(6);
        switch (login)
        {
            case 0: request.Headers.Add(TestDashboard.AddressHeader, Elsewhere); break;
            case 1: request.Headers.Authorization = Bearer($"eyJhbGciOiJub25lIn0.{parts[1]}."); break;
            case 2: request.Headers.Authorization = Bearer($"{parts[0]}.{parts[1]}.{Base64Url.EncodeToString(hostile.Noise(32))}"); break;
            default: request.Headers.Authorization = Bearer(token); break;
        }

        // The login is for everybody: only the board can open what it answers.
        return (request, login <= 2 && route != "/api/devices/login");
    }

    private (HttpRequestMessage Request, bool MustFail) BatchRequest(HostileBytes hostile)
    {
        byte[] body = hostile.Next(10) == 0 ? Batch[0] : hostile.Spoil(Batch[0]);
        // Few numbers: many are replays, most with another body.
        var header = new BatchHeader(hostile.Next(3) == 0 ? Victim : Board, 1 + hostile.Next(3), 1 + hostile.Next(200), Batches.Noon);
        HttpRequestMessage request = Request(header.Path, body, hostile);
        int login = hostile.Next(12);
        (string name, string? value) = login switch
        {
            0 => (BatchHeader.SignatureHeader, Convert.ToHexString(hostile.Noise(32))),
            1 => (BatchHeader.SignatureHeader, BatchSignature.Create(header.DeviceId == Board ? otherKey : key, header, body)),
            // As somebody between board and dashboard could change it.
            2 => (BatchHeader.SignatureHeader, BatchSignature.Create(key, header, [.. body, 0])),
            3 => (BatchHeader.SignatureHeader, BatchSignature.Create(key, new BatchHeader(header.DeviceId, 9, 9, 0), body)),
            4 => (BatchHeader.SignatureHeader, ""),
            5 => (BatchHeader.KeyHeader, Convert.ToHexString(hostile.Noise(20))),
            6 => (BatchHeader.KeyHeader, Encoding.ASCII.GetString(header.DeviceId == Board ? otherKey : key)),
            7 => (BatchHeader.KeyHeader, (string?)null),
            _ => (BatchHeader.SignatureHeader, BatchSignature.Create(key, header, body)),
        };
        if (value is not null)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        string[] numbers = ["0", "-1", "x", "99999999999"];
        string boot = hostile.Next(10) == 0 ? hostile.Pick(numbers) : $"{header.Boot}";
        string sequence = hostile.Next(10) == 0 ? hostile.Pick(numbers) : $"{header.Sequence}";
        request.Headers.TryAddWithoutValidation(BatchHeader.BootHeader, boot);
        request.Headers.TryAddWithoutValidation(BatchHeader.SequenceHeader, sequence);
        request.Headers.TryAddWithoutValidation(BatchHeader.TimeHeader, $"{header.TimeMilliseconds}");
        return (request, login <= 7 || header.DeviceId == Victim);
    }

    private static HttpRequestMessage Request(string route, byte[] body, HostileBytes hostile)
    {
        HttpRequestMessage request = Request(route, body);
        if (hostile.Next(20) == 0)
        {
            request.Content!.Headers.TryAddWithoutValidation("Content-Encoding", hostile.Pick(["gzip", "br", "gzip, gzip", "x"]));
        }

        return request;
    }

    private static HttpRequestMessage Request(string route, byte[] body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, route) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return request;
    }

    private static AuthenticationHeaderValue Bearer(string sent) => new("Bearer", sent);

    private static IEnumerable<byte[]> OurEvents()
    {
        foreach (MeadowCloudEvent one in MeadowCloudEvents.Encode(new BatchHeader(Board, 1, 700, 0), BatchReader.ReadBatch(Batch[0])))
        {
            var output = new ArrayBufferWriter<byte>();
            MeadowCloudJson.Write(output, one);
            yield return output.WrittenSpan.ToArray();
        }
    }

    private async Task SendToBrokerAsync(HostileBytes hostile, IPAddress from, int port)
    {
        string user = hostile.Next(2) == 0 ? Board : Victim;
        byte[] connect = Connect(hostile.Next(3) == 0 ? null : user, hostile.Next(4) == 0 ? token[..^4] + "AAAA" : token);
        byte[] packets = hostile.Next(5) switch
        {
            // Whole, and for a topic of others.
            0 => [.. connect, .. Subscribe(hostile.Pick(OthersTopics)), .. Subscribe(hostile.Pick(OthersTopics))],
            1 => [.. connect, .. Packet(0x30, [.. Text("{OID}/commands/VICTIM"), 0, .. "{}"u8])],
            2 => [.. connect, .. hostile.Spoil(Subscribe("{OID}/commands/VICTIM"))],
            // 256 MiB to come.
            3 when hostile.Next(4) == 0 => [.. connect, 0x82, 0xFF, 0xFF, 0xFF, 0x7F, .. hostile.Noise(100)],
            _ => hostile.Spoil([.. connect, .. Subscribe("dashboard/commands/VICTIM")]),
        };
        using var client = new TcpClient(AddressFamily.InterNetwork);
        client.Client.Bind(new IPEndPoint(from, 0));
        await client.ConnectAsync(IPAddress.Loopback, port);
        await using NetworkStream stream = client.GetStream();
        try
        {
            await stream.WriteAsync(packets);
            client.Client.Shutdown(SocketShutdown.Send);
            byte[] answer = new byte[4_096];
            while (await stream.ReadAsync(answer) > 0)
            {
            }
        }
        catch (Exception e) when (e is System.IO.IOException or SocketException)
        {
            // It was put out before it had said all.
        }
    }

    // All of 127.0.0.0/8 is this machine.
    private static IPAddress AddressOf(int connection) => new([127, 1, (byte)(connection / 250), (byte)(1 + connection % 250)]);

    [GeneratedRegex(@"\b127\.1\.\d+\.\d+\b")]
    private static partial Regex OwnAddress();

    // MQTT 5.0, 3.1: flags of what follows, keep alive, no properties, client id, user, password.
    private static byte[] Connect(string? user, string password)
    {
        byte[] login = user is null ? [] : [.. Text(user), .. Text(password)];
        return Packet(0x10, [.. Text("MQTT"), 5, (byte)(user is null ? 0 : 0xC0), 0, 15, 0, .. Text(MeadowBoard.NewClientId()), .. login]);
    }

    private static byte[] Subscribe(string topic) => Packet(0x82, [0, 1, 0, .. Text(topic), 0]);

    private static byte[] Text(string text)
    {
        byte[] bytes = new byte[2 + text.Length];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)text.Length);
        Encoding.ASCII.GetBytes(text, bytes.AsSpan(2));
        return bytes;
    }

    private static byte[] Packet(byte first, byte[] rest) => rest.Length < 128
        ? [first, (byte)rest.Length, .. rest]
        : [first, (byte)(rest.Length % 128 | 128), (byte)(rest.Length / 128), .. rest];

    private static Task ForAllAsync(int count, Func<int, Task> action)
    {
        int next = -1;
        return Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => Task.Run(async () =>
        {
            for (int i = Interlocked.Increment(ref next); i < count; i = Interlocked.Increment(ref next))
            {
                await action(i);
            }
        })));
    }
}
