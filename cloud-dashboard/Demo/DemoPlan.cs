using System;
using System.Collections.Generic;
using System.Linq;
using FeatureAlignment.Device.Platform;
using FeatureAlignment.Simulation.Board;
using FeatureAlignment.Simulation.Faults;

namespace FeatureAlignment.Dashboard.Demo;

/// <summary>What one board of the demo lives through. Its times count from the demo's start: before it they are negative.</summary>
internal sealed record DemoPlan
{
    /// <summary>Name of the board.</summary>
    public required string DeviceId { get; init; }

    /// <summary>Kind of board.</summary>
    public BoardModel Model { get; init; } = BoardModel.F7Feather;

    /// <summary>From one time with power to the next, in order; the last has no end.</summary>
    public required IReadOnlyList<DemoStretch> Stretches { get; init; }

    /// <summary>What goes wrong with network and sensors.</summary>
    public IReadOnlyList<Fault> Faults { get; init; } = [];

    /// <summary>What people ordered, in order of time.</summary>
    public IReadOnlyList<DemoCommand> Commands { get; init; } = [];

    /// <summary>Buttons that people pressed on the board, in order of time.</summary>
    public IReadOnlyList<DemoPress> Presses { get; init; } = [];

    /// <summary>Makes the sensors; each reads at the demo's time that the function gives.</summary>
    public Func<Func<TimeSpan>, IReadOnlyList<ISensor>> Sensors { get; init; } = static _ => [];

    /// <summary>Managed memory that the application takes; <see cref="DemoBoard"/> says what comes on top.</summary>
    public required long MemoryBytes { get; init; }

    /// <summary>What a piece of work takes the board.</summary>
    public required TimeSpan TickTime { get; init; }
}

/// <summary>A time with power and one set of settings.</summary>
/// <param name="From">When power comes.</param>
/// <param name="To">When it goes; null for never.</param>
/// <param name="Settings">The board's settings, the name of the run among them.</param>
/// <param name="Notes">What people read about the run.</param>
/// <param name="Tags">Tags of the run, with commas between.</param>
internal sealed record DemoStretch(
    TimeSpan From, TimeSpan? To, IReadOnlyList<KeyValuePair<string, string>> Settings, string Notes, string Tags)
{
    /// <summary>Name of the run.</summary>
    public string Run => Settings.Single(setting => setting.Key == "Run").Value;

    /// <summary>Whether there is a way to the dashboard; what the board has to say waits until there is.</summary>
    public bool IsConnected { get; init; } = true;
}

/// <summary>A command that somebody sent.</summary>
/// <param name="At">When.</param>
/// <param name="Name">Its name.</param>
/// <param name="Argument">Name of its argument; null for none.</param>
/// <param name="Value">Value of the argument.</param>
internal sealed record DemoCommand(TimeSpan At, string Name, string? Argument = null, double Value = 0);

/// <summary>A button that somebody pressed.</summary>
/// <param name="At">When.</param>
/// <param name="Button">Which.</param>
internal sealed record DemoPress(TimeSpan At, DeviceButton Button);
