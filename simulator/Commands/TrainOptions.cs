using System.Collections.Generic;
using System.CommandLine;
using System.Linq;
using FeatureAlignment.Alignment;
using FeatureAlignment.Layers;
using FeatureAlignment.Optimizers;
using FeatureAlignment.Simulator.Datasets;
using FeatureAlignment.Simulator.Training;
using FeatureAlignment.Training;
using static FeatureAlignment.Simulator.Commands.SettingOption;

namespace FeatureAlignment.Simulator.Commands;

/// <summary>The options of <c>train</c> that make up its settings, and how they combine with a preset or with a stored run.</summary>
internal sealed class TrainOptions
{
    private readonly Option<Preset> preset = OptionFactory.Create(
        "--preset",
        OptionValue.Choice<Preset>(),
        "Starting point; every other option given replaces one of its values. [default: quick]");

    private readonly SettingOption dataset = Create(
        "--dataset", OptionValue.Dataset,
        "Dataset to learn.",
        s => s.Dataset, (s, v) => s with { Dataset = v });
    private readonly SettingOption data = Create(
        "--data", OptionValue.Text("DIR|FILE.csv"),
        "Folder with the dataset's IDX files, or a .csv file of one's own. "
        + "Without it: the folder in MNIST_DIR or FASHION_MNIST_DIR, the cache, then a download.",
        s => s.Data, (s, v) => s with { Data = v });
    private readonly SettingOption labels = Create(
        "--labels", OptionValue.Choice<LabelMode>(),
        "How layers see the label: to be completed from the features, clamped at the output, or none (reconstruction only).",
        s => s.Labels, (s, v) => s with { Labels = v });
    private readonly SettingOption schedule = Create(
        "--schedule", OptionValue.Choice<LayerSchedule>(),
        "Every batch visits all layers, or one layer is trained after the other.",
        s => s.Schedule, (s, v) => s with { Schedule = v });
    private readonly SettingOption alignmentWeight = Create(
        "--alignment-weight", OptionValue.Number,
        "Weight of the reconstruction in the loss, from 0. Without completed labels: 1.",
        s => s.AlignmentWeight, (s, v) => s with { AlignmentWeight = v });
    private readonly SettingOption labelWeight = Create(
        "--label-weight", OptionValue.Number,
        "Weight of the label in the loss, from 0; for completed labels.",
        s => s.LabelWeight, (s, v) => s with { LabelWeight = v });
    private readonly SettingOption steps = Create(
        "--steps", OptionValue.Whole,
        $"Feature steps per reconstruction, 1 to {AlignmentOptions.LargestStepCount}.",
        s => s.Steps, (s, v) => s with { Steps = v });
    private readonly SettingOption stepSize = Create(
        "--step-size", OptionValue.Number,
        "Size of a feature step, above 0.",
        s => s.StepSize, (s, v) => s with { StepSize = v });
    private readonly SettingOption guess = Create(
        "--guess", OptionValue.Choice<InputGuess>(),
        "What a reconstruction starts from.",
        s => s.Guess, (s, v) => s with { Guess = v });
    private readonly SettingOption threads = Create(
        "--threads", OptionValue.Whole,
        "Threads, 1 to 256; any number gives the same weights. [default: one per processor; for single samples one]",
        s => s.Threads, (s, v) => s with { Threads = v });
    private readonly SettingOption memoryBudget = Create(
        "--memory-budget", OptionValue.Memory,
        "Refuse to train when the plan needs more, such as 300KB or 3MB; with --rows-in-memory take the largest batch that fits. "
        + "[default: no limit]",
        s => s.MemoryBudget, (s, v) => s with { MemoryBudget = v });
    private readonly SettingOption wearBudget = Create(
        "--wear-budget", OptionValue.Memory,
        "Refuse to train when layers in storage would be written more than this in the whole run. [default: 16GB]",
        s => s.WearBudget, (s, v) => s with { WearBudget = v });

    private readonly IReadOnlyList<SettingOption> all;

