using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.MeadowCloud;
using FeatureAlignment.Dashboard.Monitoring;
using FeatureAlignment.Dashboard.Storage;
using FeatureAlignment.Dashboard.Tests.Support;
using FeatureAlignment.Telemetry;
using FeatureAlignment.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace FeatureAlignment.Dashboard.Tests.Monitoring;

[TestFixture]
public sealed partial class MetricsTests
{
    private const string Token = "a-token-of-the-metrics-server";
    private const string Elsewhere = "192.0.2.7";

    [Test]
    public async Task Metrics_TellWhatHappened_WithoutNamesOfDevices()
    {
        // Nothing is done by the clock meanwhile: no write of its own may wait in the queue.
        await using TestDashboard dashboard = await TestDashboard.StartAsync(
            options => options with { MqttPort = 0 }, builder => builder.Services.AddSingleton<TimeProvider>(new SteppedTime()));
        await using var board = new MeadowBoard("pump-2", dashboard.Services.GetRequiredService<MqttBroker>().Port!.Value);
        await board.ConnectAsync();
        byte[] three = Batches.Json(Batches.OfPoints(Batches.Counting(0, 3)));
        foreach (int sequence in (int[])[1, 2, 2])
        {
            using HttpResponseMessage stored = await dashboard.PostAsync(new BatchHeader("press-1", 1, sequence, 0), three);
            stored.EnsureSuccessStatusCode();
        }

        (await dashboard.PostAsync(new BatchHeader("press-1", 1, 3, 0), "{}"u8.ToArray())).Dispose();
        (await dashboard.PostAsync(new BatchHeader("press-1", 1, 3, 0), three, ("X-Device-Key", "wrong"))).Dispose();
        (await MeadowBoard.PostAsync(dashboard.Client, "/api/events", "nonsense")).Dispose();
        await dashboard.Store.RegisterDeviceAsync("new-3", Batches.Noon);
        await dashboard.Store.AddCommandAsync("press-1", new TelemetryCommand("c-1", "pause", new TelemetryFields(), 0), Batches.Noon);
        (await dashboard.PostAsync(new BatchHeader("press-1", 1, 4, 0), Batches.Json(Batches.OfEvents(Done("c-1"))))).Dispose();
        using HttpResponseMessage page = await dashboard.Client.GetAsync("/live", HttpCompletionOption.ResponseHeadersRead);

        string text = await dashboard.Client.GetStringAsync("/metrics");

        Dictionary<string, double> values = Parse(text);
        Assert.Multiple(() =>
        {
            Assert.That(values["dashboard_batches_total"], Is.EqualTo(3));
            Assert.That(values["dashboard_points_total"], Is.EqualTo(6));
            Assert.That(values["dashboard_batches_repeated_total"], Is.EqualTo(1));
            Assert.That(values["dashboard_refusals_total{door=batches,reason=malformed}"], Is.EqualTo(1));
            Assert.That(values["dashboard_refusals_total{door=batches,reason=unauthorized}"], Is.EqualTo(1));
            Assert.That(values["dashboard_quarantined_total"], Is.EqualTo(1));
            Assert.That(values["dashboard_commands_total{outcome=added}"], Is.EqualTo(1));
            Assert.That(values["dashboard_commands_total{outcome=done}"], Is.EqualTo(1));
            Assert.That(values["dashboard_devices{state=online}"], Is.EqualTo(1));
            Assert.That(values["dashboard_devices{state=waiting}"], Is.EqualTo(1));
            Assert.That(values["dashboard_mqtt_connections"], Is.EqualTo(1));
            Assert.That(values["dashboard_live_streams"], Is.EqualTo(1));
            Assert.That(values["dashboard_store_queue"], Is.Zero);
            Assert.That(values["dashboard_store_commit_duration_seconds_count"], Is.GreaterThanOrEqualTo(3));
            Assert.That(values.Keys, Has.Some.StartsWith("http_server_request_duration_seconds_count"));
            Assert.That(values.Keys, Has.Some.StartsWith("kestrel_active_connections"));
            Assert.That(values.Keys, Has.Some.StartsWith("dotnet_"));
            Assert.That(text, Does.Contain("# HELP dashboard_points_total Points in the batches stored."));
            Assert.That(text, Does.Not.Contain("press-1").And.Not.Contain("pump-2"));
        });
    }

