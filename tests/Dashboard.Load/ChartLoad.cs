using System;
using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Tests.Support;

namespace FeatureAlignment.Dashboard.Load;

/// <summary>Asks a dashboard for the charts of one long series, whole and zoomed, as a page does.</summary>
internal static class ChartLoad
{
    private const int Requests = 500;
    private const int WarmUpRequests = 50;
    private const double LatencyBar = 100;
    private const int Seed = 20261122;

    private static readonly Option<int> Points = Arguments.Number("--points", "Points of the series", 1_000, 10_000_000, 1_000_000);

    public static Command Command()
    {
        var command = new Command("chart", "Measures the data of charts of one long series.") { Points };
        command.SetAction((parsed, _) => RunAsync(parsed.GetRequiredValue(Points)));
        return command;
    }

    private static async Task<int> RunAsync(int points)
    {
        var bars = new Bars();
        using var folder = new TemporaryFolder();
        await LongRun.WriteAsync(folder.Database, points);
        using DashboardProcess dashboard = await DashboardProcess.StartAsync(folder.Database);
        using HttpClient client = SignedSender.CreateClient();
        var random = new Random(Seed);
        double[] milliseconds = new double[Requests];
        for (int i = -WarmUpRequests; i < Requests; i++)
        {
            var address = new Uri(dashboard.Address, Query(random, i + WarmUpRequests, points));
            long start = Stopwatch.GetTimestamp();
            await client.GetByteArrayAsync(address);
            if (i >= 0)
            {
                milliseconds[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            }
        }

        Array.Sort(milliseconds);
        bars.AtMost($"chart data of {points:N0} points over HTTP, {Requests} requests, p95", Bars.Percentile(milliseconds, 0.95),
            LatencyBar, "ms", decimals: 1);
        bars.Note("p50 and most", $"{Bars.Percentile(milliseconds, 0.5):F1} and {milliseconds[^1]:F1} ms");
        return bars.Print();
    }

    // Every second one is the whole series, the others are zoomed in by 1 to 1000.
    private static string Query(Random random, int request, int points)
    {
        long width = request % 2 == 0 ? points : (long)(points / Math.Pow(1_000, random.NextDouble()));
        long from = random.NextInt64(points - width + 1);
        string part = request % 4 < 2 ? "axis=time"
            : string.Create(CultureInfo.InvariantCulture, $"axis=step&from={from}&to={from + width}");
        return string.Create(CultureInfo.InvariantCulture,
            $"/runs/{LongRun.RunId}/charts?series=0.alignment_loss&{part}&buckets={(request % 3 == 0 ? 2_000 : 1_000)}");
    }
}
