using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Storage;
using FeatureAlignment.Telemetry;

namespace FeatureAlignment.Dashboard.Browser.Support;

/// <summary>Two hours of a board that learns, as it reports them: minutes offline, one loss far above the others, a NaN.</summary>
internal sealed class LearnerReports(SeededDashboard dashboard)
{
    /// <summary>Points that fit into the largest body.</summary>
    public const int PointsPerBatch = 700;

    private static readonly (TelemetryLogLevel Level, string Text)[] Lines =
    [
        (TelemetryLogLevel.Information, "Learning: step 47,960, loss 0.083"), (TelemetryLogLevel.Debug, "Spool at 12 %"),
        (TelemetryLogLevel.Warning, "WiFi lost: no beacon for 5 s"), (TelemetryLogLevel.Information, "WiFi back after 8 s"),
        (TelemetryLogLevel.Error, "Uplink: 503, again in 30 s"), (TelemetryLogLevel.Information, "Evaluation took 22.1 s"),
    ];

    private readonly Random random = new(7);
    private readonly long now = dashboard.Now.ToUnixTimeMilliseconds();

    public async Task SendAsync()
    {
        await SendAsync(Batch(events: [Event(0, EventKinds.RunStarted, "Run started: 3 layers, seed 7.")], settings: Settings()));
        foreach (TelemetryPoint[] part in SeededFleet.EntriesThatCame.SelectMany(Points).Chunk(PointsPerBatch))
        {
            await SendAsync(Batch(part));
        }

        for (int moment = 0; moment < SeededFleet.Moments; moment++)
        {
            int entry = SeededFleet.AllEntries * (moment + 1) / SeededFleet.Moments - 1;
            await SendAsync(Batch(images: [.. Enumerable.Range(0, SeededFleet.Digits).Select(digit => Picture(entry, digit, moment))]));
        }

        await SendAsync(Batch(
            events:
            [
                Event(1_500, EventKinds.NonFiniteLoss, "Loss of layer 1 was NaN; it went back to its checkpoint.", TelemetryPriority.High),
                Event(2_380, EventKinds.CheckpointWritten, "406 KB in 1.2 s.", TelemetryPriority.Low),
                Event(2_390, EventKinds.Evaluation, "Evaluated on 1,000 samples: 96.8 %.", data: Confusion()),
            ],
            logs: [.. Lines.Select((line, index) => new TelemetryLog(now - 1_000L * (Lines.Length - index), line.Level, line.Text))]));
        (DateTimeOffset from, DateTimeOffset to) = SeededFleet.Offline(dashboard.Now);
        await LogConnectionAsync(from, "offline", "Nothing came for 2 min.");
        await LogConnectionAsync(to, "online", "Reports again after 9 min.");
    }

    /// <summary>A batch of the learner's run.</summary>
    public static TelemetryBatch Batch(
        IEnumerable<TelemetryPoint>? points = null, TelemetryImage[]? images = null, TelemetryEvent[]? events = null,
        TelemetryLog[]? logs = null, TelemetryFields? settings = null) =>
        new("r-20261122-01", "1.4.0", points, images, events, logs, settings);

    private Task SendAsync(TelemetryBatch batch) => dashboard.ReportAsync(SeededFleet.Learner, batch);

    private Task LogConnectionAsync(DateTimeOffset time, string kind, string reason) => dashboard.Store.AddConnectionAsync(
        new ConnectionRecord(SeededFleet.Learner, time.ToUnixTimeMilliseconds(), kind, reason));

    private long TimeOf(int entry) => now - (long)(SeededFleet.Interval * (SeededFleet.AllEntries - entry)).TotalMilliseconds;

    private TelemetryEvent Event(
        int entry, string kind, string text, TelemetryPriority priority = TelemetryPriority.Normal, TelemetryFields? data = null) =>
        new(TimeOf(entry), (long)entry * SeededFleet.StepsPerEntry, kind, priority, text, data);

    private IEnumerable<TelemetryPoint> Points(int entry)
    {
        double done = (double)entry / SeededFleet.AllEntries;
        TelemetryPoint Point(int? layer, string name, double value) =>
            new(TimeOf(entry), (long)entry * SeededFleet.StepsPerEntry, layer, name, value);
        for (int layer = 0; layer < SeededFleet.Layers; layer++)
        {
            double loss = (0.08 + 0.25 * Math.Exp(-6 * done * (1 - 0.2 * layer))) * (1 + 0.15 * layer) * (1 + 0.09 * Normal());
            yield return Point(layer, MetricNames.AlignmentLoss, entry == SeededFleet.Spike ? 2 : loss);
        }

        if (entry % 8 == 0)
        {
            yield return Point(0, MetricNames.LabelLoss, (0.2 + 2.1 * Math.Exp(-7 * done)) * (1 + 0.05 * Normal()));
            yield return Point(0, MetricNames.DeadNeurons, (int)(9 * Math.Exp(-3 * done)));
            yield return Point(null, MetricNames.Accuracy, Math.Min(1, 0.97 - 0.85 * Math.Exp(-8 * done) + 0.004 * Normal()));
            yield return Point(null, MetricNames.SamplesPerSecond, 41 + 3 * Math.Sin(entry / 30.0) + 0.8 * Normal());
            yield return Point(null, MetricNames.MemoryUsed, 406_000 + (int)(9_000 * Math.Sin(entry / 90.0)));
            yield return Point(null, MetricNames.Temperature, 38 + 4 * done + 0.2 * Normal());
        }
    }

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

    private TelemetryFields Confusion()
    {
        var data = new TelemetryFields();
        data.Add("accuracy", 0.968);
        data.Add("confusion", [.. from truth in Enumerable.Range(0, SeededFleet.Digits)
                                  from answer in Enumerable.Range(0, SeededFleet.Digits)
                                  select truth == answer ? 90.0 + random.Next(10) : random.Next(5) / 2]);
        return data;
    }

    // A closed curve for each digit; reconstructions get better with the moments, and differ among the digits.
    private TelemetryImage Picture(int entry, int digit, int moment)
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
        byte[] output = [.. input.Select(value => (byte)Math.Clamp(value * (1 - noise / 2) + 60 * noise * Normal(), 0, 255))];
        long step = (long)entry * SeededFleet.StepsPerEntry;
        int predicted = digit == 3 && moment < 3 ? 8 : digit;
        return new TelemetryImage(TimeOf(entry), step, null, "reconstruction", Side, Side, input, output, digit, predicted);
    }

    private double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
