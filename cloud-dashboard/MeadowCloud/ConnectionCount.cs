using System.Collections.Generic;
using System.Globalization;
using System.Net;
using System.Threading;
using FeatureAlignment.Dashboard.Hosting;

namespace FeatureAlignment.Dashboard.MeadowCloud;

/// <summary>Counts connections. One address can't take the places of all others, but for this machine: there a proxy may have them
/// all.</summary>
internal sealed class ConnectionCount(int most, int mostOfOne)
{
    private readonly Lock access = new();
    private readonly Dictionary<IPAddress, int> ofAddress = [];
    private int all;

    /// <summary>Connections at this moment.</summary>
    public int All => Volatile.Read(ref all);

    /// <summary>Counts a connection.</summary>
    /// <returns>Why there may not be one more; null when it is counted.</returns>
    public string? Add(IPAddress? from)
    {
        IPAddress address = RequestSource.Plain(from);
        lock (access)
        {
            int ofThis = ofAddress.GetValueOrDefault(address);
            if (all >= most)
            {
                return string.Create(CultureInfo.InvariantCulture, $"there are {most} connections already");
            }

            if (ofThis >= mostOfOne && !IPAddress.IsLoopback(address))
            {
                return string.Create(CultureInfo.InvariantCulture, $"there are {mostOfOne} connections from its address already");
            }

            all++;
            ofAddress[address] = ofThis + 1;
            return null;
        }
    }

    /// <summary>A counted connection has ended.</summary>
    public void Remove(IPAddress? from)
    {
        IPAddress address = RequestSource.Plain(from);
        lock (access)
        {
            all--;
            if (--ofAddress[address] == 0)
            {
                ofAddress.Remove(address);
            }
        }
    }
}
