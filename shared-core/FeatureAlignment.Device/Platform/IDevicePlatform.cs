using System.Collections.Generic;
using FeatureAlignment.Checkpoints;

namespace FeatureAlignment.Device.Platform;

/// <summary>
/// The seam: everything that differs between a board, a simulated board and a test, and nothing else. The application that runs above it
/// cannot tell which it is. All members are called from the application's one thread.
/// </summary>
public interface IDevicePlatform
{
    /// <summary>What this device is.</summary>
    DeviceDescription Description { get; }

    /// <summary>The flash memory: settings, state, checkpoints, spool, data files. It wears with every byte that is written.</summary>
    IDeviceStorage Flash { get; }

    /// <summary>A card that bears many writes; null where there is none.</summary>
    IDeviceStorage? Card { get; }

    /// <summary>Time and waiting.</summary>
    IDeviceClock Clock { get; }

    /// <summary>The way out, and the way in for commands.</summary>
    IUplink Uplink { get; }

    /// <summary>The sensors, each one reading; empty where there are none.</summary>
    IReadOnlyList<ISensor> Sensors { get; }

    /// <summary>The screen; null where there is none.</summary>
    IScreen? Screen { get; }

    /// <summary>A light that shows the state from afar.</summary>
    IIndicator Indicator { get; }

    /// <summary>Buttons that were pressed.</summary>
    IButtons Buttons { get; }

    /// <summary>What the runtime and the board say about memory and temperature.</summary>
    IHealthSource Health { get; }

    /// <summary>Restarts the board when it is not fed in time.</summary>
    IWatchdog Watchdog { get; }

    /// <summary>Restarts the device: does not return on a board; elsewhere the application stops and the head starts it anew.</summary>
    void Restart();
}

/// <summary>What a device is, as it says it of itself.</summary>
/// <param name="DeviceId">Its name towards the dashboard: 1 to 64 of letters, digits, <c>-</c>, <c>_</c>, <c>.</c>, not dots
/// alone.</param>
/// <param name="Board">Model, such as <c>F7FeatherV2</c>.</param>
/// <param name="Firmware">Version of its operating system; empty where unknown.</param>
/// <param name="Application">Version of this application.</param>
/// <param name="RestartReason">Why it started: <c>power</c>, <c>watchdog</c>, <c>crash</c>, <c>command</c>, <c>update</c> or
/// <c>unknown</c>.</param>
public sealed record DeviceDescription(string DeviceId, string Board, string Firmware, string Application, string RestartReason);

/// <summary>A medium with a size.</summary>
public interface IDeviceStorage : IStorage
{
    /// <summary>Free bytes; −1 where the medium does not say.</summary>
    long FreeBytes { get; }
}
