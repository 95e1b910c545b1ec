using FeatureAlignment.Dashboard.Devices;
using FeatureAlignment.Dashboard.Layout;
using FeatureAlignment.Dashboard.Storage;

namespace FeatureAlignment.Dashboard.Fleet;

/// <summary>A device in the table of the fleet.</summary>
public sealed record FleetRow(DeviceRecord Device, DeviceState State, FleetDetails Details)
{
    public string Name => Device.Title.Length > 0 ? Device.Title : Device.DeviceId;
}

/// <summary>The newest values of a device's current run; null where it has none.</summary>
/// <param name="HasOpenAnomaly">An anomaly began and has not ended.</param>
/// <param name="Loss">Alignment loss.</param>
/// <param name="Curve">Its course.</param>
/// <param name="Accuracy">0 to 1.</param>
/// <param name="Score">Anomaly score as a multiple of its threshold.</param>
/// <param name="SamplesPerSecond">Samples learned or watched in a second.</param>
/// <param name="MemoryUsed">Bytes.</param>
public sealed record FleetDetails(
    bool HasOpenAnomaly, double? Loss, SparklineData? Curve, double? Accuracy, double? Score, double? SamplesPerSecond, double? MemoryUsed)
{
    public static FleetDetails None { get; } = new(false, null, null, null, null, null, null);
}
