using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using FeatureAlignment.Simulator.Datasets;
using FeatureAlignment.Simulator.Reports;
using FeatureAlignment.Simulator.Reports.Charts;
using Spectre.Console;

namespace FeatureAlignment.Simulator.Training;

/// <summary>What a training prints at its end: the layers, the headline, and what to do next.</summary>
internal static class TrainingSummary
{
    private const string NotMeasured = "–";

    public static void Write(IAnsiConsole console, RunResult result, RunFolder folder)
    {
        console.WriteLine();
        if (result.Finished)
        {
            console.Write(Layers(result));
        }

        if (result.TestAccuracy is { } accuracy)
        {
            console.MarkupLineInterpolated($"[bold green]{Percent(accuracy)}[/] accuracy");
        }
        else if (result.ValidationAccuracy is { } validationAccuracy)
        {
            console.MarkupLineInterpolated($"[bold green]{Percent(validationAccuracy)}[/] accuracy on the samples held out");
        }
        else if (result.DecodedMse is { } decodedMse)
        {
            console.MarkupLineInterpolated($"[bold green]{Error(decodedMse)}[/] mean squared error, decoded from the top layer");
        }

        console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{result.SamplesSeen:#,0} samples at {result.SamplesPerSecond:#,0} samples/s, ")
            + $"training held {MemorySize.Format(result.TrainingBytes)}");

        // Paths can be longer than the console is wide; broken over lines they could not be copied.
        foreach (string line in Next(result, folder))
        {
            console.Profile.Out.Writer.WriteLine(line);
        }
    }

    private static Table Layers(RunResult result)
    {
        Table table = new Table().RoundedBorder().AddColumn("layer");
        foreach (string heading in (string[])["neurons", "accuracy", "reconstruction MSE", "dead neurons"])
        {
            table.AddColumn(heading, column => column.RightAligned());
        }

        for (int layerIndex = 0; layerIndex < result.Layers.Count; layerIndex++)
        {
            table.AddRow(
                Count(layerIndex + 1),
                Count(result.Layers[layerIndex]),
                Cell(result.LayerAccuracies, layerIndex, accuracy => accuracy is { } share ? Percent(share) : NotMeasured),
                Cell(result.ReconstructionMse, layerIndex, Error),
                Cell(result.DeadNeurons, layerIndex, Count));
        }

        return table;
    }

    private static IEnumerable<string> Next(RunResult result, RunFolder folder)
    {
        if (!result.Finished)
        {
            yield return $"Stopped before the end. Go on:  simulator train --resume --out {Quoted(folder.Path)}";
            yield break;
        }

        yield return $"Report:    {folder.Report}";
        bool hasPictures = result.ReconstructionMse is not null && DatasetCatalog.Names.Contains(result.Dataset);
        yield return $"Try next:  simulator {(hasPictures ? "reconstruct" : "evaluate")} --run {Quoted(folder.Path)}";
    }

    private static string Cell<T>(IReadOnlyList<T>? values, int layerIndex, Func<T, string> text) =>
        values is not null && layerIndex < values.Count ? text(values[layerIndex]) : NotMeasured;

    // As in the report, with a space that every terminal shows.
    private static string Percent(double fraction) => NumberText.Percent(fraction).Replace('\u00A0', ' ');

    private static string Error(double meanSquaredError) => string.Create(CultureInfo.InvariantCulture, $"{meanSquaredError:0.0000}");

    private static string Count(int count) => string.Create(CultureInfo.InvariantCulture, $"{count:#,0}");

    private static string Quoted(string path) => path.Contains(' ', StringComparison.Ordinal) ? $"\"{path}\"" : path;
}
