using System;
using System.Buffers;
using System.Collections.Generic;
using System.CommandLine;
using System.Linq;
using System.Net.Http;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Tests.Support;
using FeatureAlignment.Telemetry;
using Microsoft.Playwright;

namespace FeatureAlignment.Dashboard.Load;

/// <summary>Times records from the moment at which a board makes one to the frame in which an open page shows it: in the chart of its run
/// and in the table of the fleet, without other boards and among many.</summary>
internal static class LatencyLoad
{
    private const double Bar = 1_000;
    private const string Board = "a-watched";
    private const int Seed = 20261122;
    private const int FirstStep = 1_000;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(10);

    // Frames are looked at one by one: what a frame finds in the chart is on the screen at its end.
    private const string WatchChart =
        """
        () => {
          globalThis.seen = [];
          const look = () => {
            const newest = plotOf('alignment_loss')?.data[0].at(-1);
            if (newest && newest !== seen.at(-1)?.[0]) { seen.push([newest, Date.now()]); }
            requestAnimationFrame(look);
          };
          requestAnimationFrame(look);
        }
        """;

    private const string WatchRow =
        """
        board => {
          globalThis.seen = [];
          new MutationObserver(() => requestAnimationFrame(() => {
            const newest = Number(document.querySelector(`[data-key=${board}] .cell-loss .num`)?.textContent.replaceAll(',', ''));
            if (newest && newest !== seen.at(-1)?.[0]) { seen.push([newest, Date.now()]); }
          })).observe(document.getElementById('fleet-rows'), { childList: true, subtree: true, characterData: true });
        }
        """;

    private static readonly Option<int> Records = Arguments.Number("--records", "Records that are timed", 10, 10_000, 60);
    private static readonly Option<int> Boards = Arguments.Number("--boards", "Other boards, in the second part", 1, 10_000, 1_000);

    public static Command Command()
    {
        var command = new Command("latency", "Measures how long a record takes from its board to the open pages.") { Records, Boards };
        command.SetAction((parsed, _) => RunAsync(parsed.GetRequiredValue(Records), parsed.GetRequiredValue(Boards)));
        return command;
    }

    private static async Task<int> RunAsync(int records, int boards)
    {
        var bars = new Bars();
        await using BrowserPages browser = await BrowserPages.StartAsync();
        foreach (int others in (int[])[0, boards])
        {
            using var folder = new TemporaryFolder();
            await using OrdinaryFleet fleet = await OrdinaryFleet.StartAsync(folder.Database, others, Seed, Board);
            (double[] chart, double[] row) = await TimeAsync(fleet, browser, records);
            string among = others == 0 ? "alone" : $"among {others:N0} boards";
            foreach ((string page, double[] times) in ((string, double[])[])[("chart of the run", chart), ("table of the fleet", row)])
            {
                bars.AtMost($"record to the {page}, {among}, {times.Length} records, p95", Bars.Percentile(times, 0.95), Bar, "ms");
                bars.Note("p50 and most", $"{Bars.Percentile(times, 0.5):F0} and {times[^1]:F0} ms");
            }
        }

        return bars.Print();
    }

    private static async Task<(double[] Chart, double[] Row)> TimeAsync(OrdinaryFleet fleet, BrowserPages browser, int records)
    {
        var random = new Random(Seed);
        using HttpClient client = SignedSender.CreateClient();
        // Two points make a line; the pages are opened when there is something to show.
        await SendAsync(fleet, client, 1);
        await SendAsync(fleet, client, 2);
        IPage fleetPage = await browser.OpenAsync(fleet.Dashboard.Address);
        IPage runPage = await browser.OpenAsync(new Uri(fleet.Dashboard.Address, $"/devices/{Board}"));
        string run = (await runPage.Locator("a[href^='/runs/']").First.GetAttributeAsync("href"))!;
        await runPage.GotoAsync(new Uri(fleet.Dashboard.Address, run.Split('?')[0]).ToString());
        await runPage.WaitForFunctionAsync("() => plotOf('alignment_loss')");
        await runPage.EvaluateAsync(WatchChart);
        await fleetPage.EvaluateAsync(WatchRow, Board);
        await Task.Delay(WarmUp);
        var made = new List<(int Step, double Time)>();
        for (int i = 0; i < records; i++)
        {
            made.Add(await SendAsync(fleet, client, i + 3));
            await Task.Delay(random.Next(700, 1_700));
        }

        await Task.Delay(TimeSpan.FromSeconds(5));
        return (await LatenciesAsync(runPage, made), await LatenciesAsync(fleetPage, made));
    }

    // The step is also the loss, so that both pages tell which record they show.
    private static async Task<(int Step, double Time)> SendAsync(OrdinaryFleet fleet, HttpClient client, int sequence)
    {
        double made = (DateTime.UtcNow - DateTime.UnixEpoch).TotalMilliseconds;
        int step = FirstStep + sequence;
        var body = new ArrayBufferWriter<byte>();
        BatchWriter.Write(
            body, new TelemetryBatch("r-1", "1.0.0", [new TelemetryPoint((long)made, step, 0, MetricNames.AlignmentLoss, step)]));
        if (!await fleet.Others[0].TrySendAsync(
            client, fleet.Dashboard.Address, new BatchHeader(Board, boot: 1, sequence, (long)made), body.WrittenSpan.ToArray()))
        {
            throw new InvalidOperationException($"Batch {sequence} must be taken; it was not.");
        }

        return (step, made);
    }

    private static async Task<double[]> LatenciesAsync(IPage page, IReadOnlyList<(int Step, double Time)> made)
    {
        double[][] seen = await page.EvaluateAsync<double[][]>("() => seen");
        // A page may skip a record when the next one has come; one that was never seen counts as endless.
        return [.. made
            .Select(one => seen.Where(frame => frame[0] >= one.Step).Select(frame => frame[1] - one.Time)
                .FirstOrDefault(double.PositiveInfinity))
            .Order()];
    }
}
