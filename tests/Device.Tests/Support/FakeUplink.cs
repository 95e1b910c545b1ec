using System;
using System.Collections.Generic;
using FeatureAlignment.Device.Platform;
using FeatureAlignment.Telemetry;

namespace FeatureAlignment.Device.Tests.Support;

/// <summary>Keeps what it is sent, and gives the outcomes that a test puts into it.</summary>
internal sealed class FakeUplink : IUplink
{
    public List<(BatchHeader Header, byte[] Body)> Sent { get; } = new();

    public Queue<UplinkOutcome> Outcomes { get; } = new();

    public Queue<TelemetryCommand> Commands { get; } = new();

    public bool IsReady { get; set; } = true;

    public string Status => "online";

    public static UplinkOutcome Delivered(params TelemetryCommand[] commands) =>
        new(UplinkResult.Delivered, new BatchAnswer(1, 0, commands), "", TimeSpan.Zero);

    public void Send(in BatchHeader header, ReadOnlyMemory<byte> body) => Sent.Add((header, body.ToArray()));

    public bool TryTakeOutcome(out UplinkOutcome outcome) => Outcomes.TryDequeue(out outcome!);

    public bool TryTakeCommand(out TelemetryCommand command) => Commands.TryDequeue(out command!);
}
