using System.Globalization;
using FeatureAlignment.Telemetry;

namespace FeatureAlignment.Device.Benchmark;

/// <summary>What is measured, in the order in which it is.</summary>
public enum BenchmarkKind
{
    /// <summary>Products of weights that fit the first cache of a microcontroller.</summary>
    CachedProduct,

    /// <summary>Products of weights that do not.</summary>
    StreamedProduct,

    /// <summary>Training steps.</summary>
    TrainingSample,

    /// <summary>Writing a file, flushed.</summary>
    FileWrite,

    /// <summary>Reading it.</summary>
    FileRead,
}

/// <summary>
/// How fast a device is. A rate is null where it was not measurable: the clock did not move, the storage failed, memory was short.
/// </summary>
public sealed record BenchmarkResult
{
    /// <summary>Multiply-adds a second with weights in the cache: 8 rows of 256.</summary>
    public double? CachedMultiplyAddsPerSecond { get; init; }

    /// <summary>Multiply-adds a second with weights of 401 KB: 128 rows of 784.</summary>
    public double? StreamedMultiplyAddsPerSecond { get; init; }

    /// <summary>Samples learned a second, made-up ones.</summary>
    public double? TrainingSamplesPerSecond { get; init; }

    /// <summary>Bytes a second written and flushed.</summary>
    public double? WriteBytesPerSecond { get; init; }

    /// <summary>Bytes a second read; where an operating system keeps files in memory, that is what is measured.</summary>
    public double? ReadBytesPerSecond { get; init; }

    /// <summary>Bytes that the benchmark wrote to storage: wear.</summary>
    public long WrittenBytes { get; init; }

    /// <summary>Milliseconds of one sample's training; null where not measurable.</summary>
    public double? TrainingSampleMilliseconds => 1000 / TrainingSamplesPerSecond;

    /// <summary>One line with units, for a log.</summary>
    public override string ToString() =>
        $"multiply-adds {Text(CachedMultiplyAddsPerSecond, 1e6, "million/s")} cached, "
        + $"{Text(StreamedMultiplyAddsPerSecond, 1e6, "million/s")} streamed; "
        + $"training {Text(TrainingSamplesPerSecond, 1, "samples/s")}; file write {Text(WriteBytesPerSecond, 1e3, "kB/s")}, "
        + $"read {Text(ReadBytesPerSecond, 1e3, "kB/s")}";

    /// <summary>The rates that were measured, by name and unit: the data of a telemetry event.</summary>
    public TelemetryFields ToFields()
    {
        var fields = new TelemetryFields();
        Add(fields, "multiply_adds_per_second_cached", CachedMultiplyAddsPerSecond);
        Add(fields, "multiply_adds_per_second_streamed", StreamedMultiplyAddsPerSecond);
        Add(fields, "training_samples_per_second", TrainingSamplesPerSecond);
        Add(fields, "write_bytes_per_second", WriteBytesPerSecond);
        Add(fields, "read_bytes_per_second", ReadBytesPerSecond);
        return fields;
    }

    private static void Add(TelemetryFields fields, string name, double? rate)
    {
        if (rate is { } value)
        {
            fields.Add(name, value);
        }
    }

    private static string Text(double? rate, double unit, string name) =>
        rate is double value ? (value / unit).ToString("0.##", CultureInfo.InvariantCulture) + " " + name : "not measurable";
}
