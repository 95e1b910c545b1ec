using System;
using System.Threading;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Hosting;
using FeatureAlignment.Dashboard.Storage.Sqlite;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FeatureAlignment.Dashboard.Storage;

/// <summary>The store, and whether it works: <c>/health/live</c> (the process answers) and <c>/health/ready</c> (batches can be
/// stored).</summary>
internal static class StorageFeature
{
    public static IServiceCollection AddStorage(this IServiceCollection services, DashboardOptions options)
    {
        services.AddHealthChecks().AddCheck<StoreHealthCheck>("storage");
        // The container closes it at the end, after the last request.
        return services.AddSingleton<ITelemetryStore>(provider =>
            SqliteTelemetryStore.Open(options.Database, provider.GetRequiredService<TimeProvider>()));
    }

    public static void MapStorage(this IEndpointRouteBuilder routes)
    {
        // Opened now: what is wrong with the file is said at the start, not to the first device.
        routes.ServiceProvider.GetRequiredService<ITelemetryStore>();
        routes.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false });
        routes.MapHealthChecks("/health/ready");
    }

    private sealed class StoreHealthCheck(ITelemetryStore store) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
            await store.FindFaultAsync(cancellationToken) is string fault ? HealthCheckResult.Unhealthy(fault)
                : HealthCheckResult.Healthy();
    }
}
