using System;
using System.Buffers;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Text;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.MeadowCloud;
using FeatureAlignment.Dashboard.Storage;
using FeatureAlignment.Dashboard.Tests.Support;
using FeatureAlignment.Telemetry;
using FeatureAlignment.Telemetry.MeadowCloud;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace FeatureAlignment.Dashboard.Tests.MeadowCloud;

[TestFixture]
public sealed class CloudDoorTests
{
    private const string Elsewhere = "203.0.113.7";
    private const string Unreadable = "unreadable";

    // What each captured event becomes: the data of the board's event, and names that can't be used.
    private static readonly (string Description, string Data, string? Unusable)[] Expected =
    [
        ("clean", "seq=1 trainLoss=0.12345679 accuracy=0.875 samples=1234567890123 converged=false event_id=1000", null),
        ("nan", "event_id=1001", "loss"),
        ("inf", "event_id=1002", "loss"),
        ("tiny", "x=1e-9 event_id=1003", null),
        ("big", "x=1e300 event_id=1004", null),
        ("null", "event_id=1005", "x"),
        ("array", "x=[1,2,3] event_id=1006", null),
        ("nested", "event_id=1007", "x.A b"),
        ("bytes", "x=[1,2,255] event_id=1008", null),
        ("enum", "x=1 event_id=1009", null),
        ("dto", "x=2026-11-22T13:31:14.4458301+00:00 event_id=1010", null),
        ("dt", "x=2026-11-22T13:31:14.4458318+00:00 event_id=1011", null),
        ("ts", "x=00:01:30 event_id=1012", null),
        ("keyquote", Unreadable, "Byte 36"),
        ("ctrl", "x=a␁b event_id=1014", null),
        ("decimal", "x=1.1 event_id=1015", null),
        ("guid", "x=00000000-0000-0000-0000-000000000000 event_id=1016", null),
        ("list", "x=[0.1,2] event_id=1017", null),
        ("unit", "x.kelvin=294.65 x.celsius=21.5 x.fahrenheit=70.7 event_id=1018", null),
        ("nullmeas", "event_id=1019", null),
        ("surrogate", "x=😀 ü event_id=1020", null),
    ];

    private TestDashboard dashboard = null!;

    [SetUp]
    public async Task StartAsync() => dashboard = await TestDashboard.StartAsync(
        options => options with { MqttPort = 0, UnauthenticatedBoards = new HashSet<string> { "listed" } }, null,
        ("Ingestion:FailureBurst", "1000"));

    [TearDown]
    public async Task StopAsync() => await dashboard.DisposeAsync();

    [Test]
    public void Captures_AreAllExpected() => Assert.That(
        CapturedBodies.Events, Has.Length.EqualTo(Expected.Length + 1), "all of them, and device.health");

    [TestCaseSource(nameof(Expected))]
    public async Task Event_Captured_KeepsWhatIsUsable((string Description, string Data, string? Unusable) expected)
    {
        await using MeadowBoard board = await SubscribeAsync("d1");
        using HttpResponseMessage answer = await PostAsync("/api/events", Captured(expected.Description));

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        IReadOnlyList<EventRecord> events = await dashboard.Store.ListEventsAsync(new EventFilter());
        if (expected.Data == Unreadable)
        {
            Assert.That(events, Is.Empty);
        }
        else
        {
            EventRecord one = events.Single();
            Assert.That(one.DeviceId, Is.EqualTo("D1"), "the board that the broker knows");
            Assert.That(one.Content.Text, Is.EqualTo(expected.Description));
            Assert.That(Format(one.Content.Data), Is.EqualTo(expected.Data));
        }

        IReadOnlyList<QuarantineRecord> quarantine = await dashboard.Store.ListQuarantineAsync();
        Assert.That(quarantine, Has.Count.EqualTo(expected.Unusable is null ? 0 : 1));
        if (expected.Unusable is not null)
        {
            Assert.That(quarantine[0].Reason, Does.Contain(expected.Unusable));
            Assert.That(quarantine[0].DeviceId, Is.EqualTo("D1"));
            Assert.That(Encoding.UTF8.GetString(quarantine[0].Body.Span), Is.EqualTo(Captured(expected.Description)));
        }
    }

