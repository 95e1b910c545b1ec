using Microsoft.Extensions.DependencyInjection;

namespace FeatureAlignment.Dashboard.Settings;

/// <summary>What people set: keys, password, retention.</summary>
internal static class SettingsFeature
{
    public static IServiceCollection AddSettings(this IServiceCollection services) =>
        services.AddSingleton<Retention>().AddHostedService(provider => provider.GetRequiredService<Retention>());
}
