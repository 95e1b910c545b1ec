using FeatureAlignment.Dashboard.MeadowCloud;
using FeatureAlignment.Dashboard.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace FeatureAlignment.Dashboard.Monitoring;

/// <summary><c>/metrics</c>: how the dashboard is doing, for Prometheus.</summary>
internal static class MonitoringFeature
{
    public const string Path = "/metrics";

    public static IServiceCollection AddMonitoring(this IServiceCollection services)
    {
        services.AddOpenTelemetry().ConfigureResource(resource => resource.AddService("dashboard")).WithMetrics(metrics => metrics
            .AddMeter(
                DashboardMetrics.MeterName, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel",
                "Microsoft.AspNetCore.Diagnostics", "System.Runtime")
            .AddPrometheusExporter());
        return services
            .AddSingleton<DashboardMetrics>()
            .AddSingleton<Refusals>()
            .AddSingleton<DeviceCounts>()
            .AddSingleton<MetricsAccess>();
    }

    public static void MapMonitoring(this IEndpointRouteBuilder routes)
    {
        DashboardMetrics metrics = routes.ServiceProvider.GetRequiredService<DashboardMetrics>();
        DeviceCounts devices = routes.ServiceProvider.GetRequiredService<DeviceCounts>();
        MqttBroker broker = routes.ServiceProvider.GetRequiredService<MqttBroker>();
        metrics.Observe(routes.ServiceProvider.GetRequiredService<ITelemetryStore>());
        metrics.Observe("dashboard.mqtt.connections", () => broker.Connections, "{connection}", "Connections to the broker.");
        metrics.Observe("dashboard.devices", devices.Read, "{device}", "Known devices by state.");
        routes.MapPrometheusScrapingEndpoint(
            Path,
            meterProvider: null,
            configureBranchedPipeline: pipeline => pipeline.Use(async (context, next) =>
            {
                await devices.CountAsync(context.RequestAborted);
                await next(context);
            }),
            optionsName: null).DisableHttpMetrics();
    }
}
