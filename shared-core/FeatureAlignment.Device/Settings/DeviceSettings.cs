using System;
using System.Collections.Generic;
using FeatureAlignment.Training;

namespace FeatureAlignment.Device.Settings;

/// <summary>What the device learns for.</summary>
public enum LearningGoal
{
    /// <summary>To tell when its sensors show something that it has not seen.</summary>
    Anomaly,

    /// <summary>To name the class of a sample.</summary>
    Classification,

    /// <summary>To reconstruct its input.</summary>
    Reconstruction,
}

/// <summary>Where samples come from.</summary>
public enum SampleOrigin
{
    /// <summary>Windows of the sensors' readings.</summary>
    Sensors,

    /// <summary>IDX files in storage, read in place.</summary>
    Files,
}

/// <summary>Where the layers' weights are while they learn.</summary>
public enum LayerPlacement
{
    /// <summary>The first of the three below that fits the memory budget.</summary>
    Auto,

    /// <summary>All layers in memory, learning interleaved.</summary>
    Resident,

    /// <summary>The layer in training in memory, finished ones in storage.</summary>
    Paged,

    /// <summary>Of the layer in training a block of rows in memory: for a card, not for flash.</summary>
    RowStreamed,
}

/// <summary>
/// All settings of a device. Immutable and complete; <see cref="SettingDefinitions"/> says of each its key, meaning, range and default.
/// </summary>
public sealed record DeviceSettings
{
    /// <summary>Name of the run in telemetry; a new name starts anew.</summary>
    public string Run { get; init; } = "run-1";

    /// <summary>What the device learns for.</summary>
    public LearningGoal Goal { get; init; }

    /// <summary>Where samples come from.</summary>
    public SampleOrigin Source { get; init; }

    /// <summary>Settings of the training; its epochs, batch and schedule hold for files. The placement decides on the schedule.</summary>
    public TrainingOptions Training { get; init; } = new();

    /// <summary>Classes of the sensors' windows, which a person names by labels; 0 for none, and with files.</summary>
    public int Classes { get; init; }

    /// <summary>Where the weights are.</summary>
    public LayerPlacement Placement { get; init; }

    /// <summary>Managed bytes that training may hold.</summary>
    public long MemoryBudgetBytes { get; init; }

    /// <summary>With a stream of samples: samples after which a layer is finished; 0 for no such end.</summary>
    public int SamplesPerLayer { get; init; }

    /// <summary>Share by which the loss must fall within a period for the layer to go on learning; 0 for no such end.</summary>
    public float LeastImprovement { get; init; }

    /// <summary>Names of the IDX files; the test images' may be empty.</summary>
    public DataFileNames Files { get; init; } = new("", "", "", "");

    /// <summary>True when data files, checkpoints and rows are on the card rather than in flash.</summary>
    public bool UseCard { get; init; }

    /// <summary>Time between checkpoints.</summary>
    public TimeSpan CheckpointPeriod { get; init; }

    /// <summary>Bytes a day that may be written to flash; what goes beyond waits.</summary>
    public long DailyWriteBytes { get; init; }

    /// <summary>Bytes that a training whose rows are in storage may write to the card in the whole run.</summary>
    public long RowWearBytes { get; init; }

    /// <summary>Bytes of telemetry that are kept while they cannot be sent.</summary>
    public long SpoolBytes { get; init; }

    /// <summary>Names of the sensors to use; empty for all.</summary>
    public IReadOnlyList<string> SensorNames { get; init; } = Array.Empty<string>();

    /// <summary>Time between two readings of the sensors.</summary>
    public TimeSpan SensorPeriod { get; init; }

    /// <summary>Readings of each sensor in a window.</summary>
    public int WindowReadings { get; init; }

    /// <summary>Readings that a window shares with the one before it.</summary>
    public int OverlapReadings { get; init; }

    /// <summary>Equal readings in a row after which a sensor counts as stuck.</summary>
    public int StuckReadings { get; init; }

    /// <summary>Windows that are kept to be learned again; 0 keeps none.</summary>
    public int ReplayWindows { get; init; }

    /// <summary>Kept windows that are learned with each new one.</summary>
    public int ReplayPerWindow { get; init; }

    /// <summary>Time of learning before alarms are raised.</summary>
    public TimeSpan LearnFor { get; init; }

    /// <summary>Share of normal windows that may be above the threshold.</summary>
    public float FalseAlarmRate { get; init; }

    /// <summary>Factor on the threshold for an alarm.</summary>
    public float AlarmMargin { get; init; }

    /// <summary>Windows above the threshold, of the last <see cref="AlarmOf"/>, that make an alarm.</summary>
    public int AlarmWindows { get; init; }

    /// <summary>Windows that are looked at for an alarm.</summary>
    public int AlarmOf { get; init; }

    /// <summary>Time after which what was learned of the normal counts half.</summary>
    public TimeSpan HalfLife { get; init; }

    /// <summary>Time between two reports of the ordinary figures.</summary>
    public TimeSpan ReportPeriod { get; init; }

    /// <summary>Time between two pictures of a reconstruction; zero for none.</summary>
    public TimeSpan ImagePeriod { get; init; }

    /// <summary>Time between two drawings of the screen.</summary>
    public TimeSpan ScreenPeriod { get; init; }

    /// <summary>True when the device measures itself at its first start.</summary>
    public bool BenchmarkAtFirstStart { get; init; }

    /// <summary>Where telemetry goes: <c>none</c>, <c>meadow-cloud</c>, or the address of a dashboard.</summary>
    public string Uplink { get; init; } = "none";

    /// <summary>The device's key for a dashboard; empty for none. Never reported.</summary>
    public string UplinkKey { get; init; } = "";
}

/// <summary>Names of the four IDX files.</summary>
/// <param name="TrainingImages">Images to learn from.</param>
/// <param name="TrainingLabels">Their labels.</param>
/// <param name="TestImages">Images to evaluate with; empty for none.</param>
/// <param name="TestLabels">Their labels.</param>
public sealed record DataFileNames(string TrainingImages, string TrainingLabels, string TestImages, string TestLabels);
