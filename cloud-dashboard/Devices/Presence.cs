using System;
using System.Collections.Generic;
using System.Linq;
using FeatureAlignment.Dashboard.Layout;
using FeatureAlignment.Dashboard.Storage;

namespace FeatureAlignment.Dashboard.Devices;

/// <summary>Decides from the times of reports which lines the connection log gets; it reads and writes nothing. That a board started anew
/// the store itself notes.</summary>
internal sealed class Presence
{
    private readonly Dictionary<string, (long SeenAt, bool IsOnline)> devices = new(StringComparer.Ordinal);
    private bool hasLooked;

    /// <summary>Looks at all devices.</summary>
    /// <returns>New lines, in order of device.</returns>
    public IReadOnlyList<ConnectionRecord> Look(IEnumerable<DeviceRecord> current, DateTimeOffset now)
    {
        // Who was there when the dashboard started has reported before.
        bool isFirstLook = !hasLooked;
        hasLooked = true;
        var lines = new List<ConnectionRecord>();
        foreach (DeviceRecord device in current.Where(device => device.LastSeenAt != 0))
        {
            bool isOnline = !DeviceStates.IsOffline(device, now);
            bool isKnown = devices.TryGetValue(device.DeviceId, out (long SeenAt, bool IsOnline) before);
            if (isKnown && before.IsOnline && !isOnline)
            {
                // A board was there longer than it reported, if it was connected to the broker.
                lines.Add(new ConnectionRecord(device.DeviceId, Math.Max(before.SeenAt, device.LastSeenAt), "offline",
                    $"Nothing came for {Format.Span(DeviceStates.OfflineAfter(device))}."));
            }
            else if (isOnline && (isKnown ? !before.IsOnline : !isFirstLook))
            {
                TimeSpan away = TimeSpan.FromMilliseconds(device.LastSeenAt - before.SeenAt);
                string reason = isKnown ? $"Reports again after {Format.Span(away)}." : "First report.";
                lines.Add(new ConnectionRecord(device.DeviceId, device.LastSeenAt, "online", reason));
            }

            devices[device.DeviceId] = (device.LastSeenAt, isOnline);
        }

        return lines;
    }
}
