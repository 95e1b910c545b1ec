using System;
using System.Net;
using System.Threading.RateLimiting;

namespace FeatureAlignment.Dashboard.Ingestion;

/// <summary>Rates that a door keeps: batches of a device, and failed logins of an address. A device counts only once it has shown who it is.</summary>
internal sealed class DoorLimits : IDisposable
{
    private static readonly TimeSpan ReplenishmentsApart = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan AtLeast = TimeSpan.FromSeconds(1);

    private readonly PartitionedRateLimiter<string> devices;
    private readonly PartitionedRateLimiter<IPAddress> addresses;

    public DoorLimits(IngestionOptions options)
    {
        options.Validate();
        devices = PartitionedRateLimiter.Create<string, string>(device => RateLimitPartition.GetTokenBucketLimiter(device, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = options.BatchBurst,
            TokensPerPeriod = Math.Max(1, options.BatchesPerSecond / 10),
            ReplenishmentPeriod = options.BatchesPerSecond >= 10 ? ReplenishmentsApart : TimeSpan.FromSeconds(1.0 / options.BatchesPerSecond),
        }));
        addresses = PartitionedRateLimiter.Create<IPAddress, IPAddress>(address => RateLimitPartition.GetTokenBucketLimiter(address, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = options.FailureBurst,
            TokensPerPeriod = 1,
            ReplenishmentPeriod = TimeSpan.FromMinutes(1.0 / options.FailuresPerMinute),
        }));
    }

    /// <summary>Counts a batch of a device.</summary>
    /// <returns>Null when it may pass; else how long to wait.</returns>
    public TimeSpan? TakeBatch(string deviceId) => Wait(devices.AttemptAcquire(deviceId));

    /// <summary>Whether an address has failed too often.</summary>
    /// <returns>Null when it has not; else how long to wait.</returns>
    public TimeSpan? FindBlock(IPAddress address) => Wait(addresses.AttemptAcquire(address, permitCount: 0));

    /// <summary>Counts a failed login.</summary>
    public void CountFailure(IPAddress address) => addresses.AttemptAcquire(address).Dispose();

    public void Dispose()
    {
        devices.Dispose();
        addresses.Dispose();
    }

    private static TimeSpan? Wait(RateLimitLease lease)
    {
        using (lease)
        {
            return lease.IsAcquired ? null
                : lease.TryGetMetadata(MetadataName.RetryAfter, out TimeSpan wait) && wait > AtLeast ? wait
                : AtLeast;
        }
    }
}
