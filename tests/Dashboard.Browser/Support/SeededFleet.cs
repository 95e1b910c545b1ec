using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Storage;
using FeatureAlignment.Telemetry;

namespace FeatureAlignment.Dashboard.Browser.Support;

/// <summary>Boards in all states: some learn digits, some watch machines; with an hour offline, a NaN and an anomaly.</summary>
internal static class SeededFleet
{
    /// <summary>Learns in three layers; all that a run's page can show is in its run.</summary>
    public const string Learner = "press-line-01";

    /// <summary>Watches a machine and sees an anomaly.</summary>
    public const string Watcher = "pump-04";

    /// <summary>Reported an hour ago.</summary>
    public const string Silent = "fan-06";

    /// <summary>Has a key and never reported.</summary>
    public const string Expected = "mill-07";

    /// <summary>Id of the learner's run: its board is the first to report after <see cref="Silent"/>.</summary>
    public const long LearnerRun = 2;

    /// <summary>Entries of each of the learner's series, without those of the time offline.</summary>
    public const int Entries = 2_208;

    /// <summary>Steps from one entry to the next.</summary>
    public const int StepsPerEntry = 20;

    public const int Layers = 3;

    /// <summary>Pictures of each moment.</summary>
    public const int Digits = 10;

    /// <summary>Moments with pictures.</summary>
    public const int Moments = 6;

    private const int AllEntries = 2_400;
    private const int PointsPerBatch = 700;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(3);

    /// <summary>First and last time that the learner was offline.</summary>
    public static (DateTimeOffset From, DateTimeOffset To) Offline(DateTimeOffset now) =>
        (now - Interval * (AllEntries - FirstMissing), now - Interval * (AllEntries - FirstBack));

    // 8 % of the entries are missing: those of the time offline.
    private const int FirstMissing = AllEntries * 42 / 100;
    private const int FirstBack = AllEntries / 2;

    public static async Task AddAsync(SeededDashboard dashboard)
    {
        await WatchAsync(dashboard, Silent, wear: 0);
        dashboard.Advance(TimeSpan.FromHours(1));
        await LearnAsync(dashboard);
        await WatchAsync(dashboard, Watcher, wear: 1);
        await WatchAsync(dashboard, "pump-05", wear: 0);
        await LearnALittleAsync(dashboard, "lab-03", "1.5.0-rc1", 0.93);
        await LearnALittleAsync(dashboard, "press-line-02", "1.4.0", 0.88);
        await dashboard.Keys.CreateAsync(Expected);
        await dashboard.Store.SetTitleAsync("press-line-02", "Press line 2, spare board");
        await SendCommandsAsync(dashboard);
        await QuarantineAsync(dashboard);
    }

