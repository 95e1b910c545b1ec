using System;
using System.Collections.Concurrent;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Browser.Support;
using FeatureAlignment.Dashboard.Tests.Support;
using FeatureAlignment.Telemetry;
using Microsoft.Playwright;
using NUnit.Framework;
using static Microsoft.Playwright.Assertions;

namespace FeatureAlignment.Dashboard.Browser.Live;

[TestFixture]
public sealed class LiveTests : PageTests
{
    private const string Board = "board-1";
    private const string Badge = "[data-chart=alignment_loss] .chart-badge";
    private const string SetHidden =
        """
        isHidden => {
          Object.defineProperty(document, 'hidden', { configurable: true, get: () => isHidden });
          document.dispatchEvent(new Event('visibilitychange'));
        }
        """;

    private const string CountStreams =
        """
        globalThis.tries = globalThis.refusals = 0;
        globalThis.EventSource = class extends EventSource {
          constructor(address) {
            super(address);
            globalThis.tries++;
            this.addEventListener('error', () => { globalThis.refusals++; });
          }
        };
        """;

    private readonly ConcurrentQueue<string> requests = [];
    private SeededDashboard dashboard = null!;

    [SetUp]
    public async Task StartAsync()
    {
        requests.Clear();
        dashboard = await SeededDashboard.StartEmptyAsync();
    }

    [TearDown]
    public async Task StopAsync()
    {
        await ClosePagesAsync();
        await dashboard.DisposeAsync();
    }

    [Test]
    public async Task Fleet_Empty_ShowsTheFirstBoardWhenItReports()
    {
        await OpenLiveAsync("/");
        await Expect(Page.GetByText("No board has reported yet.")).ToBeVisibleAsync();

        await ReportAsync(0, 10);

        await Expect(Page.Locator($"[data-key={Board}]")).ToBeVisibleAsync();
    }

    [Test]
    public async Task Fleet_BoardReports_RowChangesWithoutLoading()
    {
        await ReportAsync(0, 10);
        await OpenLiveAsync("/");
        ILocator link = Page.GetByRole(AriaRole.Link, new() { Name = Board });
        await link.FocusAsync();
        await MarkAsync();

        await ReportAsync(10, 10);

        await Expect(Page.Locator($"[data-key={Board}] .cell-loss")).ToContainTextAsync("1,900");
        await Expect(link).ToBeFocusedAsync();
        await ExpectNotLoadedAsync();
    }

    [Test]
    public async Task Fleet_BoardReportsWhileThePageLoads_ItsRowChanges()
    {
        await ReportAsync(0, 10);
        await OpenAsync(dashboard.Address, "/", prepare: async page =>
        {
            // The page reads all of the fleet now and then by its clock, which stands still here.
            await page.Clock.InstallAsync(new() { TimeDate = dashboard.Now.UtcDateTime });
            await page.Clock.PauseAtAsync(dashboard.Now.UtcDateTime.AddSeconds(5));
            await page.RouteAsync("**/live?*", async route =>
            {
                await ReportAsync(10, 10);
                await route.ContinueAsync();
            });
        });

        await Expect(Page.Locator($"[data-key={Board}] .cell-loss")).ToContainTextAsync("1,900");
    }

    [Test]
    public async Task Fleet_CannotBeRead_TheHeadSaysSo_AndItIsTriedAgain()
    {
        Expected = ["503"];
        await ReportAsync(0, 10);
        await OpenLiveAsync("/", page => page.Clock.InstallAsync());
        await Page.RouteAsync("**/fleet/*", route => route.FulfillAsync(new() { Status = 503 }));
        await ReportAsync(10, 10);
        await Expect(Page.Locator("#live")).ToContainTextAsync("Not up to date");
        await Expect(Page.Locator("#live")).ToHaveAttributeAsync("data-state", "waiting");

        await Page.UnrouteAsync("**/fleet/*");
        await Page.Clock.FastForwardAsync("00:06");

        await Expect(Page.Locator($"[data-key={Board}] .cell-loss")).ToContainTextAsync("1,900");
        await Expect(Page.Locator("#live")).ToHaveAttributeAsync("data-state", "live");
    }

