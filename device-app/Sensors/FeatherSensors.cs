using System.Collections.Generic;
using FeatureAlignment.Device.Platform;
using Meadow.Devices;

namespace FeatureAlignment.DeviceApp.Sensors;

/// <summary>
/// Sensors of a Feather. Only the processor's temperature is on the board, so this is the place for those that you connect; with a BME688
/// on the I²C pins, for example (package Meadow.Foundation.Sensors.Atmospheric.Bme68x):
/// <code>
/// var air = new Bme688(device.CreateI2cBus());
/// var temperature = SampledChip&lt;Temperature&gt;.Start(air, sampling);
/// sensors.Add(temperature.Sensor("temperature", "°C", value =&gt; value.Celsius));
/// </code>
/// Names and their order are the inputs of the network: a checkpoint goes on only with the same ones.
/// </summary>
internal static class FeatherSensors
{
    public static IReadOnlyList<ISensor> Create(F7FeatherV2 device, Sampling sampling)
    {
        var sensors = new List<ISensor> { ProcessorTemperature.Start(device, sampling) };
        return sensors;
    }
}
