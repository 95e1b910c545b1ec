using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using FeatureAlignment.Simulator.Commands;
using FeatureAlignment.Simulator.Datasets;
using FeatureAlignment.Simulator.Training;

namespace FeatureAlignment.Simulator.Comparisons;

/// <summary>The work of <c>compare</c>: two runs as <c>train</c> does them, then what they show side by side.</summary>
internal static class ComparisonRun
{
    public static async Task<int> RunAsync(
        CommandEnvironment environment, DatasetCatalog catalog, CompareRequest request, CancellationToken cancellation)
    {
        RunFolder alignment = new(Path.Combine(request.Folder.Path, "alignment"));
        RunFolder backpropagation = new(Path.Combine(request.Folder.Path, "backpropagation"));
        TextWriter output = environment.Output.Profile.Out.Writer;
        (RunFolder, TrainSettings)[] runs = [(alignment, request.Alignment), (backpropagation, request.Backpropagation)];
        foreach ((RunFolder folder, TrainSettings settings) in runs)
        {
            output.WriteLine($"{(folder == alignment ? "" : Environment.NewLine)}== {OptionValue.Write(settings.Rule)}");
            TrainRequest training = new(settings, folder, IsResumed: false, JsonFile: null) { EvaluatesEveryEpoch = true };
            int exitCode = await TrainAsync(environment, catalog, training, request.Folder, cancellation);
            if (exitCode != ExitCode.Success)
            {
                output.WriteLine("Stopped before both rules were trained; there is nothing to compare.");
                return exitCode;
            }
        }

        ComparisonResult result = ComparisonResult.Of(
            ComparedRun.Read(alignment), ComparedRun.Read(backpropagation), new TrainOptions().Call(request.Alignment, "compare"));
        RunFolder.WriteWhole(request.Folder.Result, result.WriteJson);
        RunFolder.WriteWhole(request.Folder.Report, stream => ComparisonReport.Write(stream, result));
        if (request.JsonFile is not null && !request.Folder.IsResult(request.JsonFile))
        {
            OutputFile.Write(request.JsonFile, result.WriteJson);
        }

        ComparisonTable.Write(environment.Output, result);
        output.WriteLine($"Report:    {request.Folder.Report}");
        return ExitCode.Success;
    }

    /// <summary>As <c>train</c> does it: a refused training leaves no folder, neither its own nor an empty one of the comparison.</summary>
    private static async Task<int> TrainAsync(
        CommandEnvironment environment, DatasetCatalog catalog, TrainRequest training, RunFolder comparison, CancellationToken cancellation)
    {
        try
        {
            using IDisposable folderLock = training.Folder.Lock();
            return await TrainRun.RunAsync(environment, catalog, training, cancellation);
        }
        finally
        {
            training.Folder.RemoveIfEmpty();
            comparison.RemoveIfEmpty();
        }
    }
}
