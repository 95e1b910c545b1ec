using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using FeatureAlignment.Simulator.Devices;
using FeatureAlignment.Simulator.Training;

namespace FeatureAlignment.Simulator.Commands;

/// <summary><c>simulator export</c>: what a desktop learned goes on a board, and the other way round.</summary>
internal sealed class ExportCommand : SimulatorCommand
{
    private readonly Option<string> runOption = OptionFactory.Create(
        "--run", OptionValue.Text("DIR"), "The run whose model is to go on a board.");
    private readonly Option<string> toBoardOption = OptionFactory.Create(
        "--to-board", OptionValue.Text("DIR"), "Where to put the board's files and settings; what is there of a board stays.");
    private readonly Option<string> boardOption = OptionFactory.Create(
        "--board", OptionValue.Text("DIR"), "A device's folder, or a copy of a board's data folder, whose model is to become a run.");
    private readonly Option<string> toRunOption = OptionFactory.Create(
        "--to-run", OptionValue.Text("NAME"), "The new run: its name in runs, or a path.");
    private readonly Option<string> settingsOption = OptionFactory.Create(
        "--settings", OptionValue.Text("FILE"), "The board's settings. [default: settings.txt of --board]");
    private readonly Option<string> datasetOption = OptionFactory.Create(
        "--dataset", OptionValue.Dataset, "What the board learned. [default: mnist]");
    private readonly Option<string> dataOption = OptionFactory.Create(
        "--data", OptionValue.Text("DIR"), "Folder with its IDX files. [default: the data set's usual places, or a download]");
    private readonly Option<int> limitOption = OptionFactory.Create(
        "--limit", OptionValue.Whole, "Training images that the board has, from the first. [default: all]");
    private readonly Option<KernelForm> kernelsOption = OptionFactory.Create(
        "--kernels", OptionValue.Choice<KernelForm>(), "The board's kernels, which decide what fits its memory. [default: scalar]");
    private readonly CommandEnvironment environment;

    public ExportCommand(
        CommandEnvironment environment, Func<ToBoardRequest, CancellationToken, Task<int>> toBoard,
        Func<ToRunRequest, CancellationToken, Task<int>> toRun)
        : base("export", "Turns a run into files that a board goes on from, or a board's files into a run.")
    {
        this.environment = environment;
        foreach (Option option in (IEnumerable<Option>)
            [
                runOption, toBoardOption, boardOption, toRunOption, settingsOption, datasetOption, dataOption, limitOption, kernelsOption,
            ])
        {
            Add(option);
        }

        SetAction((parsed, cancellation) => OptionFactory.IsGiven(parsed, runOption)
            ? toBoard(ToBoard(parsed), cancellation)
            : toRun(ToRun(parsed), cancellation));
    }

    public override IReadOnlyList<string> Examples { get; } =
    [
        "export --run runs/0001-mnist-board --to-board board",
        "export --board board --to-run from-board",
    ];

    public override IReadOnlyList<string> Notes { get; } =
    [
        "Both directions keep weights, optimizer and position to the bit: the training goes on as if it had never moved. Weights of the",
        "vector kernels may go on a board, too; from then on they are the board's.",
    ];

    public override IEnumerable<string> Faults(ParseResult parsed)
    {
        bool isToBoard = OptionFactory.IsGiven(parsed, runOption) || OptionFactory.IsGiven(parsed, toBoardOption);
        bool isToRun = OptionFactory.IsGiven(parsed, boardOption) || OptionFactory.IsGiven(parsed, toRunOption);
        Option[] pair = isToBoard ? [runOption, toBoardOption] : [boardOption, toRunOption];
        if (isToBoard == isToRun || pair.Any(option => !OptionFactory.IsGiven(parsed, option)))
        {
            yield return "Export needs --run with --to-board, or --board with --to-run.";
            yield break;
        }

        if (isToBoard)
        {
            foreach (Option option in (Option[])[settingsOption, datasetOption, dataOption, limitOption, kernelsOption])
            {
                if (OptionFactory.IsGiven(parsed, option))
                {
                    yield return $"Option {option.Name} has no effect with --run, which knows its own; leave it out.";
                }
            }
        }
    }

    private ToBoardRequest ToBoard(ParseResult parsed)
    {
        RunFolder folder = new(parsed.GetRequiredValue(runOption));
        return folder.IsRun
            ? new ToBoardRequest(folder, folder.ReadSettings(), new DeviceFolder(parsed.GetRequiredValue(toBoardOption)))
            : throw new UsageException($"Option --run must name the folder of a run; '{folder.Path}' holds no settings.json.");
    }

    private ToRunRequest ToRun(ParseResult parsed)
    {
        string board = parsed.GetRequiredValue(boardOption);
        if (!Directory.Exists(board))
        {
            throw new UsageException($"Option --board must name a folder with a board's files; there is no '{board}'.");
        }

        string name = parsed.GetRequiredValue(toRunOption);
        RunFolder folder = new(name == Path.GetFileName(name) ? Path.Combine(environment.RunsFolder, name) : name);
        return folder.IsFree
            ? new ToRunRequest(
                new DeviceFolder(board), parsed.GetValue(settingsOption), parsed.GetValue(datasetOption) ?? "mnist",
                parsed.GetValue(dataOption),
                OptionFactory.IsGiven(parsed, limitOption) ? parsed.GetValue(limitOption) : null,
                OptionFactory.IsGiven(parsed, kernelsOption) ? parsed.GetValue(kernelsOption) : KernelForm.Scalar, folder)
            : throw new UsageException($"Option --to-run must name a new run; '{folder.Path}' holds files; choose another.");
    }
}
