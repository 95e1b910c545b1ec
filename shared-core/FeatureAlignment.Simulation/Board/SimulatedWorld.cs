using System;
using System.Threading;
using FeatureAlignment.Device.Platform;
using FeatureAlignment.Simulation.Faults;
using FeatureAlignment.Simulation.Storage;

namespace FeatureAlignment.Simulation.Board;

/// <summary>Time as it really is, which goes on over restarts; what happens at a time happens when it is passed.</summary>
public sealed class SimulatedWorld : IDisposable
{
    private readonly FaultPlan faults;
    private readonly Action<TimeSpan>? pace;
    private readonly CancellationTokenSource end = new();

    /// <summary>A world at time 0.</summary>
    /// <param name="startMilliseconds">Unix milliseconds of time 0.</param>
    /// <param name="duration">When it ends.</param>
    /// <param name="faults">What goes wrong, and when.</param>
    /// <param name="pace">Told before time goes on, by how much, so that a head can let real time pass; null for full speed.</param>
    public SimulatedWorld(long startMilliseconds, TimeSpan duration, FaultPlan faults, Action<TimeSpan>? pace = null)
    {
        ArgumentChecks.NotNull(faults, nameof(faults));
        StartMilliseconds = startMilliseconds;
        Duration = duration;
        this.faults = faults;
        this.pace = pace;
        NextPowerCut = faults.NextPowerCut(TimeSpan.Zero);
    }

    /// <summary>Unix milliseconds of time 0.</summary>
    public long StartMilliseconds { get; }

    /// <summary>When it ends.</summary>
    public TimeSpan Duration { get; }

    /// <summary>The time.</summary>
    public TimeSpan Now { get; private set; }

    /// <summary>When power goes next; <see cref="TimeSpan.MaxValue"/> for never.</summary>
    public TimeSpan NextPowerCut { get; private set; }

    /// <summary>Cancelled when the world has come to its end.</summary>
    public CancellationToken End => end.Token;

    /// <summary>Lets time go on.</summary>
    /// <exception cref="PowerCutException">Power goes at the time that was reached.</exception>
    public void Advance(TimeSpan duration)
    {
        pace?.Invoke(duration);
        TimeSpan target = Now + duration;
        if (target >= NextPowerCut)
        {
            Now = NextPowerCut;
            NextPowerCut = faults.NextPowerCut(Now);
            throw new PowerCutException();
        }

        Now = target;
        if (Now >= Duration)
        {
            end.Cancel();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => end.Dispose();

    /// <summary>Lets time go on without power: what would happen at a time does not.</summary>
    public void Sleep(TimeSpan duration)
    {
        Now += duration;
        while (NextPowerCut <= Now)
        {
            NextPowerCut = faults.NextPowerCut(NextPowerCut);
        }

        if (Now >= Duration)
        {
            end.Cancel();
        }
    }
}

/// <summary>The clock of a board that started at some time of the world.</summary>
internal sealed class SimulatedClock : IDeviceClock
{
    private readonly SimulatedWorld world;
    private readonly FaultPlan faults;
    private readonly TimeSpan start;

    public SimulatedClock(SimulatedWorld world, FaultPlan faults)
    {
        this.world = world;
        this.faults = faults;
        start = world.Now;
    }

    public TimeSpan Uptime => world.Now - start;

    // Without network since the start nobody has told the time.
    public long UnixMilliseconds => faults.IsClockSet(start, world.Now)
        ? world.StartMilliseconds + (long)(world.Now + faults.ClockError(world.Now)).TotalMilliseconds
        : 0;

    public void Wait(TimeSpan duration, CancellationToken stopping)
    {
        if (!stopping.IsCancellationRequested)
        {
            world.Advance(duration);
        }
    }
}
