namespace FeatureAlignment.Device.Detection;

/// <summary>How the monitor sees the newest window.</summary>
public enum MonitorState
{
    /// <summary>Too early to judge.</summary>
    Learning,

    /// <summary>Below the thresholds.</summary>
    Normal,

    /// <summary>This window is above a threshold; alone it is no alarm.</summary>
    Suspicious,

    /// <summary>An anomaly is open.</summary>
    Alarm,
}

/// <summary>What a window did to the anomaly episode.</summary>
public enum EpisodeChange
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>One was opened.</summary>
    Started,

    /// <summary>It was closed.</summary>
    Ended,
}

/// <summary>The figures of one window.</summary>
/// <param name="State">How the window is seen.</param>
/// <param name="ReconstructionError">Q; about 1 when all is normal.</param>
/// <param name="ReconstructionThreshold">Its threshold, without the alarm's margin.</param>
/// <param name="LatentDistance">T² divided by the number of latent values; about 1 when all is normal.</param>
/// <param name="LatentThreshold">Its threshold.</param>
/// <param name="Score">The larger of the two in units of their thresholds: above the alarm's margin the window is anomalous.</param>
/// <param name="Episode">Whether an anomaly began or ended with this window.</param>
/// <param name="MayLearn">Whether this window is normal, so that scales learn from it.</param>
/// <param name="MayTrain">Whether the network is to learn from it: in the learning phase all normal windows, then some of them.</param>
/// <param name="ZScore">The baseline's score.</param>
/// <param name="ZScoreThreshold">The baseline's threshold.</param>
/// <param name="IsZScoreAlarm">Whether the baseline has an alarm open.</param>
public readonly record struct MonitorReport(
    MonitorState State,
    double ReconstructionError,
    double ReconstructionThreshold,
    double LatentDistance,
    double LatentThreshold,
    double Score,
    EpisodeChange Episode,
    bool MayLearn,
    bool MayTrain,
    double ZScore,
    double ZScoreThreshold,
    bool IsZScoreAlarm);
