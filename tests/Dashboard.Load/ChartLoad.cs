using System;
using System.CommandLine;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Storage;
using FeatureAlignment.Dashboard.Storage.Series;
using FeatureAlignment.Dashboard.Storage.Sqlite;
using FeatureAlignment.Telemetry;

namespace FeatureAlignment.Dashboard.Load;

/// <summary>Asks for charts of one long series, whole and zoomed, as a page does.</summary>
internal static class ChartLoad
{
    private const int PointsPerBatch = 1_000;
    private const int Requests = 500;
    private const double LatencyBar = 100;
    private const int Seed = 20261122;
    private const long FirstTime = 1_795_350_000_000;

    public static Command Command()
    {
        Option<int> points = Arguments.Number("--points", "Points of the series", 1_000, 10_000_000, 1_000_000);
        var command = new Command("chart", "Measures charts of one series.") { points };
        command.SetAction((parsed, _) => RunAsync(parsed.GetRequiredValue(points)));
        return command;
    }

    private static async Task<int> RunAsync(int points)
    {
        var bars = new Bars();
        string folder = Directory.CreateTempSubdirectory("dashboard-").FullName;
        try
        {
            await using var store = SqliteTelemetryStore.Open(Path.Combine(folder, "dashboard.db"));
            var clock = Stopwatch.StartNew();
            for (int batch = 0; batch < points / PointsPerBatch; batch++)
            {
                await store.AppendAsync(
                    new ReceivedBatch(new BatchHeader("board", 1, batch + 1, 0), Batch(batch), Array.Empty<byte>(), FirstTime));
            }

            Console.WriteLine($"{points:N0} points stored in {clock.Elapsed.TotalSeconds:F1} s");
            var random = new Random(Seed);
            double[] milliseconds = new double[Requests];
            for (int i = 0; i < Requests; i++)
            {
                // Every second one is the whole series, the others are zoomed in by 1 to 1000.
                long width = i % 2 == 0 ? points : (long)(points / Math.Pow(1_000, random.NextDouble()));
                long from = random.NextInt64(points - width + 1);
                var request =
                    new ChartRequest(1, 0, MetricNames.AlignmentLoss, i % 4 < 2 ? ChartAxis.Step : ChartAxis.Time, buckets: 1_000);
                if (request.Axis == ChartAxis.Step)
                {
                    request = new ChartRequest(1, 0, MetricNames.AlignmentLoss, ChartAxis.Step, from, from + width, buckets: i % 3 == 0
                        ? 2_000 : 1_000);
                }

                long start = Stopwatch.GetTimestamp();
                await store.ReadChartAsync(request);
                milliseconds[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            }

            Array.Sort(milliseconds);
            bars.AtMost($"chart data of {points:N0} points, {Requests} requests, p95", Bars.Percentile(milliseconds, 0.95), LatencyBar,
                "ms", decimals: 1);
            bars.Note("p50 and most", $"{Bars.Percentile(milliseconds, 0.5):F1} and {milliseconds[^1]:F1} ms");
            return bars.Print();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static TelemetryBatch Batch(int batch) =>
        new("r-chart", "1.0.0", Enumerable.Range(batch * PointsPerBatch, PointsPerBatch).Select(
        i => TelemetryPoint.OfSingle(FirstTime + 1_000L * i, i, 0, MetricNames.AlignmentLoss, MathF.Sin(i * 0.001f))));
}
