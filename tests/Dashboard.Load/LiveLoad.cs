using System;
using System.Buffers;
using System.Collections.Generic;
using System.CommandLine;
using System.Diagnostics;
using System.Linq;
using System.Net.Http;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Tests.Support;
using FeatureAlignment.Telemetry;
using Microsoft.Playwright;

namespace FeatureAlignment.Dashboard.Load;

/// <summary>Twelve charts of two lines each, all on the screen, of a run that goes on five times a second: what they cost the page's main
/// thread and memory.</summary>
internal static class LiveLoad
{
    private const double ThreadBar = 50;
    private const double UpdatesBar = 4.5;
    private const int Layers = 2;
    private const int HistoryBatches = 100;
    private const int HistoryPointsPerBatch = 20;
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(20);

    private static readonly string[] Metrics =
    [
        MetricNames.AlignmentLoss, MetricNames.LabelLoss, MetricNames.Accuracy, MetricNames.SamplesPerSecond, MetricNames.LearningRate,
        MetricNames.DeadNeurons, "gradient_norm", "weight_norm", "activation_mean", "activation_deviation", "reconstruction_error",
        "sparsity",
    ];

    private const string CountUpdates =
        """
        () => {
          globalThis.updates = 0;
          let data = null;
          const look = () => {
            const now = plotOf('alignment_loss')?.data;
            if (now && now !== data) { data = now; updates++; }
            requestAnimationFrame(look);
          };
          requestAnimationFrame(look);
        }
        """;

    private static readonly Option<int> Minutes = Arguments.Number("--minutes", "Minutes after the warm-up", 1, 1_440, 10);

    public static Command Command()
    {
        var command = new Command("live", "Measures what twelve live charts cost the browser.") { Minutes };
        command.SetAction((parsed, _) => RunAsync(TimeSpan.FromMinutes(parsed.GetRequiredValue(Minutes))));
        return command;
    }

    private static async Task<int> RunAsync(TimeSpan time)
    {
        var bars = new Bars();
        using var folder = new TemporaryFolder();
        await using OrdinaryFleet fleet = await OrdinaryFleet.StartAsync(folder.Database, count: 0, seed: 0, "live");
        using HttpClient client = SignedSender.CreateClient();
        int sequence = 0;
        for (; sequence < HistoryBatches; sequence++)
        {
            await SendAsync(fleet, client, sequence, HistoryPointsPerBatch, sequence * HistoryPointsPerBatch);
        }

        using var stop = new CancellationTokenSource();
        Task reports = ReportAsync(fleet, client, sequence, stop.Token);
        await using BrowserPages browser = await BrowserPages.StartAsync();
        // Tall enough that every chart is drawn.
        IPage page = await browser.OpenAsync(new Uri(fleet.Dashboard.Address, "/runs/1"), width: 1600, height: 2400);
        await page.WaitForFunctionAsync(
            "wanted => [...document.querySelectorAll('.chart')].filter(one => plotOf(one.dataset.chart)).length === wanted",
            Metrics.Length);
        await page.EvaluateAsync(CountUpdates);
        ICDPSession session = await page.Context.NewCDPSessionAsync(page);
        await session.SendAsync("Performance.enable");
        await Task.Delay(WarmUp);

        var heap = new MemoryCurve("memory of the page (JavaScript heap after a collection)");
        var shares = new List<double>();
        int updates = await page.EvaluateAsync<int>("() => updates");
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < time)
        {
            // The collection that makes the heap comparable is the tool's, not the page's: it is outside the time that counts.
            (double Busy, double Time, double Heap) before = await ReadAsync(session);
            await Task.Delay(Interval);
            (double Busy, double Time, double Heap) after = await ReadAsync(session);
            shares.Add(100 * (after.Busy - before.Busy) / (after.Time - before.Time));
            await session.SendAsync("HeapProfiler.collectGarbage");
            heap.Add((await ReadAsync(session)).Heap);
        }

        double rate = (await page.EvaluateAsync<int>("() => updates") - updates) / clock.Elapsed.TotalSeconds;
        await stop.CancelAsync();
        await reports;
        shares.Sort();
        bars.AtMost($"main thread, {Metrics.Length} charts of {Layers} lines live for {time.TotalMinutes:F0} min, mean", shares.Average(),
            ThreadBar, "%", decimals: 1);
        bars.Note($"the busiest {Interval.TotalSeconds:F0} s", $"{shares[^1]:F1} %");
        bars.AtLeast("updates of a chart", rate, UpdatesBar, "a second", decimals: 2);
        heap.Judge(bars);
        return bars.Print();
    }

    private static async Task ReportAsync(OrdinaryFleet fleet, HttpClient client, int sequence, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Pace);
        try
        {
            for (int step = HistoryBatches * HistoryPointsPerBatch; await timer.WaitForNextTickAsync(stop); step++)
            {
                await SendAsync(fleet, client, sequence++, points: 1, step);
            }
        }
        catch (OperationCanceledException)
        {
            // Told to stop.
        }
    }

    private static async Task SendAsync(OrdinaryFleet fleet, HttpClient client, int sequence, int points, int firstStep)
    {
        long now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        IEnumerable<TelemetryPoint> all =
            from step in Enumerable.Range(firstStep, points)
            from metric in Metrics
            from layer in Enumerable.Range(0, Layers)
            select new TelemetryPoint(now, step, layer, metric, Math.Round(1 + layer + Math.Sin(step * 0.05 + layer), 4));
        var body = new ArrayBufferWriter<byte>();
        BatchWriter.Write(body, new TelemetryBatch("r-live", "1.0.0", all));
        SignedSender sender = fleet.Others[0];
        if (!await sender.TrySendAsync(client, fleet.Dashboard.Address, new BatchHeader(sender.DeviceId, 1, sequence + 1, now),
            body.WrittenSpan.ToArray()))
        {
            throw new InvalidOperationException($"Batch {sequence + 1} must be taken; it was not.");
        }
    }

    // Seconds in which the main thread had something to do, seconds on its clock, bytes.
    private static async Task<(double Busy, double Time, double Heap)> ReadAsync(ICDPSession session)
    {
        JsonElement metrics = (await session.SendAsync("Performance.getMetrics"))!.Value.GetProperty("metrics");
        double Value(string name) =>
            metrics.EnumerateArray().Single(one => one.GetProperty("name").GetString() == name).GetProperty("value").GetDouble();
        return (Value("TaskDuration"), Value("Timestamp"), Value("JSHeapUsedSize"));
    }
}
