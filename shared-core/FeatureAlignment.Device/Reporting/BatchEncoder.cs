using System.Buffers;
using System.Collections.Generic;
using FeatureAlignment.Telemetry;

namespace FeatureAlignment.Device.Reporting;

/// <summary>Turns records into bodies of a bounded size: a batch that is too large becomes several.</summary>
internal sealed class BatchEncoder
{
    // What an ordinary batch needs; more is given back.
    private const int KeptBytes = 16 * 1024;

    private ArrayBufferWriter<byte> buffer = new();

    /// <summary>Adds a batch to a spool.</summary>
    /// <returns>Records that are too large even alone; they are lost.</returns>
    public int AddTo(TelemetrySpool spool, TelemetryPriority priority, TelemetryBatch batch)
    {
        int lost = AddParts(spool, priority, batch);
        if (buffer.Capacity > KeptBytes)
        {
            buffer = new();
        }

        return lost;
    }

    private int AddParts(TelemetrySpool spool, TelemetryPriority priority, TelemetryBatch batch)
    {
        buffer.Clear();
        BatchWriter.Write(buffer, batch);
        if (buffer.WrittenCount <= spool.MostBatchBytes)
        {
            spool.Add(priority, buffer.WrittenSpan);
            return 0;
        }

        int count = CountOf(batch);
        return count <= 1 ? 1
            : AddParts(spool, priority, Part(batch, 0, count / 2)) + AddParts(spool, priority, Part(batch, count / 2, count - count / 2));
    }

    private static int CountOf(TelemetryBatch batch) =>
        (batch.RunSettings is null ? 0 : 1) + batch.Events.Count + batch.Logs.Count + batch.Images.Count + batch.Points.Count;

    // The run's settings come first: whoever reads the parts in order knows them before anything else.
    private static TelemetryBatch Part(TelemetryBatch batch, int start, int count)
    {
        TelemetryFields? settings = start == 0 ? batch.RunSettings : null;
        start -= batch.RunSettings is null ? 0 : 1;
        if (start < 0)
        {
            start = 0;
            count--;
        }

        List<TelemetryEvent> events = Take(batch.Events, ref start, ref count);
        List<TelemetryLog> logs = Take(batch.Logs, ref start, ref count);
        List<TelemetryImage> images = Take(batch.Images, ref start, ref count);
        List<TelemetryPoint> points = Take(batch.Points, ref start, ref count);
        return new TelemetryBatch(batch.Run, batch.App, points, images, events, logs, settings);
    }

    // What lies in this list of a range over all lists; the range then begins after the list.
    private static List<T> Take<T>(IReadOnlyList<T> records, ref int start, ref int count)
    {
        var taken = new List<T>();
        for (; start < records.Count && count > 0; start++, count--)
        {
            taken.Add(records[start]);
        }

        start -= records.Count;
        if (start < 0)
        {
            start = 0;
        }

        return taken;
    }
}
