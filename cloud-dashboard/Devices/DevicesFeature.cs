using System;
using System.IO;
using FeatureAlignment.Dashboard.Hosting;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;

namespace FeatureAlignment.Dashboard.Devices;

/// <summary>Devices and their keys.</summary>
internal static class DevicesFeature
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    public static IServiceCollection AddDevices(this IServiceCollection services, DashboardOptions options)
    {
        if (!OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(options.ProtectionFolder, OwnerOnly);
        }

        services.AddDataProtection().SetApplicationName("FeatureAlignment.Dashboard")
            .PersistKeysToFileSystem(new DirectoryInfo(options.ProtectionFolder));
        return services.AddSingleton<DeviceKeys>();
    }
}
