using System;
using System.Globalization;

namespace FeatureAlignment.Simulation.Board;

/// <summary>
/// What the application holds of the managed heap, measured: the heap after a collection, less what was there before it started and less
/// what the simulation itself gained since.
/// </summary>
internal sealed class MemoryMeter
{
    private readonly SimulatedDevice device;
    private readonly long ceiling;
    private readonly long before;
    private TimeSpan next;
    private long measured;

    public MemoryMeter(SimulatedDevice device, long ceiling)
    {
        this.device = device;
        this.ceiling = ceiling;
        before = device.Options.MemoryUsed is null ? Heap() : 0;
    }

    public long Used => device.Options.MemoryUsed is { } told ? told(device.World.Now) : measured;

    public long Peak { get; private set; }

    /// <summary>Measures when it is time to.</summary>
    /// <exception cref="MemoryCeilingException">The application holds more than it may.</exception>
    public void Look(TimeSpan now)
    {
        if (now < next)
        {
            return;
        }

        next = now + device.Options.MemoryPeriod;
        if (device.Options.MemoryUsed is null)
        {
            measured = Math.Max(0, Heap() - before);
        }

        Peak = Math.Max(Peak, Used);
        if (ceiling > 0 && Used > ceiling)
        {
            throw new MemoryCeilingException(Used, ceiling);
        }
    }

    /// <summary>Measures at the next look: a start, another state.</summary>
    public void LookSoon() => next = TimeSpan.Zero;

    private long Heap() => GC.GetTotalMemory(forceFullCollection: true) - device.SimulationBytes;
}

/// <summary>The application holds more memory than its board would give it.</summary>
public sealed class MemoryCeilingException : Exception
{
    internal MemoryCeilingException(long used, long ceiling)
        : base(string.Format(
            CultureInfo.InvariantCulture,
            "The application may hold {0:N0} bytes of memory; it holds {1:N0}. Choose a smaller Memory.Budget or smaller layers.",
            ceiling, used))
    {
    }
}
