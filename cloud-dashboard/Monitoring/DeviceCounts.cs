using System;
using System.Collections.Generic;
using System.Diagnostics.Metrics;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Devices;
using FeatureAlignment.Dashboard.Storage;

namespace FeatureAlignment.Dashboard.Monitoring;

/// <summary>How many devices are in which state, counted when somebody asks for the metrics.</summary>
internal sealed class DeviceCounts(ITelemetryStore store, TimeProvider time)
{
    private static readonly DeviceState[] States = Enum.GetValues<DeviceState>();
    private static readonly KeyValuePair<string, object?>[] Tags =
        Array.ConvertAll(States, state => new KeyValuePair<string, object?>("state", state.ToString().ToLowerInvariant()));

    private volatile int[] counts = new int[States.Length];

    /// <summary>Counts anew.</summary>
    public async Task CountAsync(CancellationToken cancellation)
    {
        DateTimeOffset now = time.GetUtcNow();
        int[] counted = new int[States.Length];
        foreach (DeviceRecord device in await store.ListDevicesAsync(cancellation))
        {
            DeviceState state = DeviceStates.Of(device, hasOpenAnomaly: false, now);
            if (state == DeviceState.Online && await AnomalyEvents.HasOpenAsync(store, device.DeviceId, cancellation))
            {
                state = DeviceState.Anomaly;
            }

            counted[(int)state]++;
        }

        counts = counted;
    }

    /// <summary>What was counted last.</summary>
    public IEnumerable<Measurement<int>> Read()
    {
        int[] read = counts;
        return read.Select((count, index) => new Measurement<int>(count, Tags[index]));
    }
}
