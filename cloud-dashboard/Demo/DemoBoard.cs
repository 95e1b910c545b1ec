using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using FeatureAlignment.Checkpoints;
using FeatureAlignment.Dashboard.Devices;
using FeatureAlignment.Dashboard.Ingestion;
using FeatureAlignment.Dashboard.Storage;
using FeatureAlignment.Simulation;
using FeatureAlignment.Simulation.Faults;
using FeatureAlignment.Simulation.Storage;
using FeatureAlignment.Telemetry;
using Microsoft.Extensions.Logging;

namespace FeatureAlignment.Dashboard.Demo;

/// <summary>One board of the demo on a thread of its own: it lives as fast as it can up to now, and then in step with the clock.</summary>
internal sealed partial class DemoBoard
{
    // The board falls behind by so much and then does it all at once: waking up costs more than the work.
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(200), LongestWait = TimeSpan.FromSeconds(1);

    private readonly DemoPlan plan;
    private readonly DateTimeOffset start;
    private readonly IStorage digits;
    private readonly BatchIntake intake;
    private readonly ITelemetryStore store;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly Task turn;
    private readonly CancellationToken stopping;
    private readonly MemoryStorage flash = new(), card = new();
    private readonly Presence presence = new();
    private readonly Queue<DemoCommand> commands;
    private readonly Queue<DemoPress> presses;
    private readonly TaskCompletionSource reported = NewCompletion(), caughtUp = NewCompletion(), ended = NewCompletion();
    private int commandNumber;

    /// <summary>A board that does not live yet.</summary>
    /// <param name="plan">Its life.</param>
    /// <param name="start">The present when the demo started.</param>
    /// <param name="digits">The files to learn from.</param>
    /// <param name="intake">Takes its batches.</param>
    /// <param name="store">Takes the rest.</param>
    /// <param name="time">The clock that it falls in step with.</param>
    /// <param name="logger">Told how it ended, if it should not have.</param>
    /// <param name="turn">What its first report waits for.</param>
    /// <param name="stopping">Ends its life.</param>
    public DemoBoard(
        DemoPlan plan, DateTimeOffset start, IStorage digits, BatchIntake intake, ITelemetryStore store, TimeProvider time, ILogger logger,
        Task turn, CancellationToken stopping)
    {
        this.plan = plan;
        this.start = start;
        this.digits = digits;
        this.intake = intake;
        this.store = store;
        this.time = time;
        this.logger = logger;
        this.turn = turn;
        this.stopping = stopping;
        commands = new Queue<DemoCommand>(plan.Commands);
        presses = new Queue<DemoPress>(plan.Presses);
        presence.Look([], start + plan.Stretches[0].From);
    }

    /// <summary>Ends when the dashboard knows the board, or the board has ended.</summary>
    public Task Reported => reported.Task;

    /// <summary>Ends when the board has lived up to now, or has ended.</summary>
    public Task CaughtUp => caughtUp.Task;

    /// <summary>Ends with the board.</summary>
    public Task Ended => ended.Task;

    public void Start() => new Thread(Live) { IsBackground = true, Name = "demo " + plan.DeviceId }.Start();

    private static TaskCompletionSource NewCompletion() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Live()
    {
        try
        {
            foreach (DemoStretch stretch in plan.Stretches.TakeWhile(_ => !stopping.IsCancellationRequested))
            {
                Live(stretch);
            }
        }
        catch (Exception e)
        {
            // The others live on, and so does the dashboard.
            LogEnd(plan.DeviceId, e);
        }
        finally
        {
            reported.TrySetResult();
            caughtUp.TrySetResult();
            ended.TrySetResult();
        }
    }

