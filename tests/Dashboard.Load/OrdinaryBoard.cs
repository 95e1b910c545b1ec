using System;
using System.Buffers;
using System.Collections.Generic;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Tests.Support;
using FeatureAlignment.Telemetry;

namespace FeatureAlignment.Dashboard.Load;

/// <summary>A board that learns and reports as the device application does by its default settings: each minute the figures of two layers
/// and its health (<c>Report.Period</c>), every 15 minutes a picture (<c>Report.Images</c>), every hour that it has saved.</summary>
/// <param name="sender">Sends its batches.</param>
/// <param name="random">Spreads the boards over the period, and makes their values.</param>
internal sealed class OrdinaryBoard(SignedSender sender, Random random)
{
    /// <summary>Points in a report.</summary>
    public const int Points = 20;

    private const int SamplesPerReport = 6_000;
    private const int PictureSide = 28;
    private const int ReportsPerPicture = 15;
    private const int ReportsPerSave = 60;
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    private readonly ArrayBufferWriter<byte> body = new();
    private readonly int phase = random.Next(ReportsPerSave);
    private int reports;

    /// <summary>Batches that were answered.</summary>
    public int Acknowledged { get; private set; }

    /// <summary>Batches that were not; an ordinary rate leaves none unanswered.</summary>
    public int Failures { get; private set; }

    /// <summary>Reports until told to stop.</summary>
    public async Task RunAsync(HttpClient client, Uri address, CancellationToken stop)
    {
        try
        {
            await Task.Delay(Period * random.NextDouble(), stop);
            using var timer = new PeriodicTimer(Period);
            do
            {
                await ReportAsync(client, address);
            }
            while (await timer.WaitForNextTickAsync(stop));
        }
        catch (OperationCanceledException)
        {
            // Told to stop.
        }
    }

    private async Task ReportAsync(HttpClient client, Uri address)
    {
        long now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        long step = (long)SamplesPerReport * ++reports;
        int turn = reports + phase;
        var batch = new TelemetryBatch(
            "r-1", "1.0.0", Figures(now, step),
            turn % ReportsPerPicture == 0 ? [Picture(now, step)] : [],
            turn % ReportsPerSave == 0
                ? [new TelemetryEvent(now, step, EventKinds.CheckpointWritten, TelemetryPriority.Normal, "Saved.")] : []);
        body.ResetWrittenCount();
        BatchWriter.Write(body, batch);
        bool isAnswered = await sender.TrySendAsync(
            client, address, new BatchHeader(sender.DeviceId, boot: 1, reports, now), body.WrittenSpan.ToArray());
        Acknowledged += isAnswered ? 1 : 0;
        Failures += isAnswered ? 0 : 1;
    }

    private IEnumerable<TelemetryPoint> Figures(long now, long step)
    {
        for (int layer = 0; layer < 2; layer++)
        {
            yield return Point(MetricNames.AlignmentLoss, Value(1.0 / reports), layer);
            yield return Point(MetricNames.LabelLoss, Value(2.0 / reports), layer);
            yield return Point(MetricNames.DeadNeurons, random.Next(20), layer);
        }

        yield return Point(MetricNames.LearningRate, 0.01);
        yield return Point(MetricNames.SamplesPerSecond, Value(100));
        yield return Point(MetricNames.Accuracy, Value(0.9));
        yield return Point(MetricNames.MemoryUsed, random.Next(1_000_000, 2_000_000));
        yield return Point(MetricNames.MemoryFree, random.Next(8_000_000, 9_000_000));
        yield return Point(MetricNames.MemoryLargestBlock, random.Next(4_000_000, 5_000_000));
        yield return Point("storage_free", 12_000_000);
        yield return Point(MetricNames.Temperature, Value(41));
        yield return Point(MetricNames.StorageWritten, 4_096L * reports);
        yield return Point(MetricNames.Restarts, 1);
        yield return Point(MetricNames.Uptime, 60.0 * reports);
        yield return Point(MetricNames.SpoolBytes, random.Next(4_096));
        yield return Point(MetricNames.SpoolDropped, 0);
        yield return Point(MetricNames.RecordsDropped, 0);

        TelemetryPoint Point(string name, double value, int? layer = null) => new(now, step, layer, name, value);
    }

    // Around a mean, with the digits that a float has.
    private double Value(double mean) => Math.Round(mean * (0.9 + 0.2 * random.NextDouble()), 6);

    private TelemetryImage Picture(long now, long step)
    {
        byte[] input = new byte[PictureSide * PictureSide], output = new byte[PictureSide * PictureSide];
        random.NextBytes(input);
        random.NextBytes(output);
        return new TelemetryImage(now, step, null, "reconstruction", PictureSide, PictureSide, input, output, 3, 3);
    }
}
