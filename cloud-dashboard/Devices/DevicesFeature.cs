using System.IO;
using FeatureAlignment.Dashboard.Hosting;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;

namespace FeatureAlignment.Dashboard.Devices;

/// <summary>Devices and their keys.</summary>
internal static class DevicesFeature
{
    public static IServiceCollection AddDevices(this IServiceCollection services, DashboardOptions options)
    {
        services.AddDataProtection().SetApplicationName("FeatureAlignment.Dashboard")
            .PersistKeysToFileSystem(new DirectoryInfo(options.ProtectionFolder));
        return services.AddSingleton<DeviceKeys>();
    }
}
