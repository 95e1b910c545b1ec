using System;
using FeatureAlignment.Telemetry;

namespace FeatureAlignment.Dashboard.Storage;

/// <summary>A batch that passed the door: well formed, within the limits, from a device that may send it.</summary>
/// <param name="Header">Names the batch for ever.</param>
/// <param name="Content">What it says.</param>
/// <param name="Body">The JSON as received, decompressed.</param>
/// <param name="ReceivedMilliseconds">When it came, Unix milliseconds.</param>
/// <param name="Part">Index of the part when the batch came in parts, as over Meadow.Cloud: each is stored once, and its answer carries no
/// commands. Null when it came whole.</param>
public sealed record ReceivedBatch(
    BatchHeader Header, TelemetryBatch Content, ReadOnlyMemory<byte> Body, long ReceivedMilliseconds, int? Part = null);

/// <summary>What became of a batch: exactly one of <see cref="Answer"/> and <see cref="Refusal"/> is there.</summary>
/// <param name="Answer">What the device is told; the first answer when the batch was there already.</param>
/// <param name="IsRepeated">Whether the batch was there already.</param>
/// <param name="Refusal">Why it is not stored, as a sentence for the sender.</param>
public sealed record AppendResult(BatchAnswer? Answer, bool IsRepeated = false, string? Refusal = null);

/// <summary>Nothing can be stored now, or read; the sender must keep what it has and come again.</summary>
public sealed class StoreUnavailableException : Exception
{
    public StoreUnavailableException(string message, TimeSpan retryAfter, Exception? inner = null) : base(message, inner) =>
        RetryAfter = retryAfter;

    /// <summary>When to come again.</summary>
    public TimeSpan RetryAfter { get; }
}
