using System.Collections.Generic;
using System.IO;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace FeatureAlignment.Simulator.Devices;

/// <summary>An alarm in a result.</summary>
/// <param name="StartHours">When it was raised, since the device's life began.</param>
/// <param name="EndHours">When it was over; null while it is not.</param>
/// <param name="Text">What the device said.</param>
/// <param name="Truth">What was really wrong; empty for nothing.</param>
internal sealed record DeviceAlarm(double StartHours, double? EndHours, string Text, string Truth);

/// <summary>What a simulated life came to.</summary>
internal sealed record DeviceResult
{
    public required string DeviceId { get; init; }

    public required string Board { get; init; }

    public required string Source { get; init; }

    public required string Faults { get; init; }

    public required ulong Seed { get; init; }

    public required string Kernels { get; init; }

    /// <summary>How it ended: finished, time, stopped, fault.</summary>
    public required string End { get; init; }

    /// <summary>What the device needs a person for; empty for nothing.</summary>
    public required string Fault { get; init; }

    /// <summary>Of this call.</summary>
    public required double SimulatedHours { get; init; }

    /// <summary>Of all calls with this folder.</summary>
    public required double LifeHours { get; init; }

    public required double RealSeconds { get; init; }

    public required int Starts { get; init; }

    public required int PowerCuts { get; init; }

    public required long Samples { get; init; }

    /// <summary>Where the weights were; null with sensors.</summary>
    public string? Placement { get; init; }

    /// <summary>Why; null with sensors.</summary>
    public string? PlacementReason { get; init; }

    /// <summary>Samples a step; null with sensors.</summary>
    public int? Batch { get; init; }

    public long? PlannedBytes { get; init; }

    /// <summary>Bytes of rows that the plan writes in the whole run.</summary>
    public long? PlannedWrittenBytes { get; init; }

    public double? TestAccuracy { get; init; }

    /// <summary>Digest of the parameters, as in a run's result; null with sensors, or before the first checkpoint.</summary>
    public string? WeightsSha256 { get; init; }

    public required long PeakMemoryBytes { get; init; }

    public required long MemoryCeilingBytes { get; init; }

    public required double LongestUnfedSeconds { get; init; }

    public required long FlashWrittenBytes { get; init; }

    public required long FlashErases { get; init; }

    public long? CardWrittenBytes { get; init; }

    /// <summary>Of that, rows of the layer in training: what the plan foretold.</summary>
    public long? CardRowBytes { get; init; }

    public required long BatchesSent { get; init; }

    public required long RecordsSent { get; init; }

    public required long RecordsDropped { get; init; }

    /// <summary>Bytes that waited in the spool at the last report.</summary>
    public double? SpoolBytes { get; init; }

    /// <summary>Batches that broke the contract of the wire.</summary>
    public required int Violations { get; init; }

    /// <summary>Requests to a real dashboard that were not answered well.</summary>
    public required int UplinkFailures { get; init; }

    public required IReadOnlyList<DeviceAlarm> Alarms { get; init; }

    public void WriteJson(Stream stream) => JsonSerializer.Serialize(stream, this, DeviceResultJson.Default.DeviceResult);
}

[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(DeviceResult))]
internal sealed partial class DeviceResultJson : JsonSerializerContext;
