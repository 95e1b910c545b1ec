using System;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Storage;
using FeatureAlignment.Dashboard.Tests.Support;
using FeatureAlignment.Telemetry;
using NUnit.Framework;

namespace FeatureAlignment.Dashboard.Tests.Pages;

[TestFixture]
public sealed class RunPageTests
{
    private static readonly long Now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
    private TestDashboard dashboard = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => dashboard = await StartOneAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await dashboard.DisposeAsync();

    [Test]
    public async Task Run_ShowsChartsOfLearningConfusionAndSettings()
    {
        (HttpStatusCode status, string html) = await dashboard.Client.GetPageAsync("/runs/1");

        Assert.That(status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(html, Does.Contain("data-chart=\"alignment_loss\"").And.Contain("id=\"heat\""));
        Assert.That(html, Does.Contain("data-series=\"1.alignment_loss\""));
        Assert.That(html, Does.Not.Contain("data-chart=\"memory_used\""));
        Assert.That(html, Does.Contain("class=\"shade-9 right\">9<").And.Contain("class=\"shade-1\">1<"));
        Assert.That(html, Does.Contain("<dt>optimizer</dt>").And.Not.Contain("<script>alert"));
    }

    [Test]
    public async Task Run_WithoutLabels_HasNoConfusion()
    {
        (_, string labelled) = await dashboard.Client.GetPageAsync("/runs/1");
        (_, string unlabelled) = await dashboard.Client.GetPageAsync("/runs/2");

        Assert.That(labelled, Does.Contain("id=\"run-confusion\""));
        Assert.That(unlabelled, Does.Not.Contain("id=\"run-confusion\"").And.Contain("id=\"run-events\""));
    }

    [Test]
    public async Task Run_Accuracy_IsInPercent_InItsChartAsAmongTheFacts()
    {
        (_, string html) = await dashboard.Client.GetPageAsync("/runs/1");

        Assert.That(html, Does.Contain("data-chart=\"accuracy\" data-unit=\"%\""));
    }

    [Test]
    public async Task Run_Events_AreInTheOrderOfTheirTimes_NotOfTheirArrival()
    {
        await using TestDashboard own = await StartOneAsync();
        await own.Store.AppendAsync(Batches.Received(
            Batches.OfEvents(
                new TelemetryEvent(Now + 2_000, 400, "second", TelemetryPriority.High, ""),
                new TelemetryEvent(Now + 1_000, 400, "first", TelemetryPriority.Low, "")), 2,
            device: SampleFleet.Learner));

        string html = await own.Client.GetStringAsync("/runs/1/events");

        Assert.That(html.IndexOf(">Second<", StringComparison.Ordinal),
            Is.Positive.And.LessThan(html.IndexOf(">First<", StringComparison.Ordinal)));
    }

    [Test]
    public async Task Run_AnomalyScore_SharesItsChartWithTheThreshold()
    {
        (_, string html) = await dashboard.Client.GetPageAsync("/runs/2");

        Assert.That(html, Does.Contain("data-chart=\"anomaly_q\"").And.Contain("data-series=\"anomaly_threshold_q\""));
        Assert.That(html, Does.Not.Contain("data-chart=\"anomaly_threshold_q\""));
    }

    [Test]
    public async Task Run_OfflineTimes_AreGivenToTheCharts()
    {
        await using TestDashboard own = await StartOneAsync();
        await own.Store.AddConnectionAsync(new ConnectionRecord(SampleFleet.Learner, 1_000, "offline", "gone"));
        await own.Store.AddConnectionAsync(new ConnectionRecord(SampleFleet.Learner, 5_000, "online", "back"));
        await own.Store.AddConnectionAsync(new ConnectionRecord(SampleFleet.Learner, 9_000, "offline", "gone again"));

        (_, string html) = await own.Client.GetPageAsync("/runs/1");
        string json = await own.Client.GetStringAsync("/runs/1/annotations");

        Assert.That(html, Does.Contain("data-offline=\"[[1000,5000],[9000,null]]\""));
        Assert.That(json, Does.Contain("\"offline\":[[1000,5000],[9000,null]]"));
    }

    [Test]
    public async Task Run_Events_AreGivenToTheCharts_NewOnesToo()
    {
        await using TestDashboard own = await StartOneAsync();
        (_, string html) = await own.Client.GetPageAsync("/runs/1");
        await own.Store.AppendAsync(Batches.Received(
            Batches.OfEvents(new TelemetryEvent(Now, 400, EventKinds.AnomalyStart, TelemetryPriority.High, "")), 2,
            device: SampleFleet.Learner));

        string json = await own.Client.GetStringAsync("/runs/1/annotations");

        Assert.That(WebUtility.HtmlDecode(html),
            Does.Contain($"data-marks=\"[{{\"t\":{Now},\"step\":200,\"kind\":\"Non finite loss\"}}]\""));
        Assert.That(json,
            Does.StartWith($"{{\"marks\":[{{\"t\":{Now},\"step\":400,\"kind\":\"Anomaly start\"}},{{\"t\":{Now},\"step\":200,"));
    }

    [Test]
    public async Task Run_TellsTheChartsWhereItBeginsAndEnds()
    {
        (_, string html) = await dashboard.Client.GetPageAsync("/runs/1?from=100&to=200");

        Assert.That(WebUtility.HtmlDecode(html),
            Does.Contain($"data-ends=\"{{\"step\":[0,390],\"time\":[{Now - 4_000_000},{Now - 361_000}]}}\""));
    }

    [Test]
    public async Task Run_TellsThePageWhichSeriesItKnows_AlsoThoseWithoutAChart()
    {
        (_, string html) = await dashboard.Client.GetPageAsync("/runs/1");

        Assert.That(WebUtility.HtmlDecode(html),
            Does.Contain("data-known=\"[\"accuracy\",\"memory_used\",\"0.alignment_loss\",\"1.alignment_loss\"]\""));
    }

    [Test]
    public async Task Charts_GiveColumnsAndGaps()
    {
        string json = await dashboard.Client.GetStringAsync(
            "/runs/1/charts?series=0.alignment_loss&series=accuracy&series=9.unknown&axis=time&buckets=2000");

        JsonElement[] series = JsonSerializer.Deserialize<JsonElement[]>(json)!;
        Assert.That(series.Select(one => one.GetProperty("raw").GetInt64()), Is.EqualTo((long[])[40, 40, 0]));
        Assert.That(series[0].GetProperty("gaps").EnumerateArray().Single().GetInt32(), Is.GreaterThan(0));
        Assert.That(series[0].GetProperty("x").GetArrayLength(), Is.EqualTo(series[0].GetProperty("last").GetArrayLength()));
        Assert.That(series[0].GetProperty("max").EnumerateArray().Max(value => value.GetDouble()), Is.EqualTo(1));
    }

    [Test]
    public async Task Charts_EveryColumnOnePoint_HaveNoBand()
    {
        string json = await dashboard.Client.GetStringAsync("/runs/1/charts?series=accuracy&from=0&to=100");

        JsonElement series = JsonSerializer.Deserialize<JsonElement[]>(json)!.Single();
        Assert.That(series.GetProperty("raw").GetInt64(), Is.EqualTo(11));
        Assert.That(series.GetProperty("min").ValueKind, Is.EqualTo(JsonValueKind.Null));
    }

    [TestCase("series=0.alignment_loss&axis=sideways")]
    [TestCase("series=..%2Fetc")]
    [TestCase("series=accuracy&buckets=0")]
    [TestCase("series=accuracy&from=5&to=4")]
    public async Task Charts_BadQuestion_IsRefused(string query)
    {
        using HttpResponseMessage answer = await dashboard.Client.GetAsync("/runs/1/charts?" + query);

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
    }

    [Test]
    public async Task Csv_HasEveryPointWithAllDigits()
    {
        using HttpResponseMessage answer = await dashboard.Client.GetAsync("/runs/1/data.csv");
        string[] lines = (await answer.Content.ReadAsStringAsync()).TrimEnd().Split("\r\n");

        Assert.That(answer.Content.Headers.ContentDisposition!.FileName, Is.EqualTo("press-1-r-1-data.csv"));
        Assert.That(lines[0], Is.EqualTo("layer,name,unit,step,time,value,min,max,points"));
        Assert.That(lines, Has.Length.EqualTo(1 + 4 * 40));
        Assert.That(lines.Single(line => line.StartsWith("0,alignment_loss,1,20,", StringComparison.Ordinal)),
            Does.Contain(",0.3333333333333333,"));
    }

    [Test]
    public async Task EventsCsv_Formula_IsText()
    {
        string csv = await dashboard.Client.GetStringAsync("/runs/1/events.csv");

        Assert.That(csv, Does.Contain(",\"'=HYPERLINK(\"\"http://203.0.113.7\"\",\"\"x\"\")\","));
        Assert.That(csv, Does.Not.Match("(^|[,\"])="));
    }

    [Test]
    public async Task Run_Edited_ShowsNameTagsAndNotes()
    {
        await using TestDashboard own = await StartOneAsync();
        using HttpResponseMessage answer = await own.Client.SubmitAsync(
            "/runs/1", "action=\"/runs/1\" class=\"stack\"", ("title", " First <run> "), ("tags", "good, fast"),
                ("notes", "line 1\r\nline 2"));

        string html = await answer.Content.ReadAsStringAsync();
        Assert.That(html, Does.Contain("<h1>First &lt;run&gt;</h1>"));
        Assert.That(html, Does.Contain("<span class=\"tag\">good</span>").And.Contain("<span class=\"tag\">fast</span>"));
        Assert.That((await own.Store.FindRunAsync(1))!.Notes, Is.EqualTo("line 1\nline 2"));
    }

    [Test]
    public async Task Run_EditedOrDeletedWithoutAntiforgeryToken_IsRefused()
    {
        using var edit = new FormUrlEncodedContent([new("title", "x")]);
        using var delete = new FormUrlEncodedContent([new("sure", "true")]);

        using HttpResponseMessage edited = await dashboard.Client.PostAsync("/runs/1", edit);
        using HttpResponseMessage deleted = await dashboard.Client.PostAsync("/runs/1/delete", delete);

        Assert.That(edited.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(deleted.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That((await dashboard.Store.FindRunAsync(1))!.Title, Is.Empty);
    }

    [Test]
    public async Task Run_Deleted_IsGone()
    {
        await using TestDashboard own = await StartOneAsync();
        using HttpResponseMessage answer = await own.Client.SubmitAsync("/runs/1", "action=\"/runs/1/delete\"", ("sure", "true"));

        Assert.That(answer.RequestMessage!.RequestUri!.AbsolutePath, Is.EqualTo("/devices/press-1"));
        Assert.That((await own.Client.GetPageAsync("/runs/1")).Status, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [TestCase("action=\"/runs/1\" class=\"stack\"", "/runs/1")]
    [TestCase("action=\"/runs/1/delete\"", "/runs/1/delete")]
    public async Task Run_DeletedBySomebodyElse_FormsSayThatItIsGone(string form, string action)
    {
        await using TestDashboard own = await StartOneAsync();
        (_, string html) = await own.Client.GetPageAsync("/runs/1");
        string token = Regex.Match(html[html.IndexOf(form, StringComparison.Ordinal)..], "value=\"([^\"]{50,})\"").Groups[1].Value;
        await own.Store.DeleteRunAsync(1);

        using var request = new HttpRequestMessage(HttpMethod.Post, action)
        {
            Content = new FormUrlEncodedContent([new("__RequestVerificationToken", token), new("sure", "true")]),
        };
        request.Headers.Accept.ParseAdd("text/html");
        using HttpResponseMessage answer = await own.Client.SendAsync(request);
        using HttpResponseMessage charts = await own.Client.GetAsync("/runs/1/charts?series=accuracy");

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(await answer.Content.ReadAsStringAsync(), Does.Contain("<h1>Not found</h1>"));
        Assert.That(charts.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    private static async Task<TestDashboard> StartOneAsync()
    {
        TestDashboard one = await TestDashboard.StartAsync();
        await SampleFleet.AddAsync(one.Store, Now);
        return one;
    }
}
