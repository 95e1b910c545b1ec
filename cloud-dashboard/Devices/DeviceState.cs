using System;
using FeatureAlignment.Dashboard.MeadowCloud;
using FeatureAlignment.Dashboard.Storage;

namespace FeatureAlignment.Dashboard.Devices;

/// <summary>How a device is, as far as its reports tell.</summary>
public enum DeviceState
{
    /// <summary>It sees an anomaly now.</summary>
    Anomaly,

    /// <summary>It reported a while ago, and not since; nor is it connected to the broker.</summary>
    Offline,

    /// <summary>It reports.</summary>
    Online,

    /// <summary>It has a key and has not reported yet.</summary>
    Waiting,
}

internal static class DeviceStates
{
    private const int MissedReports = 3;

    private static readonly TimeSpan OfflineAtTheEarliest = TimeSpan.FromMinutes(2);

    /// <param name="device">The device.</param>
    /// <param name="connections">Who is connected to the broker.</param>
    /// <param name="hasOpenAnomaly">Whether it sees an anomaly now.</param>
    /// <param name="now">The present.</param>
    public static DeviceState Of(DeviceRecord device, BoardConnections connections, bool hasOpenAnomaly, DateTimeOffset now) =>
        device.LastSeenAt == 0 ? DeviceState.Waiting
        : IsOffline(SeenWhileConnected(device, connections, now), now) ? DeviceState.Offline
        : hasOpenAnomaly ? DeviceState.Anomaly
        : DeviceState.Online;

    /// <summary>The device; as seen now if it holds a connection to the broker: then it is there, however seldom it reports.</summary>
    public static DeviceRecord SeenWhileConnected(DeviceRecord device, BoardConnections connections, DateTimeOffset now) =>
        device.LastSeenAt != 0 && connections.Find(device.DeviceId) is not null
            ? device with { LastSeenAt = now.ToUnixTimeMilliseconds() } : device;

    /// <summary>Without a report for so long the device counts as offline.</summary>
    public static TimeSpan OfflineAfter(DeviceRecord device) =>
        device.ReportInterval * MissedReports is TimeSpan late && late > OfflineAtTheEarliest ? late : OfflineAtTheEarliest;

    public static bool IsOffline(DeviceRecord device, DateTimeOffset now) =>
        now - DateTimeOffset.FromUnixTimeMilliseconds(device.LastSeenAt) > OfflineAfter(device);
}
