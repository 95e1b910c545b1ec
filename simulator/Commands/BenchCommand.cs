using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Threading;
using System.Threading.Tasks;

namespace FeatureAlignment.Simulator.Commands;

/// <param name="JsonFile">Where to write the figures, or null.</param>
internal sealed record BenchRequest(string? JsonFile);

/// <summary><c>simulator bench</c>: how fast training and inference are, and how near to what the machine can do.</summary>
internal sealed class BenchCommand : SimulatorCommand
{
    private readonly Option<string> jsonOption = OptionFactory.Create(
        "--json", OptionValue.Text("FILE"),
        "Write all figures to this file too.");

    public BenchCommand(Func<BenchRequest, CancellationToken, Task<int>> measure)
        : base(
            "bench",
            "Measures training and inference beside the machine's own peak and memory speed. Takes about a minute; needs no data.")
    {
        Add(jsonOption);
        SetAction((parsed, cancellation) =>
        {
            string? jsonFile = parsed.GetValue(jsonOption);
            OutputFile.RequireWritable("--json", jsonFile);
            return measure(new BenchRequest(jsonFile), cancellation);
        });
    }

    public override IReadOnlyList<string> Examples { get; } = ["bench", "bench --json bench.json"];

    public override IReadOnlyList<string> Notes { get; } =
    [
        "Rows: the presets as train runs them, and the accurate preset's net at batches 1, 8, 32 and 128, on random samples in memory,",
        "with one thread and with all. What else runs on the machine shows in the figures: close it first.",
    ];
}
