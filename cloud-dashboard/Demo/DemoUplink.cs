using System;
using System.Collections.Generic;
using FeatureAlignment.Dashboard.Ingestion;
using FeatureAlignment.Dashboard.Storage;
using FeatureAlignment.Device.Platform;
using FeatureAlignment.Telemetry;

namespace FeatureAlignment.Dashboard.Demo;

/// <summary>
/// The way from a demo board to the dashboard in the same process: the batch door without HTTP. The board's time stands still until the
/// answer is there, and a batch has come when the board sent it. The door's rates hold for wall-clock seconds, and so not here.
/// </summary>
/// <param name="deviceId">The board.</param>
/// <param name="intake">Takes batches.</param>
/// <param name="store">Has the commands.</param>
/// <param name="now">The board's time.</param>
/// <param name="isDown">Whether the board has no network.</param>
/// <param name="sending">Told the time before a batch goes.</param>
/// <param name="delivered">Told the time when a batch has come.</param>
internal sealed class DemoUplink(
    string deviceId, BatchIntake intake, ITelemetryStore store, Func<DateTimeOffset> now, Func<bool> isDown, Action<DateTimeOffset> sending,
    Action<DateTimeOffset> delivered) : IUplink, IDisposable
{
    private static readonly UplinkOutcome Down = new(UplinkResult.Failed, null, "no network", TimeSpan.Zero);

    private readonly Queue<TelemetryCommand> commands = new();
    private UplinkOutcome? outcome;
    private volatile bool mayHaveCommands;

    public bool IsReady => outcome is null;

    public string Status => isDown() ? "offline" : "online";

    /// <summary>From now on a new command reaches the board before its next batch.</summary>
    public void Connect() => store.CommandAdded += Notice;

    public void Send(in BatchHeader header, ReadOnlyMemory<byte> body)
    {
        if (isDown())
        {
            outcome = Down;
            return;
        }

        DateTimeOffset time = now();
        sending(time);
        outcome = Deliver(header, body.ToArray(), time);
        if (outcome.Result == UplinkResult.Delivered)
        {
            delivered(time);
        }
    }

    public bool TryTakeOutcome(out UplinkOutcome taken)
    {
        taken = outcome!;
        outcome = null;
        return taken is not null;
    }

    public bool TryTakeCommand(out TelemetryCommand command)
    {
        if (mayHaveCommands && !isDown())
        {
            mayHaveCommands = false;
            foreach (TelemetryCommand one in store.TakeCommandsAsync(deviceId, now().ToUnixTimeMilliseconds()).GetAwaiter().GetResult())
            {
                commands.Enqueue(one);
            }
        }

        return commands.TryDequeue(out command!);
    }

    public void Dispose() => store.CommandAdded -= Notice;

    private UplinkOutcome Deliver(BatchHeader header, byte[] body, DateTimeOffset time)
    {
        try
        {
            BatchAnswer answer = intake.TakeAsync(header, body, time.ToUnixTimeMilliseconds()).GetAwaiter().GetResult();
            return new UplinkOutcome(UplinkResult.Delivered, answer, "", TimeSpan.Zero);
        }
        catch (DoorRefusedException e)
        {
            bool isForEver = e.RetryAfter is null;
            UplinkResult result = isForEver ? UplinkResult.Refused : UplinkResult.Failed;
            return new UplinkOutcome(result, null, e.Message, e.RetryAfter ?? TimeSpan.Zero);
        }
    }

    private void Notice(string device) => mayHaveCommands |= device == deviceId;
}
