using System;
using System.Collections.Generic;
using System.Threading;
using FeatureAlignment.Device.Platform;
using FeatureAlignment.Telemetry;

namespace FeatureAlignment.Simulator.Devices;

/// <summary>
/// A real way out for a simulated device. The device's time may go thousands of times faster than the network's, so it stands still until
/// the answer is there; what the fault plan says of the network holds here too.
/// </summary>
/// <param name="inner">The real uplink.</param>
/// <param name="isDown">Whether the simulated network is down.</param>
/// <param name="arrived">Told of each batch when it has arrived for the first time.</param>
/// <param name="cancellation">Ends the wait for an answer.</param>
internal sealed class RealUplink(IUplink inner, Func<bool> isDown, Action<TelemetryBatch> arrived, CancellationToken cancellation) : IUplink
{
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(1);
    private static readonly UplinkOutcome Down = new(UplinkResult.Failed, null, "the simulated network is down", TimeSpan.Zero);
    private static readonly UplinkOutcome Stopped = new(UplinkResult.Failed, null, "stopped before the answer came", TimeSpan.Zero);

    private readonly HashSet<(int Boot, int Sequence)> known = [];
    private UplinkOutcome? outcome;

    public bool IsReady => inner.IsReady;

    public string Status => isDown() ? "offline" : inner.Status;

    /// <summary>Requests that were not answered well.</summary>
    public int Failures { get; private set; }

    /// <summary>Why the last of them was not; empty for none.</summary>
    public string LastFailure { get; private set; } = "";

    public void Send(in BatchHeader header, ReadOnlyMemory<byte> body)
    {
        outcome = isDown() ? Down : Ask(header, body);
        if (outcome.Result == UplinkResult.Delivered && known.Add((header.Boot, header.Sequence)))
        {
            arrived(BatchReader.ReadBatch(body.Span));
        }
        else if (outcome.Result != UplinkResult.Delivered && outcome != Down)
        {
            Failures++;
            LastFailure = outcome.Reason;
        }
    }

    public bool TryTakeOutcome(out UplinkOutcome taken)
    {
        taken = outcome!;
        outcome = null;
        return taken is not null;
    }

    public bool TryTakeCommand(out TelemetryCommand command) => inner.TryTakeCommand(out command);

    private UplinkOutcome Ask(in BatchHeader header, ReadOnlyMemory<byte> body)
    {
        inner.Send(header, body);
        while (!cancellation.IsCancellationRequested)
        {
            if (inner.TryTakeOutcome(out UplinkOutcome answered))
            {
                return answered;
            }

            cancellation.WaitHandle.WaitOne(Glance);
        }

        return Stopped;
    }
}