    [Test]
    public async Task Device_WithOpenAnomaly_CountsAsSuch()
    {
        await using TestDashboard dashboard = await TestDashboard.StartAsync();
        var start = new TelemetryEvent(0, 1, EventKinds.AnomalyStart, TelemetryPriority.High, "Too warm");
        (await dashboard.PostAsync(new BatchHeader("press-1", 1, 1, 0), Batches.Json(Batches.OfEvents(start)))).Dispose();

        Dictionary<string, double> values = Parse(await dashboard.Client.GetStringAsync("/metrics"));

        Assert.That((values["dashboard_devices{state=anomaly}"], values["dashboard_devices{state=online}"]), Is.EqualTo((1, 0)));
    }

    [TestCase(null, null, null, 200, TestName = "Access_WithoutToken_FromThisMachine")]
    [TestCase(null, Elsewhere, null, 403, TestName = "Access_WithoutToken_FromElsewhere_IsRefused")]
    [TestCase(Token, Elsewhere, Token, 200, TestName = "Access_WithToken_FromElsewhere")]
    [TestCase(Token, Elsewhere, Token + "x", 403, TestName = "Access_WithWrongToken_IsRefused")]
    [TestCase(Token, Elsewhere, null, 403, TestName = "Access_WithMissingToken_IsRefused")]
    public async Task Access(string? set, string? address, string? sent, int status)
    {
        await using TestDashboard dashboard = await TestDashboard.StartAsync(("Metrics:Token", set ?? ""));

        Assert.That((int)await GetAsync(dashboard, address, sent), Is.EqualTo(status));
    }

    [Test]
    public async Task Access_WithPassword_AsksForTheTokenOrALogin()
    {
        await using TestDashboard dashboard = await TestDashboard.StartAsync(("Metrics:Token", Token));
        (await dashboard.Client.SetPasswordAsync("a password that is long")).Dispose();

        Assert.That(await GetAsync(dashboard, null, null), Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(await GetAsync(dashboard, Elsewhere, Token), Is.EqualTo(HttpStatusCode.OK));
        await dashboard.Client.SubmitAsync("/login", "_handler\" value=\"login", ("Given", "a password that is long"));
        Assert.That(await GetAsync(dashboard, Elsewhere, null), Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public void Token_TooShort_IsRefusedAtTheStart() =>
        Assert.That(() => TestDashboard.StartAsync(("Metrics:Token", "short")),
            Throws.InvalidOperationException.With.Message.Contains("at least 16 characters; it has 5"));

    [Test]
    public async Task Counting_AllocatesNothing()
    {
        await using TestDashboard dashboard = await TestDashboard.StartAsync();
        DashboardMetrics metrics = dashboard.Services.GetRequiredService<DashboardMetrics>();
        ReceivedBatch batch = Batches.Received(Batches.OfEvents(Done("c-1")));
        // Series of metrics are made at their first use.
        Count(metrics, batch);

        Assert.That(
            Allocation.Of(() =>
            {
                for (int i = 0; i < 1_000; i++)
                {
                    Count(metrics, batch);
                }
            }),
            Is.Zero);
    }

    private static void Count(DashboardMetrics metrics, ReceivedBatch batch)
    {
        metrics.CountBatch(batch);
        metrics.CountRepeated();
        metrics.CountRefusal("batches", 400);
    }

    private static TelemetryEvent Done(string id)
    {
        var data = new TelemetryFields();
        data.Add("id", id);
        return new TelemetryEvent(0, 1, EventKinds.CommandDone, TelemetryPriority.Normal, "Done", data);
    }

    private static async Task<HttpStatusCode> GetAsync(TestDashboard dashboard, string? address, string? token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        if (address is not null)
        {
            request.Headers.Add(TestDashboard.AddressHeader, address);
        }

        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        using HttpResponseMessage answer = await dashboard.Client.SendAsync(request);
        return answer.StatusCode;
    }

    // Values by name and labels, without quotes and without the label that OpenTelemetry adds about the meter.
    private static Dictionary<string, double> Parse(string text) => Line().Matches(text).ToDictionary(
        line => Name(line.Groups["name"].Value, line.Groups["labels"].Value),
        line => double.Parse(line.Groups["value"].Value, CultureInfo.InvariantCulture));

    private static string Name(string name, string labels)
    {
        string[] own = [.. labels.Replace("\"", "", StringComparison.Ordinal).Split(',')
            .Where(label => label.Length > 0 && !label.StartsWith("otel_scope", StringComparison.Ordinal))];
        return own.Length == 0 ? name : $"{name}{{{string.Join(',', own)}}}";
    }

    [GeneratedRegex(@"^(?<name>\w+)(\{(?<labels>.*)\})? (?<value>\S+)\r?$", RegexOptions.Multiline)]
    private static partial Regex Line();
}
