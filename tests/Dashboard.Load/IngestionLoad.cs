using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Diagnostics;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Tests.Support;

namespace FeatureAlignment.Dashboard.Load;

/// <summary>Starts a dashboard on a database of its own, loads it through the batch door with signed batches, kills it as often as asked,
/// and counts.</summary>
internal static class IngestionLoad
{
    private const double PointsPerSecondBar = 80_000;
    private const double LatencyBar = 60;

    // The runtime compiles its busiest methods anew for some seconds.
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(8);

    private static readonly Option<int> Connections = Arguments.Number("--connections", "Devices that send at once", 1, 256, 32);
    private static readonly Option<int> Points = Arguments.Number("--points", "Points in a batch", 8, 1000, 64);
    private static readonly Option<int> Seconds = Arguments.Number("--seconds", "Seconds of load after the warm-up, in all", 1, 3600, 10);
    private static readonly Option<int> Kills = Arguments.Number("--kills", "Kills during that time", 0, 100, 0);

    public static void AddTo(RootCommand root)
    {
        root.Add(Connections);
        root.Add(Points);
        root.Add(Seconds);
        root.Add(Kills);
        root.SetAction((parsed, _) => RunAsync(
            parsed.GetRequiredValue(Connections), parsed.GetRequiredValue(Points), TimeSpan.FromSeconds(parsed.GetRequiredValue(Seconds)),
            parsed.GetRequiredValue(Kills)));
    }

    private static async Task<int> RunAsync(int connections, int points, TimeSpan time, int kills)
    {
        var bars = new Bars();
        using LoadFleet fleet = await LoadFleet.CreateAsync(connections, points);
        DashboardProcess dashboard = await DashboardProcess.StartAsync(fleet.Database);
        try
        {
            using var stop = new CancellationTokenSource();
            Task load = fleet.RunAsync(() => dashboard.Address, stop.Token);
            await Task.Delay(WarmUp);
            List<int> measuredFrom = [.. fleet.Devices.Select(device => device.Acknowledged)];
            var clock = Stopwatch.StartNew();
            TimeSpan used = dashboard.ProcessorTime, usedHere = Process.GetCurrentProcess().TotalProcessorTime;
            for (int kill = 0; kill < kills; kill++)
            {
                await Task.Delay(time / (kills + 1));
                dashboard.Kill();
                dashboard.Dispose();
                dashboard = await DashboardProcess.StartAsync(fleet.Database);
            }

            await Task.Delay(time / (kills + 1));
            TimeSpan elapsed = clock.Elapsed;
            used = dashboard.ProcessorTime - used;
            usedHere = Process.GetCurrentProcess().TotalProcessorTime - usedHere;
            int batches = fleet.Devices.Sum(device => device.Acknowledged) - measuredFrom.Sum();
            long memory = dashboard.PeakMemory;
            await stop.CancelAsync();
            await load;
            double[] latencies = [.. fleet.Devices.SelectMany((device, i) => device.Latencies.Skip(measuredFrom[i])).Order()];
            string what = $"{connections} connections, {points} points a batch, {elapsed.TotalSeconds:F0} s";
            double rate = batches * (double)points / elapsed.TotalSeconds;
            if (kills == 0)
            {
                bars.AtLeast($"ingestion, {what}", rate, PointsPerSecondBar, "points/s");
                bars.AtMost("answer after the commit, p95", Bars.Percentile(latencies, 0.95), LatencyBar, "ms", decimals: 1);
                bars.Note("processor, dashboard and client", $"{used / elapsed:F2} and {usedHere / elapsed:F2} cores");
                bars.Note("processor for a batch, dashboard and client",
                    $"{used.TotalMilliseconds / batches:F3} and {usedHere.TotalMilliseconds / batches:F3} ms");
            }
            else
            {
                bars.Note($"ingestion, {what}, {kills} kills", $"{rate:N0} points/s");
                bars.Note("answer after the commit, p95", $"{Bars.Percentile(latencies, 0.95):F1} ms");
                bars.Note("tries that failed and were repeated", $"{fleet.Devices.Sum(device => device.Failures):N0}");
            }

            bars.Note("answer after the commit, p50 and p99",
                $"{Bars.Percentile(latencies, 0.5):F1} and {Bars.Percentile(latencies, 0.99):F1} ms");
            bars.Note("memory of the dashboard at most", $"{memory / 1e6:F0} MB");
        }
        finally
        {
            dashboard.Dispose();
        }

        IReadOnlyList<string> faults = await fleet.FindFaultsAsync();
        bars.Must("every acknowledged batch and each of its points stored exactly once", faults.Count == 0,
            $"{faults.Count} faults in {fleet.Devices.Sum(device => device.Acknowledged):N0} batches");
        foreach (string fault in faults)
        {
            Console.WriteLine(fault);
        }

        return bars.Print();
    }
}