    [Test]
    public async Task Health_Captured_BecomesSeriesOfTheBoardsRun()
    {
        await using MeadowBoard board = await SubscribeAsync("d1");
        await dashboard.PostAsync(
            new BatchHeader("D1", 1, 1, 0),
            Batches.Json(Batches.OfPoints([new TelemetryPoint(Batches.Noon, 640, 0, "alignment_loss", 1)])));

        using HttpResponseMessage answer = await PostAsync("/api/events", Captured("device.health"));

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        RunRecord run = (await dashboard.Store.ListRunsAsync()).Single();
        IReadOnlyList<SeriesRecord> series = await dashboard.Store.ListSeriesAsync(run.Id);
        Assert.That(run.App, Is.EqualTo("1.0.0"));
        Assert.That(series.Select(one => (one.Name, one.Last?.Last)), Is.EquivalentTo(new (string, double?)[]
        {
            ("alignment_loss", 1), ("memory_used", 385_072), ("storage_used", 198_634_405_888), ("battery_percentage", 0),
        }));
        Assert.That(series.Single(one => one.Name == "memory_used").Last!.Value.StepMax, Is.EqualTo(640));
        Assert.That(await dashboard.Store.ListQuarantineAsync(), Is.Empty);
    }

    [Test]
    public async Task Logs_Captured_BecomeLinesOfTheBoardAtTheirAddress()
    {
        await using MeadowBoard board = await SubscribeAsync("d1");

        foreach (string body in CapturedBodies.Logs)
        {
            using HttpResponseMessage answer = await PostAsync("/api/logs", body);
            Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        }

        IReadOnlyList<LogRecord> logs = await dashboard.Store.ListLogsAsync(new LogFilter("D1"));
        Assert.That(logs.Reverse().Select(log => (log.DeviceId, log.Content.Level, log.Content.Text)), Is.EqualTo(new[]
        {
            ("D1", TelemetryLogLevel.Information, "log with \"quotes\"␊newline \\ back é"),
            ("D1", TelemetryLogLevel.Error, "ext log (System.Exception: x)"),
            ("D1", TelemetryLogLevel.Warning, "via CloudLogger"),
        }));
        Assert.That(await dashboard.Store.ListQuarantineAsync(), Is.Empty);
    }

