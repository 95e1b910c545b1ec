using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Devices;
using FeatureAlignment.Dashboard.Layout;
using FeatureAlignment.Dashboard.MeadowCloud;
using FeatureAlignment.Dashboard.Storage;
using FeatureAlignment.Dashboard.Storage.Series;
using FeatureAlignment.Telemetry;

namespace FeatureAlignment.Dashboard.Fleet;

/// <summary>Reads the table of the fleet. What it read of a device is good until the device reports again or its run is deleted.</summary>
internal sealed class FleetReader
{
    private const int CurveColumns = 60;

    private readonly ITelemetryStore store;
    private readonly BoardConnections connections;
    private readonly TimeProvider time;
    private readonly ConcurrentDictionary<string, long> batches = new();
    private readonly ConcurrentDictionary<string, (long Batches, long? RunId, FleetDetails Details)> read = new();

    public FleetReader(ITelemetryStore store, BoardConnections connections, TimeProvider time)
    {
        this.store = store;
        this.connections = connections;
        this.time = time;
        store.Committed += batch => batches.AddOrUpdate(batch.Header.DeviceId, 1, (_, count) => count + 1);
    }

    /// <summary>All devices; or those with the ids, each once.</summary>
    public async Task<IReadOnlyList<FleetRow>> ReadAsync(IReadOnlyCollection<string>? ids = null, CancellationToken cancellation = default)
    {
        DateTimeOffset now = time.GetUtcNow();
        var rows = new List<FleetRow>();
        foreach (DeviceRecord device in ids is null ? await store.ListDevicesAsync(cancellation) : await FindAsync(ids, cancellation))
        {
            FleetDetails details = await ReadDetailsAsync(device, cancellation);
            rows.Add(new FleetRow(device, DeviceStates.Of(device, connections, details.HasOpenAnomaly, now), details));
        }

        return rows;
    }

    /// <summary>The newest values of a device.</summary>
    public async Task<FleetDetails> ReadDetailsAsync(DeviceRecord device, CancellationToken cancellation)
    {
        // Counted before it is read: a batch that comes meanwhile makes what was read old, not what it was kept for.
        long count = batches.GetValueOrDefault(device.DeviceId);
        if (read.TryGetValue(device.DeviceId, out (long Batches, long? RunId, FleetDetails Details) known)
            && known.Batches == count && known.RunId == device.LastRunId)
        {
            return known.Details;
        }

        FleetDetails details = device.LastRunId is long run ? await ReadRunAsync(device.DeviceId, run, cancellation) : FleetDetails.None;
        read[device.DeviceId] = (count, device.LastRunId, details);
        return details;
    }

    private async Task<IReadOnlyList<DeviceRecord>> FindAsync(IEnumerable<string> ids, CancellationToken cancellation)
    {
        var found = new List<DeviceRecord>();
        foreach (string id in ids.Distinct())
        {
            if (await store.FindDeviceAsync(id, cancellation) is DeviceRecord device)
            {
                found.Add(device);
            }
        }

        return found;
    }

    private async Task<FleetDetails> ReadRunAsync(string deviceId, long runId, CancellationToken cancellation)
    {
        IReadOnlyList<SeriesRecord> series = await store.ListSeriesAsync(runId, cancellation);
        double? Newest(string name) => series.FirstOrDefault(one => one.Name == name)?.Last?.Last;

        SeriesRecord? loss = series.FirstOrDefault(one => one.Name == MetricNames.AlignmentLoss)
            ?? series.FirstOrDefault(one => one.Name == MetricNames.LabelLoss);
        SparklineData? curve = null;
        if (loss is not null)
        {
            var request = new ChartRequest(runId, loss.Layer, loss.Name, ChartAxis.Step, buckets: CurveColumns);
            curve = new SparklineData((await store.ReadChartAsync(request, cancellation)).Buckets);
        }

        return new FleetDetails(
            await AnomalyEvents.HasOpenAsync(store, deviceId, cancellation),
            loss?.Last?.Last,
            curve,
            Newest(MetricNames.Accuracy),
            Largest(
                Newest(MetricNames.AnomalyQ) / Newest(MetricNames.AnomalyThresholdQ),
                Newest(MetricNames.AnomalyT2) / Newest(MetricNames.AnomalyThresholdT2)),
            Newest(MetricNames.SamplesPerSecond),
            Newest(MetricNames.MemoryUsed));
    }

    private static double? Largest(double? a, double? b)
    {
        double? largest = a > b || b is null ? a : b;
        return largest is double value && double.IsFinite(value) ? value : null;
    }
}
