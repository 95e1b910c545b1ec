using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using FeatureAlignment.Alignment;
using FeatureAlignment.Checkpoints;
using FeatureAlignment.Datasets;
using FeatureAlignment.Device.Commands;
using FeatureAlignment.Device.Platform;
using FeatureAlignment.Device.Settings;
using FeatureAlignment.Device.Storage;
using FeatureAlignment.Device.Training;
using FeatureAlignment.Kernels;
using FeatureAlignment.Telemetry;
using FeatureAlignment.Training;

namespace FeatureAlignment.Device.Activities;

/// <summary>
/// Learns from IDX files that are read in place, evaluates after every epoch and layer, and is finished when its epochs are: classification
/// and reconstruction. A step is one batch, or a few test samples.
/// </summary>
internal sealed class FileLearning : IActivity
{
    private readonly List<Stream> files = new();
    private readonly StoredIdxDataset training;
    private readonly StoredIdxDataset? test;
    private readonly Trainer trainer;
    private readonly TrainingCheckpoints checkpoints;
    private readonly EvaluationPass? evaluation;
    private readonly IReporter reporter;
    private readonly MeanLosses losses;
    private readonly LayerFinishRule finishRule;
    private long samplesAtReport;
    private int imageIndex;
    private float accuracy = float.NaN;