    [Test]
    public async Task Device_ReportsAndLogs_AppearWithoutLoading()
    {
        await ReportAsync(0, 10);
        await OpenLiveAsync($"/devices/{Board}");
        await MarkAsync();

        await dashboard.ReportAsync(Board, new TelemetryBatch(
            "r-1", "2.0.0", [Point(10)], logs: [new(Now, TelemetryLogLevel.Warning, "It is warm")],
            events: [new(Now, 10, EventKinds.AnomalyStart, TelemetryPriority.High, "It shakes")]));

        await Expect(Page.Locator("#device-logs")).ToContainTextAsync("It is warm");
        await Expect(Page.Locator("#device-anomalies")).ToContainTextAsync("It shakes");
        await Expect(Page.Locator("#device-facts")).ToContainTextAsync("2.0.0");
        await ExpectNotLoadedAsync();
    }

    [Test]
    public async Task Device_ConstantNumberChanges_ItsChartJoinsTheOthers()
    {
        TelemetryBatch Restarts(int step, double value) => new("r-1", "1.0", [new(Now, step, null, MetricNames.Restarts, value)]);
        await dashboard.ReportAsync(Board, Restarts(1, 2));
        await OpenLiveAsync($"/devices/{Board}");
        await MarkAsync();
        await Expect(Page.Locator(".constant-values")).ToHaveTextAsync("Restarts 2");

        await dashboard.ReportAsync(Board, Restarts(2, 2));
        await dashboard.ReportAsync(Board, Restarts(3, 4));

        await Expect(Page.Locator("[data-chart=restarts] .legend")).ToContainTextAsync("4");
        await Expect(Page.Locator("[data-chart=restarts] .plot-area")).ToBeVisibleAsync();
        await Expect(Page.Locator(".constant")).ToBeHiddenAsync();
        await ExpectNotLoadedAsync();
    }

    [Test]
    public async Task Run_PointsCome_ChartGrowsFromTheStreamAlone()
    {
        await ReportAsync(0, 100);
        await OpenRunAsync();
        await MarkAsync();

        await ReportAsync(100, 7);

        await ExpectPointsAsync(107);
        await Expect(Page.Locator("#run-facts")).ToContainTextAsync("10,600");
        Assert.That(requests, Has.None.Contains("/charts?"), "numbers are not read anew");
        await ExpectNotLoadedAsync();
    }

    [Test]
    public async Task Run_PointsComeWhileItsChartIsRead_AreInTheChart()
    {
        await ReportAsync(0, 100);
        TaskCompletionSource read = new(TaskCreationOptions.RunContinuationsAsynchronously), goOn = new();
        await OpenLiveAsync("/runs/1", page => page.RouteAsync("**/charts?**", async route =>
        {
            IAPIResponse answer = await route.FetchAsync();
            read.TrySetResult();
            await goOn.Task;
            await route.FulfillAsync(new() { Response = answer });
        }));
        await read.Task;

        await ReportAsync(100, 7);
        await Expect(Page.Locator("#run-facts")).ToContainTextAsync("10,600");
        goOn.SetResult();

        await ExpectPointsAsync(107);
    }

    [Test]
    public async Task Run_FollowingAPart_MovesOnAndStaysAsWide()
    {
        await ReportAsync(0, 100);
        await OpenRunAsync("?from=8000&to=9900");

        await ReportAsync(100, 10);

        await Expect(Page.Locator("[name=follow]")).ToBeCheckedAsync();
        await Page.WaitForFunctionAsync("() => plotOf('alignment_loss').scales.x.max === 10900");
        Assert.That(await Page.ReadChartAsync<double>("alignment_loss", "u.scales.x.min"), Is.EqualTo(9_000));
    }

