using System.Collections.Generic;
using System.IO;
using FeatureAlignment.Checkpoints;
using FeatureAlignment.Datasets;
using FeatureAlignment.Evaluation;
using FeatureAlignment.Simulator.Commands;
using FeatureAlignment.Simulator.Datasets;
using FeatureAlignment.Simulator.Reports;
using FeatureAlignment.Simulator.Training;
using FeatureAlignment.Training;

namespace FeatureAlignment.Simulator.Runs;

/// <summary>A run as it lies in its folder, finished, stopped or still in training: its settings and the layers saved last.</summary>
internal sealed record TrainedRun
{
    private TrainedRun()
    {
    }

    public required TrainSettings Settings { get; init; }

    public required SampleFormat Format { get; init; }

    public required Network Network { get; init; }

    /// <summary>Where the training stood when the layers were saved.</summary>
    public required TrainingPosition Position { get; init; }

    /// <summary>Samples of the whole run.</summary>
    public long TotalSamples => SamplesOf(Settings, Format);

    /// <summary>Reads the newest usable checkpoint.</summary>
    /// <param name="folder">Holds the run.</param>
    /// <param name="settings">Of the run.</param>
    /// <param name="environment">Gets a warning for each newer checkpoint that is damaged.</param>
    /// <exception cref="CheckpointFormatException">No checkpoint is usable, or it is of other settings.</exception>
    /// <exception cref="IOException">There is none.</exception>
    public static TrainedRun Open(RunFolder folder, TrainSettings settings, CommandEnvironment environment)
    {
        SampleFormat format = SampleFormat.Read(folder.Samples);
        CheckpointStore store = new(FolderStorage.OpenExisting(folder.Checkpoints));
        using TrainingCheckpoints checkpoints = new(
            store, settings.ToTrainingOptions(format.TrainingCount), format.Inputs, format.Classes);
        Network network = checkpoints.LoadNetwork() ?? throw new IOException(
            $"A run needs a checkpoint; '{folder.Checkpoints}' holds none. Restore it, or train anew.");
        WarnOf(store.Rejected, environment);
        TrainedRun run = new()
        {
            Settings = settings,
            Format = format,
            Network = network,
            Position = checkpoints.ReadPosition()!.Value,
        };
        if (ReadFinishedResult(folder, environment) is { } result && result.WeightsSha256 != network.ComputeDigest())
        {
            environment.Error.WriteLine(
                $"warning: The weights are of {run.Progress}, not of the result in '{folder.Result}', whose checkpoint is lost. "
                + $"To train them to the end again: simulator train --resume --out {folder.Path}");
        }

        return run;
    }

    /// <summary>The result of a finished run; null when there is none, or it can't be read, of which the user is warned.</summary>
    public static RunResult? ReadFinishedResult(RunFolder folder, CommandEnvironment environment)
    {
        if (!File.Exists(folder.Result))
        {
            return null;
        }

        try
        {
            using FileStream stream = File.OpenRead(folder.Result);
            return RunResult.ReadJson(stream) is { Finished: true } result ? result : null;
        }
        catch (RunFileFormatException exception)
        {
            environment.Error.WriteLine(
                $"warning: '{folder.Result}' is damaged: {exception.Message} "
                + "Its checkpoint is used; train --resume writes the result anew.");
            return null;
        }
    }

    /// <summary>Whether the newest usable checkpoint is the last one of the training.</summary>
    /// <exception cref="CheckpointFormatException">As <see cref="Open"/>.</exception>
    public static bool IsAtEnd(RunFolder folder, TrainSettings settings)
    {
        if (!Directory.Exists(folder.Checkpoints))
        {
            return false;
        }

        SampleFormat format = SampleFormat.Read(folder.Samples);
        using TrainingCheckpoints checkpoints = new(
            new CheckpointStore(FolderStorage.OpenExisting(folder.Checkpoints)),
            settings.ToTrainingOptions(format.TrainingCount), format.Inputs, format.Classes);
        return checkpoints.ReadPosition()?.SamplesSeen == SamplesOf(settings, format);
    }

    /// <summary>Says which checkpoints could not be used although an older one could.</summary>
    public static void WarnOf(IReadOnlyList<string> rejected, CommandEnvironment environment)
    {
        foreach (string fault in rejected)
        {
            environment.Error.WriteLine($"warning: {fault} The one before it is used.");
        }
    }

    private string Progress
    {
        get
        {
            int begun = Position.EpochIndex + (Position.SampleIndex > 0 ? 1 : 0);
            string layer = Settings.Schedule == LayerSchedule.Layerwise ? $" of layer {Position.LayerIndex + 1}" : "";
            return Position.SamplesSeen == TotalSamples ? "another training" : $"epoch {begun} of {Settings.Epochs}{layer}";
        }
    }

    /// <summary>The network with what looks at it; to be disposed.</summary>
    public RunMeasurement Measure() => new(Network, Settings, Format);

    /// <summary>How the run's rows were scaled; null where its samples are images.</summary>
    /// <exception cref="DataFormatException">The file is damaged.</exception>
    public static FeatureScaling? ReadScaling(RunFolder folder)
    {
        if (!File.Exists(folder.Scaling))
        {
            return null;
        }

        using FileStream stream = File.OpenRead(folder.Scaling);
        return FeatureScaling.Read(stream, folder.Scaling);
    }

    /// <summary>Reads all rows of another table with the run's columns, scaling and classes.</summary>
    /// <exception cref="DataFormatException">The table has other columns or classes, or is damaged.</exception>
    public InMemoryDataset ReadTable(RunFolder folder, string path) =>
        CsvDataset.LoadLike(path, Settings.Label, ReadScaling(folder)!, Format.ClassNames);

    /// <exception cref="UsageException">The samples are not what the network takes.</exception>
    public void RequireSamples(string name, ISampleSource samples)
    {
        bool needsClasses = Settings.Rule == LearningRule.Backpropagation || Settings.Labels != LabelMode.None;
        if (samples.Inputs != Format.Inputs || (needsClasses && samples.Classes != Format.Classes))
        {
            throw new UsageException(
                $"The run takes samples of {Format.Inputs} features and {Format.Classes} classes; {name} has {samples.Inputs} and "
                + $"{samples.Classes}. Choose a dataset like {Format.Name}.");
        }
    }

    private static long SamplesOf(TrainSettings settings, SampleFormat format) =>
        (long)settings.Epochs * format.TrainingCount * (settings.Schedule == LayerSchedule.Layerwise ? settings.Layers.Count : 1);
}