    public TrainOptions()
    {
        all =
        [
            dataset,
            data,
            Create(
                "--label", OptionValue.Text("COLUMN"),
                "Column of the .csv file that holds the class. [default: none, reconstruction only]",
                s => s.Label, (s, v) => s with { Label = v }),
            Create(
                "--layers", OptionValue.Layers,
                "Neurons per hidden layer, 1 to 65,536 each.",
                s => s.Layers, (s, v) => s with { Layers = v }),
            Create(
                "--activation", OptionValue.Choice<Activation>(),
                "Activation of every layer.",
                s => s.Activation, (s, v) => s with { Activation = v }),
            labels,
            Create(
                "--rule", OptionValue.Choice<LearningRule>(),
                "Local feature alignment, or the global baseline.",
                s => s.Rule, (s, v) => s with { Rule = v }),
            schedule,
            Create(
                "--epochs", OptionValue.Whole,
                "Passes over the training samples, 1 to 100,000.",
                s => s.Epochs, (s, v) => s with { Epochs = v }),
            Create(
                "--batch", OptionValue.Whole,
                "Samples per update, 1 to 65,536.",
                s => s.Batch, (s, v) => s with { Batch = v }),
            Create(
                "--optimizer", OptionValue.Choice<OptimizerKind>(),
                "Update rule of the weights.",
                s => s.Optimizer, (s, v) => s with { Optimizer = v }),
            Create(
                "--learning-rate", OptionValue.Number,
                "Learning rate of the first update, above 0.",
                s => s.LearningRate, (s, v) => s with { LearningRate = v }),
            Create(
                "--decay", OptionValue.Choice<LearningRateDecay>(),
                "Course of the learning rate; linear and cosine end at 0.",
                s => s.Decay, (s, v) => s with { Decay = v }),
            alignmentWeight,
            labelWeight,
            steps,
            stepSize,
            guess,
            Create(
                "--drop-pixels", OptionValue.Number,
                "Share of the features blanked on the way in while training, from 0 to below 1.",
                s => s.DropPixels, (s, v) => s with { DropPixels = v }),
            Create(
                "--initial-weights", OptionValue.Choice<InitialWeights>(),
                "How weights start: orthonormal rows, or independent normal ones.",
                s => s.InitialWeights, (s, v) => s with { InitialWeights = v }),
            Create(
                "--seed", OptionValue.Seed,
                "Seed of weights, sample order and held-out samples; drawn digits and the test rows of a table stay the same.",
                s => s.Seed, (s, v) => s with { Seed = v }),
            threads,
            Create(
                "--kernels", OptionValue.Choice<KernelForm>(),
                "Vector kernels where the machine has them, or the plain ones that equal a board bit for bit.",
                s => s.Kernels, (s, v) => s with { Kernels = v }),
            memoryBudget,
            Create(
                "--rows-in-memory", OptionValue.Whole,
                "Keep N rows of the layer in training in memory, a multiple of 8, and the others in the run's folder; for layers that do "
                + "not fit. [default: all]",
                s => s.RowsInMemory, (s, v) => s with { RowsInMemory = v }),
            wearBudget,
            Create(
                "--limit", OptionValue.Whole,
                "Use the first N training samples. [default: all]",
                s => s.Limit, (s, v) => s with { Limit = v }),
            Create(
                "--validation", OptionValue.Whole,
                "Hold out N training samples, drawn by seed, and report accuracy on them in place of the test set.",
                s => s.Validation, (s, v) => s with { Validation = v }),
        ];
    }

    public IEnumerable<Option> Options => [preset, .. all.Select(setting => setting.Option)];

    /// <summary>The preset with every given option in its place.</summary>
    public TrainSettings Merge(ParseResult parsed)
    {
        Preset start = OptionFactory.IsGiven(parsed, preset) ? parsed.GetValue(preset) : Preset.Quick;
        TrainSettings settings = Overlay(TrainPresets.Of(start), parsed);
        if (IsGiven(data, parsed) && !IsGiven(dataset, parsed) && CsvPath.IsCsv(settings.Data!))
        {
            settings = settings with { Dataset = DatasetCatalog.Csv };
        }

        bool hasLabels = settings.Dataset != DatasetCatalog.Csv || settings.Label is not null;
        if (!hasLabels && settings.Rule == LearningRule.Alignment && !IsGiven(labels, parsed))
        {
            settings = settings with { Labels = LabelMode.None };
        }

        // The presets' weight balances the reconstruction against the label term, which only completed labels have.
        if (settings.Labels != LabelMode.Completed && !IsGiven(alignmentWeight, parsed))
        {
            settings = settings with { AlignmentWeight = 1f };
        }

        return settings;
    }

