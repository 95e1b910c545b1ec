using System;
using FeatureAlignment.Device.Platform;
using FeatureAlignment.Device.Settings;
using FeatureAlignment.Device.Uplink;
using Meadow;
using Microsoft.Extensions.Logging;

namespace FeatureAlignment.DeviceApp.Uplink;

/// <summary>The uplink that the settings name.</summary>
internal static class UplinkChoice
{
    public static IUplink Create(DeviceSettings settings, IDeviceClock clock, ILogger logger) => settings.Uplink switch
    {
        "none" => new NoUplink(),
        "meadow-cloud" => new MeadowCloudUplink(
            Resolver.MeadowCloudService, MeadowCloudCommands.Subscribe(Resolver.CommandService, logger), clock),
        string address => new HttpBatchUplink(new Uri(address), settings.UplinkKey),
    };
}
