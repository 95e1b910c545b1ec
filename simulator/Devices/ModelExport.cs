using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using FeatureAlignment.Checkpoints;
using FeatureAlignment.Device.Settings;
using FeatureAlignment.Device.Storage;
using FeatureAlignment.Device.Training;
using FeatureAlignment.Evaluation;
using FeatureAlignment.Kernels;
using FeatureAlignment.Simulator.Commands;
using FeatureAlignment.Simulator.Datasets;
using FeatureAlignment.Simulator.Runs;
using FeatureAlignment.Simulator.Training;
using FeatureAlignment.Training;

namespace FeatureAlignment.Simulator.Devices;

/// <param name="Folder">The run.</param>
/// <param name="Settings">Of the run.</param>
/// <param name="Board">Where the board's files are to be.</param>
internal sealed record ToBoardRequest(RunFolder Folder, TrainSettings Settings, DeviceFolder Board);

/// <param name="Board">The board's files.</param>
/// <param name="SettingsFile">The board's settings; null for those of the folder.</param>
/// <param name="Dataset">What the board learned.</param>
/// <param name="Data">Folder with its IDX files; null for its usual places.</param>
/// <param name="Limit">Training images that it has, from the first; null for all.</param>
/// <param name="Kernels">What it computes with, which decides what fits its memory.</param>
/// <param name="Folder">Where the run is to be, new or empty.</param>
internal sealed record ToRunRequest(
    DeviceFolder Board, string? SettingsFile, string Dataset, string? Data, int? Limit, KernelForm Kernels, RunFolder Folder);

/// <summary>The work of <c>export</c>: the checkpoint of a run and that of a board are the same files under other names.</summary>
internal static class ModelExport
{
    private const long UsualBudget = 3 << 20;
    private const long LargestBudget = 1 << 30;

