using System;
using System.Collections.Generic;
using System.Diagnostics.Metrics;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Devices;
using FeatureAlignment.Dashboard.Fleet;

namespace FeatureAlignment.Dashboard.Monitoring;

/// <summary>How many devices are in which state, counted when somebody asks for the metrics.</summary>
internal sealed class DeviceCounts(FleetReader fleet)
{
    private static readonly DeviceState[] States = Enum.GetValues<DeviceState>();
    private static readonly KeyValuePair<string, object?>[] Tags =
        Array.ConvertAll(States, state => new KeyValuePair<string, object?>("state", state.ToString().ToLowerInvariant()));

    private volatile int[] counts = new int[States.Length];

    /// <summary>Counts anew.</summary>
    public async Task CountAsync(CancellationToken cancellation)
    {
        int[] counted = new int[States.Length];
        foreach (FleetRow row in await fleet.ReadAsync(cancellation: cancellation))
        {
            counted[(int)row.State]++;
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
