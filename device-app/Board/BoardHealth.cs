using System;
using FeatureAlignment.Device.Platform;
using FeatureAlignment.DeviceApp.Sensors;
using Meadow;
using Microsoft.Extensions.Logging;

namespace FeatureAlignment.DeviceApp.Board;

/// <summary>What the operating system says about memory and temperature.</summary>
internal sealed class BoardHealth : IHealthSource
{
    private readonly IMeadowDevice device;
    private readonly BackgroundReading temperature;

    public BoardHealth(IMeadowDevice device, IDeviceClock clock, ILogger logger)
    {
        this.device = device;
        temperature = ProcessorTemperature.Start(device, Sampling.For(TimeSpan.FromMinutes(1), clock, logger));
    }

    /// <inheritdoc/>
    public long MemoryUsedBytes => GC.GetTotalMemory(forceFullCollection: false);

    /// <inheritdoc/>
    public long MemoryFreeBytes => device.PlatformOS.GetMemoryAllocationInfo().TotalFree;

    /// <inheritdoc/>
    public long LargestFreeBlockBytes => device.PlatformOS.GetMemoryAllocationInfo().LargestFreeBlock;

    /// <inheritdoc/>
    public float TemperatureCelsius => temperature.Read();
}
