using System.Globalization;
using System.IO;
using System.Linq;
using FeatureAlignment.Kernels;
using FeatureAlignment.Simulator.Commands;
using FeatureAlignment.Training;
using Spectre.Console;

namespace FeatureAlignment.Simulator.Training;

/// <summary>What a training prints before it starts: the samples, the network, and the memory it will hold.</summary>
internal static class TrainingAnnouncement
{
    public static void Write(
        IAnsiConsole console, TrainSettings settings, RunSamples samples, TrainingOptions options, KernelSet kernels, MemoryPlan plan)
    {
        TextWriter output = console.Profile.Out.Writer;
        string held = settings.Validation > 0 ? "held out" : "for the test";
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Data     {samples.Dataset.Name}: {samples.Training.Count:#,0} samples to learn, {samples.Measured.Count:#,0} {held}; ")
            + samples.Dataset.Source);
        output.WriteLine(
            $"Network  {samples.Training.Inputs}-{string.Join('-', settings.Layers)} {OptionValue.Write(settings.Activation)}, "
            + $"{OptionValue.Write(settings.Rule)}{Labels(settings)}, {OptionValue.Write(settings.Schedule)}, "
            + $"{OptionValue.Write(settings.Optimizer)} {OptionValue.Write(settings.LearningRate)} {OptionValue.Write(settings.Decay)}, "
            + $"batch {options.Batch}, seed {settings.Seed}, {kernels.Name} kernels, "
            + (options.Threads == 1 ? "1 thread" : $"{options.Threads} threads"));
        output.WriteLine($"Memory   {MemorySize.Format(plan.Use.Total)} planned: {Parts(plan.Use)}{Stored(plan)}");
        if (plan.WrittenBytes > 0)
        {
            output.WriteLine(
                $"Storage  {options.RowsInMemory} rows of a layer in memory at a time; an epoch writes "
                + $"{MemorySize.Format(plan.WrittenBytes / options.Epochs)}, the run {MemorySize.Format(plan.WrittenBytes)}");
        }
    }

    private static string Labels(TrainSettings settings) =>
        settings.Rule == LearningRule.Alignment ? $" with labels {OptionValue.Write(settings.Labels)}" : "";

    private static string Parts(MemoryUse use)
    {
        (string Name, long Bytes)[] parts =
        [
            ("weights", use.Weights),
            ("gradients", use.Gradients),
            ("optimizer", use.OptimizerState),
            ("activations", use.Activations),
            ("work buffers", use.WorkBuffers),
        ];
        return string.Join(", ", parts.Where(part => part.Bytes > 0).Select(part => $"{part.Name} {MemorySize.Format(part.Bytes)}"));
    }

    private static string Stored(MemoryPlan plan) =>
        plan.StoredBytes > 0 ? $"; one layer in memory at a time, {MemorySize.Format(plan.StoredBytes)} of layers in storage" : "";
}
