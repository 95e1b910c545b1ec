using System;
using FeatureAlignment.Device.Platform;
using FeatureAlignment.Telemetry;

namespace FeatureAlignment.Device.Uplink;

/// <summary>No uplink: never ready, so that batches stay in the spool until its oldest ones make room for new ones.</summary>
public sealed class NoUplink : IUplink
{
    /// <inheritdoc/>
    public bool IsReady => false;

    /// <inheritdoc/>
    public string Status => "none";

    /// <summary>Refuses: it is never ready.</summary>
    /// <param name="header">Not looked at.</param>
    /// <param name="body">Not looked at.</param>
    /// <exception cref="InvalidOperationException">Always.</exception>
    public void Send(in BatchHeader header, ReadOnlyMemory<byte> body) =>
        throw new InvalidOperationException("An uplink must be ready when a batch is sent; this device has none. Look at IsReady first.");

    /// <inheritdoc/>
    public bool TryTakeOutcome(out UplinkOutcome outcome)
    {
        outcome = null!;
        return false;
    }

    /// <inheritdoc/>
    public bool TryTakeCommand(out TelemetryCommand command)
    {
        command = null!;
        return false;
    }
}