    private static async Task LearnAsync(SeededDashboard dashboard)
    {
        var random = new Random(7);
        long now = dashboard.Now.ToUnixTimeMilliseconds();
        long TimeOf(int entry) => now - (long)(Interval * (AllEntries - entry)).TotalMilliseconds;
        await dashboard.ReportAsync(Learner, Batch(
            events: [new(TimeOf(0), 0, EventKinds.RunStarted, TelemetryPriority.Normal, "Run started: 3 layers, seed 7.")], settings: Settings()));
        var points = new List<TelemetryPoint>();
        foreach (int entry in Enumerable.Range(0, AllEntries).Where(entry => entry is < FirstMissing or >= FirstBack))
        {
            long step = (long)entry * StepsPerEntry;
            double done = (double)entry / AllEntries;
            for (int layer = 0; layer < Layers; layer++)
            {
                double loss = (0.08 + 0.25 * Math.Exp(-6 * done * (1 - 0.2 * layer))) * (1 + 0.15 * layer) * (1 + 0.09 * Normal(random));
                points.Add(new(TimeOf(entry), step, layer, MetricNames.AlignmentLoss, entry == Spike ? 2 : loss));
            }

            if (entry % 8 == 0)
            {
                points.Add(new(TimeOf(entry), step, 0, MetricNames.LabelLoss, (0.2 + 2.1 * Math.Exp(-7 * done)) * (1 + 0.05 * Normal(random))));
                points.Add(new(TimeOf(entry), step, null, MetricNames.Accuracy, Math.Min(1, 0.97 - 0.85 * Math.Exp(-8 * done) + 0.004 * Normal(random))));
                points.Add(new(TimeOf(entry), step, null, MetricNames.SamplesPerSecond, 41 + 3 * Math.Sin(entry / 30.0) + 0.8 * Normal(random)));
                points.Add(new(TimeOf(entry), step, null, MetricNames.MemoryUsed, 406_000 + (int)(9_000 * Math.Sin(entry / 90.0))));
                points.Add(new(TimeOf(entry), step, null, MetricNames.Temperature, 38 + 4 * done + 0.2 * Normal(random)));
                points.Add(new(TimeOf(entry), step, 0, MetricNames.DeadNeurons, (int)(9 * Math.Exp(-3 * done))));
            }
        }

        foreach (TelemetryPoint[] part in points.Chunk(PointsPerBatch))
        {
            await dashboard.ReportAsync(Learner, Batch(part));
        }

        for (int moment = 0; moment < Moments; moment++)
        {
            int entry = AllEntries * (moment + 1) / Moments - 1;
            await dashboard.ReportAsync(Learner, Batch(
                images: [.. Enumerable.Range(0, Digits).Select(digit => Picture(random, TimeOf(entry), (long)entry * StepsPerEntry, digit, moment))]));
        }

        long last = (AllEntries - 1L) * StepsPerEntry;
        await dashboard.ReportAsync(Learner, Batch(
            events:
            [
                new(TimeOf(1_500), 1_500 * StepsPerEntry, EventKinds.NonFiniteLoss, TelemetryPriority.High, "Loss of layer 1 was NaN; it went back to its checkpoint."),
                new(TimeOf(2_380), 2_380 * StepsPerEntry, EventKinds.CheckpointWritten, TelemetryPriority.Low, "406 KB in 1.2 s."),
                new(TimeOf(2_390), last, EventKinds.Evaluation, TelemetryPriority.Normal, "Evaluated on 1,000 samples: 96.8 %.", Confusion(random)),
            ],
            logs: [.. Lines.Select((line, index) => new TelemetryLog(now - 1_000L * (Lines.Length - index), line.Level, line.Text))]));
        (DateTimeOffset from, DateTimeOffset to) = Offline(dashboard.Now);
        await dashboard.Store.AddConnectionAsync(
            new ConnectionRecord(Learner, from.ToUnixTimeMilliseconds(), "offline", "Nothing came for 2 min."));
        await dashboard.Store.AddConnectionAsync(
            new ConnectionRecord(Learner, to.ToUnixTimeMilliseconds(), "online", "Reports again after 9 min."));
    }

    /// <summary>The entry whose losses are far above all others.</summary>
    public const int Spike = 1_800;

    private static readonly (TelemetryLogLevel Level, string Text)[] Lines =
    [
        (TelemetryLogLevel.Information, "Learning: step 47,960, loss 0.083"), (TelemetryLogLevel.Debug, "Spool at 12 %"),
        (TelemetryLogLevel.Warning, "WiFi lost: no beacon for 5 s"), (TelemetryLogLevel.Information, "WiFi back after 8 s"),
        (TelemetryLogLevel.Error, "Uplink: 503, again in 30 s"), (TelemetryLogLevel.Information, "Evaluation took 22.1 s"),
    ];

    private static TelemetryBatch Batch(
        IEnumerable<TelemetryPoint>? points = null, TelemetryImage[]? images = null, TelemetryEvent[]? events = null, TelemetryLog[]? logs = null,
        TelemetryFields? settings = null) => new("r-20261122-01", "1.4.0", points, images, events, logs, settings);

    private static TelemetryFields Settings()
    {
        var settings = new TelemetryFields();
        settings.Add("rule", "alignment");
        settings.Add("layers", "128,64,32");
        settings.Add("learning_rate", 0.02);
        settings.Add("activation", "asinh");
        settings.Add("optimizer", "momentum");
        settings.Add("seed", 7.0);
        return settings;
    }

    private static TelemetryFields Confusion(Random random)
    {
        var data = new TelemetryFields();
        data.Add("accuracy", 0.968);
        data.Add("confusion", [.. from truth in Enumerable.Range(0, Digits)
                                  from answer in Enumerable.Range(0, Digits)
                                  select truth == answer ? 90.0 + random.Next(10) : random.Next(5) / 2]);
        return data;
    }

