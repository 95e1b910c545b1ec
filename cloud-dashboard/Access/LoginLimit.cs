using System;
using System.Net;
using System.Threading.RateLimiting;
using FeatureAlignment.Dashboard.Hosting;

namespace FeatureAlignment.Dashboard.Access;

/// <summary>How often an address, or a network of IPv6, may try a password: a few times at once, then now and then.</summary>
/// <param name="oneMoreAfter">How long a try takes to come back; 20 seconds when not given.</param>
public sealed class LoginLimit(TimeSpan? oneMoreAfter = null) : IDisposable
{
    private const int AtOnce = 10;
    private static readonly TimeSpan OneMoreAfter = TimeSpan.FromSeconds(20);

    private readonly PartitionedRateLimiter<IPAddress> tries = PartitionedRateLimiter.Create<IPAddress, IPAddress>(address =>
        RateLimitPartition.GetTokenBucketLimiter(address, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = AtOnce,
            TokensPerPeriod = 1,
            ReplenishmentPeriod = oneMoreAfter ?? OneMoreAfter,
        }));

    public bool TryTake(IPAddress? address)
    {
        using RateLimitLease lease = tries.AttemptAcquire(RequestSource.NetworkOf(address));
        return lease.IsAcquired;
    }

    public void Dispose() => tries.Dispose();
}
