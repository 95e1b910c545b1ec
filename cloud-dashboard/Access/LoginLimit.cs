using System;
using System.Net;
using System.Threading.RateLimiting;

namespace FeatureAlignment.Dashboard.Access;

/// <summary>How often an address may try a password: a few times at once, then now and then.</summary>
public sealed class LoginLimit : IDisposable
{
    private const int AtOnce = 10;
    private static readonly TimeSpan OneMoreAfter = TimeSpan.FromSeconds(20);

    private readonly PartitionedRateLimiter<IPAddress> tries = PartitionedRateLimiter.Create<IPAddress, IPAddress>(address =>
        RateLimitPartition.GetTokenBucketLimiter(address, _ =>
            new TokenBucketRateLimiterOptions { TokenLimit = AtOnce, TokensPerPeriod = 1, ReplenishmentPeriod = OneMoreAfter }));

    public bool TryTake(IPAddress? address)
    {
        using RateLimitLease lease = tries.AttemptAcquire(address ?? IPAddress.None);
        return lease.IsAcquired;
    }

    public void Dispose() => tries.Dispose();
}
