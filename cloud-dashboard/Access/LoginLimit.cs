using System;
using System.Net;
using System.Threading.RateLimiting;
using FeatureAlignment.Dashboard.Hosting;

namespace FeatureAlignment.Dashboard.Access;

/// <summary>How often an address, or a network of IPv6, may try a password: a few times at once, then now and then.</summary>
public sealed class LoginLimit : IDisposable
{
    private const int AtOnce = 10;
    private static readonly TimeSpan OneMoreAfter = TimeSpan.FromSeconds(20);

    private readonly PartitionedRateLimiter<IPAddress> tries = PartitionedRateLimiter.Create<IPAddress, IPAddress>(address =>
        RateLimitPartition.GetTokenBucketLimiter(address, _ =>
            new TokenBucketRateLimiterOptions { TokenLimit = AtOnce, TokensPerPeriod = 1, ReplenishmentPeriod = OneMoreAfter }));

    public bool TryTake(IPAddress? address)
    {
        using RateLimitLease lease = tries.AttemptAcquire(RequestSource.NetworkOf(address));
        return lease.IsAcquired;
    }

    public void Dispose() => tries.Dispose();
}
