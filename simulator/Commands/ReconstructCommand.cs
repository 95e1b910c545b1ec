using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.Threading;
using System.Threading.Tasks;
using FeatureAlignment.Simulator.Training;

namespace FeatureAlignment.Simulator.Commands;

/// <param name="Folder">The run that reconstructs.</param>
/// <param name="Settings">Of the run.</param>
/// <param name="Count">Test samples to show, from 1.</param>
/// <param name="LayerNumber">1-based layer to decode from, or null for layer 1 with the decoding from the top beside it.</param>
/// <param name="PictureFile">Where the picture goes.</param>
internal sealed record ReconstructRequest(RunFolder Folder, TrainSettings Settings, int Count, int? LayerNumber, string PictureFile);

/// <summary><c>simulator reconstruct</c>: draws what the layers keep of their inputs.</summary>
internal sealed class ReconstructCommand : RunCommand
{
    private const int DefaultCount = 10;
    private const int MaxCount = 1_000;

    private readonly Option<int> countOption = OptionFactory.Create(
        "--count", OptionValue.Whole,
        $"Test samples to show, 1 to {MaxCount:N0}. [default: {DefaultCount}]");
    private readonly Option<int> layerOption = OptionFactory.Create(
        "--layer", OptionValue.Whole,
        "Decode from the output of this layer; 1 is next to the input. [default: layer 1 and, beside it, the top layer]");
    private readonly Option<string> outOption = OptionFactory.Create(
        "--out", OptionValue.Text("FILE.png"),
        "Picture to write; the classes' pictures go beside it. [default: reconstructions.png in the run's folder]");

    public ReconstructCommand(Func<ReconstructRequest, CancellationToken, Task<int>> reconstruct)
        : base("reconstruct", "Draws input, reconstruction and error of test samples, decodings from the top, and what each class draws.")
    {
        Add(countOption);
        Add(layerOption);
        Add(outOption);
        SetAction((parsed, cancellation) => reconstruct(Request(parsed), cancellation));
    }

    public override IReadOnlyList<string> Examples { get; } =
    [
        "reconstruct --run runs/0001-digits-quick",
        "reconstruct --run runs/0002-mnist-accurate --count 20 --layer 2 --out layer-2.png",
    ];

    public override IEnumerable<string> Faults(ParseResult parsed)
    {
        int count = OptionFactory.IsGiven(parsed, countOption) ? parsed.GetValue(countOption) : DefaultCount;
        if (count is < 1 or > MaxCount)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"Count must be from 1 to {MaxCount:N0}; was {count:N0}.");
        }
    }

    private ReconstructRequest Request(ParseResult parsed)
    {
        (RunFolder folder, TrainSettings settings) = OpenRun(parsed);
        int? layerNumber = OptionFactory.IsGiven(parsed, layerOption) ? parsed.GetValue(layerOption) : null;
        if (layerNumber < 1 || layerNumber > settings.Layers.Count)
        {
            throw new UsageException($"Layer must be from 1 to {settings.Layers.Count}, the layers of the run; was {layerNumber}.");
        }

        string? pictureFile = parsed.GetValue(outOption);
        OutputFile.RequireWritable("--out", pictureFile);
        OutputFile.RequireNotOf(folder, "--out", pictureFile);
        int count = OptionFactory.IsGiven(parsed, countOption) ? parsed.GetValue(countOption) : DefaultCount;
        return new ReconstructRequest(folder, settings, count, layerNumber, pictureFile ?? folder.Reconstructions);
    }
}
