using System;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Tests.Support;
using FeatureAlignment.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace FeatureAlignment.Dashboard.Tests.Pages;

[TestFixture]
public sealed class FleetPageTests
{
    private const long Now = Batches.Noon;
    private TestDashboard dashboard = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        dashboard = await StartOneAsync();
        await SampleFleet.AddAsync(dashboard.Store, Now);
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await dashboard.DisposeAsync();

    [Test]
    public async Task EmptyFleet_OffersTheDemoAndTheLinesOfARealBoard()
    {
        await using TestDashboard empty = await StartOneAsync();

        (HttpStatusCode status, string html) = await empty.Client.GetPageAsync("/");

        Assert.That(status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(html, Does.Contain("dotnet run --project cloud-dashboard -- --demo"));
        Assert.That(html, Does.Not.Contain("demo-mark"));
        Assert.That(html, Does.Contain($"DataHostname: http://THIS-MACHINES-ADDRESS:{empty.Client.BaseAddress!.Port}"));
        Assert.That(html, Does.Contain("UseAuthentication: false").And.Contain("MqttHostname").And.Contain("MqttPort"));
        Assert.That(html, Does.Contain("was started without the broker"), "as no port was chosen");
        Assert.That(html, Does.Contain($"--uplink</span> {empty.Client.BaseAddress!.AbsoluteUri.TrimEnd('/')}"));
    }

    [Test]
    public async Task Fleet_ShowsStateAccuracyScoreAndCurve()
    {
        (_, string html) = await dashboard.Client.GetPageAsync("/");

        Assert.That(html, Does.Contain("/devices/press-1").And.Contain("90.0 %").And.Contain("390.6 KB").And.Contain("1.4.0"));
        Assert.That(html, Does.Contain("/devices/pump-2").And.Contain("2.00 × limit").And.Contain("state-anomaly"));
        // The gap cuts the curve in two.
        Assert.That(html, Does.Match("class=\"spark\".*?d=\"M[^M\"]+M[^M\"]+\""));
    }

    [Test]
    public async Task Fleet_NothingForTwoMinutes_IsOffline()
    {
        await using TestDashboard silent = await StartOneAsync();
        await SampleFleet.AddAsync(silent.Store, Now - 121_000);

        (_, string html) = await silent.Client.GetPageAsync("/?state=offline");

        Assert.That(html, Does.Contain("/devices/press-1").And.Contain("/devices/pump-2"));
    }

    [Test]
    public async Task Board_ThatReportsEachHour_IsOfflineAfterThreeHours_OnEveryPage()
    {
        var time = new AdjustableTime();
        await using TestDashboard hourly = await TestDashboard.StartAsync(
            null, builder => builder.Services.AddSingleton<TimeProvider>(time));
        byte[] body = Batches.Json(Batches.OfPoints(Batches.Counting(0, 1)));
        for (int sequence = 1; sequence <= 4; sequence++)
        {
            time.Advance(TimeSpan.FromHours(1));
            (await hourly.PostAsync(new BatchHeader("hourly", 1, sequence, 0), body)).EnsureSuccessStatusCode().Dispose();
        }

        time.Advance(TimeSpan.FromHours(3));
        string before = await hourly.Client.GetStringAsync("/fleet/rows?id=hourly");
        time.Advance(TimeSpan.FromSeconds(1));

        Assert.That(before, Does.Contain("state-online"));
        Assert.That(await hourly.Client.GetStringAsync("/fleet/rows?id=hourly"), Does.Contain("state-offline"));
        Assert.That(await hourly.Client.GetStringAsync("/devices/hourly/facts"), Does.Contain("state-offline"));
        Assert.That(await hourly.Client.GetStringAsync("/metrics"), Does.Match("dashboard_devices\\{[^}]*state=\"offline\"[^}]*\\} 1"));
    }

    [TestCase("?q=PUMP", "pump-2", "press-1")]
    [TestCase("?q=1.4", "press-1", "pump-2")]
    [TestCase("?state=anomaly", "pump-2", "press-1")]
    [TestCase("?state=online", "press-1", "pump-2")]
    public async Task Fleet_Filtered_ShowsWhatMatches(string query, string shown, string hidden)
    {
        (_, string html) = await dashboard.Client.GetPageAsync("/" + query);

        Assert.That(html, Does.Contain("/devices/" + shown).And.Not.Contain("/devices/" + hidden));
    }

    [TestCase("?sort=loss", "pump-2", "press-1")]
    [TestCase("?sort=loss&order=down", "press-1", "pump-2")]
    [TestCase("?sort=speed&order=down", "press-1", "pump-2")]
    public async Task Fleet_Sorted_IsInOrder(string query, string first, string second)
    {
        (_, string html) = await dashboard.Client.GetPageAsync("/" + query);

        Assert.That(html.IndexOf("/devices/" + first, StringComparison.Ordinal),
            Is.LessThan(html.IndexOf("/devices/" + second, StringComparison.Ordinal)));
    }

    [Test]
    public async Task Fleet_SortedByName_TakesNoNoticeOfCapitals()
    {
        await using TestDashboard other = await StartOneAsync();
        foreach (string id in new[] { "Press", "fan", "Zebra", "apple" })
        {
            await other.Store.RegisterDeviceAsync(id, Now);
        }

        (_, string html) = await other.Client.GetPageAsync("/?sort=name");

        Assert.That(html, Does.Match("(?s)/devices/apple.*/devices/fan.*/devices/Press.*/devices/Zebra"));
    }

    [Test]
    public async Task Rows_AfterTwoReportsInOneMillisecond_ShowTheSecond()
    {
        await using TestDashboard other = await StartOneAsync();
        for (int sequence = 1; sequence <= 3; sequence++)
        {
            await other.Store.AppendAsync(Batches.Received(
                Batches.OfPoints([new TelemetryPoint(Now, sequence, null, MetricNames.Accuracy, sequence / 10.0)]), sequence,
                received: Now));

            Assert.That(await other.Client.GetStringAsync("/fleet/rows?id=board-1"), Does.Contain($"{sequence}0.0 %"));
        }
    }

    [Test]
    public async Task Rows_AreOfTheDevicesAskedFor()
    {
        string rows = await dashboard.Client.GetStringAsync("/fleet/rows?id=pump-2");

        Assert.That(rows, Does.Contain("data-key=\"pump-2\"").And.Not.Contain("press-1").And.Not.Contain("<html"));
    }

    [Test]
    public async Task Rows_AskedForTwice_OrOfNoDevice_AreThereOnce_OrNot()
    {
        string rows = await dashboard.Client.GetStringAsync("/fleet/rows?id=pump-2&id=unknown&id=press-1&id=pump-2");

        Assert.That(rows.Split("data-key=\"").Skip(1).Select(row => row[..row.IndexOf('"', StringComparison.Ordinal)]),
            Is.EqualTo(new[] { "pump-2", "press-1" }));
    }

    [Test]
    public async Task PageRows_AreThoseOfTheAddress()
    {
        string rows = await dashboard.Client.GetStringAsync("/fleet/page?q=pump&sort=loss");

        Assert.That(rows, Does.Contain("data-key=\"pump-2\"").And.Not.Contain("press-1").And.Not.Contain("<html"));
    }

    [Test]
    public async Task Page_BehindTheLast_IsTheLast()
    {
        (_, string html) = await dashboard.Client.GetPageAsync("/?page=7");

        Assert.That(html, Does.Contain("/devices/press-1"));
    }

    [Test]
    public async Task Page_HasStrictHeadersAndNothingInline()
    {
        using HttpResponseMessage answer = await dashboard.Client.GetAsync("/");
        string html = await answer.Content.ReadAsStringAsync();

        string policy = string.Join(';', answer.Headers.GetValues("Content-Security-Policy"));
        Assert.That(policy, Does.Contain("script-src 'self'").And.Contain("style-src 'self'").And.Contain("frame-ancestors 'none'"));
        Assert.That(policy, Does.Not.Contain("unsafe"));
        Assert.That(answer.Headers.GetValues("X-Content-Type-Options"), Is.EqualTo((string[])["nosniff"]));
        Assert.That(html, Does.Not.Match("<script(?![^>]* src=)"));
        Assert.That(html, Does.Not.Contain("<style").And.Not.Match(" style=").And.Not.Match(" on[a-z]+="));
    }

    [Test]
    public async Task UnknownAddress_IsNotFound_AsAPage()
    {
        (HttpStatusCode status, string html) = await dashboard.Client.GetPageAsync("/nothing-here");

        Assert.That(status, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(html, Does.Contain("<h1>Not found</h1>"));
    }

    // Whether a board is online depends on the time: it stands still here.
    private static Task<TestDashboard> StartOneAsync() =>
        TestDashboard.StartAsync(null, builder => builder.Services.AddSingleton<TimeProvider>(new AdjustableTime()));
}
