using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using FeatureAlignment.Layers;
using FeatureAlignment.Training;

namespace FeatureAlignment.Simulator.Commands;

/// <param name="Width">Neurons of each layer, and inputs.</param>
/// <param name="Depths">Numbers of hidden layers.</param>
/// <param name="Batch">Samples per update.</param>
/// <param name="Optimizer">Whose state is counted.</param>
/// <param name="JsonFile">Where to write the figures, or null.</param>
/// <param name="PictureFile">Where to draw them, or null.</param>
internal sealed record MemoryRequest(
    int Width, IReadOnlyList<int> Depths, int Batch, OptimizerKind Optimizer, string? JsonFile, string? PictureFile);

/// <summary><c>simulator memory</c>: what training holds at each depth, measured beside the forecast, for both rules.</summary>
internal sealed class MemoryCommand : SimulatorCommand
{
    private const int LargestBatch = 65_536;

    private readonly Option<int> widthOption = OptionFactory.Create(
        "--width", OptionValue.Whole,
        "Neurons of each layer, and inputs, 1 to 65,536. [default: 256]");
    private readonly Option<IReadOnlyList<int>> depthsOption = OptionFactory.Create(
        "--depths", OptionValue.Layers,
        "Numbers of layers, 1 to 256 each. [default: 2,4,8,16,32,64]");
    private readonly Option<int> batchOption = OptionFactory.Create(
        "--batch", OptionValue.Whole,
        "Samples per update, 1 to 65,536. [default: 32]");
    private readonly Option<OptimizerKind> optimizerOption = OptionFactory.Create(
        "--optimizer", OptionValue.Choice<OptimizerKind>(),
        "Update rule, whose state is counted. [default: adam]");
    private readonly Option<string> jsonOption = OptionFactory.Create(
        "--json", OptionValue.Text("FILE"),
        "Write all figures to this file too.");
    private readonly Option<string> outOption = OptionFactory.Create(
        "--out", OptionValue.Text("FILE.svg"),
        "Draw the figures to this file too.");

    public MemoryCommand(Func<MemoryRequest, CancellationToken, Task<int>> measure)
        : base(
            "memory",
            "Measures the bytes that training holds at each depth, for alignment and backpropagation, beside the plan's forecast.")
    {
        foreach (Option option in (IEnumerable<Option>)[widthOption, depthsOption, batchOption, optimizerOption, jsonOption, outOption])
        {
            Add(option);
        }

        SetAction((parsed, cancellation) =>
        {
            MemoryRequest request = Request(parsed);
            OutputFile.RequireWritable("--json", request.JsonFile);
            OutputFile.RequireWritable("--out", request.PictureFile);
            return measure(request, cancellation);
        });
    }

    public override IReadOnlyList<string> Examples { get; } =
    [
        "memory",
        "memory --width 128 --depths 2,8,32 --batch 1 --optimizer sgd",
        "memory --json memory.json --out memory.svg",
    ];

    public override IReadOnlyList<string> Notes { get; } =
    [
        "Counted are weights, gradients, optimizer state, activations and work buffers, with one thread: heap in use at its peak.",
        "Layerwise alignment keeps finished layers in files of a temporary folder; their bytes are shown beside it.",
    ];

    public override IEnumerable<string> Faults(ParseResult parsed)
    {
        MemoryRequest request = Request(parsed);
        if (request.Depths.Count == 0)
        {
            yield return "Depths must be at least one number; were none.";
        }

        (string Subject, int Value, int Most)[] values =
        [
            ("Width", request.Width, LayerSpec.LargestWidth),
            ("Batch", request.Batch, LargestBatch),
            .. request.Depths.Select(depth => ("Depth", depth, TrainingOptions.LargestLayerCount)),
        ];
        foreach ((string subject, int value, int most) in values)
        {
            if (value < 1 || value > most)
            {
                yield return string.Create(CultureInfo.InvariantCulture, $"{subject} must be from 1 to {most:N0}; was {value:N0}.");
            }
        }

        if (request.PictureFile is { } picture && !picture.EndsWith(".svg", StringComparison.OrdinalIgnoreCase))
        {
            yield return $"Option --out must name an .svg file; was '{picture}'.";
        }
    }

    private MemoryRequest Request(ParseResult parsed) => new(
        Value(parsed, widthOption, 256),
        Value(parsed, depthsOption, [2, 4, 8, 16, 32, 64]),
        Value(parsed, batchOption, 32),
        Value(parsed, optimizerOption, OptimizerKind.Adam),
        parsed.GetValue(jsonOption),
        parsed.GetValue(outOption));

    private static T Value<T>(ParseResult parsed, Option<T> option, T otherwise) =>
        OptionFactory.IsGiven(parsed, option) ? parsed.GetRequiredValue(option) : otherwise;
}
