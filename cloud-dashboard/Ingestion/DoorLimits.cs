using System;
using System.Net;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;

namespace FeatureAlignment.Dashboard.Ingestion;

/// <summary>Rates that a door keeps: batches of a device, and failed logins of an address. A device counts only once it has shown who it
/// is.</summary>
internal sealed class DoorLimits : IDisposable
{
    private static readonly TimeSpan ReplenishmentsApart = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan AtLeast = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan LinesApart = TimeSpan.FromMinutes(1);

    private readonly PartitionedRateLimiter<string> devices;
    private readonly PartitionedRateLimiter<string> lines = Create<string>(1, 1, LinesApart);
    private readonly PartitionedRateLimiter<IPAddress> addresses;
    private readonly TimeSpan perFailure;

    public DoorLimits(IngestionOptions options)
    {
        options.Validate();
        TimeSpan perBatch = options.BatchesPerSecond >= 10 ? ReplenishmentsApart : TimeSpan.FromSeconds(1.0 / options.BatchesPerSecond);
        devices = Create<string>(options.BatchBurst, Math.Max(1, options.BatchesPerSecond / 10), perBatch);
        perFailure = TimeSpan.FromMinutes(1.0 / options.FailuresPerMinute);
        addresses = Create<IPAddress>(options.FailureBurst, 1, perFailure);
    }

    /// <summary>Counts a batch of a device.</summary>
    /// <param name="sender">The device, or what stands for it.</param>
    /// <param name="detail">What the sender is told if there are too many.</param>
    /// <exception cref="DoorRefusedException">429; the log gets one line a minute and sender.</exception>
    public void TakeBatch(string sender, string detail)
    {
        if (Wait(devices.AttemptAcquire(sender)) is TimeSpan wait)
        {
            throw TooMany(detail, wait, sender);
        }
    }

    /// <summary>Refuses an address that has failed too often.</summary>
    /// <exception cref="DoorRefusedException">429; the log gets one line a minute and address.</exception>
    public void RequireUnblocked(IPAddress address)
    {
        if (FindBlock(address) is TimeSpan block)
        {
            throw TooMany("This address has failed to log in too often.", block, $"blocked {address}");
        }
    }

    /// <summary>Whether an address has failed too often.</summary>
    /// <returns>Null when it has not; else how long to wait.</returns>
    /// <remarks>A whole token must be there: to ask for none succeeds with the fraction of one that comes back at once.</remarks>
    public TimeSpan? FindBlock(IPAddress address) => addresses.GetStatistics(address) is not { CurrentAvailablePermits: < 1 } ? null
        : perFailure > AtLeast ? perFailure
        : AtLeast;

    /// <summary>Counts a failed login.</summary>
    public void CountFailure(IPAddress address) => addresses.AttemptAcquire(address).Dispose();

    public void Dispose()
    {
        devices.Dispose();
        addresses.Dispose();
        lines.Dispose();
    }

    private DoorRefusedException TooMany(string detail, TimeSpan wait, string sender)
    {
        using RateLimitLease line = lines.AttemptAcquire(sender);
        return new DoorRefusedException(StatusCodes.Status429TooManyRequests, detail, wait) { IsLogged = line.IsAcquired };
    }

    private static PartitionedRateLimiter<T> Create<T>(int burst, int tokens, TimeSpan period) where T : notnull
    {
        var bucket = new TokenBucketRateLimiterOptions { TokenLimit = burst, TokensPerPeriod = tokens, ReplenishmentPeriod = period };
        return PartitionedRateLimiter.Create<T, T>(one => RateLimitPartition.GetTokenBucketLimiter(one, _ => bucket));
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
