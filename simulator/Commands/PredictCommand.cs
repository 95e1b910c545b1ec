using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Threading;
using System.Threading.Tasks;
using FeatureAlignment.Simulator.Training;

namespace FeatureAlignment.Simulator.Commands;

/// <param name="Folder">The run that predicts.</param>
/// <param name="Settings">Of the run.</param>
/// <param name="ImageFile">The sample as a picture, or null.</param>
/// <param name="Row">The sample as its features, or null.</param>
internal sealed record PredictRequest(RunFolder Folder, TrainSettings Settings, string? ImageFile, IReadOnlyList<float>? Row);

/// <summary><c>simulator predict</c>: shows what a trained network makes of one sample.</summary>
internal sealed class PredictCommand : RunCommand
{
    private readonly Option<string> imageOption = OptionFactory.Create(
        "--image", OptionValue.Text("FILE.png"),
        "The sample as a picture: light strokes on black.");
    private readonly Option<IReadOnlyList<float>> rowOption = OptionFactory.Create(
        "--row", OptionValue.Row,
        "The sample as numbers in the order of the training columns, such as \"5.1,3.5,1.4\".");

    public PredictCommand(Func<PredictRequest, CancellationToken, Task<int>> predict)
        : base("predict", "Predicts one sample: its class, the probabilities, the reconstruction error.")
    {
        Add(imageOption);
        Add(rowOption);
        SetAction((parsed, cancellation) =>
        {
            (RunFolder folder, TrainSettings settings) = OpenRun(parsed);
            return predict(new PredictRequest(folder, settings, parsed.GetValue(imageOption), parsed.GetValue(rowOption)), cancellation);
        });
    }

    public override IReadOnlyList<string> Examples { get; } =
    [
        "predict --run runs/0001-digits-quick --image seven.png",
        "predict --run runs/0002-csv-quick --row \"5.1,3.5,1.4,0.2\"",
    ];

    public override IEnumerable<string> Faults(ParseResult parsed)
    {
        if ((parsed.GetResult(imageOption) is null) == (parsed.GetResult(rowOption) is null))
        {
            yield return "One sample must be given, as --image FILE.png or as --row \"…\"; give one of the two.";
        }
    }
}
