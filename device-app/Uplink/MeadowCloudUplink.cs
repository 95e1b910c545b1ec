using System;
using System.Collections.Generic;
using System.Linq;
using FeatureAlignment.Device.Platform;
using FeatureAlignment.Telemetry;
using FeatureAlignment.Telemetry.MeadowCloud;
using Meadow;
using Meadow.Cloud;

namespace FeatureAlignment.DeviceApp.Uplink;

/// <summary>
/// Sends batches as events through Meadow's own cloud service. Its queue holds 30 items in memory, drops the oldest, and posts one every
/// 5 s: so a batch's events go in one at a time, as slowly as they come out, and a batch counts as delivered when the queue has been seen
/// empty after the last of them. Whatever is lost before that is sent again from the application's spool; the other side knows it by its
/// number.
/// </summary>
/// <remarks>Works in small steps on the application's thread, in <see cref="TryTakeOutcome"/>; nothing here waits.</remarks>
internal sealed class MeadowCloudUplink : IUplink
{
    private const int QueueCapacity = 30;
    private const int LowQueue = 4;

    // Twelve a minute is what the service itself sends.
    private static readonly TimeSpan Spacing = TimeSpan.FromSeconds(5);

    private readonly IMeadowCloudService cloud;
    private readonly MeadowCloudCommands commands;
    private readonly IDeviceClock clock;
    private IReadOnlyList<MeadowCloudEvent>? parts;
    private int handedOver;
    private TimeSpan nextAt;
    private UplinkOutcome? outcome;

    public MeadowCloudUplink(IMeadowCloudService cloud, MeadowCloudCommands commands, IDeviceClock clock)
    {
        this.cloud = cloud;
        this.commands = commands;
        this.clock = clock;
    }

    /// <inheritdoc/>
    public bool IsReady => parts is null && outcome is null && IsConnected && cloud.QueueCount <= LowQueue;

    /// <inheritdoc/>
    public string Status => IsConnected ? "online" : "offline";

    private bool IsConnected => cloud.IsEnabled && cloud.ConnectionState == CloudConnectionState.Connected;

    /// <inheritdoc/>
    public void Send(in BatchHeader header, ReadOnlyMemory<byte> body)
    {
        if (parts is not null || outcome is not null)
        {
            throw new InvalidOperationException(
                "A batch is sent when none is under way; one is, or its outcome was not taken. Look at IsReady first.");
        }

        try
        {
            parts = MeadowCloudEvents.Encode(header, BatchReader.ReadBatch(body.Span));
            handedOver = 0;
            HandOver();
        }
        catch (TelemetryFormatException e)
        {
            End(UplinkResult.Refused, "not a batch: " + e.Message);
        }
    }

    /// <inheritdoc/>
    public bool TryTakeOutcome(out UplinkOutcome outcome)
    {
        if (parts is not null)
        {
            HandOver();
        }

        outcome = this.outcome!;
        this.outcome = null;
        return outcome is not null;
    }

    /// <inheritdoc/>
    public bool TryTakeCommand(out TelemetryCommand command) => commands.TryTake(out command);

    private void HandOver()
    {
        int queued = cloud.QueueCount;
        if (handedOver > 0 && queued >= QueueCapacity)
        {
            End(UplinkResult.Failed, "Meadow's queue is full; it may have dropped events of this batch");
        }
        else if (handedOver == parts!.Count)
        {
            if (queued == 0)
            {
                End(UplinkResult.Delivered, "");
            }
        }
        else if (IsConnected && queued <= LowQueue && clock.Uptime >= nextAt)
        {
            // Only queues the event; the task is complete when it returns.
            _ = cloud.SendEvent(CloudEventOf(parts[handedOver]));
            handedOver++;
            nextAt = clock.Uptime + Spacing;
        }
    }

    private void End(UplinkResult result, string reason)
    {
        parts = null;
        outcome = new UplinkOutcome(result, null, reason, TimeSpan.Zero);
    }

    private static CloudEvent CloudEventOf(MeadowCloudEvent part) => new()
    {
        EventId = part.EventId,
        Description = part.Description,
        Timestamp = DateTimeOffset.FromUnixTimeMilliseconds(part.TimeMilliseconds),
        Measurements = part.Measurements.ToDictionary(field => field.Key, field => field.Value.ToObject()),
    };
}
