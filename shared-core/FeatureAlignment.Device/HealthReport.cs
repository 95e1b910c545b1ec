using System;
using FeatureAlignment.Device.Platform;
using FeatureAlignment.Device.Storage;
using FeatureAlignment.Telemetry;

namespace FeatureAlignment.Device;

/// <summary>Reports how the device is, whatever it is at. A figure that the board does not know is left out.</summary>
internal sealed class HealthReport
{
    private readonly IDevicePlatform platform;
    private readonly DeviceState state;
    private readonly WearLedger ledger;
    private readonly DeviceReporter reporter;

    public HealthReport(IDevicePlatform platform, DeviceState state, WearLedger ledger, DeviceReporter reporter)
    {
        this.platform = platform;
        this.state = state;
        this.ledger = ledger;
        this.reporter = reporter;
    }

    public void Report(TimeSpan uptime)
    {
        IHealthSource health = platform.Health;
        Known(MetricNames.MemoryUsed, health.MemoryUsedBytes);
        Known(MetricNames.MemoryFree, health.MemoryFreeBytes);
        Known(MetricNames.MemoryLargestBlock, health.LargestFreeBlockBytes);
        Known("storage_free", platform.Flash.FreeBytes);
        if (!float.IsNaN(health.TemperatureCelsius))
        {
            reporter.Point(MetricNames.Temperature, health.TemperatureCelsius);
        }

        reporter.Point(MetricNames.StorageWritten, ledger.Totals.BytesEver);
        reporter.Point(MetricNames.Restarts, state.Boot);
        reporter.Point(MetricNames.Uptime, uptime.TotalSeconds);
        reporter.ReportOwnFigures();
    }

    private void Known(string name, long bytes)
    {
        if (bytes >= 0)
        {
            reporter.Point(name, bytes);
        }
    }
}