    public static int ToBoard(CommandEnvironment environment, ToBoardRequest request)
    {
        TrainedRun run = TrainedRun.Open(request.Folder, request.Settings, environment);
        RequireForBoard(run);
        string text = WriteSettings(run);
        PlacementPlan plan = PlanOf(text, run.Format);
        using IDisposable folderLock = request.Board.Lock();
        (DeviceSettings settings, IStorage flash, IStorage models) = OpenBoard(request.Board, text);
        IStorage area = DeviceModels.Next(flash, models);
        Copy(FolderStorage.OpenExisting(request.Folder.Checkpoints), area);
        OutputFile.Write(request.Board.Settings, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)));

        TextWriter output = environment.Output.Profile.Out.Writer;
        output.WriteLine($"weights   {RequireSame(area, plan.Options, run.Format, run.Network)}");
        output.WriteLine($"position  {Number(run.Position.SamplesSeen)} of {Number(run.TotalSamples)} samples");
        output.WriteLine($"plan      {plan.Reason}");
        string path = settings.UseCard ? request.Board.CardPath : request.Board.FlashPath;
        output.WriteLine($"board     {path}, settings in {request.Board.Settings}");
        string limit = run.Settings.Limit is { } count ? $" --limit {count}" : "";
        string card = settings.UseCard ? " --board corecompute" : "";
        output.WriteLine($"Try next:  simulator device --source {run.Settings.Dataset}{limit}{card} --folder {request.Board.Path}");
        return ExitCode.Success;
    }

    public static async Task<int> ToRunAsync(
        CommandEnvironment environment, DatasetCatalog catalog, ToRunRequest request, CancellationToken cancellation)
    {
        DeviceSettings settings = ReadSettings(request);
        TrainSettings like = TrainPresets.Board with { Dataset = request.Dataset, Data = request.Data, Limit = request.Limit };
        RunSamples samples = await RunSamples.LoadAsync(catalog, like, environment, cancellation);
        SampleFormat format = SampleFormat.Of(samples.Dataset, samples.Training.Count);
        KernelSet kernels = (like with { Kernels = request.Kernels }).ChooseKernels();
        PlacementPlan plan = PlacementPlan.Create(settings, format.Inputs, format.Classes, format.TrainingCount, kernels);
        TrainSettings run = ToTrainSettings(plan.Options, like) with { Kernels = request.Kernels };
        IStorage model = request.Board.OpenModel(settings);
        using TrainingCheckpoints found = new(new CheckpointStore(model), plan.Options, format.Inputs, format.Classes);
        Network network = found.LoadNetwork() ?? throw new IOException(
            $"A board needs a model to be exported; '{request.Board.Path}' holds no checkpoint of one. Let the device learn first.");
        RequireBegun(run, network);
        long seen = found.ReadPosition()!.Value.SamplesSeen;
        long total = (long)run.Epochs * format.TrainingCount * (run.Schedule == LayerSchedule.Layerwise ? run.Layers.Count : 1);
        if (seen > total)
        {
            throw new UsageException(
                $"The board has seen {Number(seen)} samples; its settings make {Number(total)} of "
                + $"{Number(format.TrainingCount)} training images. "
                + "Name its images with --dataset, --data and --limit.");
        }

        using IDisposable folderLock = request.Folder.Lock();
        format.Write(request.Folder.Samples);
        IStorage checkpoints = FolderStorage.OpenOrCreate(request.Folder.Checkpoints);
        Copy(model, checkpoints);
        string digest = RequireSame(checkpoints, run.ToTrainingOptions(format.TrainingCount), format, network);

        // Last: a folder with settings is a run.
        request.Folder.WriteSettings(run);
        TextWriter output = environment.Output.Profile.Out.Writer;
        output.WriteLine($"weights   {digest}");
        output.WriteLine($"position  {Number(seen)} of {Number(total)} samples");
        output.WriteLine($"Try next:  simulator evaluate --run {request.Folder.Path}");
        return ExitCode.Success;
    }

    /// <summary>What a board's settings cannot say, it cannot go on with.</summary>
    private static void RequireForBoard(TrainedRun run)
    {
        TrainSettings settings = run.Settings;
        List<string> faults = [];
        Require(settings.Rule == LearningRule.Alignment, "the rule alignment", settings.Rule);
        Require(settings.Labels != LabelMode.Clamped, "labels none or completed", settings.Labels);
        Require(settings.Steps == 1, "one feature step", settings.Steps);
        Require(settings.StepSize == 1, "a step size of 1", settings.StepSize);
        Require(settings.Guess == FeatureAlignment.Alignment.InputGuess.Zero, "a guess of zero", settings.Guess);
        Require(settings.Validation == 0, "no samples held out", settings.Validation);
        Require(run.Format.ImageWidth is not null, "images to learn from", settings.Dataset);
        if (faults.Count > 0)
        {
            throw new UsageException(faults);
        }

        RequireBegun(settings, run.Network);

        void Require(bool holds, string what, object found)
        {
            if (!holds)
            {
                faults.Add($"A board goes on only with {what}; the run has {OptionValue.Write(found)}.");
            }
        }
    }

    /// <summary>A layer that has not begun starts from its seed, and the two sides scale the first weights of tanh differently.</summary>
    private static void RequireBegun(TrainSettings settings, Network network)
    {
        if (settings.Activation == FeatureAlignment.Layers.Activation.Tanh && network.Layers.Count < settings.Layers.Count)
        {
            throw new UsageException(
                $"With tanh all layers must have begun to learn; {network.Layers.Count} of {settings.Layers.Count} have. "
                + "Let them learn first.");
        }
    }

    private static string WriteSettings(TrainedRun run)
    {
        TrainSettings settings = run.Settings;
        (string Key, object Value)[] pairs =
        [
            ("Goal", settings.Labels == LabelMode.None ? "reconstruction" : "classification"),
            ("Source", "files"),
            ("Network.Layers", settings.Layers),
            ("Network.Activation", settings.Activation),
            ("Network.Seed", settings.Seed),
            ("Training.Labels", settings.Labels),
            ("Training.Epochs", settings.Epochs),
            ("Training.Batch", settings.ToTrainingOptions(run.Format.TrainingCount).Batch),
            ("Training.Optimizer", settings.Optimizer),
            ("Training.LearningRate", settings.LearningRate),
            ("Training.Decay", settings.Decay),
            ("Training.AlignmentWeight", settings.AlignmentWeight),
            ("Training.LabelWeight", settings.LabelWeight),
            ("Training.DropPixels", settings.DropPixels),
            ("Training.InitialWeights", settings.InitialWeights),
            ("Training.Placement", PlacementOf(settings)),
        ];
        string text = string.Concat(pairs.Select(pair => $"{pair.Key}: {OptionValue.Write(pair.Value)}\n"));
        string card = settings.RowsInMemory is null ? "" : "Storage.UseCard: true\nStorage.RowWear: 1024GB\n";

        // With room for all there is, the plan says what it needs.
        PlacementPlan plan = PlanOf($"{text}{card}Memory.Budget: {LargestBudget}B\n", run.Format);
        return $"{text}{card}Memory.Budget: {Math.Max(UsualBudget, plan.Use.Total)}B\n";
    }

    private static string PlacementOf(TrainSettings settings) => settings switch
    {
        { Schedule: LayerSchedule.Interleaved } => "resident",
        { RowsInMemory: null } => "paged",
        _ => "rows",
    };

    private static PlacementPlan PlanOf(string text, SampleFormat format)
    {
        SettingsResult result = SettingsReader.Read(text);
        return result.Problems.Count == 0
            ? PlacementPlan.Create(result.Settings, format.Inputs, format.Classes, format.TrainingCount, KernelSet.Scalar)
            : throw new UsageException([.. result.Problems.Select(problem => $"The run's settings are none of a board: {problem}")]);
    }

    private static (DeviceSettings Settings, IStorage Flash, IStorage Models) OpenBoard(DeviceFolder board, string text)
    {
        DeviceSettings settings = SettingsReader.Read(text).Settings;
        IStorage flash = board.OpenFlash();
        return (settings, flash, settings.UseCard ? board.OpenCard() : flash);
    }

    private static DeviceSettings ReadSettings(ToRunRequest request)
    {
        string path = request.SettingsFile ?? request.Board.Settings;
        if (!File.Exists(path))
        {
            throw new UsageException($"The board's settings are needed; there is no '{path}'; name them with --settings.");
        }

        SettingsResult result = SettingsReader.Read(File.ReadAllText(path));
        DeviceSettings settings = result.Settings;
        List<string> faults = [.. result.Problems.Select(problem => $"{path}: {problem}")];
        if (faults.Count == 0 && settings.Source != SampleOrigin.Files)
        {
            faults.Add($"{path}: only what was learned from files becomes a run; the source is sensors.");
        }

        if (settings.Training.LearningRate.Floor > 0)
        {
            string floor = OptionValue.Write(settings.Training.LearningRate.Floor);
            faults.Add($"{path}: a run knows no Training.LearningRateFloor; it is {floor}.");
        }

        return faults.Count == 0 ? settings : throw new UsageException(faults);
    }

    private static TrainSettings ToTrainSettings(TrainingOptions options, TrainSettings like) => like with
    {
        Layers = options.Layers,
        Activation = options.Activation,
        Labels = options.Labels,
        Schedule = options.Schedule,
        Epochs = options.Epochs,
        Batch = options.Batch,
        Optimizer = options.Optimizer,
        LearningRate = options.LearningRate.InitialRate,
        Decay = options.LearningRate.Decay,
        AlignmentWeight = options.Alignment.AlignmentWeight,
        LabelWeight = options.Alignment.LabelWeight,
        DropPixels = options.DropPixels,
        Seed = options.Seed,
        InitialWeights = options.InitialWeights,
        RowsInMemory = options.RowsInMemory > 0 ? options.RowsInMemory : null,
    };

    /// <summary>Copies all checkpoint files, the commit records after what they commit.</summary>
    private static void Copy(IStorage from, IStorage to)
    {
        foreach (string name in from.ListNames().OrderBy(name => name.StartsWith("checkpoint.", StringComparison.Ordinal)))
        {
            using Stream source = from.OpenRead(name);
            using Stream target = to.Create(name);
            source.CopyTo(target);
            to.Flush(target);
        }
    }

    /// <summary>Reads the copy as its new owner will.</summary>
    /// <returns>The digest of the weights.</returns>
    private static string RequireSame(IStorage copy, TrainingOptions options, SampleFormat format, Network network)
    {
        using TrainingCheckpoints checkpoints = new(new CheckpointStore(copy), options, format.Inputs, format.Classes);
        string digest = network.ComputeDigest();
        string? copied = checkpoints.LoadNetwork()?.ComputeDigest();
        return copied == digest
            ? digest
            : throw new IOException($"The copy must hold the weights {digest}; it holds {copied ?? "none"}. Try again.");
    }

    private static string Number(long number) => number.ToString("#,0", CultureInfo.InvariantCulture);
}
