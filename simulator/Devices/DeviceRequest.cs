using System;
using FeatureAlignment.Simulation.Board;
using FeatureAlignment.Simulator.Training;

namespace FeatureAlignment.Simulator.Devices;

/// <summary>A call of <c>device</c> that has passed every check that needs no file.</summary>
internal sealed record DeviceRequest
{
    /// <summary>Word for the machine of the generator.</summary>
    public const string Sensors = "sensors";

    /// <summary>Word for no uplink: the network takes everything, and nobody keeps it.</summary>
    public const string NoUplink = "none";

    /// <summary>Word for batches in a file of the folder.</summary>
    public const string FileUplink = "file";

    /// <summary>The device's name unless one is given.</summary>
    public const string Simulated = "simulated";

    /// <summary>File of settings; null for those of the folder, or the defaults of the source.</summary>
    public string? SettingsFile { get; init; }

    public BoardModel Board { get; init; } = BoardModel.F7Feather;

    /// <summary>Bytes that the whole application may hold; null for the board's heap.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>Longest life; null for the source's own.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>Simulated seconds in a second; null for as fast as possible.</summary>
    public double? Speed { get; init; }

    /// <summary><see cref="Sensors"/>, the name of a published data set, or a .csv file.</summary>
    public string Source { get; init; } = Sensors;

    /// <summary>Folder with IDX files; null for the data set's usual places.</summary>
    public string? Data { get; init; }

    /// <summary>Training samples used, from the first; null for all.</summary>
    public int? Limit { get; init; }

    /// <summary>A plan's name or file; null for none.</summary>
    public string? Faults { get; init; }

    /// <summary><see cref="NoUplink"/>, <see cref="FileUplink"/> or an address.</summary>
    public string Uplink { get; init; } = NoUplink;

    /// <summary>The device's key at a dashboard.</summary>
    public string Key { get; init; } = "";

    /// <summary>Name of the device towards a dashboard.</summary>
    public string DeviceId { get; init; } = Simulated;

    /// <summary>Of sensors, faults and network; null for that of the folder, or 1.</summary>
    public ulong? Seed { get; init; }

    public KernelForm Kernels { get; init; } = KernelForm.Scalar;

    /// <summary>Where to draw the screen; null for no screen.</summary>
    public string? PictureFile { get; init; }

    /// <summary>Where to write the result; null for nowhere.</summary>
    public string? JsonFile { get; init; }

    public required DeviceFolder Folder { get; init; }

    public bool IsFiles => Source != Sensors && !CsvPath.IsCsv(Source);
}