    // A closed curve for each digit; reconstructions get better with the moments, and differ among the digits.
    private static TelemetryImage Picture(Random random, long time, long step, int digit, int moment)
    {
        const int Side = 28;
        byte[] input = new byte[Side * Side];
        for (int i = 0; i < 200; i++)
        {
            double angle = i / 200.0 * 2 * Math.PI;
            int column = (int)(14 + (4 + digit) * Math.Cos(angle)), row = (int)(14 + 9 * Math.Sin(angle * (1 + digit % 3)));
            foreach (int at in (int[])[row * Side + column, row * Side + column + 1, (row + 1) * Side + column])
            {
                input[at] = (byte)Math.Min(255, input[at] + 120);
            }
        }

        double noise = 1.3 * Math.Exp(-moment / 2.0) + 0.08 + 0.03 * (digit % 4);
        byte[] output = [.. input.Select(value => (byte)Math.Clamp(value * (1 - noise / 2) + 60 * noise * Normal(random), 0, 255))];
        return new TelemetryImage(time, step, null, "reconstruction", Side, Side, input, output, digit, digit == 3 && moment < 3 ? 8 : digit);
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
            points.Add(new(time, step, null, MetricNames.AnomalyQ, Math.Abs(0.3 + 0.06 * Normal(random) + 2.4 * worn * worn)));
            points.Add(new(time, step, null, MetricNames.AnomalyThresholdQ, 0.9));
            points.Add(new(time, step, 0, MetricNames.AlignmentLoss, 0.02 + 0.2 * Math.Exp(-0.03 * i) + 0.02 * worn + 0.002 * random.NextDouble()));
        }

        points.Add(new(now, StepsEach * Count, null, MetricNames.SamplesPerSecond, 100));
        points.Add(new(now, StepsEach * Count, null, MetricNames.MemoryUsed, 188_000));
        TelemetryEvent[] events = wear > 0
            ? [new(now - 900_000, StepsEach * Count, EventKinds.AnomalyStart, TelemetryPriority.High, "Vibration above its limit, most of it on axis z.")]
            : [];
        foreach (TelemetryPoint[] part in points.Chunk(PointsPerBatch))
        {
            await dashboard.ReportAsync(device, new TelemetryBatch("r-20261120-01", "1.4.0", part, events: part[0] == points[0] ? events : []));
        }
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

    // One command for each outcome. The first report after them takes the first three along, the second one answers two of them.
    private static async Task SendCommandsAsync(SeededDashboard dashboard)
    {
        long now = dashboard.Now.ToUnixTimeMilliseconds();
        await dashboard.Store.AddCommandAsync(Learner, new TelemetryCommand("c-done", "checkpoint"), now);
        await dashboard.Store.AddCommandAsync(Learner, new TelemetryCommand("c-refused", "reset_model"), now);
        await dashboard.Store.AddCommandAsync(Learner, new TelemetryCommand("c-sent", "evaluate"), now);
        await dashboard.ReportAsync(Learner, Batch());
        await dashboard.ReportAsync(Learner, Batch(events:
        [
            new(now, 0, EventKinds.CommandDone, TelemetryPriority.High, "Written in 1.2 s.", Id("c-done")),
            new(now, 0, EventKinds.CommandRefused, TelemetryPriority.High, "Forgetting must be allowed in the board's settings.", Id("c-refused")),
        ]));
        await dashboard.Store.AddCommandAsync(Learner, new TelemetryCommand("c-expired", "pause", expiresMilliseconds: now - 1), now - 60_000);
        await dashboard.Store.AddCommandAsync(Learner, new TelemetryCommand("c-waiting", "benchmark"), now);

        static TelemetryFields Id(string id)
        {
            var data = new TelemetryFields();
            data.Add("id", id);
            return data;
        }
    }

    private static async Task QuarantineAsync(SeededDashboard dashboard)
    {
        long now = dashboard.Now.ToUnixTimeMilliseconds();
        await dashboard.Store.AddQuarantineAsync(new QuarantineRecord("lab-03", now, "events", "Measurement loss: NaN is no number.", "{\"loss\":NaN}"u8.ToArray()));
        await dashboard.Store.AddQuarantineAsync(new QuarantineRecord(null, now, "logs", "Byte 36 must be a comma.", "{\"a\"b\":1}"u8.ToArray()));
    }

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
