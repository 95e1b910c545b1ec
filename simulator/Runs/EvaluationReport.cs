using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Text.Json.Serialization;
using FeatureAlignment.Evaluation;
using FeatureAlignment.Simulator.Reports;
using Spectre.Console;

namespace FeatureAlignment.Simulator.Runs;

/// <summary>
/// What <c>evaluate</c> finds, on the console and as the file of <c>--json</c>; names and meanings are those of <see cref="RunResult"/>.
/// </summary>
internal sealed record EvaluationReport
{
    private const string NotMeasured = "–";

    /// <summary>Name of the data set whose test samples were used.</summary>
    public required string Dataset { get; init; }

    /// <summary>Test samples.</summary>
    public required int Samples { get; init; }

    public double? TestAccuracy { get; init; }

    public required IReadOnlyList<double?> LayerAccuracies { get; init; }

    public IReadOnlyList<double>? ReconstructionMse { get; init; }

    public double? DecodedMse { get; init; }

    public required IReadOnlyList<int> DeadNeurons { get; init; }

    public IReadOnlyList<IReadOnlyList<int>>? Confusion { get; init; }

    public IReadOnlyList<string>? ClassNames { get; init; }

    /// <summary>Training samples that the network had seen.</summary>
    public required long SamplesSeen { get; init; }

    public required string WeightsSha256 { get; init; }

    public static EvaluationReport Of(TrainedRun run, string dataset, EvaluationResult evaluation) => new()
    {
        Dataset = dataset,
        Samples = evaluation.Samples,
        TestAccuracy = evaluation.Accuracy,
        LayerAccuracies = evaluation.LayerAccuracies,
        ReconstructionMse = evaluation.ReconstructionMse is { Count: > 0 } errors ? errors : null,
        DecodedMse = evaluation.DecodedMse,
        DeadNeurons = evaluation.DeadNeurons,
        Confusion = evaluation.Confusion,
        ClassNames = evaluation.Confusion is null ? null : run.Format.ClassNames,
        SamplesSeen = run.Position.SamplesSeen,
        WeightsSha256 = run.Network.ComputeDigest(),
    };

    public void WriteJson(Stream stream)
    {
        JsonSerializer.Serialize(stream, this, EvaluationJson.Default.EvaluationReport);
        stream.WriteByte((byte)'\n');
    }

    public void Write(IAnsiConsole console)
    {
        console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Samples:#,0} test samples of {Dataset}"));
        Table layers = new Table().RoundedBorder().AddColumn("layer");
        foreach (string heading in (string[])["accuracy", "reconstruction MSE", "dead neurons"])
        {
            layers.AddColumn(heading, column => column.RightAligned());
        }

        for (int layerIndex = 0; layerIndex < LayerAccuracies.Count; layerIndex++)
        {
            layers.AddRow(
                Whole(layerIndex + 1),
                Percent(LayerAccuracies[layerIndex]),
                Error(ReconstructionMse?[layerIndex]),
                Whole(DeadNeurons[layerIndex]));
        }

        console.Write(layers);
        if (Confusion is not null)
        {
            console.WriteLine("Rows are the true classes, columns the predicted ones:");
            console.Write(ConfusionTable());
        }

        console.WriteLine($"accuracy {Percent(TestAccuracy)}, decoded from the top layer: mean squared error {Error(DecodedMse)}");
    }

    private Table ConfusionTable()
    {
        Table table = new Table().RoundedBorder().AddColumn("");
        foreach (string name in ClassNames!)
        {
            table.AddColumn(Markup.Escape(name), column => column.RightAligned());
        }

        for (int trueClass = 0; trueClass < Confusion!.Count; trueClass++)
        {
            table.AddRow([Markup.Escape(ClassNames![trueClass]), .. Confusion[trueClass].Select(Whole)]);
        }

        return table;
    }

    private static string Percent(double? fraction) =>
        fraction is { } share ? string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.00} %") : NotMeasured;

    private static string Error(double? meanSquaredError) =>
        meanSquaredError is { } error ? string.Create(CultureInfo.InvariantCulture, $"{error:0.0000}") : NotMeasured;

    private static string Whole(int count) => count.ToString("#,0", CultureInfo.InvariantCulture);
}

[JsonSourceGenerationOptions(
    WriteIndented = true,
    NewLine = "\n",
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    Converters = [typeof(RunResultJson.FiniteNumberConverter), typeof(RunResultJson.MatrixConverter)])]
[JsonSerializable(typeof(EvaluationReport))]
internal sealed partial class EvaluationJson : JsonSerializerContext;
