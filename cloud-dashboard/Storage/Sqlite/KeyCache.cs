using System.Collections.Generic;
using System.Threading;

namespace FeatureAlignment.Dashboard.Storage.Sqlite;

/// <summary>Keys of devices as the database has them. What was read before a change and comes after it is not kept: else a key that is
/// revoked just then would stay valid.</summary>
internal sealed class KeyCache
{
    private readonly Lock access = new();
    private readonly Dictionary<string, IReadOnlyList<DeviceKeyRecord>> kept = [];
    private long changes;

    /// <summary>Keys of a device.</summary>
    /// <param name="deviceId">The device.</param>
    /// <param name="moment">For <see cref="Keep"/>, if they must be read.</param>
    /// <returns>Null when they are not kept.</returns>
    public IReadOnlyList<DeviceKeyRecord>? Find(string deviceId, out long moment)
    {
        lock (access)
        {
            moment = changes;
            return kept.GetValueOrDefault(deviceId);
        }
    }

    /// <summary>Keeps what was read, unless a key has changed since the moment before.</summary>
    public void Keep(string deviceId, IReadOnlyList<DeviceKeyRecord> read, long moment)
    {
        lock (access)
        {
            if (moment == changes)
            {
                kept[deviceId] = read;
            }
        }
    }

    /// <summary>Keys of a device have changed; called after the commit.</summary>
    public void Forget(string deviceId)
    {
        lock (access)
        {
            changes++;
            kept.Remove(deviceId);
        }
    }
}
