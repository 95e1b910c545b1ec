using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using FeatureAlignment.Alignment;
using FeatureAlignment.Kernels;
using FeatureAlignment.Layers;
using FeatureAlignment.Simulator.Datasets;
using FeatureAlignment.Training;

namespace FeatureAlignment.Simulator.Training;

/// <summary>Finds everything that is wrong with settings, so that one call shows all its faults at once.</summary>
internal static class TrainSettingsCheck
{
    public const int MaxThreads = 256;

    private const int MaxEpochs = 100_000;
    private const int MaxBatch = 65_536;

    public static IEnumerable<string> Faults(TrainSettings settings) =>
        [.. RangeFaults(settings), .. DataFaults(settings), .. RuleFaults(settings), .. StorageFaults(settings)];

    private static IEnumerable<string> RangeFaults(TrainSettings settings)
    {
        if (settings.Layers.Count is < 1 or > TrainingOptions.LargestLayerCount)
        {
            yield return Fault($"Layers must be 1 to {TrainingOptions.LargestLayerCount:N0} numbers; were {settings.Layers.Count:N0}.");
        }

        for (int layerIndex = 0; layerIndex < settings.Layers.Count; layerIndex++)
        {
            int width = settings.Layers[layerIndex];
            if (width is < 1 or > LayerSpec.LargestWidth)
            {
                yield return Fault($"Layer {layerIndex + 1} must have 1 to {LayerSpec.LargestWidth:N0} neurons; had {width:N0}.");
            }
        }

        (string Subject, long Value, long Least, long Most)[] counts =
        [
            ("Epochs", settings.Epochs, 1, MaxEpochs),
            ("Batch", settings.Batch, 1, MaxBatch),
            ("Steps", settings.Steps, 1, AlignmentOptions.LargestStepCount),
            ("Threads", settings.Threads ?? 1, 1, MaxThreads),
            ("Limit", settings.Limit ?? 1, 1, int.MaxValue),
            ("Validation", settings.Validation, 0, int.MaxValue),
        ];
        foreach ((string subject, long value, long least, long most) in counts)
        {
            if (value < least || value > most)
            {
                yield return Fault($"{subject} must be from {least:N0} to {most:N0}; was {value:N0}.");
            }
        }

        if (settings.RowsInMemory is { } rows && (rows is < 1 or > LayerSpec.LargestWidth || rows % KernelSet.RowGroup != 0))
        {
            const int Group = KernelSet.RowGroup;
            yield return Fault($"Rows in memory must be a multiple of {Group} from {Group} to {LayerSpec.LargestWidth:N0}; was {rows:N0}.");
        }

        if (settings.MemoryBudget is < 1)
        {
            yield return Fault($"Memory budget must be at least 1 byte; was {settings.MemoryBudget}.");
        }

        if (settings.WearBudget is < 0)
        {
            yield return Fault($"Wear budget must be at least 0 bytes; was {settings.WearBudget}.");
        }

        (string Subject, float Value)[] rates = [("Learning rate", settings.LearningRate), ("Step size", settings.StepSize)];
        foreach ((string subject, float value) in rates)
        {
            if (!(value > 0 && float.IsFinite(value)))
            {
                yield return Fault($"{subject} must be greater than 0 and finite; was {value}.");
            }
        }

        (string Subject, float Value)[] weights =
            [("Alignment weight", settings.AlignmentWeight), ("Label weight", settings.LabelWeight)];
        foreach ((string subject, float value) in weights)
        {
            if (!(value >= 0 && float.IsFinite(value)))
            {
                yield return Fault($"{subject} must be 0 or greater and finite; was {value}.");
            }
        }

        if (!(settings.DropPixels is >= 0 and < 1))
        {
            yield return Fault($"Drop pixels must be from 0 to below 1; was {settings.DropPixels}.");
        }
    }

