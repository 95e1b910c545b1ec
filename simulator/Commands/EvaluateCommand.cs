using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Threading;
using System.Threading.Tasks;
using FeatureAlignment.Simulator.Training;

namespace FeatureAlignment.Simulator.Commands;

/// <param name="Folder">The run to evaluate.</param>
/// <param name="Settings">Of the run, with the dataset to evaluate on in place of its own.</param>
/// <param name="JsonFile">Where to write the result, or null.</param>
internal sealed record EvaluateRequest(RunFolder Folder, TrainSettings Settings, string? JsonFile);

/// <summary><c>simulator evaluate</c>: measures a trained network on test samples.</summary>
internal sealed class EvaluateCommand : RunCommand
{
    private readonly Option<string> datasetOption = OptionFactory.Create(
        "--dataset", OptionValue.Dataset,
        "Test samples of another dataset of the same shape. [default: the run's]");
    private readonly Option<string> dataOption = OptionFactory.Create(
        "--data", OptionValue.Text("DIR|FILE.csv"),
        "Folder with the dataset's IDX files, or a .csv file with the run's columns. [default: the run's]");
    private readonly Option<string> jsonOption = OptionFactory.Create(
        "--json", OptionValue.Text("FILE"),
        "Write the result to this file too.");

    public EvaluateCommand(Func<EvaluateRequest, CancellationToken, Task<int>> evaluate)
        : base("evaluate", "Measures a run on test samples: accuracy per layer and of all, confusion matrix, reconstruction errors.")
    {
        Add(datasetOption);
        Add(dataOption);
        Add(jsonOption);
        SetAction((parsed, cancellation) => evaluate(Request(parsed), cancellation));
    }

    public override IReadOnlyList<string> Examples { get; } =
    [
        "evaluate --run runs/0001-digits-quick",
        "evaluate --run runs/0002-mnist-board --dataset fashion-mnist --json result.json",
    ];

    private EvaluateRequest Request(ParseResult parsed)
    {
        string? jsonFile = parsed.GetValue(jsonOption);
        OutputFile.RequireWritable("--json", jsonFile);
        (RunFolder folder, TrainSettings settings) = OpenRun(parsed);
        OutputFile.RequireNotOf(folder, "--json", jsonFile);
        if (parsed.GetValue(datasetOption) is { } dataset)
        {
            // The run's path and column belong to the run's dataset.
            settings = settings with { Dataset = dataset, Data = null, Label = null };
        }

        settings = settings with { Data = parsed.GetValue(dataOption) ?? settings.Data };
        List<string> faults = [.. TrainSettingsCheck.Faults(settings)];
        return faults.Count == 0 ? new EvaluateRequest(folder, settings, jsonFile) : throw new UsageException(faults);
    }
}
