using System.Collections.Generic;

namespace FeatureAlignment.Telemetry;

/// <summary>Kinds of events. New kinds are allowed; what is here means the same for everybody.</summary>
public static class EventKinds
{
    /// <summary>The network was tested: accuracy, confusion row by row.</summary>
    public const string Evaluation = "evaluation";

    /// <summary>A run began.</summary>
    public const string RunStarted = "run_started";

    /// <summary>A run came to its end.</summary>
    public const string RunFinished = "run_finished";

    /// <summary>A layer finished learning.</summary>
    public const string LayerFinished = "layer_finished";

    /// <summary>State was saved.</summary>
    public const string CheckpointWritten = "checkpoint_written";

    /// <summary>A damaged state was passed over for the one before it.</summary>
    public const string CheckpointRecovered = "checkpoint_recovered";

    /// <summary>Learning goes on from a saved state or after a pause.</summary>
    public const string Resumed = "resumed";

    /// <summary>Learning stopped for now.</summary>
    public const string Paused = "paused";

    /// <summary>An anomaly began.</summary>
    public const string AnomalyStart = "anomaly_start";

    /// <summary>An anomaly ended.</summary>
    public const string AnomalyEnd = "anomaly_end";

    /// <summary>A sensor gives nothing that can be used.</summary>
    public const string SensorLost = "sensor_lost";

    /// <summary>A lost sensor works again.</summary>
    public const string SensorBack = "sensor_back";

    /// <summary>A loss was NaN or infinite; sent in place of the value.</summary>
    public const string NonFiniteLoss = "non_finite_loss";

    /// <summary>A command was carried out.</summary>
    public const string CommandDone = "command_done";

    /// <summary>A command was not carried out.</summary>
    public const string CommandRefused = "command_refused";

    /// <summary>The board measured itself.</summary>
    public const string Benchmark = "benchmark";

    /// <summary>The application started, and why.</summary>
    public const string Restarted = "restarted";

    /// <summary>Settings are wrong and were not taken.</summary>
    public const string SettingsRefused = "settings_refused";

    /// <summary>All kinds of the schema.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        Evaluation, RunStarted, RunFinished, LayerFinished, CheckpointWritten, CheckpointRecovered,
        Resumed, Paused, AnomalyStart, AnomalyEnd, SensorLost, SensorBack,
        NonFiniteLoss, CommandDone, CommandRefused, Benchmark, Restarted, SettingsRefused,
    ];
}