    [Test]
    public async Task Run_NotFollowing_KeepsTheView()
    {
        await ReportAsync(0, 100);
        await OpenRunAsync("?from=2000&to=5000&follow=0");
        string badge = await Page.Locator(Badge).InnerTextAsync();

        await ReportAsync(100, 10);

        await Expect(Page.Locator("#run-facts")).ToContainTextAsync("10,900");
        Assert.Multiple(async () =>
        {
            double[] shown = await Page.ReadChartAsync<double[]>("alignment_loss", "[u.scales.x.min, u.scales.x.max]");
            Assert.That(shown, Is.EqualTo([2_000.0, 5_000]));
            Assert.That(await Page.Locator(Badge).InnerTextAsync(), Is.EqualTo(badge));
            Assert.That(Page.Url, Does.EndWith("?from=2000&to=5000&follow=0"));
        });
    }

    [Test]
    public async Task Run_HiddenForAWhile_GoesOnAfterTheLastEventItHas()
    {
        await ReportAsync(0, 100);
        await OpenRunAsync();
        await ReportAsync(100, 1);
        await ExpectPointsAsync(101);
        // The stream is let go: the browser tells so as a request that failed or was finished.
        var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Page.RequestFailed += (_, request) => CompleteIfLive(gone, request);
        Page.RequestFinished += (_, request) => CompleteIfLive(gone, request);
        await Page.EvaluateAsync(SetHidden, true);
        await gone.Task.WaitAsync(Patience.Limit);
        await ReportAsync(101, 5);
        requests.Clear();

        await Page.EvaluateAsync(SetHidden, false);

        await ExpectPointsAsync(106);
        Assert.Multiple(() =>
        {
            Assert.That(requests, Has.Some.Contains("/live?").And.Some.Contains("after="));
            Assert.That(requests, Has.None.Contains("/charts?"), "what was missed comes over the stream");
        });
    }

    [Test]
    public async Task Run_DashboardStartsAgain_PageReadsWhatItMissed()
    {
        string database = Path.Combine(Directory.CreateTempSubdirectory("restarted-").FullName, "dashboard.db");
        // The second is what the page says of a question that comes in between, as for its events every half a minute.
        Expected = ["net::ERR_", "Failed to fetch"];
        // Bound and not listening: nobody else gets the port while no dashboard has it.
        using var place = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        place.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        place.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        string url = $"http://{place.LocalEndPoint}";
        Task<TestDashboard> StartAgainAsync() =>
            TestDashboard.StartAsync(options => options with { Database = database, Urls = [url] }, null);
        TestDashboard first = await StartAgainAsync();
        await SendAsync(first, 1, 0, 100);
        await OpenAsync(first.Client.BaseAddress!, "/runs/1", prepare: ChartProbe.InstallAsync);
        await Expect(Page.Locator("#live")).ToHaveAttributeAsync("data-state", "live");
        await ExpectPointsAsync(100);
        await MarkAsync();

        await first.DisposeAsync();
        await Expect(Page.Locator("#live")).ToHaveAttributeAsync("data-state", "waiting");
        await Expect(Page.Locator("#live")).ToContainTextAsync("Reconnecting");
        await using TestDashboard second = await StartAgainAsync();
        await SendAsync(second, 2, 100, 5);

        await Expect(Page.Locator("#live")).ToHaveAttributeAsync("data-state", "live");
        await ExpectPointsAsync(105);
        await SendAsync(second, 3, 105, 2);
        await ExpectPointsAsync(107);
        await ExpectNotLoadedAsync();
        await ClosePagesAsync();
    }

