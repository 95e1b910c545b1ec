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
internal static class Program
{
    private static readonly Option<int> Connections =
        new("--connections") { Description = "Devices that send at once, 1 to 256.", DefaultValueFactory = _ => 32 };
    private static readonly Option<int> Points =
        new("--points") { Description = "Points in a batch, 8 to 1000.", DefaultValueFactory = _ => 64 };
    private static readonly Option<int> Seconds =
        new("--seconds") { Description = "Seconds of load after the warm-up, in all, 1 to 3600.", DefaultValueFactory = _ => 10 };
    private static readonly Option<int> Kills =
        new("--kills") { Description = "Kills during that time, 0 to 100.", DefaultValueFactory = _ => 0 };

    private static Task<int> Main(string[] args)
    {
        var root = new RootCommand("Loads a dashboard on this machine.") { Connections, Points, Seconds, Kills, ChartLoad.Command() };
        RequireRange(Connections, 1, 256);
        RequireRange(Points, 8, 1000);
        RequireRange(Seconds, 1, 3600);
        RequireRange(Kills, 0, 100);
        root.SetAction((parsed, _) => RunAsync(
            parsed.GetRequiredValue(Connections), parsed.GetRequiredValue(Points), TimeSpan.FromSeconds(parsed.GetRequiredValue(Seconds)),
                parsed.GetRequiredValue(Kills)));
        return root.Parse(args).InvokeAsync();
    }

    private static void RequireRange(Option<int> option, int from, int to) => option.Validators.Add(result =>
    {
        if (result.GetValueOrDefault<int>() is int value && (value < from || value > to))
        {
            result.AddError($"{option.Name} must be {from} to {to}; was {value}.");
        }
    });

    private static async Task<int> RunAsync(int connections, int points, TimeSpan time, int kills)
    {
        using LoadFleet fleet = await LoadFleet.CreateAsync(connections, points);
        DashboardProcess dashboard = await DashboardProcess.StartAsync(fleet.Database);
        try
        {
            using var stop = new CancellationTokenSource();
            Task load = fleet.RunAsync(() => dashboard.Address, stop.Token);
            await Task.Delay(TimeSpan.FromSeconds(3)); // compilers warm up
            int before = fleet.Devices.Sum(device => device.Acknowledged);
            List<int> measuredFrom = [.. fleet.Devices.Select(device => device.Acknowledged)];
            var clock = Stopwatch.StartNew();
            TimeSpan used = dashboard.ProcessorTime, usedHere = Process.GetCurrentProcess().TotalProcessorTime;
            for (int kill = 0; kill < kills; kill++)
            {
                await Task.Delay(time / (kills + 1));
                dashboard.Kill();
                dashboard.Dispose();
                dashboard = await DashboardProcess.StartAsync(fleet.Database);
                used = TimeSpan.Zero;
            }

            await Task.Delay(time / (kills + 1));
            TimeSpan elapsed = clock.Elapsed;
            int batches = fleet.Devices.Sum(device => device.Acknowledged) - before;
            double serverCores = (dashboard.ProcessorTime - used) / (elapsed / (kills + 1));
            double clientCores = (Process.GetCurrentProcess().TotalProcessorTime - usedHere) / elapsed;
            Console.WriteLine(
                $"memory of the dashboard at most {dashboard.PeakMemory / 1e6:F0} MB; processor {serverCores:F2} cores, this client "
                + $"{clientCores:F2}");
            await stop.CancelAsync();
            await load;
            double[] latencies = [.. fleet.Devices.SelectMany((device, i) => device.Latencies.Skip(measuredFrom[i])).Order()];
            Console.WriteLine(
                $"{connections} connections, {points} points a batch, {elapsed.TotalSeconds:F1} s: "
                    + $"{batches * (double)points / elapsed.TotalSeconds:N0} points/s, {batches / elapsed.TotalSeconds:N0} batches/s, "
                + $"latency p50 {latencies[latencies.Length / 2]:F1} ms, p95 {latencies[latencies.Length * 95 / 100]:F1} ms, p99 "
                    + $"{latencies[latencies.Length * 99 / 100]:F1} ms; "
                + $"{fleet.Devices.Sum(device => device.Failures)} failed tries, {kills} kills");
        }
        finally
        {
            dashboard.Dispose();
        }

        IReadOnlyList<string> faults = await fleet.FindFaultsAsync();
        Console.WriteLine(faults.Count == 0 ? "Every acknowledged batch and each of its points is stored exactly once."
            : string.Join(Environment.NewLine, faults));
        return faults.Count == 0 ? 0 : 1;
    }
}
