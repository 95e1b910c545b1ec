using System;
using System.Globalization;
using System.IO;
using FeatureAlignment.Layers;
using FeatureAlignment.Simulator.Commands;
using FeatureAlignment.Training;
using Spectre.Console;

namespace FeatureAlignment.Simulator.Runs;

/// <summary>The work of <c>info</c>.</summary>
internal static class RunDescription
{
    public static int Run(CommandEnvironment environment, InfoRequest request)
    {
        TrainedRun run = TrainedRun.Open(request.Folder, request.Settings, environment);
        TextWriter output = environment.Output.Profile.Out.Writer;
        output.WriteLine($"run       {request.Folder.Path}");
        output.WriteLine($"repeat    {new TrainOptions().Call(request.Settings)}");
        output.WriteLine($"samples   {run.Format.Name}: {run.Format.Inputs} features, {run.Format.Classes} classes");
        output.WriteLine($"position  {Position(run)}");
        output.WriteLine($"weights   SHA-256 {run.Network.ComputeDigest()}");
        environment.Output.Write(Layers(run));
        return ExitCode.Success;
    }

    private static string Position(TrainedRun run)
    {
        TrainingPosition position = run.Position;
        if (position.SamplesSeen == run.TotalSamples)
        {
            return Text($"finished: {position.SamplesSeen:#,0} samples");
        }

        string layer = run.Settings.Schedule == LayerSchedule.Layerwise
            ? $"layer {position.LayerIndex + 1} of {run.Settings.Layers.Count}, "
            : "";
        return layer + Text($"epoch {position.EpochIndex + 1} of {run.Settings.Epochs}, sample {position.SampleIndex:#,0}; ")
            + Text($"{position.SamplesSeen:#,0} of {run.TotalSamples:#,0} samples");
    }

    private static Table Layers(TrainedRun run)
    {
        Table table = new Table().RoundedBorder().AddColumn("layer").AddColumn("activation");
        foreach (string heading in (string[])["inputs", "outputs", "parameters", "bytes", "dead neurons"])
        {
            table.AddColumn(heading, column => column.RightAligned());
        }

        foreach (DenseLayer layer in run.Network.Layers)
        {
            LayerSpec spec = layer.Spec;
            table.AddRow(
                Text($"{table.Rows.Count + 1}"),
                OptionValue.Write(spec.Activation),
                Text($"{spec.Inputs:#,0}") + (spec.LabelInputs > 0 ? Text($" + {spec.LabelInputs} label") : ""),
                Text($"{spec.Outputs:#,0}") + (spec.ClassOutputs > 0 ? Text($" ({spec.ClassOutputs} class)") : ""),
                Text($"{spec.ParameterCount:#,0}"),
                Text($"{sizeof(float) * spec.ParameterCount:#,0}"),
                Text($"{layer.CountDeadNeurons():#,0}"));
        }

        return table;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
