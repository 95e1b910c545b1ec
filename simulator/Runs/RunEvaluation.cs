using System.IO;
using System.Threading;
using System.Threading.Tasks;
using FeatureAlignment.Datasets;
using FeatureAlignment.Simulator.Commands;
using FeatureAlignment.Simulator.Datasets;
using FeatureAlignment.Simulator.Training;

namespace FeatureAlignment.Simulator.Runs;

/// <summary>The work of <c>evaluate</c>.</summary>
internal static class RunEvaluation
{
    public static async Task<int> RunAsync(
        CommandEnvironment environment, DatasetCatalog catalog, EvaluateRequest request, CancellationToken cancellation)
    {
        TrainedRun run = TrainedRun.Open(request.Folder, request.Settings, environment);
        (string name, ISampleSource samples) = IsOtherTable(request)
            ? (Path.GetFileName(request.Settings.Data!), run.ReadTable(request.Folder, request.Settings.Data!))
            : await LoadTestAsync(environment, catalog, request, cancellation);
        run.RequireSamples(name, samples);
        using RunMeasurement measurement = run.Measure();
        EvaluationReport report = EvaluationReport.Of(run, name, measurement.Evaluate(new StoppableSamples(samples, cancellation)));
        report.Write(environment.Output);
        if (request.JsonFile is not null)
        {
            OutputFile.Write(request.JsonFile, report.WriteJson);
        }

        return ExitCode.Success;
    }

    /// <summary>Every row of another table is a test row, scaled as the run's own.</summary>
    private static bool IsOtherTable(EvaluateRequest request) =>
        request.Settings.Dataset == DatasetCatalog.Csv && request.Settings.Data != request.Folder.ReadSettings().Data;

    private static async Task<(string, ISampleSource)> LoadTestAsync(
        CommandEnvironment environment, DatasetCatalog catalog, EvaluateRequest request, CancellationToken cancellation)
    {
        LoadedDataset dataset = await RunSamples.LoadDatasetAsync(catalog, request.Settings, environment, cancellation);
        return (dataset.Name, dataset.Test);
    }
}
