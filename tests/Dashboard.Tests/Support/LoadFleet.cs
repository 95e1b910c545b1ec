using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Devices;
using FeatureAlignment.Dashboard.Hosting;
using FeatureAlignment.Dashboard.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace FeatureAlignment.Dashboard.Tests.Support;

/// <summary>Devices with keys in a database of their own, to load a dashboard with; and what must be in that database afterwards.</summary>
internal sealed class LoadFleet : IDisposable
{
    private readonly string folder;
    private readonly int pointsPerBatch;

    private LoadFleet(string folder, int pointsPerBatch)
    {
        this.folder = folder;
        this.pointsPerBatch = pointsPerBatch;
    }

    public string Database => Path.Combine(folder, "dashboard.db");

    public IReadOnlyList<LoadDevice> Devices { get; private set; } = [];

    public static async Task<LoadFleet> CreateAsync(int devices, int pointsPerBatch)
    {
        var fleet = new LoadFleet(Directory.CreateTempSubdirectory("dashboard-").FullName, pointsPerBatch);
        IReadOnlyList<SignedSender> senders = await CreateSendersAsync(fleet.Database,
            [.. Enumerable.Range(0, devices).Select(i => string.Create(CultureInfo.InvariantCulture, $"load-{i}"))]);
        fleet.Devices = [.. senders.Select(sender => new LoadDevice(sender, pointsPerBatch))];
        return fleet;
    }

    /// <summary>Makes devices with keys in a database that no dashboard uses.</summary>
    public static async Task<IReadOnlyList<SignedSender>> CreateSendersAsync(string database, IReadOnlyList<string> deviceIds)
    {
        await using WebApplication app = Program.Build(new DashboardOptions { Database = database });
        DeviceKeys keys = app.Services.GetRequiredService<DeviceKeys>();
        return await Task.WhenAll(deviceIds.Select(
            async id => new SignedSender(id, Encoding.ASCII.GetBytes((await keys.CreateAsync(id)).Key))));
    }

    /// <summary>Lets all devices send at once until told to stop.</summary>
    public async Task RunAsync(Func<Uri> address, CancellationToken stop)
    {
        using HttpClient client = SignedSender.CreateClient();
        await Task.WhenAll(Devices.Select(device => Task.Run(() => device.RunAsync(client, address, stop), CancellationToken.None)));
    }

    /// <summary>Waits until so many batches are acknowledged; fails at once when the load does.</summary>
    public async Task WaitForAsync(int acknowledged, Task load, CancellationToken cancellation = default)
    {
        while (Devices.Sum(device => device.Acknowledged) < acknowledged)
        {
            await Task.WhenAny(load, Task.Delay(TimeSpan.FromMilliseconds(10), cancellation));
            cancellation.ThrowIfCancellationRequested();
            if (load.IsFaulted)
            {
                await load;
            }
        }
    }

    /// <summary>Opens the database, which nobody uses now, and counts.</summary>
    /// <returns>A line for each fault: an acknowledged batch that is not there, a point that is there never or twice.</returns>
    public async Task<IReadOnlyList<string>> FindFaultsAsync()
    {
        await using WebApplication app = Program.Build(new DashboardOptions { Database = Database });
        ITelemetryStore store = app.Services.GetRequiredService<ITelemetryStore>();
        var faults = new List<string>();
        foreach (LoadDevice device in Devices)
        {
            int stored = 0;
            while (await store.HasBatchAsync(device.DeviceId, 1, stored + 1))
            {
                stored++;
            }

            RunRecord? run = (await store.ListRunsAsync(device.DeviceId)).SingleOrDefault();
            long points = run is null ? 0 : (await store.ListSeriesAsync(run.Id)).Sum(series => series.Points);
            long read = run is null ? 0 : (await store.ListSeriesAsync(run.Id))
                .Sum(series => store.ReadPoints(run.Id, series.Layer, series.Name).Sum(entry => (long)entry.Count));
            // The last batch may be stored although its answer was lost.
            if (stored < device.Acknowledged || stored > device.Acknowledged + 1 || points != (long)stored * pointsPerBatch
                || read != points)
            {
                faults.Add(
                    $"{device.DeviceId}: {device.Acknowledged} batches acknowledged, {stored} stored; {points} points counted, {read} "
                    + $"read.");
            }
        }

        return faults;
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
