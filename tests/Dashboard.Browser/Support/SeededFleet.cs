using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Storage;
using FeatureAlignment.Telemetry;

namespace FeatureAlignment.Dashboard.Browser.Support;

/// <summary>Boards in all states: some learn digits, some watch machines; with minutes offline, a NaN and an anomaly.</summary>
internal static class SeededFleet
{
    /// <summary>Learns in three layers; all that a run's page can show is in its run.</summary>
    public const string Learner = "press-line-01";

    /// <summary>Watches a machine and sees an anomaly.</summary>
    public const string Watcher = "pump-04";

    /// <summary>Reported an hour ago.</summary>
    public const string Silent = "fan-06";

    /// <summary>Has as many layers as <see cref="DeepLayers"/>.</summary>
    public const string Deep = "rack-08";

    public const int DeepLayers = 60;

    /// <summary>Has a key and never reported.</summary>
    public const string Expected = "mill-07";

    /// <summary>Id of the learner's run: its board is the first to report after <see cref="Silent"/>.</summary>
    public const long LearnerRun = 2;

    /// <summary>Entries of each of the learner's losses, with those that were lost while it was offline.</summary>
    public const int AllEntries = 2_400;

    /// <summary>Entries that came: 8 % are missing.</summary>
    public const int Entries = AllEntries - FirstBack + FirstMissing;

    /// <summary>The entry whose losses are far above all others.</summary>
    public const int Spike = 1_800;

    /// <summary>Steps from one entry to the next.</summary>
    public const int StepsPerEntry = 20;

    public const int Layers = 3;

    /// <summary>Pictures of each moment.</summary>
    public const int Digits = 10;

    /// <summary>Moments with pictures.</summary>
    public const int Moments = 6;

    /// <summary>Time from one entry to the next.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(3);

    private const int FirstMissing = AllEntries * 42 / 100;
    private const int FirstBack = AllEntries / 2;

    public static IEnumerable<int> EntriesThatCame =>
        Enumerable.Range(0, AllEntries).Where(entry => entry is < FirstMissing or >= FirstBack);

    /// <summary>When the learner went and came back.</summary>
    public static (DateTimeOffset From, DateTimeOffset To) Offline(DateTimeOffset now) =>
        (now - Interval * (AllEntries - FirstMissing), now - Interval * (AllEntries - FirstBack));

    public static async Task AddAsync(SeededDashboard dashboard)
    {
        await WatchAsync(dashboard, Silent, wear: 0);
        dashboard.Advance(TimeSpan.FromHours(1));
        await new LearnerReports(dashboard).SendAsync();
        await WatchAsync(dashboard, Watcher, wear: 1);
        await WatchAsync(dashboard, "pump-05", wear: 0);
        await LearnALittleAsync(dashboard, "lab-03", "1.5.0-rc1", 0.93);
        await LearnALittleAsync(dashboard, "press-line-02", "1.4.0", 0.88);
        await LearnDeepAsync(dashboard);
        await dashboard.Keys.CreateAsync(Expected);
        await dashboard.Store.SetTitleAsync("press-line-02", "Press line 2, spare board");
        await SendCommandsAsync(dashboard);
        await QuarantineAsync(dashboard);
    }

    private static async Task WatchAsync(SeededDashboard dashboard, string device, double wear)
    {
        const int Count = 300, StepsEach = 64;
        var random = new Random(device.Length + (int)wear);
        long now = dashboard.Now.ToUnixTimeMilliseconds();
        var points = new List<TelemetryPoint>();
        for (int i = 0; i < Count; i++)
        {
            long time = now - 20_000L * (Count - i), step = (long)StepsEach * i;
            double worn = wear * Math.Max(0, 4.0 * i / Count - 3);
            double loss = 0.02 + 0.2 * Math.Exp(-0.03 * i) + 0.02 * worn + 0.002 * random.NextDouble();
            points.Add(new(time, step, null, MetricNames.AnomalyQ, 0.2 + 0.2 * random.NextDouble() + 2.4 * worn * worn));
            points.Add(new(time, step, null, MetricNames.AnomalyThresholdQ, 0.9));
            points.Add(new(time, step, 0, MetricNames.AlignmentLoss, loss));
        }

        points.Add(new(now, StepsEach * Count, null, MetricNames.SamplesPerSecond, 100));
        points.Add(new(now, StepsEach * Count, null, MetricNames.MemoryUsed, 188_000));
        const string Text = "Vibration above its limit, most of it on axis z.";
        var start = new TelemetryEvent(now - 900_000, StepsEach * Count, EventKinds.AnomalyStart, TelemetryPriority.High, Text);
        TelemetryBatch Batch(TelemetryPoint[]? part = null, TelemetryEvent[]? events = null) =>
            new("r-20261120-01", "1.4.0", part, events: events);
        foreach (TelemetryPoint[] part in points.Chunk(LearnerReports.PointsPerBatch))
        {
            await dashboard.ReportAsync(device, Batch(part));
        }

        await dashboard.ReportAsync(device, Batch(events: wear > 0 ? [start] : []));
    }

