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

    /// <summary>Whether the device sees an anomaly now: its newest one has not ended.</summary>
    public static async Task<bool> HasOpenAsync(ITelemetryStore store, string deviceId, CancellationToken cancellation)
    {
        EventRecord? start = await NewestAsync(EventKinds.AnomalyStart);
        return start is not null && (await NewestAsync(EventKinds.AnomalyEnd) is not EventRecord end || end.Id < start.Id);

        async Task<EventRecord?> NewestAsync(string kind) =>
            (await store.ListEventsAsync(new EventFilter(DeviceId: deviceId, Kind: kind, Limit: 1), cancellation)).SingleOrDefault();
    }
}
