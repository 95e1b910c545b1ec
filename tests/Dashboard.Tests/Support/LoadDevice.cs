using System;
using System.Buffers;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;
using FeatureAlignment.Telemetry;
using FeatureAlignment.Telemetry.Json;

namespace FeatureAlignment.Dashboard.Tests.Support;

/// <summary>A device that sends signed batches one after the other, as fast as they are answered, and each again until it is.</summary>
/// <param name="sender">Sends its batches.</param>
/// <param name="pointsPerBatch">Points in a batch, over <see cref="Series"/> series.</param>
internal sealed class LoadDevice(SignedSender sender, int pointsPerBatch)
{
    /// <summary>Series that the points are spread over: two layers, four metrics each.</summary>
    public const int Series = 8;

    private const long FirstTime = 1_795_350_000_000;
    private static readonly string[] Names =
        [MetricNames.AlignmentLoss, MetricNames.LabelLoss, MetricNames.SamplesPerSecond, MetricNames.DeadNeurons];
    // Made once: to find the shortest decimal of a float costs more than all else that a batch costs its sender.
    private static readonly double[] Values = [.. Enumerable.Range(0, 4096).Select(i => DecimalNumber.FromSingle(1f / (1 + i)))];
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(50);

    private readonly ArrayBufferWriter<byte> body = new();
    private readonly List<double> latencies = [];

    public string DeviceId => sender.DeviceId;

    /// <summary>Batches that were answered; they have the numbers from 1 on.</summary>
    public int Acknowledged { get; private set; }

    /// <summary>Tries that were not answered with 200.</summary>
    public int Failures { get; private set; }

    /// <summary>Milliseconds from sending to the answer, of every answered batch.</summary>
    public IReadOnlyList<double> Latencies => latencies;

    /// <summary>Sends until told to stop; the batch under way is still finished, unless the dashboard has gone.</summary>
    /// <param name="client">Sends.</param>
    /// <param name="address">Where the dashboard is; it may change when that starts anew.</param>
    /// <param name="stop">When to stop.</param>
    public async Task RunAsync(HttpClient client, Func<Uri> address, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var header = new BatchHeader(DeviceId, boot: 1, Acknowledged + 1, FirstTime);
            body.ResetWrittenCount();
            BatchWriter.Write(body, new TelemetryBatch("r-load", "1.0.0", Points(Acknowledged * pointsPerBatch)));
            byte[] bytes = body.WrittenSpan.ToArray();
            while (!await TrySendAsync(client, address(), header, bytes))
            {
                Failures++;
                if (stop.IsCancellationRequested)
                {
                    return;
                }

                await Task.Delay(RetryPause, CancellationToken.None);
            }

            Acknowledged++;
        }
    }

    private async Task<bool> TrySendAsync(HttpClient client, Uri address, BatchHeader header, byte[] bytes)
    {
        long sent = Stopwatch.GetTimestamp();
        if (!await sender.TrySendAsync(client, address, header, bytes))
        {
            return false;
        }

        latencies.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
        return true;
    }

    private IEnumerable<TelemetryPoint> Points(int first)
    {
        for (int i = first; i < first + pointsPerBatch; i++)
        {
            int series = i % Series;
            long step = i / Series;
            yield return new TelemetryPoint(
                FirstTime + 1_000 * step, step, series / Names.Length, Names[series % Names.Length], Values[step % Values.Length]);
        }
    }
}
