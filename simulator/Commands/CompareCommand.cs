using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using FeatureAlignment.Alignment;
using FeatureAlignment.Simulator.Training;
using FeatureAlignment.Training;

namespace FeatureAlignment.Simulator.Commands;

/// <param name="Alignment">Settings of the local rule.</param>
/// <param name="Backpropagation">The same budget for the baseline.</param>
/// <param name="Folder">Gets the comparison and, in a folder of its own, each run.</param>
/// <param name="JsonFile">Where to write the result besides the folder, or null.</param>
internal sealed record CompareRequest(TrainSettings Alignment, TrainSettings Backpropagation, RunFolder Folder, string? JsonFile);

/// <summary><c>simulator compare</c>: alignment against backpropagation on the same data, budget and seed.</summary>
internal sealed class CompareCommand : SimulatorCommand
{
    // What both rules share is no choice; memory is what the comparison is to show; backpropagation can't learn from storage.
    private static readonly string[] LeftOut = ["--rule", "--memory-budget", "--rows-in-memory", "--wear-budget"];

    private readonly TrainOptions settings = new();
    private readonly Option<string> outOption = OptionFactory.Create(
        "--out", OptionValue.Text("DIR"),
        "Folder for the comparison's files, new or empty. [default: the next numbered folder in runs]");
    private readonly Option<string> jsonOption = OptionFactory.Create(
        "--json", OptionValue.Text("FILE"),
        "Write the result to this file too.");
    private readonly CommandEnvironment environment;
    private readonly Func<CompareRequest, CancellationToken, Task<int>> compare;

    public CompareCommand(CommandEnvironment environment, Func<CompareRequest, CancellationToken, Task<int>> compare)
        : base("compare", "Trains with alignment, then with backpropagation, on the same samples, epochs, batch, optimizer, rate and seed.")
    {
        this.environment = environment;
        this.compare = compare;
        foreach (Option option in settings.Options.Where(option => !LeftOut.Contains(option.Name)))
        {
            Add(option);
        }

        Add(outOption);
        Add(jsonOption);
        SetAction((parsed, cancellation) => this.compare(Request(parsed), cancellation));
    }

    public override IReadOnlyList<string> Examples { get; } =
    [
        "compare",
        "compare --dataset mnist --preset accurate --epochs 12 --drop-pixels 0",
        "compare --dataset mnist --preset board --layers 128",
    ];

    public override IReadOnlyList<string> Notes { get; } =
    [
        "Backpropagation puts a softmax layer on top of the same hidden layers. "
        + "Options that only alignment has (labels, schedule, weights,",
        "steps) leave it as it is. Both runs stay in the folder; evaluate, predict and info take them.",
    ];

    public override IEnumerable<string> Faults(ParseResult parsed)
    {
        foreach (string fault in settings.Faults(parsed))
        {
            yield return fault;
        }

        if (settings.Merge(parsed).Labels == LabelMode.None)
        {
            yield return "A comparison of accuracy needs labels: labels were none; use --labels completed or clamped, "
                + "and with a .csv file --label COLUMN.";
        }
    }

    private CompareRequest Request(ParseResult parsed)
    {
        string? jsonFile = parsed.GetValue(jsonOption);
        OutputFile.RequireWritable("--json", jsonFile);
        TrainSettings alignment = settings.Merge(parsed);
        RunFolder folder = parsed.GetValue(outOption) is { } path
            ? new RunFolder(path)
            : RunFolder.Next(environment.RunsFolder, alignment, "compare-");
        if (jsonFile is not null && !folder.IsResult(jsonFile))
        {
            OutputFile.RequireNotOf(folder, "--json", jsonFile);
        }

        return folder.IsFree
            ? new CompareRequest(alignment, Baseline(alignment), folder, jsonFile)
            : throw new UsageException($"Output folder must be new or empty; '{folder.Path}' holds files; choose another with --out.");
    }

    private static TrainSettings Baseline(TrainSettings alignment) => alignment with
    {
        Rule = LearningRule.Backpropagation,
        Labels = LabelMode.Completed,
        Schedule = LayerSchedule.Interleaved,
        Steps = 1,
        StepSize = 1,
        Guess = InputGuess.Zero,
        AlignmentWeight = TrainPresets.Of(alignment.Preset).AlignmentWeight,
        LabelWeight = 1,
    };
}
