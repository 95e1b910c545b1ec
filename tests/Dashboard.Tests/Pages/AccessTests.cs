using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using System.Text;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Access;
using FeatureAlignment.Dashboard.Hosting;
using FeatureAlignment.Dashboard.Tests.Support;
using FeatureAlignment.Telemetry;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace FeatureAlignment.Dashboard.Tests.Pages;

[TestFixture]
public sealed class AccessTests
{
    private const string Password = "correct horse battery";
    private const string Elsewhere = "203.0.113.7";
    private TestDashboard dashboard = null!;

    [SetUp]
    public async Task StartAsync() => dashboard = await TestDashboard.StartAsync(
        null, builder => builder.Services.AddSingleton(new LoginLimit(oneMoreAfter: TimeSpan.FromHours(1))));

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

    [TestCase("%2Fsettings%3Fx%3D%2525", "/settings?x=%25")]
    [TestCase("%2F%2Fevil.example", "/")]
    [TestCase("%2F%5Cevil.example", "/")]
    [TestCase("https%3A%2F%2Fevil.example", "/")]
    [TestCase("%2F%09%2Fevil.example", "/", Description = "browsers leave tabs out")]
    [TestCase("%2F%0D%0ASet-Cookie%3A%20a%3Db", "/")]
    [TestCase("%2F%C3%A9", "/", Description = "no header carries it")]
    public async Task Login_GoesBackToAPageOfOurs_ElseToTheFleet(string back, string expected)
    {
        await SetPasswordAsync();
        using var browser = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        browser.BaseAddress = dashboard.Client.BaseAddress;

        using HttpResponseMessage answer =
            await browser.SubmitAsync("/login?back=" + back, "_handler\" value=\"login", ("Given", Password));

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.Redirect));
        Assert.That(answer.Headers.NonValidated["Location"].ToString(), Is.EqualTo(expected));
    }

    [Test]
    public void Endpoints_ThatChangeSomething_WantATokenOfTheirPage()
    {
        // Doors of devices take JSON, which no page of another origin can send unasked; they have keys.
        RouteEndpoint[] forms = [.. dashboard.Services.GetRequiredService<IEnumerable<EndpointDataSource>>()
            .SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.RawText?.StartsWith("/api/", StringComparison.Ordinal) == false
                && endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.All(HttpMethods.IsGet) == false)];

        Assert.That(forms, Is.Not.Empty);
        Assert.That(forms.Where(form => form.Metadata.GetMetadata<IAntiforgeryMetadata>() is not { RequiresValidation: true })
            .Select(form => form.RoutePattern.RawText), Is.Empty);
    }

    [Test]
    public async Task Forms_SentByAnotherSite_ChangeNothing()
    {
        await SampleFleet.AddAsync(dashboard.Store, Batches.Noon);
        await dashboard.Keys.CreateAsync(SampleFleet.Learner);
        (string Address, string Handler, string Field)[] forms =
        [
            ("/settings", "add-device", "Added=evil"), ("/settings", "password", "Form.New=" + Password + "&Form.Repeated=" + Password),
            ("/settings", "retention", "Days=1"),
            ("/devices/press-1", "rename", "Title=evil"), ("/devices/press-1", "make-key", "x=1"), ("/devices/press-1", "revoke-1", "x=1"),
            ("/devices/press-1", "command", "Sent.Choice=reset_model"), ("/runs/1", "", "title=evil"), ("/runs/1/delete", "", "sure=true"),
        ];
        foreach ((string address, string handler, string field) in forms)
        {
            // With the cookie of the page, but without what stands in it.
            await dashboard.Client.GetPageAsync(address.Replace("/delete", "", StringComparison.Ordinal));
            using var form = new StringContent($"_handler={handler}&{field}", Encoding.UTF8, "application/x-www-form-urlencoded");
            using HttpResponseMessage answer = await dashboard.Client.PostAsync(new Uri(address, UriKind.Relative), form);
            Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest), address + " " + handler);
        }

        Assert.That((await dashboard.Store.ListDevicesAsync()).Select(device => (device.DeviceId, device.Title)),
            Is.EqualTo(new[] { (SampleFleet.Learner, ""), (SampleFleet.Watcher, "") }));
        Assert.That((await dashboard.Store.ListKeysAsync(SampleFleet.Learner)).Single().RevokedAt, Is.Null);
        Assert.That(await dashboard.Store.ListCommandsAsync(SampleFleet.Learner), Is.Empty);
        Assert.That((await dashboard.Store.FindRunAsync(1))!.Title, Is.Empty);
        Assert.That(await dashboard.Store.FindSettingAsync("retention_days"), Is.Null);
        Assert.That(await dashboard.Services.GetRequiredService<AdministratorPassword>().IsSetAsync(), Is.False);
    }

    [Test]
    public async Task Form_LargerThanAnyOfOurs_IsNotRead()
    {
        await SetPasswordAsync();
        using HttpResponseMessage answer =
            await dashboard.Client.SubmitAsync("/login", "_handler\" value=\"login", ("Given", new string('x', 200_000)));

        Assert.That(answer.StatusCode, Is.AnyOf(HttpStatusCode.RequestEntityTooLarge, HttpStatusCode.BadRequest));
    }

    [TestCase("/")]
    [TestCase("/login")]
    [TestCase("/js/site.js")]
    [TestCase("/runs/1/samples/1.png")]
    [TestCase("/runs/1/data.csv")]
    public async Task Answers_CanNotBeUsedByPagesOfOtherSites(string address)
    {
        await SampleFleet.AddAsync(dashboard.Store, Batches.Noon);

        using HttpResponseMessage answer = await dashboard.Client.GetAsync(new Uri(address, UriKind.Relative));

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(answer.Headers.GetValues("Cross-Origin-Resource-Policy"), Is.EqualTo(new[] { "same-origin" }));
        Assert.That(answer.Headers.GetValues("X-Content-Type-Options"), Is.EqualTo(new[] { "nosniff" }));
        Assert.That(answer.Headers.Contains("Access-Control-Allow-Origin"), Is.False);
    }

    [TestCase("//settings")]
    [TestCase("/api/../settings")]
    [TestCase("/api/%2e%2e/settings")]
    [TestCase("/api%2f..%2fsettings")]
    [TestCase("/login/..%2fsettings")]
    [TestCase("/SETTINGS")]
    [TestCase("/settings/")]
    [TestCase("/health/../runs/1/data.csv")]
    [TestCase("/login/../runs/1/data.csv")]
    public async Task Paths_WrittenOddly_AreStillBehindTheLogin(string path)
    {
        await SampleFleet.AddAsync(dashboard.Store, Batches.Noon);
        await SetPasswordAsync();

        string answer = await SendRawAsync($"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

        Assert.That(answer, Does.StartWith("HTTP/1.1 4"));
        Assert.That(answer, Does.Not.Contain("Boards and keys").And.Not.Contain("alignment_loss"));
    }

    [Test]
    public async Task Cookies_ThatAreGarbage_AreNoLoginAndSayNothing()
    {
        await using TestDashboard other = await TestDashboard.StartAsync();
        await other.Services.GetRequiredService<AdministratorPassword>().SetAsync(Password);
        foreach (string garbage in new[] { "x", new string('A', 2_000), "CfDJ8" + new string('A', 400), "a%00b", "chunks-2" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/settings") { Content = new StringContent("_handler=logout") };
            request.Content.Headers.ContentType = new("application/x-www-form-urlencoded");
            request.Headers.TryAddWithoutValidation("Cookie", $"login={garbage}; antiforgery={garbage}; theme={garbage}");
            using HttpResponseMessage answer = await other.Client.SendAsync(request);
            Assert.That((int)answer.StatusCode, Is.InRange(400, 499), garbage);
        }

        Assert.That(other.Log.Lines, Is.Empty);
    }

    [Test]
    public async Task Password_Changed_EndsOldLogins()
    {
        await SetPasswordAsync();
        using HttpResponseMessage login = await dashboard.Client.SubmitAsync("/login", "_handler\" value=\"login", ("Given", Password));

        using HttpResponseMessage changed = await dashboard.Client.SetPasswordAsync("another long password", old: Password);

        Assert.That(changed.RequestMessage!.RequestUri!.AbsolutePath, Is.EqualTo("/login"));
    }

    [Test]
    public async Task Cookie_Stolen_IsNoLoginAfterLoggingOut()
    {
        await SetPasswordAsync();
        using var cookies = new SocketsHttpHandler { CookieContainer = new CookieContainer() };
        using var browser = new HttpClient(cookies);
        browser.BaseAddress = dashboard.Client.BaseAddress;
        using HttpResponseMessage login = await browser.SubmitAsync("/login", "_handler\" value=\"login", ("Given", Password));
        string stolen = cookies.CookieContainer.GetCookieHeader(browser.BaseAddress!);
        string before = await OpenSettingsAsync(stolen);
        (_, string page) = await browser.GetPageAsync("/settings");

        using HttpResponseMessage logout = await browser.SubmitAsync("/settings", "_handler\" value=\"logout");

        Assert.That(before, Is.EqualTo("/settings"));
        Assert.That(page, Does.Contain("everywhere"), "that it ends all logins is said beforehand");
        Assert.That(logout.RequestMessage!.RequestUri!.AbsolutePath, Is.EqualTo("/login"));
        Assert.That(await OpenSettingsAsync(stolen), Is.EqualTo("/login"));
    }

    [Test]
    public async Task OldPassword_TriedTooOften_IsBlocked_AsALogin()
    {
        await SetPasswordAsync();
        using HttpResponseMessage login = await dashboard.Client.SubmitAsync("/login", "_handler\" value=\"login", ("Given", Password));

        HttpStatusCode status = HttpStatusCode.OK;
        for (int tries = 0; tries < 12 && status != HttpStatusCode.TooManyRequests; tries++)
        {
            using HttpResponseMessage wrong = await dashboard.Client.SetPasswordAsync("another long password", old: "wrong password");
            status = wrong.StatusCode;
        }

        using HttpResponseMessage right = await dashboard.Client.SetPasswordAsync("another long password", old: Password);

        Assert.That(status, Is.EqualTo(HttpStatusCode.TooManyRequests));
        Assert.That(right.StatusCode, Is.EqualTo(HttpStatusCode.TooManyRequests), "not even the right one is looked at");
        Assert.That(await dashboard.Services.GetRequiredService<AdministratorPassword>().IsRightAsync(Password));
    }

    [Test]
    public async Task Login_TriedTooOften_IsBlocked_AtThatAddressAlone()
    {
        await SetPasswordAsync();

        using var elsewhere = new HttpClient { BaseAddress = dashboard.Client.BaseAddress };
        elsewhere.DefaultRequestHeaders.Add(TestDashboard.AddressHeader, Elsewhere);

        HttpStatusCode status = HttpStatusCode.Unauthorized;
        for (int tries = 0; tries < 12 && status == HttpStatusCode.Unauthorized; tries++)
        {
            using HttpResponseMessage answer =
                await dashboard.Client.SubmitAsync("/login", "_handler\" value=\"login", ("Given", "wrong password"));
            status = answer.StatusCode;
        }

        using HttpResponseMessage right = await dashboard.Client.SubmitAsync("/login", "_handler\" value=\"login", ("Given", Password));
        using HttpResponseMessage other = await elsewhere.SubmitAsync("/login", "_handler\" value=\"login", ("Given", Password));

        Assert.That(status, Is.EqualTo(HttpStatusCode.TooManyRequests));
        Assert.That(right.StatusCode, Is.EqualTo(HttpStatusCode.TooManyRequests), "else guesses would go on");
        Assert.That(other.RequestMessage!.RequestUri!.AbsolutePath, Is.EqualTo("/"), "nobody locks out the administrator elsewhere");
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

    private async Task<string> SendRawAsync(string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, dashboard.Client.BaseAddress!.Port);
        await using NetworkStream stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request));
        using var reader = new StreamReader(stream, Encoding.Latin1);
        return await reader.ReadToEndAsync();
    }

    // With somebody's cookie; returns where that leads.
    private async Task<string> OpenSettingsAsync(string cookie)
    {
        using var thief = new HttpClient(new SocketsHttpHandler { UseCookies = false });
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(dashboard.Client.BaseAddress!, "/settings"));
        request.Headers.Accept.ParseAdd("text/html");
        request.Headers.Add("Cookie", cookie);
        using HttpResponseMessage answer = await thief.SendAsync(request);
        return answer.RequestMessage!.RequestUri!.AbsolutePath;
    }

    private async Task SetPasswordAsync()
    {
        using HttpResponseMessage answer =
            await dashboard.Client.SetPasswordAsync(Password);
        Assert.That(answer.RequestMessage!.RequestUri!.AbsolutePath, Is.EqualTo("/login"));
    }
}
