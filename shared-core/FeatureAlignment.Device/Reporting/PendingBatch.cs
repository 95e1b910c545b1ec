using System.Collections.Generic;
using FeatureAlignment.Telemetry;

namespace FeatureAlignment.Device.Reporting;

/// <summary>Records of one priority on their way to a batch, never more than a batch may hold.</summary>
internal sealed class PendingBatch
{
    private readonly List<TelemetryPoint> points = new();
    private readonly List<TelemetryImage> images = new();
    private readonly List<TelemetryEvent> events = new();
    private readonly List<RepeatedLog> logs = new();

    public TelemetryFields? RunSettings { get; set; }

    public bool IsEmpty => points.Count + images.Count + events.Count + logs.Count == 0 && RunSettings is null;

    public bool TryAdd(TelemetryPoint point) => TryAdd(points, point, TelemetryLimits.Points);

    public bool TryAdd(TelemetryImage image) => TryAdd(images, image, TelemetryLimits.Images);

    public bool TryAdd(TelemetryEvent one) => TryAdd(events, one, TelemetryLimits.Events);

    /// <summary>Adds a line; one that is there already is only counted.</summary>
    public bool TryAdd(TelemetryLog log)
    {
        RepeatedLog? same = logs.Find(other => other.Log.Level == log.Level && other.Log.Text == log.Text);
        if (same is null)
        {
            return TryAdd(logs, new RepeatedLog(log), TelemetryLimits.Logs);
        }

        same.Count++;
        return true;
    }

    /// <summary>Everything as a batch; nothing is pending after it.</summary>
    public TelemetryBatch Take(string run, string app)
    {
        var batch = new TelemetryBatch(run, app, points, images, events, logs.ConvertAll(log => log.ToLog()), RunSettings);
        points.Clear();
        images.Clear();
        events.Clear();
        logs.Clear();
        RunSettings = null;
        return batch;
    }

    private static bool TryAdd<T>(List<T> records, T record, int most)
    {
        if (records.Count == most)
        {
            return false;
        }

        records.Add(record);
        return true;
    }

    private sealed class RepeatedLog(TelemetryLog log)
    {
        public TelemetryLog Log => log;

        public int Count { get; set; } = 1;

        public TelemetryLog ToLog()
        {
            if (Count == 1)
            {
                return log;
            }

            string times = $" ({Count} times)";
            string text = TelemetryText.Clean(log.Text, TelemetryLimits.TextLength - times.Length) + times;
            return new TelemetryLog(log.TimeMilliseconds, log.Level, text);
        }
    }
}
