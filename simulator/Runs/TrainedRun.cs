using System.Collections.Generic;
using System.IO;
using FeatureAlignment.Checkpoints;
using FeatureAlignment.Datasets;
using FeatureAlignment.Evaluation;
using FeatureAlignment.Simulator.Commands;
using FeatureAlignment.Simulator.Datasets;
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
    public long TotalSamples =>
        (long)Settings.Epochs * Format.TrainingCount * (Settings.Schedule == LayerSchedule.Layerwise ? Settings.Layers.Count : 1);

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
        return new TrainedRun
        {
            Settings = settings,
            Format = format,
            Network = network,
            Position = checkpoints.ReadPosition()!.Value,
        };
    }

    /// <summary>Says which checkpoints could not be used although an older one could.</summary>
    public static void WarnOf(IReadOnlyList<string> rejected, CommandEnvironment environment)
    {
        foreach (string fault in rejected)
        {
            environment.Error.WriteLine($"warning: {fault} The one before it is used.");
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
}
