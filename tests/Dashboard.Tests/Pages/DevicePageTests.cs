using System;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Storage;
using FeatureAlignment.Dashboard.Tests.Support;
using FeatureAlignment.Telemetry;
using NUnit.Framework;

namespace FeatureAlignment.Dashboard.Tests.Pages;

[TestFixture]
public sealed class DevicePageTests
{
    private const string Page = "/devices/" + SampleFleet.Learner;
    private const string OtherPage = "/devices/" + SampleFleet.Watcher;
    private static readonly long Now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
    private TestDashboard dashboard = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        dashboard = await TestDashboard.StartAsync();
        await SampleFleet.AddAsync(dashboard.Store, Now);
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await dashboard.DisposeAsync();

    [Test]
    public async Task Device_ShowsHealthRunAnomaliesLogAndConnections()
    {
        await dashboard.Store.AddConnectionAsync(new ConnectionRecord(SampleFleet.Learner, Now, "offline", "Nothing came for 2 min."));

        (HttpStatusCode status, string html) = await dashboard.Client.GetPageAsync(Page);

        Assert.That(status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(html, Does.Contain("data-chart=\"memory_used\"").And.Not.Contain("data-chart=\"alignment_loss\""));
        Assert.That(html, Does.Contain("href=\"/runs/1\"").And.Contain("Non finite loss").And.Contain("quiet line"));
        Assert.That(html, Does.Contain("Nothing came for 2 min."));
    }

    [Test]
    public async Task Device_NumbersThatNeverChanged_AreAList_TheOthersCharts()
    {
        TelemetryPoint[] points =
        [
            new(Now, 1, null, MetricNames.Restarts, 2), new(Now, 2, null, MetricNames.Restarts, 2),
            new(Now, 1, null, MetricNames.Uptime, 5), new(Now, 2, null, MetricNames.Uptime, 9),
        ];
        await dashboard.Store.AppendAsync(Batches.Received(new TelemetryBatch("r-3", "1", points), device: "steady-3", received: Now));

        (_, string html) = await dashboard.Client.GetPageAsync("/devices/steady-3");

        string[] parts = html.Split("<details class=\"card constant\"");
        Assert.That(parts, Has.Length.EqualTo(2));
        Assert.That(parts[0], Does.Contain("data-chart=\"uptime\"").And.Not.Contain("data-chart=\"restarts\""));
        Assert.That(parts[1], Does.Contain("Restarts <b class=\"num\">2</b>").And.Contain("data-chart=\"restarts\""));
    }

    [Test]
    public async Task Device_RunsAndAnomalies_AreBeforeTheHealthCharts()
    {
        (_, string html) = await dashboard.Client.GetPageAsync(Page);
        string[] ids = ["device-facts", "runs-title", "anomalies-title", "connections-title", "charts", "log-title"];

        Assert.That(ids.Select(id => html.IndexOf($"id=\"{id}\"", StringComparison.Ordinal)), Is.Ordered.And.All.Positive);
    }

    [TestCase(2, true)]
    [TestCase(59_723_348, false)]
    public async Task Device_NumberOfStarts_IsShown_UnlessItIsATimeOfTheClock(int boot, bool isShown)
    {
        await using TestDashboard own = await TestDashboard.StartAsync();
        await own.Store.AppendAsync(Batches.Received(Batches.OfEvents(), boot: boot, device: "trainer"));

        string facts = await own.Client.GetStringAsync("/devices/trainer/facts");

        Assert.That(facts.Contains("<dt>Starts</dt>", StringComparison.Ordinal), Is.EqualTo(isShown));
    }

    [Test]
    public async Task Device_HostileText_IsEscaped()
    {
        (_, string html) = await dashboard.Client.GetPageAsync(Page);

        Assert.That(html, Does.Contain("&lt;script&gt;alert("));
        Assert.That(html, Does.Not.Contain("<script>alert").And.Not.Contain("<img src=x"));
    }

    [TestCase(double.MaxValue)]
    [TestCase(double.MinValue)]
    [TestCase(double.Epsilon)]
    [TestCase(-1)]
    public async Task Device_WithTheStrangestNumbers_IsShown(double value)
    {
        const long LastTime = 253_402_300_799_999;
        var confusion = new TelemetryFields { { "confusion", [value, -value, 0.0, value] } };
        await dashboard.Store.AppendAsync(Batches.Received(
            new TelemetryBatch("r-1", "1.4.0",
                from name in (string[])[MetricNames.Uptime, MetricNames.MemoryUsed, MetricNames.Temperature, MetricNames.Accuracy,
                    MetricNames.SamplesPerSecond, MetricNames.AlignmentLoss, MetricNames.AnomalyQ, MetricNames.AnomalyThresholdQ, "other"]
                from point in (TelemetryPoint[])[new(LastTime, 0, null, name, value), new(0, long.MaxValue, null, name, -value)]
                select point,
                events: [new(LastTime, long.MaxValue, EventKinds.Evaluation, TelemetryPriority.High, "", confusion)],
                logs: [new(LastTime, TelemetryLogLevel.Critical, "x")]),
            sequence: 2, device: SampleFleet.Learner, received: Now));

        foreach (string page in new[] { "/", Page, Page + "/facts", Page + "/logs", "/runs/1", "/runs/1/facts", "/runs/1/confusion",
            "/runs/1/data.csv", "/runs/1/events.csv", "/runs/1/charts?series=uptime&axis=time", "/runs/1/charts?series=uptime&buckets=1",
            $"/runs/1/charts?series=uptime&from={long.MinValue}&to={long.MaxValue}", "/fleet/rows?id=" + SampleFleet.Learner })
        {
            (HttpStatusCode status, string text) = await dashboard.Client.GetPageAsync(page);
            Assert.That(status, Is.EqualTo(HttpStatusCode.OK), page + text);
        }
    }

    [TestCase("?level=warning", false)]
    [TestCase("?text=QUIET", true)]
    [TestCase("?text=elsewhere", false)]
    public async Task Log_Filtered_ShowsWhatMatches(string query, bool isShown)
    {
        (_, string html) = await dashboard.Client.GetPageAsync(Page + query);
        string part = await dashboard.Client.GetStringAsync(Page + "/logs" + query);

        Assert.That(html.Contains("quiet line", StringComparison.Ordinal), Is.EqualTo(isShown));
        Assert.That(part.Contains("quiet line", StringComparison.Ordinal), Is.EqualTo(isShown));
    }

    [Test]
    public async Task Text_ThatTurnsTheDirection_IsShownByItsMarks()
    {
        await dashboard.Store.AppendAsync(Batches.Received(
            new TelemetryBatch("r-9", "1.0", logs: [new(Now, TelemetryLogLevel.Error, "run \u202Egnp.exe")]), device: "turner"));

        (_, string html) = await dashboard.Client.GetPageAsync("/devices/turner");

        Assert.That(html, Does.Contain("run [U&#x2B;202E]gnp.exe").And.Not.Contain("\u202E"));
    }

    [Test]
    public async Task Log_WithoutALine_SaysWhetherTheSearchIsTheReason()
    {
        Assert.That(await dashboard.Client.GetStringAsync(OtherPage + "/logs"), Does.Contain("No line yet."));
        Assert.That(await dashboard.Client.GetStringAsync(OtherPage + "/logs?text=x"), Does.Contain("No line matches."));
    }

    [Test]
    public async Task Log_OfManyLines_TurnsPages()
    {
        for (int batch = 1; batch <= 3; batch++)
        {
            await dashboard.Store.AppendAsync(Batches.Received(new TelemetryBatch("r-9", "1.0",
                logs: [.. Enumerable.Range(0, 200).Select(i => new TelemetryLog(Now, TelemetryLogLevel.Information, $"line {batch}.{i}"))]),
                batch, device: "chatty"));
        }

        (_, string newest) = await dashboard.Client.GetPageAsync("/devices/chatty?level=debug");
        string older = WebUtility.HtmlDecode(Regex.Match(newest, "<a href=\"([^\"]+)\">Older lines").Groups[1].Value);
        (_, string before) = await dashboard.Client.GetPageAsync(older);

        Assert.That(newest, Does.Contain("line 3.0<").And.Not.Contain("line 2.199<").And.Not.Contain("Newest lines"));
        Assert.That(before, Does.Contain("line 2.199<").And.Not.Contain("line 3.0<"));
        Assert.That(before, Does.Contain("href=\"/devices/chatty?level=debug#log-title\">Newest lines"));
    }

    [Test]
    public async Task Connections_AreAPartOfTheirOwn()
    {
        await dashboard.Store.AddConnectionAsync(new ConnectionRecord(SampleFleet.Watcher, Now, "restarted", "Start 2."));

        Assert.That(await dashboard.Client.GetStringAsync(OtherPage + "/connections"), Does.Contain("Restarted").And.Contain("Start 2."));
    }

    [Test]
    public async Task UnknownDevice_IsNotFound()
    {
        (HttpStatusCode status, string html) = await dashboard.Client.GetPageAsync("/devices/nobody");

        Assert.That(status, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(html, Does.Contain("<h1>Not found</h1>"));
    }

    [Test]
    public async Task Command_Sent_IsStoredWithArgumentAndExpiry_AndShown()
    {
        using HttpResponseMessage answer = await dashboard.Client.SubmitAsync(
            OtherPage, "_handler\" value=\"command", ("Sent.Choice", "set_learning_rate"), ("Sent.Value", "0.05"), ("Sent.Minutes", "10"));

        string html = await answer.Content.ReadAsStringAsync();
        CommandRecord command = (await dashboard.Store.ListCommandsAsync(SampleFleet.Watcher)).Single();
        Assert.That(command.Command.Name, Is.EqualTo("set"));
        Assert.That(command.Command.Args.TryGet("learning_rate", out TelemetryValue? rate) ? rate.Number : 0, Is.EqualTo(0.05));
        Assert.That(command.Command.ExpiresMilliseconds - command.CreatedAt, Is.EqualTo(600_000));
        Assert.That(answer.RequestMessage!.RequestUri!.AbsolutePath, Is.EqualTo(OtherPage), "reloading must not send it again");
        Assert.That(html, Does.Contain("set learning_rate 0.05").And.Contain("Waiting"));
    }

    [TestCase("set_learning_rate", "11")]
    [TestCase("set_learning_rate", "NaN")]
    [TestCase("send_reconstructions", "")]
    [TestCase("format_flash", "")]
    public async Task Command_NotAllowed_IsNotStored(string choice, string value)
    {
        using HttpResponseMessage answer = await dashboard.Client.SubmitAsync(
            Page, "_handler\" value=\"command", ("Sent.Choice", choice), ("Sent.Value", value), ("Sent.Minutes", "10"));

        Assert.That(await dashboard.Store.ListCommandsAsync(SampleFleet.Learner), Is.Empty);
        Assert.That(await answer.Content.ReadAsStringAsync(), Does.Contain("role=\"alert\""));
    }

    [Test]
    public async Task Command_WithoutAntiforgeryToken_IsRefused()
    {
        using var form = new FormUrlEncodedContent([new("_handler", "command"), new("Sent.Choice", "restart"), new("Sent.Minutes", "10")]);

        using HttpResponseMessage answer = await dashboard.Client.PostAsync(Page, form);

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(await dashboard.Store.ListCommandsAsync(SampleFleet.Learner), Is.Empty);
    }

    [Test]
    public async Task Key_Made_IsShownOnceAndOpensTheDoor_Revoked_NoMore()
    {
        using HttpResponseMessage made = await dashboard.Client.SubmitAsync(Page, "_handler\" value=\"make-key");
        string html = await made.Content.ReadAsStringAsync();
        string key = Regex.Match(html, "class=\"secret\">([A-Za-z0-9_-]{43})<").Groups[1].Value;
        var header = new BatchHeader(SampleFleet.Learner, boot: 1, sequence: 2, Now);
        byte[] body = Batches.Json(Batches.OfPoints(Batches.Counting(0, 1)));

        using HttpResponseMessage with = await dashboard.PostAsync(header, body, (BatchHeader.KeyHeader, key));
        using HttpResponseMessage without = await dashboard.PostAsync(header, body);
        (_, string again) = await dashboard.Client.GetPageAsync(Page);
        using HttpResponseMessage revoked = await dashboard.Client.SubmitAsync(Page, "/keys/1/revoke");
        using HttpResponseMessage twice = await dashboard.Client.PostAsync(Page + "/keys/1/revoke", new FormUrlEncodedContent([]));
        using HttpResponseMessage after = await dashboard.PostAsync(header, body, (BatchHeader.KeyHeader, key));

        Assert.That(made.Headers.CacheControl!.NoStore, Is.True);
        Assert.That(with.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(without.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(again, Does.Contain("Key 1").And.Not.Contain(key));
        Assert.That(revoked.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await revoked.Content.ReadAsStringAsync(), Does.Contain(">revoked <"));
        Assert.That(twice.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest), "no antiforgery token");
        Assert.That(after.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [Test]
    public async Task Device_Renamed_ShowsItsName()
    {
        using HttpResponseMessage answer =
            await dashboard.Client.SubmitAsync(OtherPage, "_handler\" value=\"rename", ("Title", "Press <1>"));

        Assert.That(await answer.Content.ReadAsStringAsync(), Does.Contain("<h1>Press &lt;1&gt;</h1>"));
    }
}
