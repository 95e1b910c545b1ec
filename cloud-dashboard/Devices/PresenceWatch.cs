using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.MeadowCloud;
using FeatureAlignment.Dashboard.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FeatureAlignment.Dashboard.Devices;

/// <summary>Looks every few seconds who has gone and who is back, and writes it into the connection logs.</summary>
internal sealed partial class PresenceWatch(
    ITelemetryStore store, BoardConnections connections, TimeProvider time, ILogger<PresenceWatch> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var presence = new Presence();
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            try
            {
                DateTimeOffset now = time.GetUtcNow();
                IEnumerable<DeviceRecord> devices = (await store.ListDevicesAsync(stoppingToken))
                    .Select(device => DeviceStates.SeenWhileConnected(device, connections, now));
                foreach (ConnectionRecord line in presence.Look(devices, now))
                {
                    await store.AddConnectionAsync(line);
                }
            }
            catch (StoreUnavailableException e)
            {
                // The lines are lost, the devices' data is not: they keep it and come again.
                LogUnavailable(e.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(EventId = 300, Level = LogLevel.Warning, Message = "Connection log not written: {Reason}")]
    private partial void LogUnavailable(string reason);
}