    private static IEnumerable<string> DataFaults(TrainSettings settings)
    {
        if (!DatasetCatalog.Names.Contains(settings.Dataset))
        {
            yield return $"Dataset must be one of {string.Join(", ", DatasetCatalog.Names)}; was '{settings.Dataset}'.";
        }

        bool isCsv = settings.Dataset == DatasetCatalog.Csv;
        if (isCsv && settings.Data is null)
        {
            yield return "Dataset csv needs its file: --data FILE.csv.";
        }

        if (isCsv && settings.Data is not null && !CsvPath.IsCsv(settings.Data))
        {
            yield return $"Dataset csv is read from a file; was '{settings.Data}'; name one with --data FILE.csv.";
        }
        else if (settings.Dataset == DatasetCatalog.Digits && settings.Data is not null)
        {
            yield return $"Dataset digits is drawn, not read: --data '{settings.Data}' needs --dataset mnist or fashion-mnist beside it, "
                + "or a .csv file.";
        }

        else if (!isCsv && settings.Data is not null && CsvPath.IsCsv(settings.Data))
        {
            yield return $"Dataset {settings.Dataset} is read from a folder with IDX files; was the file '{settings.Data}'; "
                + "leave --dataset out to read a .csv file of one's own.";
        }

        if (!isCsv && settings.Label is not null)
        {
            yield return $"Label names a column of a .csv file; was '{settings.Label}' without --data FILE.csv.";
        }

        if (isCsv && settings.Label is null && settings.Labels != LabelMode.None)
        {
            yield return "Labels need the column that holds them: add --label COLUMN, or use --labels none.";
        }
    }

    private static IEnumerable<string> RuleFaults(TrainSettings settings)
    {
        if (settings.Rule == LearningRule.Backpropagation)
        {
            if (settings.Labels != LabelMode.Completed)
            {
                string labels = settings.Labels.ToString().ToLowerInvariant();
                yield return $"Backpropagation learns from the labels at its head; labels were {labels}; "
                    + "leave --labels out, or use --rule alignment.";
            }

            if (settings.Schedule == LayerSchedule.Layerwise)
            {
                yield return "Backpropagation trains all layers at once; schedule was layerwise; "
                    + "use --schedule interleaved, or --rule alignment.";
            }

            if (settings.Steps != 1 || settings.Guess != InputGuess.Zero)
            {
                yield return "Backpropagation makes no reconstruction; leave --steps and --guess out, or use --rule alignment.";
            }
        }
        else if (settings.AlignmentWeight == 0 && (settings.Labels != LabelMode.Completed || settings.LabelWeight == 0))
        {
            yield return "Something must be learned: the weights of reconstruction and label are both 0; "
                + "raise --alignment-weight, or --label-weight with completed labels.";
        }
    }

    /// <summary>A layer learns from storage with one kind of training only; whatever is in its way is named at once.</summary>
    private static IEnumerable<string> StorageFaults(TrainSettings settings)
    {
        if (settings.RowsInMemory is null)
        {
            if (settings.WearBudget is not null)
            {
                yield return "Wear budget counts what a training with --rows-in-memory writes; without it leave --wear-budget out.";
            }

            yield break;
        }

        (bool IsMet, string Option)[] needs =
        [
            (settings.Rule == LearningRule.Alignment, "--rule alignment"),
            (settings.Schedule == LayerSchedule.Layerwise, "--schedule layerwise"),
            (settings.Optimizer == OptimizerKind.Sgd, "--optimizer sgd"),
            (settings.InitialWeights == InitialWeights.He, "--initial-weights he"),
            (settings.Steps == 1, "--steps 1"),
            (settings.Guess == InputGuess.Zero, "--guess zero"),
        ];
        if (needs.Any(need => !need.IsMet))
        {
            yield return "Rows can be left in storage by some trainings only; with --rows-in-memory use "
                + $"{string.Join(", ", needs.Where(need => !need.IsMet).Select(need => need.Option))}.";
        }
    }

    private static string Fault(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
