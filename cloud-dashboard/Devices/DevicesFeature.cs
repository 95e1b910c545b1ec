using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Fleet;
using FeatureAlignment.Dashboard.Hosting;
using FeatureAlignment.Dashboard.Runs;
using FeatureAlignment.Dashboard.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace FeatureAlignment.Dashboard.Devices;

/// <summary>Devices and their keys.</summary>
internal static class DevicesFeature
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    public static IServiceCollection AddDevices(this IServiceCollection services, DashboardOptions options)
    {
        services.AddDataProtection().SetApplicationName("FeatureAlignment.Dashboard")
            .PersistKeysToFileSystem(new DirectoryInfo(options.ProtectionFolder));
        services.AddSingleton<DeviceKeys>().AddSingleton<PresenceWatch>();
        // The boards of a demo write their own history first; then it starts the watch itself.
        return options.IsDemo ? services : services.AddHostedService(provider => provider.GetRequiredService<PresenceWatch>());
    }

    /// <summary>Parts of a device's page, for bringing it up to date.</summary>
    public static void MapDevices(this IEndpointRouteBuilder routes)
    {
        MakeProtectionFolder(routes.ServiceProvider.GetRequiredService<DashboardOptions>().ProtectionFolder);
        RouteGroupBuilder device = routes.MapGroup("/devices/{id}");
        device.MapGet("/facts", async Task<IResult> (string id, FleetReader reader, CancellationToken cancellation) =>
            await reader.ReadAsync([id], cancellation) is [FleetRow row]
                ? new RazorComponentResult<DeviceFacts>(new { Row = row })
                : TypedResults.NotFound());
        device.MapGet("/anomalies", async (string id, ITelemetryStore store, CancellationToken cancellation) =>
            new RazorComponentResult<EventList>(new
            {
                Events = await AnomalyEvents.ReadAsync(store, id, cancellation),
                Id = "device-anomalies",
                Label = "Anomalies, newest first",
            }));
        device.MapGet("/commands", async (string id, ITelemetryStore store, CancellationToken cancellation) =>
            new RazorComponentResult<CommandList>(new { Commands = await store.ListCommandsAsync(id, cancellation: cancellation) }));
        device.MapGet("/logs", async (string id, HttpRequest request, ITelemetryStore store, CancellationToken cancellation) =>
        {
            LogFilter filter = LogQuery.Read(id, request.Query);
            return new RazorComponentResult<LogList>(new
            {
                Logs = await store.ListLogsAsync(filter, cancellation),
                IsFiltered = LogQuery.IsFiltered(filter),
            });
        });
        // A form that both of two people have on their screens: the second one finds the key revoked, and that is what was wanted.
        device.MapPost("/keys/{key:long}/revoke", async (
            string id, long key, [FromForm] bool sure, ITelemetryStore store, TimeProvider time) =>
        {
            if (sure)
            {
                await store.RevokeKeyAsync(id, key, time.GetUtcNow().ToUnixTimeMilliseconds());
            }

            return TypedResults.LocalRedirect($"/devices/{Uri.EscapeDataString(id)}#keys");
        });
        device.MapGet("/connections", async (string id, ITelemetryStore store, CancellationToken cancellation) =>
            new RazorComponentResult<ConnectionList>(new
            {
                Connections = await store.ListConnectionsAsync(id, cancellation: cancellation),
            }));
    }

    // Once the database is open, so that nothing is left beside a file that is none; and before the first key, for nobody else's eyes.
    private static void MakeProtectionFolder(string folder)
    {
        if (!OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder, OwnerOnly);
        }
    }
}