    /// <summary>Opens the files, allocates everything the plan said, and resumes.</summary>
    /// <exception cref="IOException">A data file is missing or cannot be read.</exception>
    /// <exception cref="DataFormatException">A data file is damaged.</exception>
    /// <exception cref="PlacementException">The training does not fit the device.</exception>
    /// <exception cref="CheckpointFormatException">There are checkpoints, and none is usable or of these settings.</exception>
    public FileLearning(
        DeviceSettings settings, IStorage data, CheckpointStore store, KernelSet kernels, IReporter reporter, Action feedWatchdog)
    {
        this.reporter = reporter;
        try
        {
            training = OpenData(data, settings.Files.TrainingImages, settings.Files.TrainingLabels);
            test = settings.Files.TestImages.Length > 0 ? OpenData(data, settings.Files.TestImages, settings.Files.TestLabels) : null;
            Plan = PlacementPlan.Create(settings, training.Inputs, training.Classes, training.Count, kernels);
            finishRule = new LayerFinishRule(settings.SamplesPerLayer, settings.LeastImprovement);
            checkpoints = new TrainingCheckpoints(store, Plan.Options, training.Inputs, training.Classes)
            {
                BlockDone = feedWatchdog,
                Parts = new ICheckpointPart[] { finishRule },
            };
            trainer = Trainer.Create(Plan.Options, training, kernels, checkpoints);
            IsResumed = checkpoints.Restore(trainer);
            evaluation = test is null ? null : new EvaluationPass(trainer, checkpoints, test, kernels);
            if (trainer.IsFinished)
            {
                // What a run is worth is told at every start, and after a power cut before it was told the first time.
                evaluation?.Begin();
            }

            losses = new MeanLosses(trainer.LayerSpecs.Count);
            samplesAtReport = SamplesSeen;
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Where the weights are, and why.</summary>
    public PlacementPlan Plan { get; }

    /// <summary>True when a checkpoint was found and taken.</summary>
    public bool IsResumed { get; }

    private bool IsLayerwise => Plan.Options.Schedule == LayerSchedule.Layerwise;

    public IndicatorState State => NextDue == TimeSpan.MaxValue ? IndicatorState.Paused : IndicatorState.Learning;

    public long SamplesSeen => trainer.Position.SamplesSeen;

    public TimeSpan NextDue => evaluation is { IsUnderWay: true } || !trainer.IsFinished ? TimeSpan.Zero : TimeSpan.MaxValue;

    public bool IsUnsaved { get; private set; }

    public bool WantsCheckpoint { get; private set; }

    public bool CanRepeat { get; private set; } = true;

    public bool HasImages => test is { Width: <= TelemetryLimits.ImageSide, Height: <= TelemetryLimits.ImageSide };

    public void Step(in Moment now)
    {
        if (evaluation is { IsUnderWay: true })
        {
            if (evaluation.Step())
            {
                ReportEvaluation();
            }

            return;
        }

        TrainingPosition before = trainer.Position;
        int count = Learn(before);
        losses.Add(trainer.LastLosses, count, IsLayerwise ? before.LayerIndex : null);
        AlignmentLoss loss = trainer.LastLosses[LearningLayer(before)];
        if (finishRule.IsFinishedAfter(count, Plan.Options.Labels == LabelMode.None ? loss.Alignment : loss.Label) && !trainer.IsFinished)
        {
            CanRepeat = false;
            trainer.EndPhase();
            CanRepeat = true;
        }

        TrainingPosition position = trainer.Position;
        if (position.LayerIndex != before.LayerIndex)
        {
            reporter.Event(
                EventKinds.LayerFinished, TelemetryPriority.Normal,
                $"Layer {before.LayerIndex + 1} of {trainer.LayerSpecs.Count} is finished.",
                new TelemetryFields { { "layer", before.LayerIndex } });
        }

        if (position.EpochIndex != before.EpochIndex || position.LayerIndex != before.LayerIndex)
        {
            WantsCheckpoint = true;
            evaluation?.Begin();
        }

        if (trainer.IsFinished)
        {
            reporter.Event(
                EventKinds.RunFinished, TelemetryPriority.High,
                string.Format(CultureInfo.InvariantCulture, "The run is finished after {0:N0} samples.", position.SamplesSeen));
        }
    }

    public void Save()
    {
        checkpoints.Save(trainer);
        WantsCheckpoint = IsUnsaved = false;
    }

    public void Report(IReporter target, TimeSpan sinceLastReport)
    {
        losses.Report(target);
        long samples = SamplesSeen - samplesAtReport;
        samplesAtReport = SamplesSeen;

        // None while it is paused, evaluates or is finished: else the last speed would seem to last.
        target.Point(MetricNames.SamplesPerSecond, sinceLastReport > TimeSpan.Zero ? samples / sinceLastReport.TotalSeconds : 0);
        if (samples > 0)
        {
            target.Point(MetricNames.LearningRate, trainer.LastLearningRate);
            foreach (ResidentLayer layer in trainer.ResidentLayers)
            {
                target.Point(MetricNames.DeadNeurons, layer.Layer.CountDeadNeurons(), layer.Index);
            }
        }
    }

    public bool TryReportImage(IReporter target)
    {
        if (evaluation is null || !HasImages)
        {
            return false;
        }

        evaluation.Look(imageIndex);
        imageIndex = (imageIndex + 1) % test!.Count;
        (int label, int predicted) = evaluation.LastClass;
        target.Image("reconstruction", test.Width, test.Height, evaluation.LastInput, evaluation.LastReconstruction, label, predicted);
        return true;
    }

    public void Show(Screen.ScreenModel model)
    {
        model.State = State;
        model.LayerNumber = IsLayerwise && !trainer.IsFinished ? trainer.Position.LayerIndex + 1 : 0;
        model.FinishedLayers = trainer.IsFinished ? trainer.LayerSpecs.Count : IsLayerwise ? trainer.Position.LayerIndex : 0;
        model.SampleCount = SamplesSeen;
        model.Accuracy = accuracy;
        AlignmentLoss last = trainer.LastLosses[LearningLayer(trainer.Position)];
        if (SamplesSeen > 0)
        {
            model.AddLoss(Plan.Options.Labels == LabelMode.None ? last.Alignment : last.Label);
        }
    }

    public CommandResult Execute(TelemetryCommand command, in Moment now)
    {
        switch (command.Name)
        {
            case CommandCatalog.Train:
                return trainer.IsFinished
                    ? CommandResult.Refused("The run is finished; set another Run, or more Training.Epochs, and restart.")
                    : CommandResult.Done("Learning.");
            case CommandCatalog.Detect:
                return CommandResult.Refused("Detecting needs Goal anomaly; this device learns from files.");
            case CommandCatalog.Evaluate:
                if (evaluation is null)
                {
                    return CommandResult.Refused("Evaluating needs test images; set Files.TestImages and Files.TestLabels.");
                }

                evaluation.Begin();
                return CommandResult.Done($"Evaluating {test!.Count} samples; the result follows as an event.");
            case CommandCatalog.Set when command.Args.TryGet("learning_rate", out TelemetryValue? rate):
                trainer.LearningRateOverride = (float)rate.Number;
                return CommandResult.Done(string.Format(CultureInfo.InvariantCulture, "Learning rate {0}.", rate.Number));
            case CommandCatalog.Set:
                return CommandResult.Refused("threshold is for Goal anomaly; this device learns from files.");
            case CommandCatalog.SendReconstructions:
                return CommandResult.Refused(
                    "Pictures need test images of at most 64 x 64 pixels; set Files.TestImages and Files.TestLabels.");
            case CommandCatalog.Label:
                return CommandResult.Refused("Labels are for windows of sensors; the files have their own.");
            default:
                return CommandResult.Refused($"There is no command {command.Name} here.");
        }
    }

    public void Dispose()
    {
        trainer?.Dispose();
        checkpoints?.Dispose();
        foreach (Stream file in files)
        {
            file.Dispose();
        }
    }

    /// <summary>The layer whose loss speaks for the training: the one that learns, or the first of all.</summary>
    private int LearningLayer(in TrainingPosition position) =>
        IsLayerwise ? Math.Min(position.LayerIndex, trainer.LayerSpecs.Count - 1) : 0;

    private int Learn(in TrainingPosition before)
    {
        IsUnsaved = true;
        CanRepeat = false;
        try
        {
            int count = trainer.Step();
            CanRepeat = true;
            return count;
        }
        catch (Exception e) when (StorageFailure.Is(e))
        {
            // Samples and finished layers are read before anything is learned; the end of a layer, and rows in storage, are another matter.
            CanRepeat = trainer.Position == before && Plan.Placement != LayerPlacement.RowStreamed;
            throw;
        }
    }

    private StoredIdxDataset OpenData(IStorage data, string images, string labels)
    {
        Stream imageFile = data.OpenRead(images);
        files.Add(imageFile);
        using Stream labelFile = data.OpenRead(labels);
        return StoredIdxDataset.Open(imageFile, labelFile, images);
    }

    private void ReportEvaluation()
    {
        Evaluation.EvaluationTally tally = evaluation!.Tally;
        accuracy = (float)tally.Accuracy;
        var data = new TelemetryFields { { "samples", tally.Samples } };
        if (tally.Labelled > 0 && tally.Classes > 0)
        {
            data.Add("accuracy", tally.Accuracy);
            reporter.Point(MetricNames.Accuracy, tally.Accuracy);
            for (int layer = 0; layer < evaluation.LayerCount; layer++)
            {
                reporter.Point(MetricNames.Accuracy, tally.LayerAccuracy(layer), layer);
            }

            if (tally.Confusion.Length <= TelemetryLimits.ArrayLength)
            {
                var confusion = new double[tally.Confusion.Length];
                for (int i = 0; i < confusion.Length; i++)
                {
                    confusion[i] = tally.Confusion[i];
                }

                data.Add("confusion", confusion);
            }
        }

        data.Add("reconstruction_mse", tally.ReconstructionMse(0));
        reporter.Event(EventKinds.Evaluation, TelemetryPriority.Normal, Summary(tally), data);
    }

    private static string Summary(Evaluation.EvaluationTally tally) => tally.Labelled > 0 && tally.Classes > 0
        ? string.Format(CultureInfo.InvariantCulture, "{0:F2} % of {1:N0} test samples are right.", 100 * tally.Accuracy, tally.Labelled)
        : string.Format(CultureInfo.InvariantCulture, "Test reconstruction error {0:F4}.", tally.ReconstructionMse(0));
}
