using System;
using System.CommandLine;
using System.IO;
using System.Net;
using System.Net.Http;
using System.Text;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Hosting;
using FeatureAlignment.Dashboard.MeadowCloud;
using FeatureAlignment.Dashboard.Tests.Support;
using FeatureAlignment.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using MQTTnet;
using NUnit.Framework;

namespace FeatureAlignment.Dashboard.Tests.Hosting;

/// <summary>A dashboard that takes nobody for its own machine, as in a container: its clients here are all on loopback.</summary>
[TestFixture]
public sealed class TrustLoopbackTests
{
    private string folder = null!;
    private TestDashboard dashboard = null!;

    [SetUp]
    public async Task StartAsync()
    {
        folder = Directory.CreateTempSubdirectory("dashboard-").FullName;
        string secret = Path.Combine(folder, "password");
        await File.WriteAllTextAsync(secret, "correct horse battery");
        dashboard = await TestDashboard.StartAsync(
            options => options with { TrustsLoopback = false, MqttPort = 0, PasswordFile = secret }, null);
    }

    [TearDown]
    public async Task StopAsync()
    {
        await dashboard.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Test]
    public async Task Batch_OverLoopback_NeedsAKey_AndNotInTheClear()
    {
        byte[] body = Batches.Json(Batches.OfPoints(Batches.Counting(0, 1)));
        string key = (await dashboard.Keys.CreateAsync("board-2")).Key;
        var header = new BatchHeader("board-1", 1, 1, 0);
        var withKey = new BatchHeader("board-2", 1, 1, 0);

        using HttpResponseMessage without = await dashboard.PostAsync(header, body);
        using HttpResponseMessage clear = await dashboard.PostAsync(withKey, body, (BatchHeader.KeyHeader, key));
        using HttpResponseMessage signed = await dashboard.PostAsync(
            withKey, body, (BatchHeader.SignatureHeader, BatchSignature.Create(Encoding.ASCII.GetBytes(key), withKey, body)));

        Assert.That(without.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(clear.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(signed.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task MeadowsRoutes_OverLoopback_NeedALogin()
    {
        const string Event = """{"eventId":10,"description":"x","measurements":{"deviceId":"D1"},"timestamp":"2026-11-22T12:00:00Z"}""";

        using HttpResponseMessage answer = await MeadowBoard.PostAsync(dashboard.Client, "/api/events", Event);

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [Test]
    public async Task Broker_OverLoopback_NeedsALogin()
    {
        await using var board = new MeadowBoard("d1", dashboard.Services.GetRequiredService<MqttBroker>().Port!.Value);

        MqttClientConnectResultCode result = await board.ConnectAsync();

        Assert.That(result, Is.EqualTo(MqttClientConnectResultCode.NotAuthorized));
    }

    [Test]
    public async Task Metrics_OverLoopback_NeedTheLogin()
    {
        using HttpResponseMessage answer = await dashboard.Client.GetAsync(new Uri("/metrics", UriKind.Relative));

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [Test]
    public void Start_WithoutPassword_IsRefusedAndSaysWhatToDo()
    {
        var options = new DashboardOptions { Database = Path.Combine(folder, "other.db"), TrustsLoopback = false };

        Assert.That(() => Program.Build(options),
            Throws.ArgumentException.With.Message.Contains("password").And.Message.Contains("--trust-loopback"));
    }

    [TestCase("", true)]
    [TestCase("--trust-loopback true", true)]
    [TestCase("--trust-loopback false", false)]
    public void Option_SaysWhetherLoopbackIsTrusted(string line, bool expected)
    {
        var root = new RootCommand();
        HostingArguments.AddTo(root);

        DashboardOptions options = HostingArguments.Apply(root.Parse(line), new DashboardOptions());

        Assert.That(options.TrustsLoopback, Is.EqualTo(expected));
    }
}
