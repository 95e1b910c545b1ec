using System;
using System.Collections.Generic;
using FeatureAlignment.Checkpoints;
using FeatureAlignment.Device.Platform;
using FeatureAlignment.Kernels;
using FeatureAlignment.Simulation.Board;
using FeatureAlignment.Simulation.Faults;

namespace FeatureAlignment.Simulation;

/// <summary>What is simulated.</summary>
public sealed record SimulatedDeviceOptions
{
    /// <summary>Name of the device.</summary>
    public string DeviceId { get; init; } = "simulated";

    /// <summary>Kind of board.</summary>
    public BoardModel Model { get; init; } = BoardModel.F7Feather;

    /// <summary>The device's settings, as on a board.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Settings { get; init; } = Array.Empty<KeyValuePair<string, string>>();

    /// <summary>What goes wrong.</summary>
    public FaultPlan Faults { get; init; } = FaultPlan.None;

    /// <summary>Seed of everything that is random outside the application.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>How long the device lives, in its own time.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Unix milliseconds at the beginning; the default is the first of January 2026.</summary>
    public long StartMilliseconds { get; init; } = 1_767_225_600_000;

    /// <summary>Makes the sensors of a start; each reads at the time that the function gives. Default: none.</summary>
    public Func<Func<TimeSpan>, IReadOnlyList<ISensor>> Sensors { get; init; } = static _ => Array.Empty<ISensor>();

    /// <summary>Files that are readable on the board's storage beside what it wrote itself; null for none.</summary>
    public IStorage? Data { get; init; }

    /// <summary>Where the flash's files are; null for memory.</summary>
    public IStorage? FlashMedium { get; init; }

    /// <summary>Where the card's files are; null for memory.</summary>
    public IStorage? CardMedium { get; init; }

    /// <summary>A real way out instead of the simulated network; null for that.</summary>
    public IUplink? Uplink { get; init; }

    /// <summary>True when the simulated network loses requests and answers even while there is one.</summary>
    public bool IsNetworkUnreliable { get; init; }

    /// <summary>The screen; null for none.</summary>
    public IScreen? Screen { get; init; }

    /// <summary>The arithmetic; scalar gives a board's bits.</summary>
    public KernelSet Kernels { get; init; } = KernelSet.Best;

    /// <summary>Told before simulated time goes on, by how much, so that a head can let real time pass; null for full speed.</summary>
    public Action<TimeSpan>? Pace { get; init; }

    /// <summary>What a piece of work takes: a step of training, a block of rows, a look at the clock.</summary>
    public TimeSpan TickTime { get; init; } = TimeSpan.FromMilliseconds(2);

    /// <summary>Managed bytes that the application may hold, files in simulated memory aside; more ends the life. 0: no ceiling.</summary>
    public long MemoryCeilingBytes { get; init; }

    /// <summary>
    /// Time between two looks at the memory, beside those at a start and when the light changes: each is a whole collection of garbage.
    /// </summary>
    public TimeSpan MemoryPeriod { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>
    /// What the board says of its memory at a time, in bytes; null measures it. Where other work shares the process, as other devices do,
    /// a measurement would be of all together.
    /// </summary>
    public Func<TimeSpan, long>? MemoryUsed { get; init; }
}
