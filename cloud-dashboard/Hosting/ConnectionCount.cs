using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Threading;

namespace FeatureAlignment.Dashboard.Hosting;

/// <summary>Counts what is open, in total and of each address. One address can't take the places of all others, but for this machine and
/// proxies: many come through them.</summary>
/// <param name="what">What is counted, in the plural.</param>
/// <param name="most">Most at a time.</param>
/// <param name="mostOfOne">Most of one address, or of one network of IPv6.</param>
/// <param name="proxies">Addresses that may have them all; null for this machine alone.</param>
internal sealed class ConnectionCount(string what, int most, int mostOfOne, IReadOnlyList<IPNetwork>? proxies = null)
{
    private readonly Lock access = new();
    private readonly Dictionary<IPAddress, int> ofAddress = [];
    private int all;

    /// <summary>How many are open at this moment.</summary>
    public int All => Volatile.Read(ref all);

    /// <summary>Counts one more.</summary>
    /// <returns>Why there may not be one more; null when it is counted.</returns>
    public string? Add(IPAddress? from)
    {
        IPAddress network = RequestSource.NetworkOf(from);
        lock (access)
        {
            int ofThis = ofAddress.GetValueOrDefault(network);
            if (all >= most)
            {
                return string.Create(CultureInfo.InvariantCulture, $"there are {most} {what} already");
            }

            if (ofThis >= mostOfOne && !IsOfMany(RequestSource.Plain(from)))
            {
                return string.Create(CultureInfo.InvariantCulture, $"there are {mostOfOne} {what} from its address already");
            }

            all++;
            ofAddress[network] = ofThis + 1;
            return null;
        }
    }

    /// <summary>A counted one has ended.</summary>
    public void Remove(IPAddress? from)
    {
        IPAddress network = RequestSource.NetworkOf(from);
        lock (access)
        {
            all--;
            if (--ofAddress[network] == 0)
            {
                ofAddress.Remove(network);
            }
        }
    }

    private bool IsOfMany(IPAddress address) =>
        IPAddress.IsLoopback(address) || (proxies?.Any(proxy => proxy.Contains(address)) ?? false);
}
