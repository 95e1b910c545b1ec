using System.Linq;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Storage;
using FeatureAlignment.Telemetry;

namespace FeatureAlignment.Dashboard.Tests.Support;

/// <summary>Two boards with all that pages show: one learns, with a gap and a NaN; one watches a machine, with an anomaly.</summary>
internal static class SampleFleet
{
    public const string Learner = "press-1";
    public const string Watcher = "pump-2";

    /// <summary>A text that would be script if a page forgot to escape it.</summary>
    public const string Hostile = "<script>alert('1')</script>\"><img src=x onerror=alert(2)>";

    /// <summary>A text that a spreadsheet would calculate.</summary>
    public const string Formula = "=HYPERLINK(\"http://203.0.113.7\",\"x\")";

    /// <summary>Reports of the boards; runs 1 (learner) and 2 (watcher).</summary>
    /// <param name="store">Takes them.</param>
    /// <param name="received">When they come, Unix milliseconds.</param>
    public static async Task AddAsync(ITelemetryStore store, long received)
    {
        await AppendAsync(store, Learner, received, Learning(received));
        await AppendAsync(store, Watcher, received, Watching(received));
    }

    private static TelemetryBatch Learning(long received)
    {
        var confusion = new TelemetryFields();
        confusion.Add("accuracy", 0.9);
        confusion.Add("confusion", [9.0, 1.0, 1.0, 9.0]);
        var settings = new TelemetryFields();
        settings.Add("optimizer", Hostile);
        // Twenty points a second apart, an hour of nothing, twenty more.
        long TimeOf(int i) => received - 4_000_000 + 1_000L * i + (i < 20 ? 0 : 3_600_000);
        return new TelemetryBatch(
            "r-1", "1.4.0",
            from i in Enumerable.Range(0, 40)
            from point in (TelemetryPoint[])[
                new(TimeOf(i), 10 * i, 0, MetricNames.AlignmentLoss, 1.0 / (1 + i)),
                    new(TimeOf(i), 10 * i, 1, MetricNames.AlignmentLoss, 2.0 / (1 + i)),
                new(TimeOf(i), 10 * i, null, MetricNames.Accuracy, 0.9), new(TimeOf(i), 10 * i, null, MetricNames.MemoryUsed, 400_000)]
            select point,
            images: [.. from step in (int[])[100, 200] from digit in (int[])[3, 7] select Picture(received, step, digit)],
            events:
            [
                new(received, 390, EventKinds.Evaluation, TelemetryPriority.Normal, "Evaluated", confusion),
                new(received, 200, EventKinds.NonFiniteLoss, TelemetryPriority.High, Formula),
            ],
            logs: [new(received, TelemetryLogLevel.Warning, Hostile), new(received, TelemetryLogLevel.Debug, "quiet line")],
            runSettings: settings);
    }

    private static TelemetryBatch Watching(long received) => new(
        "r-2", "1.5.0",
        [
            new(received, 64, null, MetricNames.AnomalyQ, 3), new(received, 64, null, MetricNames.AnomalyThresholdQ, 1.5),
            new(received, 64, 0, MetricNames.AlignmentLoss, 0.02),
        ],
        events: [new(received, 64, EventKinds.AnomalyStart, TelemetryPriority.High, "Vibration above its limit")]);

    // The digit's reconstruction gets better with the steps, and that of 7 is worse than that of 3.
    private static TelemetryImage Picture(long time, int step, int digit)
    {
        byte[] input = [(byte)digit, 200, 100, 0], output = [.. input];
        output[1] -= (byte)(digit * 2000 / step);
        return new TelemetryImage(time, step, null, "reconstruction", 2, 2, input, output, digit, step == 100 ? 1 : digit);
    }

    private static async Task AppendAsync(ITelemetryStore store, string device, long received, TelemetryBatch content) =>
        await store.AppendAsync(Batches.Received(content, device: device, received: received));
}
