using System;
using System.Globalization;
using System.Linq;
using FeatureAlignment.Simulator.Training;
using Spectre.Console;

namespace FeatureAlignment.Simulator.Comparisons;

/// <summary>What <c>compare</c> prints at its end.</summary>
internal static class ComparisonTable
{
    public static void Write(IAnsiConsole console, ComparisonResult result)
    {
        Table table = new Table().RoundedBorder().AddColumn("");
        table.AddColumn("alignment", column => column.RightAligned());
        table.AddColumn("backpropagation", column => column.RightAligned());
        ComparedRun left = result.Alignment, right = result.Backpropagation;
        foreach (int epoch in left.Epochs.Concat(right.Epochs).Select(point => point.Epoch).Distinct().Order())
        {
            table.AddRow(Text($"accuracy, epoch {epoch}"), Accuracy(left, epoch), Accuracy(right, epoch));
        }

        table.AddEmptyRow();
        table.AddRow("training time", Text($"{left.TrainingSeconds:0.0} s"), Text($"{right.TrainingSeconds:0.0} s"));
        table.AddRow("samples/s", Text($"{left.Result.SamplesPerSecond:#,0}"), Text($"{right.Result.SamplesPerSecond:#,0}"));
        table.AddRow("memory held", MemorySize.Format(left.Result.TrainingBytes), MemorySize.Format(right.Result.TrainingBytes));
        table.AddRow("memory planned", MemorySize.Format(left.Result.MemoryPlan.Total), MemorySize.Format(right.Result.MemoryPlan.Total));
        console.WriteLine();
        console.Write(table);
        console.WriteLine(Text(
            $"Alignment took {result.TimeRatio:0.00} × the time of backpropagation, which held {result.MemoryRatio:0.00} × the memory."));
    }

    private static string Accuracy(ComparedRun run, int epoch) =>
        run.Epochs.FirstOrDefault(point => point.Epoch == epoch) is { } found ? Text($"{100 * found.Accuracy:0.00} %") : "–";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
