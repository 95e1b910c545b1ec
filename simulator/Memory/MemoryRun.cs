using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading;
using FeatureAlignment.Simulator.Commands;
using FeatureAlignment.Simulator.Reports.Charts;
using FeatureAlignment.Simulator.Training;
using FeatureAlignment.Training;
using Spectre.Console;

namespace FeatureAlignment.Simulator.Memory;

/// <summary>The work of <c>memory</c>: three trainings at each depth, then table, picture and JSON.</summary>
internal static class MemoryRun
{
    public static int Run(CommandEnvironment environment, MemoryRequest request, CancellationToken cancellation)
    {
        TrainingMemory Measure(LearningRule rule, LayerSchedule schedule, int depth)
        {
            cancellation.ThrowIfCancellationRequested();
            return MemoryMeasurement.Of(rule, schedule, request.Width, depth, request.Batch, request.Optimizer);
        }

        // What a first training leaves behind in the process is not a training's memory.
        int deepest = request.Depths.Max();
        Measure(LearningRule.Alignment, LayerSchedule.Layerwise, deepest);
        Measure(LearningRule.Alignment, LayerSchedule.Interleaved, deepest);
        Measure(LearningRule.Backpropagation, LayerSchedule.Interleaved, deepest);

        MemoryResult result = new()
        {
            Width = request.Width,
            Batch = request.Batch,
            Optimizer = OptionValue.Write(request.Optimizer),
            Depths =
            [
                .. request.Depths.Distinct().Order().Select(depth => new DepthMemory(
                    depth,
                    Measure(LearningRule.Alignment, LayerSchedule.Layerwise, depth),
                    Measure(LearningRule.Alignment, LayerSchedule.Interleaved, depth),
                    Measure(LearningRule.Backpropagation, LayerSchedule.Interleaved, depth))),
            ],
        };
        Write(environment.Output, result);
        if (request.JsonFile is not null)
        {
            OutputFile.Write(request.JsonFile, result.WriteJson);
        }

        if (request.PictureFile is not null)
        {
            OutputFile.Write(request.PictureFile, stream => Chart(result).WriteSvg(stream));
        }

        return ExitCode.Success;
    }

    private static void Write(IAnsiConsole console, MemoryResult result)
    {
        Table table = new Table().RoundedBorder()
            .Title(
                Text($"Bytes that training holds: {result.Width} inputs, layers of {result.Width}, ")
                + Text($"batch {result.Batch}, {result.Optimizer}"));
        string[] headings =
        [
            "depth", "align\nlayer-\nwise", "planned", "stored", "align\ninter-\nleaved", "planned", "back-\nprop", "planned",
            "backprop\n÷ layer-\nwise", "of it\nactiva-\ntions\nlayer-\nwise", "of it\nactiva-\ntions\nback-\nprop",
        ];
        foreach (string heading in headings)
        {
            table.AddColumn(heading, column => column.RightAligned().NoWrap());
        }

        foreach (DepthMemory depth in result.Depths)
        {
            table.AddRow(
                Text($"{depth.Depth}"),
                Bytes(depth.Layerwise.HeldBytes), Bytes(depth.Layerwise.PlannedBytes), Bytes(depth.Layerwise.StoredBytes),
                Bytes(depth.Interleaved.HeldBytes), Bytes(depth.Interleaved.PlannedBytes),
                Bytes(depth.Backpropagation.HeldBytes), Bytes(depth.Backpropagation.PlannedBytes),
                Text($"{depth.BackpropagationOverLayerwise:0.0} ×"),
                Bytes(depth.Layerwise.ActivationBytes), Bytes(depth.Backpropagation.ActivationBytes));
        }

        console.Write(table);
        console.WriteLine(Text($"Layerwise alignment differs by {100 * result.LayerwiseGrowth:0.0} % over the depths."));
    }

    private static LineChart Chart(MemoryResult result) => new()
    {
        Id = "memory",
        Title = "Training memory by depth",
        YLabel = Text($"MB held, layers of {result.Width}, batch {result.Batch}, {result.Optimizer}"),
        XLabel = "layers",
        Curves =
        [
            Curve(result, "Alignment, layerwise", "layer-0", depth => depth.Layerwise),
            Curve(result, "Alignment, interleaved", "layer-2", depth => depth.Interleaved),
            Curve(result, "Backpropagation", "layer-1", depth => depth.Backpropagation),
        ],
    };

    private static Curve Curve(MemoryResult result, string name, string style, Func<DepthMemory, TrainingMemory> memory)
    {
        const double BytesPerMegabyte = 1 << 20;
        IEnumerable<CurvePoint> points =
            result.Depths.Select(depth => new CurvePoint(depth.Depth, memory(depth).HeldBytes / BytesPerMegabyte));
        return new Curve(name, style, [.. points]);
    }

    private static string Bytes(long bytes) => MemorySize.Format(bytes);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