    /// <summary>Faults of the merged settings, and options that were given although nothing would read them.</summary>
    public IEnumerable<string> Faults(ParseResult parsed)
    {
        TrainSettings settings = Merge(parsed);
        List<string> faults = [.. TrainSettingsCheck.Faults(settings)];
        if (settings.Rule == LearningRule.Backpropagation)
        {
            faults.AddRange(Unread(parsed, "with --rule backpropagation", alignmentWeight, labelWeight, stepSize));
        }
        else if (settings.Labels != LabelMode.Completed)
        {
            faults.AddRange(Unread(parsed, $"with --labels {labels.Text(settings)}", labelWeight));
        }

        return faults;
    }

    /// <summary>
    /// The settings of a stored run with the options that may change when it is resumed: how many threads, how much memory and wear,
    /// and the folder of a checked dataset. Anything else would change the outcome, and a resumed run promises the weights of an
    /// uninterrupted one; that holds for --epochs too, because the decay of the learning rate is spread over all of them.
    /// </summary>
    /// <exception cref="UsageException">An option contradicts the stored settings, or is out of range.</exception>
    public TrainSettings Resume(TrainSettings stored, ParseResult parsed)
    {
        TrainSettings resumed = Overlay(stored, parsed);
        List<string> faults = [];
        if (OptionFactory.IsGiven(parsed, preset) && parsed.GetValue(preset) != stored.Preset)
        {
            faults.Add(Contradiction(preset.Name, OptionValue.Write(stored.Preset), OptionValue.Write(parsed.GetValue(preset))));
        }

        faults.AddRange(all
            .Where(setting => setting.Text(stored) != setting.Text(resumed) && !MayChange(setting, stored))
            .Select(setting => Contradiction(setting.Option.Name, setting.Text(stored), setting.Text(resumed))));
        faults.AddRange(TrainSettingsCheck.Faults(resumed));
        return faults.Count == 0 ? resumed : throw new UsageException(faults);
    }

    /// <summary>The call that repeats a run: its preset, and the options that differ from it.</summary>
    public string Call(TrainSettings settings, string command = "train")
    {
        TrainSettings start = TrainPresets.Of(settings.Preset);
        // A table is found by its file; it is no dataset with a name of its own.
        IEnumerable<string> options = all
            .Where(setting => setting.Text(settings) != setting.Text(start)
                && !(setting == dataset && settings.Dataset == DatasetCatalog.Csv))
            .Select(setting => $"{setting.Option.Name} {Quoted(setting.Text(settings))}");
        return string.Join(' ', [$"simulator {command} --preset {OptionValue.Write(settings.Preset)}", .. options]);
    }

    private static string Quoted(string text) => text.Contains(' ', System.StringComparison.Ordinal) ? $"\"{text}\"" : text;

    private static bool IsGiven(SettingOption setting, ParseResult parsed) => OptionFactory.IsGiven(parsed, setting.Option);

    private static IEnumerable<string> Unread(ParseResult parsed, string situation, params SettingOption[] settings) =>
        settings
            .Where(setting => IsGiven(setting, parsed))
            .Select(setting => $"Option {setting.Option.Name} has no effect {situation}; leave it out.");

    private static string Contradiction(string option, string stored, string given) =>
        $"Option {option} can't change when a run is resumed: the run has {stored}, the call {given}; leave it out, or start a new run.";

    private bool MayChange(SettingOption setting, TrainSettings stored) =>
        setting == threads || setting == memoryBudget || setting == wearBudget || (setting == data && stored.Dataset != DatasetCatalog.Csv);

    private TrainSettings Overlay(TrainSettings settings, ParseResult parsed) =>
        all.Aggregate(settings, (merged, setting) => setting.Apply(merged, parsed));
}
