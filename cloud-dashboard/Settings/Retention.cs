using System;
using System.Globalization;
using System.Threading;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FeatureAlignment.Dashboard.Settings;

/// <summary>How long raw data is kept; what is older is deleted every hour. Roll-ups, events and batch numbers stay.</summary>
public sealed partial class Retention(ITelemetryStore store, TimeProvider time, ILogger<Retention> logger) : BackgroundService
{
    /// <summary>Longest time that can be set, in days.</summary>
    public const int MaxDays = 3_650;

    private const string Setting = "retention_days";
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    /// <summary>Days; null keeps everything.</summary>
    public async Task<int?> FindDaysAsync(CancellationToken cancellation = default) =>
        await store.FindSettingAsync(Setting, cancellation) is string days ? int.Parse(days, CultureInfo.InvariantCulture) : null;

    /// <summary>Sets it: 1 to <see cref="MaxDays"/>, or null to keep everything.</summary>
    public Task SetDaysAsync(int? days)
    {
        if (days is < 1 or > MaxDays)
        {
            throw new ArgumentOutOfRangeException(nameof(days), $"days must be 1 to {MaxDays}; was {days}.");
        }

        return store.SetSettingAsync(Setting, days?.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Deletes what is too old now.</summary>
    public async Task ApplyAsync(CancellationToken cancellation = default)
    {
        if (await FindDaysAsync(cancellation) is int days)
        {
            await store.DeleteRawBeforeAsync(time.GetUtcNow().AddDays(-days).ToUnixTimeMilliseconds());
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await ApplyAsync(stoppingToken);
            }
            catch (StoreUnavailableException e)
            {
                LogUnavailable(e.Message);
            }
        }
    }

    [LoggerMessage(EventId = 310, Level = LogLevel.Warning, Message = "Old data not deleted, tried again in an hour: {Reason}")]
    private partial void LogUnavailable(string reason);
}
