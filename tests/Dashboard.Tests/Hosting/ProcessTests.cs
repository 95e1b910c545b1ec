using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Access;
using FeatureAlignment.Dashboard.Hosting;
using FeatureAlignment.Dashboard.Storage.Sqlite;
using FeatureAlignment.Dashboard.Tests.Support;
using FeatureAlignment.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace FeatureAlignment.Dashboard.Tests.Hosting;

/// <summary>The dashboard as systemd and containers see it: signals, exit codes, what it writes.</summary>
[TestFixture]
[CancelAfter(Patience.Milliseconds)]
public sealed class ProcessTests
{
    private const int BatchesBeforeTheEnd = 60;

    // Id of the event that a batch was refused.
    private const int Refused = 100;

    private string folder = "";

    private string Database => Path.Combine(folder, "dashboard.db");

    [SetUp]
    public void MakeFolder() => folder = Directory.CreateTempSubdirectory("dashboard-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(folder, recursive: true);

    [Test]
    [Platform(Exclude = "Win", Reason = "There is no SIGTERM.")]
    public async Task Terminate_UnderLoad_StoresWhatIsAcknowledged_EndsStreams_AndExitsWith0(CancellationToken cancellation)
    {
        using LoadFleet fleet = await LoadFleet.CreateAsync(devices: 4, pointsPerBatch: 24);
        using DashboardProcess dashboard = await DashboardProcess.StartAsync(fleet.Database);
        using var client = new HttpClient { BaseAddress = dashboard.Address };
        using Stream live = await client.GetStreamAsync("/live", cancellation);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task load = fleet.RunAsync(() => dashboard.Address, stop.Token);
        await fleet.WaitForAsync(BatchesBeforeTheEnd, load, cancellation);
        Task end = live.CopyToAsync(Stream.Null, cancellation);
        int exitCode = await dashboard.TerminateAsync();
        await stop.CancelAsync();
        await load;

        Assert.That(exitCode, Is.Zero);
        Assert.That(async () => await end, Throws.Nothing, "the stream ended as a whole answer does");
        Assert.That(File.Exists(fleet.Database + "-wal"), Is.False, "the database is closed: nothing waits in its log");
        Assert.That(await fleet.FindFaultsAsync(), Is.Empty);
    }

    [Test]
    public async Task Log_AsJson_HasOneObjectALine_WithDeviceAndBatch(CancellationToken cancellation)
    {
        using DashboardProcess dashboard = await DashboardProcess.StartAsync(Database, "--log-format", "json");
        using var client = new HttpClient { BaseAddress = dashboard.Address };
        using var request = new HttpRequestMessage(HttpMethod.Post, new BatchHeader("press-1", 3, 7, 0).Path)
        {
            Content = new StringContent("{", Encoding.UTF8, "application/json"),
        };
        request.Headers.Add(BatchHeader.BootHeader, "3");
        request.Headers.Add(BatchHeader.SequenceHeader, "7");
        request.Headers.Add(BatchHeader.TimeHeader, "0");
        (await client.SendAsync(request, cancellation)).Dispose();

        // Other lines may come before, as Kestrel's that the machine is slow; each of them is an object, too.
        JsonElement line;
        do
        {
            line = JsonDocument.Parse((await dashboard.Output.ReadLineAsync(cancellation))!).RootElement;
        }
        while (line.GetProperty("EventId").GetInt32() != Refused);

        Assert.That(line.GetProperty("State").GetProperty("Status").GetInt32(), Is.EqualTo(400));
        JsonElement batch = line.GetProperty("Scopes").EnumerateArray().Single(scope => scope.TryGetProperty("Sequence", out _));
        Assert.That(
            (batch.GetProperty("DeviceId").GetString(), batch.GetProperty("Boot").GetInt32(), batch.GetProperty("Sequence").GetInt32()),
            Is.EqualTo(("press-1", 3, 7)));
    }

    [Test]
    public async Task Password_Typed_OpensOtherAddresses(CancellationToken cancellation)
    {
        Assert.That(await DashboardProcess.RunAsync("too short", "password", "--database", Database), Is.EqualTo(1));
        Assert.That(await DashboardProcess.RunAsync("long enough for anybody", "password", "--database", Database), Is.Zero);

        await using WebApplication app = Program.Build(new DashboardOptions { Database = Database, Urls = ["http://0.0.0.0:5080"] });
        AdministratorPassword password = app.Services.GetRequiredService<AdministratorPassword>();
        Assert.That(await password.IsRightAsync("long enough for anybody", cancellation), Is.True);
    }

    // One line that says what must hold, and no stack trace.
    [TestCase("--urls must be addresses", "--urls", "http://127.0.0.1:99999")]
    [TestCase("--urls must be addresses", "--urls", "ftp://127.0.0.1:5080")]
    [TestCase("--urls must be addresses", "--urls", "http://127.0.0.1:5080/path")]
    [TestCase("--password-file must name a file that can be read", "--password-file", "missing", "--urls", "http://127.0.0.1:0")]
    [TestCase("The copy must be in a folder that exists", "backup", "missing/copy.db")]
    [TestCase("must be a dashboard's database", "backup", "copy.db")]
    [TestCase("press-1 has no keys", "keys", "list", "press-1")]
    [TestCase("URL must be an address", "health", "127.0.0.1:5080")]
    public async Task Command_ThatCantBeDone_SaysWhy_InOneLine(string says, params string[] arguments)
    {
        if (arguments[0] == "backup")
        {
            await File.WriteAllBytesAsync(Database, []);
            arguments[1] = Path.Combine(folder, arguments[1]);
        }
        else
        {
            await SqliteTelemetryStore.Open(Database).DisposeAsync();
        }

        (int exitCode, string output) = await DashboardProcess.TellAsync("", ["--database", Database, .. arguments]);

        Assert.That(output, Does.Contain(says).And.Not.Contains("   at "));
        Assert.That(output.Trim(), Does.Not.Contain("\n"));
        Assert.That(exitCode, Is.EqualTo(arguments[0] == "keys" ? 0 : 1));
    }

    [TestCase("keys", "list", "press-1")]
    [TestCase("keys", "revoke", "press-1", "1")]
    [TestCase("boards", "show", "press-1")]
    public async Task Command_OnADatabaseThatIsNotThere_SaysSo_AndMakesNone(params string[] arguments)
    {
        (int exitCode, string output) = await DashboardProcess.TellAsync("", [.. arguments, "--database", Database]);

        Assert.That(output.Trim(), Does.StartWith($"The database must exist; there is no {Database}.").And.Not.Contains("\n"));
        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(Directory.EnumerateFileSystemEntries(folder), Is.Empty);
    }

    [TestCase("health", ExpectedResult = false)]
    [TestCase("keys list", ExpectedResult = true)]
    public async Task<bool> Help_OffersTheDatabase_WhereItIsUsed(string command) =>
        (await DashboardProcess.TellAsync("", [.. command.Split(' '), "--help"])).Output.Contains("--database", StringComparison.Ordinal);

    [Test]
    public async Task Start_AtABusyPort_SaysSo_InOneLine(CancellationToken cancellation)
    {
        using var busy = new TcpListener(IPAddress.Loopback, 0);
        busy.Start();
        string port = ((IPEndPoint)busy.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
        cancellation.ThrowIfCancellationRequested();

        (int exitCode, string output) =
            await DashboardProcess.TellAsync("", "--database", Database, "--urls", "http://127.0.0.1:0", "--mqtt-port", port);

        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(output.Trim(), Does.StartWith("--mqtt-port must be free").And.Not.Contains("\n"));
    }

    [Test]
    public async Task Health_OfARunningDashboard_Is0_ElseIs1(CancellationToken cancellation)
    {
        using DashboardProcess dashboard = await DashboardProcess.StartAsync(Database);
        // Bound and not listening: nobody answers, and nobody else gets the port.
        using var silent = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        silent.Bind(new IPEndPoint(IPAddress.Loopback, 0));

        Assert.That(await DashboardProcess.RunAsync("", "health", dashboard.Address.ToString()), Is.Zero);
        cancellation.ThrowIfCancellationRequested();
        Assert.That(await DashboardProcess.RunAsync("", "health", $"http://{silent.LocalEndPoint}"), Is.EqualTo(1));
    }
}
