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
        services.AddSingleton<StoreHealthCheck>().AddHealthChecks().AddCheck<StoreHealthCheck>("storage");
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

    // Each look is a write: whoever asks often, or asks only to keep the disk busy, is told what was found a moment ago.
    private sealed class StoreHealthCheck(ITelemetryStore store, TimeProvider time) : IHealthCheck
    {
        private static readonly TimeSpan Lasts = TimeSpan.FromSeconds(1);

        private readonly Lock access = new();
        private Task<string?>? look;
        private long lookedAt;

        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
            await Look().WaitAsync(cancellationToken) is string fault ? HealthCheckResult.Unhealthy(fault) : HealthCheckResult.Healthy();

        private Task<string?> Look()
        {
            lock (access)
            {
                if (look is null || time.GetElapsedTime(lookedAt) >= Lasts)
                {
                    (look, lookedAt) = (store.FindFaultAsync(CancellationToken.None), time.GetTimestamp());
                }

                return look;
            }
        }
    }
}
