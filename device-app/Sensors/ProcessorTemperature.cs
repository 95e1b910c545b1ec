using Meadow;

namespace FeatureAlignment.DeviceApp.Sensors;

/// <summary>The processor's own temperature. Meadow reads it until the value is plausible, hence in the background.</summary>
internal static class ProcessorTemperature
{
    public static BackgroundReading Start(IMeadowDevice device, Sampling sampling)
    {
        var reading = new BackgroundReading(
            "processor_temperature", "°C", () => (float)device.PlatformOS.GetCpuTemperature().Celsius, sampling);
        reading.Start();
        return reading;
    }
}