    private void Live(DemoStretch stretch)
    {
        SimulatedDevice? device = null;
        DateTimeOffset from = start + stretch.From;
        DateTimeOffset Now() => from + (device?.World.Now ?? TimeSpan.Zero);
        FaultPlan faults = new FaultPlan(plan.Faults).After(stretch.From);
        using var uplink = new DemoUplink(
            plan.DeviceId, intake, store, Now,
            () => !stretch.IsConnected || faults.IsPresent(FaultKind.NoNetwork, device!.World.Now), Sending, Delivered);
        using SimulatedDevice one = device = new SimulatedDevice(
            new SimulatedDeviceOptions
            {
                DeviceId = plan.DeviceId,
                Model = plan.Model,
                Settings = stretch.Settings,
                Faults = faults,
                Duration = (stretch.To ?? TimeSpan.FromDays(3_650)) - stretch.From,
                StartMilliseconds = from.ToUnixTimeMilliseconds(),
                Sensors = world => plan.Sensors(() => stretch.From + world()),
                Data = digits,
                FlashMedium = flash,
                CardMedium = card,
                Uplink = uplink,
                TickTime = plan.TickTime,
                MemoryUsed = MemoryUsed,
                Pace = passed =>
                {
                    PressButtons(device!, Now());
                    WaitFor(Now() + passed);
                },
            });
        uplink.Connect();
        device.Run(stopping);
    }

    // Garbage that grows until the next collection.
    private long MemoryUsed(TimeSpan uptime) => plan.MemoryBytes + ((long)uptime.TotalSeconds * 331 % (24 << 10));

    private void PressButtons(SimulatedDevice device, DateTimeOffset now)
    {
        while (presses.TryPeek(out DemoPress? due) && start + due.At <= now)
        {
            device.Buttons.Enqueue(presses.Dequeue().Button);
        }
    }

    private void WaitFor(DateTimeOffset moment)
    {
        TimeSpan ahead = moment - time.GetUtcNow();
        if (ahead <= TimeSpan.Zero)
        {
            return;
        }

        CatchUp();
        while (ahead > TimeSpan.Zero)
        {
            TimeSpan wait = ahead < ShortestWait ? ShortestWait : ahead > LongestWait ? LongestWait : ahead;
            if (stopping.WaitHandle.WaitOne(wait))
            {
                return;
            }

            ahead = moment - time.GetUtcNow();
        }
    }

    /// <summary>From now on the connection log is for <see cref="PresenceWatch"/>, which starts when all boards are here.</summary>
    private void CatchUp()
    {
        if (!CaughtUp.IsCompleted)
        {
            LookAt(time.GetUtcNow());
            caughtUp.TrySetResult();
        }
    }

    private void Sending(DateTimeOffset now)
    {
        if (!reported.Task.IsCompleted)
        {
            // One after the other becomes known: boards and runs have the same numbers in every demo.
            Await(turn);
            return;
        }

        if (!CaughtUp.IsCompleted)
        {
            LookAt(now);
        }

        while (commands.TryPeek(out DemoCommand? due) && start + due.At <= now)
        {
            commands.Dequeue();
            var arguments = new TelemetryFields();
            if (due.Argument is not null)
            {
                arguments.Add(due.Argument, due.Value);
            }

            string id = FormattableString.Invariant($"demo-{++commandNumber}");
            Await(store.AddCommandAsync(
                plan.DeviceId, new TelemetryCommand(id, due.Name, arguments), (start + due.At).ToUnixTimeMilliseconds()));
        }
    }

    private void Delivered(DateTimeOffset now)
    {
        reported.TrySetResult();
        if (!CaughtUp.IsCompleted)
        {
            LookAt(now);
        }
    }

    /// <summary>What <see cref="PresenceWatch"/> would have written at that time.</summary>
    private void LookAt(DateTimeOffset now)
    {
        DeviceRecord? device = store.FindDeviceAsync(plan.DeviceId).GetAwaiter().GetResult();
        foreach (ConnectionRecord line in presence.Look(device is null ? [] : [device], now))
        {
            Await(store.AddConnectionAsync(line));
        }
    }

    // On a thread that has nothing else to do.
    private static void Await(Task task) => task.GetAwaiter().GetResult();

    [LoggerMessage(EventId = 400, Level = LogLevel.Error, Message = "Demo board {DeviceId} has ended.")]
    private partial void LogEnd(string deviceId, Exception exception);
}
