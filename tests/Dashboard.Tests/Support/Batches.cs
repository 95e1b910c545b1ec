using System.Buffers;
using System.Collections.Generic;
using System.Linq;
using FeatureAlignment.Dashboard.Storage;
using FeatureAlignment.Telemetry;

namespace FeatureAlignment.Dashboard.Tests.Support;

/// <summary>Batches for tests.</summary>
internal static class Batches
{
    /// <summary>A time on 22 November 2026, in Unix milliseconds.</summary>
    public const long Noon = 1_795_348_800_000;

    public static ReceivedBatch Received(
        TelemetryBatch content, int sequence = 1, int boot = 1, string device = "board-1", long received = Noon) =>
        new(new BatchHeader(device, boot, sequence, received), content, Json(content), received);

    public static TelemetryBatch OfPoints(IEnumerable<TelemetryPoint> points, string run = "r-1") => new(run, "1.0.0", points);

    /// <summary>Points of one series, one a second, whose step and value count up from a start.</summary>
    public static IEnumerable<TelemetryPoint> Counting(int from, int count, int? layer = 0, string name = "alignment_loss") =>
        Enumerable.Range(from, count).Select(i => new TelemetryPoint(Noon + 1_000L * i, i, layer, name, i));

    public static TelemetryBatch OfEvents(params TelemetryEvent[] events) => new("r-1", "1.0.0", events: events);

    public static byte[] Json(TelemetryBatch content)
    {
        var output = new ArrayBufferWriter<byte>();
        BatchWriter.Write(output, content);
        return output.WrittenSpan.ToArray();
    }
}