    [Test]
    public async Task Log_OfAnUnknownBoard_IsQuarantinedAndAnswered()
    {
        using HttpResponseMessage answer = await PostAsync("/api/logs", CapturedBodies.Logs[0]);

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await dashboard.Store.ListQuarantineAsync()).Single().DeviceId, Is.Null);
        Assert.That(await dashboard.Store.ListDevicesAsync(), Is.Empty);
    }

    [Test]
    public async Task Log_WithTwoBoardsAtTheAddress_IsQuarantined()
    {
        await using MeadowBoard one = await SubscribeAsync("d1");
        await using MeadowBoard two = await SubscribeAsync("d2");

        await PostAsync("/api/logs", CapturedBodies.Logs[0]);

        Assert.That((await dashboard.Store.ListQuarantineAsync()).Single().Reason, Does.Contain("not exactly one board"));
        Assert.That(await dashboard.Store.ListLogsAsync(new LogFilter("D1")), Is.Empty);
    }

    [Test]
    public async Task Item_SentAgain_IsStoredOnce()
    {
        await using MeadowBoard board = await SubscribeAsync("d1");
        foreach (string body in (string[])[Captured("clean"), Captured("clean"), Captured("nan"), Captured("nan")])
        {
            Assert.That((await PostAsync("/api/events", body)).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        }

        await PostAsync("/api/logs", CapturedBodies.Logs[0]);
        await PostAsync("/api/logs", CapturedBodies.Logs[0]);

        Assert.That(await dashboard.Store.ListEventsAsync(new EventFilter()), Has.Count.EqualTo(2));
        Assert.That(await dashboard.Store.ListLogsAsync(new LogFilter("D1")), Has.Count.EqualTo(1));
        Assert.That(await dashboard.Store.ListQuarantineAsync(), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Bulk_WithWrongItems_StoresTheOthers()
    {
        await using MeadowBoard board = await SubscribeAsync("d1");
        string events = $"[{Captured("clean")},{{\"eventId\":\"no\"}},7,[],{Captured("unit")}]";

        using HttpResponseMessage answer = await PostAsync("/api/bulkevents", events);
        using HttpResponseMessage logs = await PostAsync("/api/bulklogs", $"[{string.Join(',', CapturedBodies.Logs)}]");
        using HttpResponseMessage cut =
            await PostAsync("/api/bulkevents", $"[{Captured("tiny")},{Captured("keyquote")},{Captured("big")}]");

        Assert.That(await answer.Content.ReadAsStringAsync(), Is.EqualTo("""{"accepted":2,"quarantined":3}"""));
        Assert.That(await logs.Content.ReadAsStringAsync(), Is.EqualTo("""{"accepted":3,"quarantined":0}"""));
        Assert.That(await cut.Content.ReadAsStringAsync(), Is.EqualTo("""{"accepted":1,"quarantined":1}"""),
            "nobody knows where the third begins");
    }

    [Test]
    public async Task OurEvents_InAnyOrderAndTwice_StoreTheBatchAsTheBatchDoorDoes()
    {
        var batch = new TelemetryBatch(
            "r-9", "2.1.0",
            [.. Batches.Counting(1, 3), .. Batches.Counting(1, 2, layer: null, name: "seq")],
            [new TelemetryImage(Batches.Noon, 5, 0, "reconstruction", 2, 1, new byte[] { 0, 1 }, new byte[] { 255, 0 }, 7, 7)],
            [new TelemetryEvent(Batches.Noon, 5, "anomaly_start", TelemetryPriority.High, "x", new TelemetryFields { { "score", 9.1 } })],
            [new TelemetryLog(Batches.Noon, TelemetryLogLevel.Warning, "y")],
            new TelemetryFields { { "optimizer", "adam" } });
        var header = new BatchHeader("board-1", 3, 17, Batches.Noon);
        string[] parts = [.. MeadowCloudEvents.Encode(header, batch).Select(Json)];

        foreach (string part in parts.Reverse().Concat(parts))
        {
            Assert.That((await PostAsync("/api/events", part)).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        }

        RunRecord run = (await dashboard.Store.ListRunsAsync("board-1")).Single();
        Assert.That((run.Name, run.App, run.Settings?.Count), Is.EqualTo(("r-9", "2.1.0", 1)));
        Assert.That((await dashboard.Store.ListSeriesAsync(run.Id)).Select(one => (one.Layer, one.Name, one.Points)),
            Is.EquivalentTo(new (int?, string, long)[] { (0, "alignment_loss", 3), (null, "seq", 2) }));
        Assert.That((await dashboard.Store.ListImagesAsync(run.Id)).Single().Content, Is.EqualTo(batch.Images[0]));
        Assert.That((await dashboard.Store.ListEventsAsync(new EventFilter())).Single().Content, Is.EqualTo(batch.Events[0]));
        Assert.That((await dashboard.Store.ListLogsAsync(new LogFilter("board-1"))).Single().Content, Is.EqualTo(batch.Logs[0]));
        Assert.That((await dashboard.Store.FindDeviceAsync("board-1"))!.Boot, Is.EqualTo(3));
        Assert.That(await dashboard.Store.ListQuarantineAsync(), Is.Empty);
    }

    [Test]
    public async Task OurEvent_WithNaN_StoresTheOtherPoints()
    {
        await PostAsync("/api/events", """
            {"measurements":{"deviceId":"b","runId":"r","boot":1,"seq":1,"schema":1,"step":8,"part":0,"parts":1,"0.loss":NaN,"1.loss":0.5},
             "eventId":1000,"description":"points","timestamp":"2026-11-22T13:31:14.4448151+00:00"}
            """);

        RunRecord run = (await dashboard.Store.ListRunsAsync()).Single();
        Assert.That((await dashboard.Store.ListSeriesAsync(run.Id)).Single().Layer, Is.EqualTo(1));
        Assert.That((await dashboard.Store.ListQuarantineAsync()).Single().Reason, Does.Contain("0.loss"));
    }

    [Test]
    public async Task Command_AnsweredByAnEvent1004_IsClosed()
    {
        await dashboard.Store.RegisterDeviceAsync("board-1", Batches.Noon);
        await dashboard.Store.AddCommandAsync("board-1", new TelemetryCommand("c-1", "pause"), Batches.Noon);
        var done = new TelemetryEvent(
            Batches.Noon, 0, EventKinds.CommandDone, TelemetryPriority.High, "paused", new TelemetryFields { { "id", "c-1" } });
        string body = Json(MeadowCloudEvents.Encode(new BatchHeader("board-1", 1, 1, 0), Batches.OfEvents(done)).Single());

        await PostAsync("/api/events", body);

        CommandRecord command = (await dashboard.Store.ListCommandsAsync("board-1")).Single();
        Assert.That((command.State, command.Answer, command.SentAt), Is.EqualTo((CommandState.Done, "paused", (long?)null)));
    }

    [Test]
    public async Task Post_FromElsewhereWithoutToken_ComesFromListedBoardsOnly()
    {
        string listed = Captured("clean").Replace("\"d1\"", "\"listed\"", StringComparison.Ordinal);

        Assert.That((await PostAsync("/api/events", listed, address: Elsewhere)).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await PostAsync("/api/events", Captured("clean"), address: Elsewhere)).StatusCode,
            Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That((await PostAsync("/api/events", "nonsense", address: Elsewhere)).StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That((await PostAsync("/api/logs", CapturedBodies.Logs[0], address: Elsewhere)).StatusCode,
            Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That((await PostAsync("/api/bulkevents", $"[{listed},{Captured("clean")}]", address: Elsewhere)).StatusCode,
            Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That((await dashboard.Store.ListDevicesAsync()).Select(device => device.DeviceId), Is.EqualTo(new[] { "listed" }));
        Assert.That(await dashboard.Store.ListQuarantineAsync(), Is.Empty);
    }

    [Test]
    public async Task Post_OfABoardWithAKey_NeedsALoginAlsoOnThisMachine()
    {
        await dashboard.Keys.CreateAsync("d1");

        using HttpResponseMessage answer = await PostAsync("/api/events", Captured("clean"));

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(await dashboard.Store.ListRunsAsync(), Is.Empty);
    }

    [Test]
    public async Task Post_TooLarge_IsQuarantinedCutAndAnswered()
    {
        string large = "{\"description\":\"" + new string('x', TelemetryLimits.BodyBytes) + "\"}";

        using HttpResponseMessage answer = await PostAsync("/api/events", large);

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await dashboard.Store.ListQuarantineAsync()).Single().Reason, Does.Contain("65536"));
    }

    [Test]
    public async Task Post_AsABrowserSendsItWithoutAsking_IsRefused()
    {
        using HttpResponseMessage answer = await dashboard.Client.PostAsync(
            new Uri("/api/events", UriKind.Relative), new StringContent(Captured("clean"), Encoding.UTF8, "text/plain"));

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.UnsupportedMediaType));
        Assert.That(await dashboard.Store.ListDevicesAsync(), Is.Empty);
    }

    [Test]
    public async Task Quarantine_IsShownAsText()
    {
        await PostAsync("/api/events", "<script>alert(1)</script>");

        string page = await dashboard.Client.GetStringAsync(new Uri("/quarantine", UriKind.Relative));

        Assert.That(page, Does.Contain("&lt;script&gt;alert(1)").And.Contain("a value expected").And.Not.Contain("<script>alert"));
    }

    [Test]
    public async Task Post_WhenNothingCanBeStored_IsKeptByTheBoard()
    {
        await dashboard.Store.DisposeAsync();

        using HttpResponseMessage answer = await PostAsync("/api/events", Captured("clean"));

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(answer.Headers.RetryAfter, Is.Not.Null);
    }

    private static string Captured(string description) =>
        CapturedBodies.Events.Single(body => body.Contains($"\"description\":\"{description}\"", StringComparison.Ordinal));

    private static string Format(TelemetryFields fields) => string.Join(' ', fields.Select(field => $"{field.Key}={field.Value}"));

    private static string Json(MeadowCloudEvent one)
    {
        var output = new ArrayBufferWriter<byte>();
        MeadowCloudJson.Write(output, one);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private async Task<MeadowBoard> SubscribeAsync(string deviceId)
    {
        var board = new MeadowBoard(deviceId, dashboard.Services.GetRequiredService<MqttBroker>().Port!.Value);
        await board.ConnectAsync();
        await board.SubscribeAsync();
        return board;
    }

    private Task<HttpResponseMessage> PostAsync(string route, string body, string? token = null, string? address = null) =>
        MeadowBoard.PostAsync(dashboard.Client, route, body, token, address);
}
