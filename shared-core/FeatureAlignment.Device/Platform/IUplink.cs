using System;
using FeatureAlignment.Telemetry;

namespace FeatureAlignment.Device.Platform;

/// <summary>Sends batches, one at a time, without ever making the application wait.</summary>
public interface IUplink
{
    /// <summary>True when a batch can be sent now: connected, none under way, the queue behind it low.</summary>
    bool IsReady { get; }

    /// <summary>A word on the state for screen and log: <c>online</c>, <c>offline</c>, <c>none</c>, <c>refused</c>.</summary>
    string Status { get; }

    /// <summary>Starts sending; only when <see cref="IsReady"/>. Never throws for the network's sake: the outcome tells.</summary>
    /// <param name="header">Names the batch for ever.</param>
    /// <param name="body">The batch as JSON; must not be changed until the outcome is there.</param>
    void Send(in BatchHeader header, ReadOnlyMemory<byte> body);

    /// <summary>The outcome of the batch that was sent, once.</summary>
    /// <param name="outcome">Set when true is returned.</param>
    bool TryTakeOutcome(out UplinkOutcome outcome);

    /// <summary>A command that came by a way of its own, beside the answers to batches.</summary>
    /// <param name="command">Set when true is returned.</param>
    bool TryTakeCommand(out TelemetryCommand command);
}

/// <summary>How the sending of a batch ended.</summary>
public enum UplinkResult
{
    /// <summary>The other side has it for good.</summary>
    Delivered,

    /// <summary>The other side will never take this batch (400, 413): it is to be dropped and counted.</summary>
    Refused,

    /// <summary>It may or may not have arrived: to be sent again with the same number.</summary>
    Failed,
}

/// <summary>The outcome of one batch.</summary>
/// <param name="Result">How it ended.</param>
/// <param name="Answer">What the other side said; null unless delivered over a way that answers.</param>
/// <param name="Reason">Why it was not delivered; empty when it was.</param>
/// <param name="RetryAfter">How long the other side asks to wait; zero when it does not say.</param>
public sealed record UplinkOutcome(UplinkResult Result, BatchAnswer? Answer, string Reason, TimeSpan RetryAfter);
