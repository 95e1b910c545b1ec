using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Reflection;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Access;
using FeatureAlignment.Dashboard.Hosting;
using FeatureAlignment.Dashboard.Tests.Support;
using FeatureAlignment.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NUnit.Framework;

namespace FeatureAlignment.Dashboard.Tests.Hosting;

[TestFixture]
public sealed class HostingTests
{
    private const string Proxy = "192.0.2.1";
    private const string Client = "203.0.113.9";

    [TestCase(Proxy, "https", true, TestName = "Proxy_Named_IsBelievedThatTlsWasUsed")]
    [TestCase(Proxy, "http", false, TestName = "Proxy_Named_WithoutTls_GetsNoKey")]
    [TestCase("192.0.2.2", "https", false, TestName = "Proxy_NotNamed_IsNotBelieved")]
    public async Task Proxy_Key(string from, string protocol, bool isAccepted)
    {
        await using TestDashboard dashboard =
            await TestDashboard.StartAsync(options => options with { Proxies = [IPNetwork.Parse(Proxy + "/32")] }, null);
        string key = (await dashboard.Keys.CreateAsync("press-1")).Key;

        using HttpResponseMessage answer = await dashboard.PostAsync(
            new BatchHeader("press-1", 1, 1, 0), Batches.Json(Batches.OfPoints(Batches.Counting(0, 3))), ("X-Device-Key", key),
            (TestDashboard.AddressHeader, from), ("X-Forwarded-For", Client), ("X-Forwarded-Proto", protocol));

        Assert.That(answer.StatusCode, Is.EqualTo(isAccepted ? HttpStatusCode.OK : HttpStatusCode.Unauthorized));
    }

    [Test]
    public async Task Proxy_Named_TellsWhoFailed()
    {
        await using TestDashboard dashboard = await TestDashboard.StartAsync(
            options => options with { Proxies = [IPNetwork.Parse(Proxy + "/32")] }, null, ("Ingestion:FailureBurst", "1"),
            ("Ingestion:FailuresPerMinute", "1"));
        await dashboard.Keys.CreateAsync("press-1");

        Task<HttpResponseMessage> PostAsync(string client) => dashboard.PostAsync(
            new BatchHeader("press-1", 1, 1, 0), "{}"u8.ToArray(), (TestDashboard.AddressHeader, Proxy), ("X-Forwarded-For", client));

        // Who is behind the same proxy does not suffer for the other's failure, nor does a made-up address before the true one help.
        using HttpResponseMessage first = await PostAsync(Client), again = await PostAsync($"198.51.100.1, {Client}"),
            other = await PostAsync("203.0.113.10");
        Assert.That(
            (first.StatusCode, again.StatusCode, other.StatusCode),
            Is.EqualTo((HttpStatusCode.Unauthorized, HttpStatusCode.TooManyRequests, HttpStatusCode.Unauthorized)));
    }

    [Test]
    public async Task PasswordFile_SetsThePassword_AndChangesIt()
    {
        string folder = Directory.CreateTempSubdirectory("dashboard-").FullName;
        var options = new DashboardOptions
        {
            Database = Path.Combine(folder, "dashboard.db"),
            PasswordFile = Path.Combine(folder, "password"),
            Urls = ["http://0.0.0.0:5080"],
        };
        try
        {
            await File.WriteAllTextAsync(options.PasswordFile, "short\n");
            DashboardOptions refused = options with { Database = Path.Combine(folder, "refused.db") };
            Assert.That(() => Program.Build(refused), Throws.ArgumentException.With.Message.Contains("must have 12 to 200 characters"));
            string stamp = await StartAsync("the first of the passwords");
            Assert.That(await StartAsync("the first of the passwords"), Is.EqualTo(stamp), "logins stay");
            Assert.That(await StartAsync("the second of the passwords"), Is.Not.EqualTo(stamp), "logins end");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        async Task<string> StartAsync(string password)
        {
            await File.WriteAllTextAsync(options.PasswordFile, password + "\n");
            await using WebApplication app = Program.Build(options);
            AdministratorPassword administrator = app.Services.GetRequiredService<AdministratorPassword>();
            Assert.That(await administrator.IsRightAsync(password), Is.True);
            return await administrator.StampAsync();
        }
    }

    [Test]
    public void Environment_FillsWhatTheCommandLineLeaves()
    {
        var environment = new Dictionary<string, string>
        {
            ["DASHBOARD_DATABASE"] = "/data/a.db",
            ["DASHBOARD_URLS"] = "http://127.0.0.1:1 http://127.0.0.1:2",
            ["DASHBOARD_PORT"] = "3",
        };
        var database = new Option<string>("--database");
        var root = new RootCommand
        {
            database,
            new Option<string[]>("--urls") { AllowMultipleArgumentsPerToken = true },
            new Option<int>("--port") { DefaultValueFactory = _ => 9 },
            new Command("backup") { new Argument<string>("FILE"), database },
            new Command("health"),
        };

        string[] Apply(params string[] arguments) => EnvironmentDefaults.Apply(root, arguments, environment.GetValueOrDefault);

        Assert.That(
            Apply("--port", "5"),
            Is.EqualTo((string[])["--database", "/data/a.db", "--urls", "http://127.0.0.1:1", "http://127.0.0.1:2", "--port", "5"]));
        Assert.That(Apply("backup", "x.db"), Is.EqualTo((string[])["--database", "/data/a.db", "backup", "x.db"]));
        Assert.That(root.Parse(Apply("backup", "x.db")).GetValue(database), Is.EqualTo("/data/a.db"));
        Assert.That(Apply("backup", "x.db", "--database", "b.db"), Is.EqualTo((string[])["backup", "x.db", "--database", "b.db"]));
        Assert.That(Apply("health"), Is.EqualTo((string[])["health"]));
    }

    [Test]
    public void EventIds_AreUnique()
    {
        const BindingFlags All =
            BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        int[] ids = [.. from type in typeof(Program).Assembly.GetTypes()
                        from method in type.GetMethods(All)
                        let message = method.GetCustomAttribute<LoggerMessageAttribute>()
                        where message is not null
                        select message.EventId];

        Assert.That(ids, Is.Not.Empty.And.Unique.And.All.GreaterThan(0));
    }
}
