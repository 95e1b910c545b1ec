using FeatureAlignment.Simulator.Training;

namespace FeatureAlignment.Simulator.Commands;

/// <summary>A call of <c>train</c> that has passed every check that needs no data.</summary>
/// <param name="Settings">Merged from preset, options and, when resuming, the stored run.</param>
/// <param name="Folder">Locked for this training; a new one holds nothing yet, not even the settings.</param>
/// <param name="IsResumed">Whether to go on from the folder's checkpoint.</param>
/// <param name="JsonFile">Where to write the result besides the folder, or null.</param>
internal sealed record TrainRequest(TrainSettings Settings, RunFolder Folder, bool IsResumed, string? JsonFile)
{
    /// <summary>Whether each epoch ends with an evaluation; else about ten of the run's do.</summary>
    public bool EvaluatesEveryEpoch { get; init; }

    /// <summary>Where the training is reported to; null for nowhere.</summary>
    public ReportTarget? Report { get; init; }
}