    private static async Task LearnALittleAsync(SeededDashboard dashboard, string device, string app, double accuracy)
    {
        const int Count = 100;
        long now = dashboard.Now.ToUnixTimeMilliseconds();
        await dashboard.ReportAsync(device, new TelemetryBatch(
            "r-20261122-02", app,
            from i in Enumerable.Range(0, Count)
            from point in (TelemetryPoint[])[
                new(now - 5_000L * (Count - i), 20 * i, 0, MetricNames.AlignmentLoss, 0.1 + 0.3 * Math.Exp(-i / 30.0)),
                new(now - 5_000L * (Count - i), 20 * i, null, MetricNames.Accuracy, accuracy * (1 - Math.Exp(-(i + 5) / 20.0))),
                new(now - 5_000L * (Count - i), 20 * i, null, MetricNames.SamplesPerSecond, 45 * accuracy),
                new(now - 5_000L * (Count - i), 20 * i, null, MetricNames.MemoryUsed, 300_000 * accuracy),
            ]
            select point));
    }

    private static async Task LearnDeepAsync(SeededDashboard dashboard)
    {
        const int Count = 10;
        long now = dashboard.Now.ToUnixTimeMilliseconds();
        await dashboard.ReportAsync(Deep, new TelemetryBatch(
            "r-20261122-03", "1.4.0",
            from i in Enumerable.Range(0, Count)
            from layer in Enumerable.Range(0, DeepLayers)
            select new TelemetryPoint(
                now - 5_000L * (Count - i), 20 * i, layer, MetricNames.AlignmentLoss, 0.1 + (1 + layer % 7) * Math.Exp(-i / 4.0))));
    }

    // One command for each outcome. The first report after them takes the first three along, the second one answers two of them.
    private static async Task SendCommandsAsync(SeededDashboard dashboard)
    {
        long now = dashboard.Now.ToUnixTimeMilliseconds();
        (string, string)[] taken = [("c-done", "checkpoint"), ("c-refused", "reset_model"), ("c-sent", "evaluate")];
        foreach ((string id, string name) in taken)
        {
            await dashboard.Store.AddCommandAsync(Learner, new TelemetryCommand(id, name), now);
        }

        await dashboard.ReportAsync(Learner, LearnerReports.Batch());
        await dashboard.ReportAsync(Learner, LearnerReports.Batch(events:
        [
            Answer("c-done", EventKinds.CommandDone, "Written in 1.2 s."),
            Answer("c-refused", EventKinds.CommandRefused, "Forgetting must be allowed in the board's settings."),
        ]));
        var late = new TelemetryCommand("c-expired", "pause", expiresMilliseconds: now - 1);
        await dashboard.Store.AddCommandAsync(Learner, late, now - 60_000);
        await dashboard.Store.AddCommandAsync(Learner, new TelemetryCommand("c-waiting", "benchmark"), now);

        TelemetryEvent Answer(string id, string kind, string text)
        {
            var data = new TelemetryFields();
            data.Add("id", id);
            return new TelemetryEvent(now, 0, kind, TelemetryPriority.High, text, data);
        }
    }

    private static async Task QuarantineAsync(SeededDashboard dashboard)
    {
        long now = dashboard.Now.ToUnixTimeMilliseconds();
        await dashboard.Store.AddQuarantineAsync(
            new QuarantineRecord("lab-03", now, "events", "Measurement loss: NaN is no number.", "{\"loss\":NaN}"u8.ToArray()));
        await dashboard.Store.AddQuarantineAsync(
            new QuarantineRecord(null, now, "logs", "Byte 36 must be a comma.", "{\"a\"b\":1}"u8.ToArray()));
    }
}