    [Test]
    public async Task Run_StreamRefused_SaysSo_TriesEverMoreSeldom_AndReadsWhatItMissed()
    {
        await ReportAsync(0, 100);
        Expected = ["503"];
        bool isFull = true;
        // An answer that comes while the page's clock is moved would begin the next wait at a time that nobody knows.
        using var mayAnswer = new SemaphoreSlim(1);
        await OpenAsync(dashboard.Address, "/runs/1", prepare: async page =>
        {
            // The page's clock moves when the test says so.
            DateTime start = dashboard.Now.UtcDateTime;
            await page.Clock.InstallAsync(new() { TimeDate = start });
            await page.Clock.PauseAtAsync(start.AddSeconds(1));
            await ChartProbe.InstallAsync(page);
            await page.AddInitScriptAsync(CountStreams);
            await page.RouteAsync("**/live?*", async route =>
            {
                await mayAnswer.WaitAsync();
                await (isFull
                    ? route.FulfillAsync(new() { Status = 503, ContentType = "application/problem+json", Body = "{}" })
                    : route.ContinueAsync());
            });
        });
        ILocator sign = Page.Locator("#live");
        await Expect(sign).ToHaveAttributeAsync("data-state", "off");
        await Expect(sign).ToContainTextAsync("No live updates");
        await MarkAsync();

        int tries = 1;
        foreach (int wait in new[] { 5_000, 10_000, 20_000 })
        {
            // Each wait is up to a quarter shorter or longer.
            await Page.Clock.RunForAsync(wait * 7 / 10);
            Assert.That(await CountTriesAsync(), Is.EqualTo(tries), $"before {wait} ms");
            await Page.Clock.RunForAsync(wait * 6 / 10);
            Assert.That(await CountTriesAsync(), Is.EqualTo(++tries), $"after {wait} ms");
            mayAnswer.Release();
            await Page.WaitForFunctionAsync("count => globalThis.refusals === count", tries);
        }

        await ExpectPointsAsync(100);
        await ReportAsync(100, 5);
        isFull = false;
        await Page.Clock.RunForAsync(60_000);
        mayAnswer.Release();
        await Expect(sign).ToHaveAttributeAsync("data-state", "live");
        await ExpectPointsAsync(105);
        await ExpectNotLoadedAsync();

        Task<int> CountTriesAsync() => Page.EvaluateAsync<int>("() => globalThis.tries");
    }

    private static void CompleteIfLive(TaskCompletionSource gone, IRequest request)
    {
        if (request.Url.Contains("/live?", StringComparison.Ordinal))
        {
            gone.TrySetResult();
        }
    }

    private long Now => dashboard.Now.ToUnixTimeMilliseconds();

    // Point i has the step 100 i and the value 100 i.
    private static TelemetryPoint Point(int i) => new(Batches.Noon + 1_000L * i, 100 * i, 0, MetricNames.AlignmentLoss, 100 * i);

    private static TelemetryBatch Points(int first, int count) =>
        new("r-1", "1.0.0", from i in Enumerable.Range(first, count) select Point(i));

    private async Task ReportAsync(int first, int count)
    {
        dashboard.Advance(TimeSpan.FromSeconds(1));
        await dashboard.ReportAsync(Board, Points(first, count));
    }

    private static async Task SendAsync(TestDashboard to, int sequence, int first, int count)
    {
        using System.Net.Http.HttpResponseMessage answer =
            await to.PostAsync(new BatchHeader(Board, 1, sequence, Batches.Noon), Batches.Json(Points(first, count)));
        answer.EnsureSuccessStatusCode();
    }

    private async Task OpenRunAsync(string query = "")
    {
        await OpenLiveAsync("/runs/1" + query);
        await Page.ReadyAsync();
        requests.Clear();
    }

    private async Task OpenLiveAsync(string path, Func<IPage, Task>? prepare = null)
    {
        await OpenAsync(dashboard.Address, path, prepare: async page =>
        {
            page.Request += (_, request) => requests.Enqueue(request.Url);
            await ChartProbe.InstallAsync(page);
            await (prepare?.Invoke(page) ?? Task.CompletedTask);
        });
        await Expect(Page.Locator("#live")).ToHaveAttributeAsync("data-state", "live");
    }

    private Task ExpectPointsAsync(int count) =>
        Expect(Page.Locator(Badge)).ToHaveTextAsync(new Regex($"^{count} raw, {count} shown$"));

    // A page that was loaded anew has lost the mark.
    private async Task MarkAsync() => await Page.EvaluateAsync("() => { globalThis.isSamePage = true; }");

    private async Task ExpectNotLoadedAsync() =>
        Assert.That(await Page.EvaluateAsync<bool>("() => globalThis.isSamePage === true"), Is.True, "the page was not loaded anew");
}
