using System.Collections.Generic;

namespace FeatureAlignment.Telemetry.MeadowCloud;

/// <summary>
/// What one event of Meadow.Cloud, or all events of a batch, hold. (device, boot, sequence, part) names an event for ever.
/// </summary>
public sealed class MeadowCloudContent
{
    internal MeadowCloudContent(BatchHeader header, int part, int parts, TelemetryBatch batch, IReadOnlyList<string> unusable)
    {
        Header = header;
        Part = part;
        Parts = parts;
        Batch = batch;
        Unusable = unusable;
    }

    /// <summary>Device, boot, sequence and time of the batch that it is part of.</summary>
    public BatchHeader Header { get; }

    /// <summary>Index of the first event within its batch, from 0.</summary>
    public int Part { get; }

    /// <summary>Events that the batch was split into.</summary>
    public int Parts { get; }

    /// <summary>The records that it holds.</summary>
    public TelemetryBatch Batch { get; }

    /// <summary>Names of measurements that came but cannot be used.</summary>
    public IReadOnlyList<string> Unusable { get; }
}
