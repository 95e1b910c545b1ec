using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Storage;
using FeatureAlignment.Telemetry;

namespace FeatureAlignment.Dashboard.Devices;

/// <summary>What a device found unusual.</summary>
internal static class AnomalyEvents
{
    private const int OfEachKind = 50;

    private static readonly string[] Kinds =
        [EventKinds.AnomalyStart, EventKinds.AnomalyEnd, EventKinds.SensorLost, EventKinds.SensorBack, EventKinds.NonFiniteLoss];

    /// <summary>Newest first.</summary>
    public static async Task<IReadOnlyList<EventRecord>> ReadAsync(ITelemetryStore store, string deviceId, CancellationToken cancellation)
    {
        var found = new List<EventRecord>();
        foreach (string kind in Kinds)
        {
            found.AddRange(await store.ListEventsAsync(new EventFilter(DeviceId: deviceId, Kind: kind, Limit: OfEachKind), cancellation));
        }

        return [.. found.OrderByDescending(one => one.Id)];
    }
}
