using System.Collections.Generic;

namespace FeatureAlignment.Telemetry;

/// <summary>Names of series, and their units. New names are allowed; what is here means the same for everybody.</summary>
public static class MetricNames
{
    /// <summary>Mean alignment loss of a layer per sample; unit 1.</summary>
    public const string AlignmentLoss = "alignment_loss";

    /// <summary>Cross-entropy of the labels; unit nats.</summary>
    public const string LabelLoss = "label_loss";

    /// <summary>Share of samples classified rightly, 0 to 1; unit 1.</summary>
    public const string Accuracy = "accuracy";

    /// <summary>Reconstruction error Q of a window; unit 1.</summary>
    public const string AnomalyQ = "anomaly_q";

    /// <summary>Distance T² of a window's latent values from their mean; unit 1.</summary>
    public const string AnomalyT2 = "anomaly_t2";

    /// <summary>Threshold of Q; unit 1.</summary>
    public const string AnomalyThresholdQ = "anomaly_threshold_q";

    /// <summary>Threshold of T²; unit 1.</summary>
    public const string AnomalyThresholdT2 = "anomaly_threshold_t2";

    /// <summary>Samples learned in a second; unit 1/s.</summary>
    public const string SamplesPerSecond = "samples_per_second";

    /// <summary>Learning rate in force; unit 1.</summary>
    public const string LearningRate = "learning_rate";

    /// <summary>Neurons that will not learn again; unit 1.</summary>
    public const string DeadNeurons = "dead_neurons";

    /// <summary>Managed memory in use; unit bytes.</summary>
    public const string MemoryUsed = "memory_used";

    /// <summary>Memory that is free; unit bytes.</summary>
    public const string MemoryFree = "memory_free";

    /// <summary>Largest block of memory that is free; unit bytes.</summary>
    public const string MemoryLargestBlock = "memory_largest_block";

    /// <summary>Storage in use; unit bytes.</summary>
    public const string StorageUsed = "storage_used";

    /// <summary>Bytes written to storage, which wears it; unit bytes.</summary>
    public const string StorageWritten = "storage_written";

    /// <summary>What waits in the spool; unit bytes.</summary>
    public const string SpoolBytes = "spool_bytes";

    /// <summary>Records that the full spool dropped; unit 1.</summary>
    public const string SpoolDropped = "spool_dropped";

    /// <summary>Records lost before they reached the spool; unit 1.</summary>
    public const string RecordsDropped = "records_dropped";

    /// <summary>Starts of the application so far; unit 1.</summary>
    public const string Restarts = "restarts";

    /// <summary>Temperature of the processor; unit °C.</summary>
    public const string Temperature = "temperature";

    /// <summary>Time since the start; unit s.</summary>
    public const string Uptime = "uptime";

    /// <summary>Items that wait in the uplink's own queue; unit 1.</summary>
    public const string Queue = "queue";

    private static readonly Dictionary<string, string> Units = new()
    {
        [AlignmentLoss] = "1",
        [LabelLoss] = "nats",
        [Accuracy] = "1",
        [AnomalyQ] = "1",
        [AnomalyT2] = "1",
        [AnomalyThresholdQ] = "1",
        [AnomalyThresholdT2] = "1",
        [SamplesPerSecond] = "1/s",
        [LearningRate] = "1",
        [DeadNeurons] = "1",
        [MemoryUsed] = "bytes",
        [MemoryFree] = "bytes",
        [MemoryLargestBlock] = "bytes",
        [StorageUsed] = "bytes",
        [StorageWritten] = "bytes",
        [SpoolBytes] = "bytes",
        [SpoolDropped] = "1",
        [RecordsDropped] = "1",
        [Restarts] = "1",
        [Temperature] = "°C",
        [Uptime] = "s",
        [Queue] = "1",
    };

    /// <summary>All names of the schema.</summary>
    public static IReadOnlyCollection<string> All => Units.Keys;

    /// <summary>Unit of a series: one of 1, nats, 1/s, bytes, °C and s.</summary>
    /// <param name="name">Name of the series.</param>
    /// <returns>Null when the schema does not know the name.</returns>
    public static string? UnitOf(string name) => Units.TryGetValue(name, out string? unit) ? unit : null;
}
