using System;
using FeatureAlignment.Dashboard.Storage;

namespace FeatureAlignment.Dashboard.Devices;

/// <summary>How a device is, as far as its reports tell.</summary>
public enum DeviceState
{
    /// <summary>It sees an anomaly now.</summary>
    Anomaly,

    /// <summary>It reported a while ago, and not since.</summary>
    Offline,

    /// <summary>It reports.</summary>
    Online,

    /// <summary>It has a key and has not reported yet.</summary>
    Waiting,
}

internal static class DeviceStates
{
    /// <summary>Without a report for so long a device counts as offline: two of the slowest usual reports.</summary>
    public static readonly TimeSpan OfflineAfter = TimeSpan.FromMinutes(2);

    public static DeviceState Of(DeviceRecord device, bool hasOpenAnomaly, DateTimeOffset now) =>
        device.LastSeenAt == 0 ? DeviceState.Waiting
        : IsOffline(device.LastSeenAt, now) ? DeviceState.Offline
        : hasOpenAnomaly ? DeviceState.Anomaly
        : DeviceState.Online;

    public static bool IsOffline(long lastSeenAt, DateTimeOffset now) =>
        now - DateTimeOffset.FromUnixTimeMilliseconds(lastSeenAt) > OfflineAfter;
}
