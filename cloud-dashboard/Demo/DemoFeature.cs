using FeatureAlignment.Dashboard.Hosting;
using FeatureAlignment.Dashboard.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace FeatureAlignment.Dashboard.Demo;

/// <summary><c>--demo</c>: a simulated fleet in the same process, and a mark on every page that it is one.</summary>
internal static class DemoFeature
{
    public static IServiceCollection AddDemo(this IServiceCollection services, DashboardOptions options)
    {
        services.AddSingleton<DemoMark>();
        return options.IsDemo
            ? services.AddSingleton(provider => ActivatorUtilities.CreateInstance<DemoFleet>(provider, DemoBoards.All))
                .AddHostedService(provider => provider.GetRequiredService<DemoFleet>())
            : services;
    }
}

/// <summary>Whether the database is a demo's.</summary>
internal sealed class DemoMark(ITelemetryStore store)
{
    private readonly bool isSet = store.FindSettingAsync(DemoDatabase.Mark).GetAwaiter().GetResult() is not null;

    public bool IsSet => isSet;
}
