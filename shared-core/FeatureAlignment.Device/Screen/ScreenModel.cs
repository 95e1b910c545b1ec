using System;
using System.Collections.Generic;
using FeatureAlignment.Device.Platform;
using FeatureAlignment.Device.Settings;

namespace FeatureAlignment.Device.Screen;

/// <summary>How the way to the dashboard is.</summary>
public enum UplinkState
{
    /// <summary>None is wanted.</summary>
    Off,

    /// <summary>The last upload arrived.</summary>
    Online,

    /// <summary>The last upload failed; records wait.</summary>
    Offline,
}

/// <summary>
/// Everything that the screen shows. The application writes into it whenever it likes, which allocates nothing;
/// <see cref="ScreenRenderer"/> reads it. NaN and −1 mean unknown.
/// </summary>
public sealed class ScreenModel
{
    /// <summary>Points of the two curves: what a row of the widest display resolves.</summary>
    public const int CurvePoints = 120;

    /// <summary>Creates a model that knows nothing yet; later changes allocate nothing.</summary>
    /// <param name="goal">What the device learns for.</param>
    /// <param name="layerOutputs">Outputs of each layer, first to last; at least one layer.</param>
    public ScreenModel(LearningGoal goal, IReadOnlyList<int> layerOutputs)
    {
        ArgumentChecks.NotNull(layerOutputs, nameof(layerOutputs));
        ArgumentChecks.InRange(layerOutputs.Count, 1, int.MaxValue, nameof(layerOutputs));
        Goal = goal;
        LayerOutputs = layerOutputs;
    }

    /// <summary>What the device learns for.</summary>
    public LearningGoal Goal { get; }

    /// <summary>Outputs of each layer, first to last.</summary>
    public IReadOnlyList<int> LayerOutputs { get; }

    /// <summary>What it does.</summary>
    public IndicatorState State { get; set; }

    /// <summary>Layer in training, 1-based; 0 when all learn together.</summary>
    public int LayerNumber { get; set; }

    /// <summary>Layers that are finished.</summary>
    public int FinishedLayers { get; set; }

    /// <summary>Newest loss of the layer in training, or of all.</summary>
    public float Loss { get; private set; } = float.NaN;

    /// <summary>The loss from the start.</summary>
    public HistoryCurve LossCurve { get; } = new(CurvePoints);

    /// <summary>Share of the test samples that are classified rightly, 0 to 1.</summary>
    public float Accuracy { get; set; } = float.NaN;

    /// <summary>What the last input is taken for, from 0, where a person names the classes; −1 otherwise.</summary>
    public int PredictedClass { get; set; } = -1;

    /// <summary>Mean squared error of a reconstructed input.</summary>
    public float ReconstructionError { get; set; } = float.NaN;

    /// <summary>Newest anomaly score, as a multiple of its threshold: above 1 is unusual.</summary>
    public float Score { get; private set; } = float.NaN;

    /// <summary>The newest scores.</summary>
    public RecentCurve ScoreCurve { get; } = new(CurvePoints);

    /// <summary>The threshold itself, in the score's own unit.</summary>
    public float Threshold { get; set; } = float.NaN;

    /// <summary>The largest plain z-score of any reading, for comparison.</summary>
    public float ZScore { get; set; } = float.NaN;

    /// <summary>The reading that explains the newest anomaly most; empty for none.</summary>
    public string Explanation { get; set; } = "";

    /// <summary>Anomalies since the start.</summary>
    public long AnomalyCount { get; set; }

    /// <summary>The last input.</summary>
    public SmallPicture Input { get; } = new();

    /// <summary>Its reconstruction.</summary>
    public SmallPicture Reconstruction { get; } = new();

    /// <summary>How the way to the dashboard is.</summary>
    public UplinkState Uplink { get; set; }

    /// <summary>Bytes of telemetry that wait to be sent.</summary>
    public long SpoolBytes { get; set; }

    /// <summary>Managed bytes in use; −1 for unknown.</summary>
    public long MemoryUsedBytes { get; set; } = -1;

    /// <summary>Managed bytes that may be in use.</summary>
    public long MemoryBudgetBytes { get; set; } = -1;

    /// <summary>Samples learned or watched a second.</summary>
    public float SamplesPerSecond { get; set; } = float.NaN;

    /// <summary>Samples since the run began.</summary>
    public long SampleCount { get; set; }

    /// <summary>Time since the device started.</summary>
    public TimeSpan Uptime { get; set; }

    /// <summary>What happened last; a line of text.</summary>
    public string Message { get; set; } = "";

    /// <summary>Notes a loss.</summary>
    public void AddLoss(float loss)
    {
        Loss = loss;
        LossCurve.Add(loss);
    }

    /// <summary>Notes an anomaly score.</summary>
    /// <param name="score">The score as a multiple of its threshold.</param>
    public void AddScore(float score)
    {
        Score = score;
        ScoreCurve.Add(score);
    }
}
