using System;
using System.Net;
using System.Threading.RateLimiting;
using FeatureAlignment.Dashboard.Hosting;
using Microsoft.AspNetCore.Http;

namespace FeatureAlignment.Dashboard.Ingestion;

/// <summary>Rates that a door keeps: batches of a device, and failed logins of an address. A device counts only once it has shown who it
/// is.</summary>
/// <remarks>
/// Who logs in rightly is never refused for failures: boards of a school or a workshop share one address, and nobody there may lock
/// out the others, neither with a wrong key nor on purpose. Nothing is lost by looking at each login. Keys have 256 random bits, and
/// tokens and signatures as many, so that guessing is hopeless at any rate; and to check one (a hash over the body, keys from memory)
/// costs no more than to show the login page, which anybody may ask for. A password is another matter: see
/// <see cref="Access.LoginLimit"/>.
/// </remarks>
internal sealed class DoorLimits : IDisposable
{
    private static readonly TimeSpan ReplenishmentsApart = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan AtLeast = TimeSpan.FromSeconds(1);

    private readonly PartitionedRateLimiter<string> devices;
    private readonly PartitionedRateLimiter<IPAddress> addresses;

    public DoorLimits(IngestionOptions options)
    {
        options.Validate();
        TimeSpan perBatch = options.BatchesPerSecond >= 10 ? ReplenishmentsApart : TimeSpan.FromSeconds(1.0 / options.BatchesPerSecond);
        devices = Create<string>(options.BatchBurst, Math.Max(1, options.BatchesPerSecond / 10), perBatch);
        addresses = Create<IPAddress>(options.FailureBurst, 1, TimeSpan.FromMinutes(1.0 / options.FailuresPerMinute));
    }

    /// <summary>Counts a batch of a device.</summary>
    /// <param name="sender">The device, or what stands for it.</param>
    /// <param name="detail">What the sender is told if there are too many.</param>
    /// <exception cref="DoorRefusedException">429.</exception>
    public void TakeBatch(string sender, string detail)
    {
        if (Wait(devices.AttemptAcquire(sender)) is TimeSpan wait)
        {
            throw TooMany(detail, wait);
        }
    }

    /// <summary>Counts a failed login.</summary>
    /// <returns>How long the address should wait, as it has failed too often; null when it has not.</returns>
    public TimeSpan? CountFailure(IPAddress address) => Wait(addresses.AttemptAcquire(RequestSource.NetworkOf(address)));

    /// <summary>Counts a refusal if it is a failed login.</summary>
    /// <returns>What to answer: the refusal itself, or 429 when the address has failed too often.</returns>
    public DoorRefusedException Count(IPAddress address, DoorRefusedException refusal) =>
        refusal.IsFailedLogin && CountFailure(address) is TimeSpan wait
            ? TooMany("This address has failed to log in too often; only a right login is taken.", wait)
            : refusal;

    public void Dispose()
    {
        devices.Dispose();
        addresses.Dispose();
    }

    private static DoorRefusedException TooMany(string detail, TimeSpan wait) =>
        new(StatusCodes.Status429TooManyRequests, detail, wait);

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
