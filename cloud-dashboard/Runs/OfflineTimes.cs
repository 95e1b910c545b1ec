using System.Collections.Generic;
using System.Linq;
using FeatureAlignment.Dashboard.Storage;

namespace FeatureAlignment.Dashboard.Runs;

/// <summary>When a device was offline, from its connection log.</summary>
internal static class OfflineTimes
{
    /// <summary>The times, Unix milliseconds, earliest first; one that lasts has no end.</summary>
    /// <param name="connections">The log, newest first.</param>
    public static IEnumerable<(long From, long? To)> Of(IReadOnlyList<ConnectionRecord> connections)
    {
        long? from = null;
        foreach (ConnectionRecord connection in connections.Reverse())
        {
            if (connection.Kind == "offline")
            {
                from ??= connection.Time;
            }
            else if (connection.Kind == "online" && from is long start)
            {
                yield return (start, connection.Time);
                from = null;
            }
        }

        if (from is long since)
        {
            yield return (since, null);
        }
    }
}
