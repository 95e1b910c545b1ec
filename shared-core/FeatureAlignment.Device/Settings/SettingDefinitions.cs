using System;
using System.Collections.Generic;
using FeatureAlignment.Layers;
using FeatureAlignment.Optimizers;
using FeatureAlignment.Training;

namespace FeatureAlignment.Device.Settings;

/// <summary>Every setting. The defaults learn the normal of a handful of sensors; docs/device-settings.md is this table in words.</summary>
public static class SettingDefinitions
{
    /// <summary>The key of the one setting that is never shown or sent.</summary>
    public const string SecretKey = "Report.Key";

    /// <summary>Most classes that a person may name by labels.</summary>
    public const int MostClasses = 64;

    private static readonly TimeSpan Millisecond = TimeSpan.FromTicks(TimeSpan.TicksPerMillisecond);
    private static readonly TimeSpan Year = TimeSpan.FromDays(365);

    /// <summary>The settings in the order of the documentation.</summary>
    public static IReadOnlyList<SettingDefinition> All { get; } = new SettingDefinition[]
    {
        new("Run", "run-1", "1 to 64 of letters, digits, - _ .", "Name of the run in telemetry; a new name starts anew.",
            (s, t) => s with { Run = SettingTexts.Name(t) }),
        new("Goal", "anomaly", "anomaly, classification or reconstruction", "What the device learns for.",
            (s, t) => s with { Goal = (LearningGoal)SettingTexts.Choice(t, "anomaly", "classification", "reconstruction") }),
        new("Source", "sensors", "sensors or files", "Where samples come from.",
            (s, t) => s with { Source = (SampleOrigin)SettingTexts.Choice(t, "sensors", "files") }),

        new("Files.TrainingImages", "train-images-idx3-ubyte", "a file name", "IDX file to learn from.",
            (s, t) => s with { Files = s.Files with { TrainingImages = SettingTexts.Name(t) } }),
        new("Files.TrainingLabels", "train-labels-idx1-ubyte", "a file name", "Labels of the training images.",
            (s, t) => s with { Files = s.Files with { TrainingLabels = SettingTexts.Name(t) } }),
        new("Files.TestImages", "t10k-images-idx3-ubyte", "a file name, or nothing",
            "IDX file to evaluate with; nothing evaluates nothing.",
            (s, t) => s with { Files = s.Files with { TestImages = SettingTexts.Name(t, mayBeEmpty: true) } }),
        new("Files.TestLabels", "t10k-labels-idx1-ubyte", "a file name", "Labels of the test images.",
            (s, t) => s with { Files = s.Files with { TestLabels = SettingTexts.Name(t) } }),

        new("Network.Layers", "32,12", "widths of 1 or more, such as 256,128", "Width of each layer, first to last.",
            (s, t) => s with { Training = s.Training with { Layers = SettingTexts.Widths(t) } }),
        new("Network.Classes", "0", "0, or 2 to 64", "Classes of the sensors' windows, for classification: the command label names them.",
            (s, t) => s with { Classes = SettingTexts.Int(t, 0, MostClasses) is var k && k != 1 ? k : throw new FormatException() }),
        new("Network.Activation", "tanh", "identity, relu, leakyRelu, tanh, sigmoid, asinh or softplus", "Function of the layers.",
            (s, t) => s with
            {
                Training = s.Training with
                {
                    Activation = (Activation)SettingTexts.Choice(
                        t, "identity", "relu", "leakyRelu", "tanh", "sigmoid", "asinh", "softplus"),
                },
            }),
        new("Network.Seed", "1", "a whole number", "Seed of everything random.",
            (s, t) => s with { Training = s.Training with { Seed = SettingTexts.ULong(t) } }),

        new("Training.Labels", "none", "none or completed", "Whether layers complete labels: completed for classification.",
            (s, t) => s with
            {
                Training = s.Training with
                {
                    Labels = SettingTexts.Choice(t, "none", "completed") == 0 ? LabelMode.None : LabelMode.Completed,
                },
            }),
        new("Training.Epochs", "1", "1 to 1000000", "Passes over the files.",
            (s, t) => s with { Training = s.Training with { Epochs = SettingTexts.Int(t, 1, TrainingOptions.LargestEpochCount) } }),
        new("Training.Batch", "1", "1 to 4096", "Samples a step.",
            (s, t) => s with { Training = s.Training with { Batch = SettingTexts.Int(t, 1, 4096) } }),
        new("Training.Optimizer", "adam", "sgd, momentum or adam", "What turns a gradient into a change; sgd needs no memory of its own.",
            (s, t) => s with
            {
                Training = s.Training with { Optimizer = (OptimizerKind)SettingTexts.Choice(t, "sgd", "momentum", "adam") },
            }),
        new("Training.LearningRate", "0.0005", "above 0, at most 10", "Learning rate of the first step.",
            (s, t) => s with
            {
                Training = s.Training with
                {
                    LearningRate = new LearningRateSchedule(
                        SettingTexts.Float(t, 1e-9f, 10), s.Training.LearningRate.Decay, s.Training.LearningRate.Floor),
                },
            }),
        new("Training.Decay", "constant", "constant, linear or cosine", "How the learning rate falls over a run.",
            (s, t) => s with
            {
                Training = s.Training with
                {
                    LearningRate = new LearningRateSchedule(
                        s.Training.LearningRate.InitialRate, (LearningRateDecay)SettingTexts.Choice(t, "constant", "linear", "cosine"),
                        s.Training.LearningRate.Floor),
                },
            }),
        new("Training.LearningRateFloor", "0", "0 to 10, at most the learning rate", "Rate below which it never falls.",
            (s, t) => s with
            {
                Training = s.Training with
                {
                    LearningRate = new LearningRateSchedule(
                        s.Training.LearningRate.InitialRate, s.Training.LearningRate.Decay, SettingTexts.Float(t, 0, 10)),
                },
            }),
        new("Training.AlignmentWeight", "1", "0 to 1000", "Weight of the alignment loss.",
            (s, t) => s with
            {
                Training = s.Training with { Alignment = s.Training.Alignment with { AlignmentWeight = SettingTexts.Float(t, 0, 1000) } },
            }),
        new("Training.LabelWeight", "1", "0 to 1000", "Weight of the label loss.",
            (s, t) => s with
            {
                Training = s.Training with { Alignment = s.Training.Alignment with { LabelWeight = SettingTexts.Float(t, 0, 1000) } },
            }),
        new("Training.DropPixels", "0", "0 to 0.95", "Share of the inputs that are dropped on the way in.",
            (s, t) => s with { Training = s.Training with { DropPixels = SettingTexts.Float(t, 0, 0.95f) } }),
        new("Training.InitialWeights", "orthogonal", "orthogonal or he", "How weights start; rows in storage need he.",
            (s, t) => s with
            {
                Training = s.Training with { InitialWeights = (InitialWeights)SettingTexts.Choice(t, "orthogonal", "he") },
            }),
        new("Training.Placement", "auto", "auto, resident, paged or rows",
            "Where weights are while they learn; auto takes the first that fits.",
            (s, t) => s with { Placement = (LayerPlacement)SettingTexts.Choice(t, "auto", "resident", "paged", "rows") }),
        new("Training.SamplesPerLayer", "0", "0 to 1000000000", "Samples of a stream after which a layer is finished; 0: no such end.",
            (s, t) => s with { SamplesPerLayer = SettingTexts.Int(t, 0, 1_000_000_000) }),
        new("Training.LeastImprovement", "0", "0 to 1",
            "A layer is finished when its loss falls by less than this share in a thousand samples; 0: no such end.",
            (s, t) => s with { LeastImprovement = SettingTexts.Float(t, 0, 1) }),

        new("Memory.Budget", "3MB", "64KB to 1GB", "Managed memory that training may hold.",
            (s, t) => s with { MemoryBudgetBytes = SettingTexts.Size(t, 64 << 10, 1 << 30) }),

        new("Storage.UseCard", "false", "true or false", "Data files, checkpoints and rows on the card rather than in flash.",
            (s, t) => s with { UseCard = SettingTexts.Bool(t) }),
        new("Storage.CheckpointPeriod", "5m", "1s to 7d", "Time between checkpoints: what a power cut may cost.",
            (s, t) => s with { CheckpointPeriod = SettingTexts.Duration(t, TimeSpan.FromSeconds(1), TimeSpan.FromDays(7)) }),
        new("Storage.DailyWrites", "64MB", "64KB to 1GB", "Bytes a day that may be written to flash; checkpoints beyond it wait.",
            (s, t) => s with { DailyWriteBytes = SettingTexts.Size(t, 64 << 10, 1 << 30) }),
        new("Storage.RowWear", "0B", "0B to 1024GB", "Bytes that training from storage may write to the card in a run.",
            (s, t) => s with { RowWearBytes = SettingTexts.Size(t, 0, 1L << 40) }),
        new("Storage.Spool", "256KB", "32KB to 64MB", "Telemetry that is kept while it cannot be sent.",
            (s, t) => s with { SpoolBytes = SettingTexts.Size(t, 32 << 10, 64 << 20) }),

        new("Sensors.Names", "", "names with commas between, or nothing for all", "Sensors to use.",
            (s, t) => s with { SensorNames = SettingTexts.Names(t) }),
        new("Sensors.Period", "10s", "10ms to 1d", "Time between two readings.",
            (s, t) => s with { SensorPeriod = SettingTexts.Duration(t, 10 * Millisecond, TimeSpan.FromDays(1)) }),
        new("Sensors.Window", "12", "1 to 1024", "Readings of each sensor in a window.",
            (s, t) => s with { WindowReadings = SettingTexts.Int(t, 1, 1024) }),
        new("Sensors.Overlap", "6", "0 to 1023, fewer than the window", "Readings that a window shares with the one before it.",
            (s, t) => s with { OverlapReadings = SettingTexts.Int(t, 0, 1023) }),
        new("Sensors.Stuck", "360", "2 to 1000000", "Equal readings in a row after which a sensor counts as stuck.",
            (s, t) => s with { StuckReadings = SettingTexts.Int(t, 2, 1_000_000) }),
        new("Replay.Windows", "96", "0 to 65536", "Windows that are kept to be learned again.",
            (s, t) => s with { ReplayWindows = SettingTexts.Int(t, 0, 65_536) }),
        new("Replay.PerWindow", "4", "0 to 64", "Kept windows that are learned with each new one.",
            (s, t) => s with { ReplayPerWindow = SettingTexts.Int(t, 0, 64) }),

        new("Anomaly.LearnFor", "14d", "1m to 365d", "Time of learning before alarms are raised.",
            (s, t) => s with { LearnFor = SettingTexts.Duration(t, TimeSpan.FromMinutes(1), Year) }),
        new("Anomaly.FalseAlarmRate", "0.0012", "0.000001 to 0.1", "Share of normal windows that may be above the threshold.",
            (s, t) => s with { FalseAlarmRate = SettingTexts.Float(t, 1e-6f, 0.1f) }),
        new("Anomaly.Margin", "1.15", "1 to 100", "Factor on the threshold for an alarm.",
            (s, t) => s with { AlarmMargin = SettingTexts.Float(t, 1, 100) }),
        new("Anomaly.Windows", "5", "1 to 64, at most Anomaly.Of", "Windows above the threshold that make an alarm.",
            (s, t) => s with { AlarmWindows = SettingTexts.Int(t, 1, 64) }),
        new("Anomaly.Of", "8", "1 to 64", "The last windows that are looked at for an alarm.",
            (s, t) => s with { AlarmOf = SettingTexts.Int(t, 1, 64) }),
        new("Anomaly.HalfLife", "7d", "1h to 365d", "Time after which what was learned of the normal counts half.",
            (s, t) => s with { HalfLife = SettingTexts.Duration(t, TimeSpan.FromHours(1), Year) }),

        new("Report.Period", "60s", "5s to 1d", "Time between two reports of the ordinary figures.",
            (s, t) => s with { ReportPeriod = SettingTexts.Duration(t, TimeSpan.FromSeconds(5), TimeSpan.FromDays(1)) }),
        new("Report.Images", "15m", "0s to 7d", "Time between two pictures of a reconstruction; 0s for none.",
            (s, t) => s with { ImagePeriod = SettingTexts.Duration(t, TimeSpan.Zero, TimeSpan.FromDays(7)) }),
        new("Report.Uplink", "none", "none, meadow-cloud, or a dashboard's address such as http://192.168.1.10:5080",
            "Where telemetry goes.",
            (s, t) => s with { Uplink = UplinkTarget(t) }),
        new(SecretKey, "", "the key that the dashboard showed, or nothing", "The device's key for the dashboard.",
            (s, t) => s with { UplinkKey = t.Length <= 256 ? t : throw new FormatException() }),
        new("Screen.Period", "1s", "100ms to 1h", "Time between two drawings of the screen.",
            (s, t) => s with { ScreenPeriod = SettingTexts.Duration(t, 100 * Millisecond, TimeSpan.FromHours(1)) }),
        new("Benchmark.AtFirstStart", "true", "true or false", "Whether the device measures itself at its first start.",
            (s, t) => s with { BenchmarkAtFirstStart = SettingTexts.Bool(t) }),
    };

    private static string UplinkTarget(string text)
    {
        bool isAddress = Uri.TryCreate(text, UriKind.Absolute, out Uri? address) && address.Scheme is "http" or "https";
        return isAddress || text is "none" or "meadow-cloud" ? text : throw new FormatException();
    }
}
