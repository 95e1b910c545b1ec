using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Threading;
using System.Threading.Tasks;
using FeatureAlignment.Simulator.Training;

namespace FeatureAlignment.Simulator.Commands;

/// <summary><c>simulator train</c>: decides settings and folder, then hands over to the training.</summary>
internal sealed class TrainCommand : SimulatorCommand
{
    private readonly TrainOptions settings = new();
    private readonly Option<string> outOption = OptionFactory.Create(
        "--out", OptionValue.Text("DIR"),
        "Folder for the run's files: new or empty, unless resuming. [default: the next numbered folder in runs]");
    private readonly Option<string> jsonOption = OptionFactory.Create(
        "--json", OptionValue.Text("FILE"),
        "Write the result to this file too.");
    private readonly Option<bool> resumeOption = new("--resume")
    {
        Description = "Go on with the run in --out, or with the newest one in runs, from its checkpoint and with its settings.",
    };
    private readonly Option<string> reportOption = OptionFactory.Create(
        "--report", OptionValue.Text("URL"),
        "Report the training to a dashboard, such as http://localhost:5080, while it goes on. What does not arrive never stops it.");
    private readonly Option<string> keyOption = OptionFactory.Create(
        "--key", OptionValue.Text("KEY"), "The device's key at the dashboard.");
    private readonly Option<string> idOption = DeviceIdOption.Create("this machine's name");
    private readonly CommandEnvironment environment;
    private readonly Func<TrainRequest, CancellationToken, Task<int>> train;

    public TrainCommand(CommandEnvironment environment, Func<TrainRequest, CancellationToken, Task<int>> train)
        : base("train", "Trains a network and leaves checkpoint, metrics, result and report in the run's folder. Ctrl+C stops cleanly.")
    {
        this.environment = environment;
        this.train = train;
        foreach (Option option in (IEnumerable<Option>)
            [.. settings.Options, outOption, jsonOption, resumeOption, reportOption, keyOption, idOption])
        {
            Add(option);
        }

        SetAction(RunAsync);
    }

    public override IReadOnlyList<string> Examples { get; } =
    [
        "train",
        "train --dataset mnist --preset accurate --seed 2",
        "train --dataset mnist --preset board --memory-budget 600KB",
        "train --preset board --limit 2000 --layers 2048 --schedule layerwise --initial-weights he --batch 64 --rows-in-memory 8 "
            + "--memory-budget 512KB",
        "train --data flowers.csv --label species --layers 32,16",
        "train --resume",
        "train --report http://localhost:5080 --id lab-1",
    ];

    public override IReadOnlyList<string> Notes { get; } =
    [
        "Where presets differ, a default is shown for each. When a run is resumed, only --threads, --memory-budget, --wear-budget,",
        "--json, --report, --key, --id and the folder of a named dataset may change, because a resumed run ends with the weights of",
        "an uninterrupted one.",
        "Layers are counted from 1, the one next to the input; only the column 'layer' of metrics.csv counts from 0.",
    ];

    public override IEnumerable<string> Faults(ParseResult parsed)
    {
        foreach (string fault in parsed.GetValue(resumeOption) ? [] : settings.Faults(parsed))
        {
            yield return fault;
        }

        if (parsed.GetValue(reportOption) is { } report && Report(parsed) is null)
        {
            yield return $"Report must be an address that begins with http:// or https://; was '{report}'.";
        }

        foreach (Option option in (Option[])[keyOption, idOption])
        {
            if (OptionFactory.IsGiven(parsed, option) && !OptionFactory.IsGiven(parsed, reportOption))
            {
                yield return $"Option {option.Name} has no effect without --report; leave it out.";
            }
        }

        if (DeviceIdOption.Fault(parsed.GetValue(idOption)) is { } idFault)
        {
            yield return idFault;
        }
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        string? jsonFile = parsed.GetValue(jsonOption);
        OutputFile.RequireWritable("--json", jsonFile);
        bool isResumed = parsed.GetValue(resumeOption);
        TrainRequest request = (isResumed ? Resumed(parsed, jsonFile) : Fresh(parsed, jsonFile)) with { Report = Report(parsed) };
        if (jsonFile is not null && !request.Folder.IsResult(jsonFile))
        {
            OutputFile.RequireNotOf(request.Folder, "--json", jsonFile);
        }

        try
        {
            using IDisposable folderLock = request.Folder.Lock();
            return await train(request, cancellation);
        }
        finally
        {
            request.Folder.RemoveIfEmpty();
        }
    }

    private ReportTarget? Report(ParseResult parsed) =>
        Uri.TryCreate(parsed.GetValue(reportOption), UriKind.Absolute, out Uri? address) && address.Scheme is "http" or "https"
            ? new ReportTarget(address!, parsed.GetValue(keyOption) ?? "", parsed.GetValue(idOption))
            : null;

    private TrainRequest Fresh(ParseResult parsed, string? jsonFile)
    {
        TrainSettings merged = settings.Merge(parsed);
        RunFolder folder = parsed.GetValue(outOption) is { } path ? new RunFolder(path) : RunFolder.Next(environment.RunsFolder, merged);
        return folder.IsFree
            ? new TrainRequest(merged, folder, IsResumed: false, jsonFile)
            : throw new UsageException(
                $"Output folder must be new or empty; '{folder.Path}' holds files; "
                + "choose another with --out, or add --resume to go on with the run in it.");
    }

    private TrainRequest Resumed(ParseResult parsed, string? jsonFile)
    {
        RunFolder? folder = parsed.GetValue(outOption) is { } path ? new RunFolder(path) : RunFolder.Newest(environment.RunsFolder);
        return folder is { IsRun: true }
            ? new TrainRequest(settings.Resume(folder.ReadSettings(), parsed), folder, IsResumed: true, jsonFile)
            : throw new UsageException(
                folder is null
                    ? $"A run is needed to resume; there is none in '{environment.RunsFolder}'; name its folder with --out."
                    : $"A run is needed to resume; '{folder.Path}' holds no settings.json; name another folder with --out.");
    }
}
