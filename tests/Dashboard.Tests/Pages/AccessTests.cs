using System.IO;
using System.Net;
using System.Net.Http;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Hosting;
using FeatureAlignment.Dashboard.Tests.Support;
using FeatureAlignment.Telemetry;
using NUnit.Framework;

namespace FeatureAlignment.Dashboard.Tests.Pages;

[TestFixture]
public sealed class AccessTests
{
    private const string Password = "correct horse battery";
    private const string Elsewhere = "203.0.113.7";
    private TestDashboard dashboard = null!;

    [SetUp]
    public async Task StartAsync() => dashboard = await TestDashboard.StartAsync();

    [TearDown]
    public async Task StopAsync() => await dashboard.DisposeAsync();

    [TestCase(TestDashboard.AddressHeader, Elsewhere)]
    [TestCase("X-Forwarded-For", Elsewhere)]
    [TestCase("Host", "rebound.example")]
    public async Task Pages_WithoutPassword_AreForThisMachineOnly(string header, string value)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.TryAddWithoutValidation(header, value);

        using HttpResponseMessage answer = await dashboard.Client.SendAsync(request);

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
    }

    [Test]
    public async Task Pages_WithPassword_AskForIt_AndComeBack()
    {
        await SetPasswordAsync();

        (_, string html) = await dashboard.Client.GetPageAsync("/settings?x=1");
        using HttpResponseMessage wrong =
            await dashboard.Client.SubmitAsync("/login?back=%2Fsettings", "_handler\" value=\"login", ("Given", "wrong password"));
        using HttpResponseMessage right =
            await dashboard.Client.SubmitAsync("/login?back=%2Fsettings", "_handler\" value=\"login", ("Given", Password));

        Assert.That(html, Does.Contain("Log in"));
        Assert.That(wrong.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(right.RequestMessage!.RequestUri!.AbsolutePath, Is.EqualTo("/settings"));
        Assert.That(right.Headers.CacheControl!.NoStore, Is.True);
    }

    [Test]
    public async Task Form_SentAfterLoggingOut_LeadsToTheLogin_AndBack()
    {
        await SetPasswordAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/devices/board-1?x=1") { Content = new FormUrlEncodedContent([]) };
        request.Headers.Accept.ParseAdd("text/html");

        using HttpResponseMessage answer = await dashboard.Client.SendAsync(request);

        Assert.That(answer.RequestMessage!.RequestUri!.PathAndQuery, Is.EqualTo("/login?back=%2Fdevices%2Fboard-1%3Fx%3D1"));
        Assert.That(await answer.Content.ReadAsStringAsync(), Does.Contain("administrator password").And.Not.Contain("href=\"/settings\""));
    }

    [Test]
    public async Task Login_WithoutPassword_SaysThatNoneIsNeeded()
    {
        (HttpStatusCode status, string html) = await dashboard.Client.GetPageAsync("/login");

        Assert.That(status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(html, Does.Contain("No administrator password is set").And.Not.Contain("name=\"Given\""));
    }

    [Test]
    public async Task Login_BackToElsewhere_GoesToTheFleet()
    {
        await SetPasswordAsync();

        using HttpResponseMessage answer =
            await dashboard.Client.SubmitAsync("/login?back=%2F%2Fevil.example", "_handler\" value=\"login", ("Given", Password));

        Assert.That(answer.RequestMessage!.RequestUri!.PathAndQuery, Is.EqualTo("/"));
    }

    [Test]
    public async Task Password_Changed_EndsOldLogins()
    {
        await SetPasswordAsync();
        using HttpResponseMessage login = await dashboard.Client.SubmitAsync("/login", "_handler\" value=\"login", ("Given", Password));

        using HttpResponseMessage changed = await dashboard.Client.SubmitAsync(
            "/settings", "_handler\" value=\"password", ("Form.Old", Password), ("Form.New", "another long password"));

        Assert.That(changed.RequestMessage!.RequestUri!.AbsolutePath, Is.EqualTo("/login"));
    }

    [Test]
    public async Task Login_TriedTooOften_IsBlocked()
    {
        await SetPasswordAsync();

        HttpStatusCode status = HttpStatusCode.Unauthorized;
        for (int tries = 0; tries < 12 && status == HttpStatusCode.Unauthorized; tries++)
        {
            using HttpResponseMessage answer =
                await dashboard.Client.SubmitAsync("/login", "_handler\" value=\"login", ("Given", "wrong password"));
            status = answer.StatusCode;
        }

        Assert.That(status, Is.EqualTo(HttpStatusCode.TooManyRequests));
    }

    [Test]
    public async Task DataWithPassword_IsRefusedWithoutLogin_ButDevicesReport()
    {
        await SetPasswordAsync();

        using HttpResponseMessage data = await dashboard.Client.GetAsync("/fleet/rows?id=board-1");
        using HttpResponseMessage live = await dashboard.Client.GetAsync("/live");
        using HttpResponseMessage batch = await dashboard.PostAsync(
            new BatchHeader("board-1", boot: 1, sequence: 1, Batches.Noon), Batches.Json(Batches.OfPoints(Batches.Counting(0, 1))));
        using HttpResponseMessage health = await dashboard.Client.GetAsync("/health/ready");

        Assert.That(data.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(live.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(batch.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(health.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public void AddressBeyondLoopback_WithoutPassword_IsRefused()
    {
        string folder = Directory.CreateTempSubdirectory("dashboard-").FullName;
        try
        {
            var options = new DashboardOptions { Database = Path.Combine(folder, "dashboard.db"), Urls = ["http://0.0.0.0:0"] };

            Assert.That(() => Program.Build(options), Throws.ArgumentException.With.Message.Contains("administrator password"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task SetPasswordAsync()
    {
        using HttpResponseMessage answer =
            await dashboard.Client.SubmitAsync("/settings", "_handler\" value=\"password", ("Form.New", Password));
        Assert.That(answer.RequestMessage!.RequestUri!.AbsolutePath, Is.EqualTo("/login"));
    }
}
