using System.Threading;
using System.Threading.Tasks;
using FeatureAlignment.Datasets;
using FeatureAlignment.Simulator.Commands;
using FeatureAlignment.Simulator.Datasets;

namespace FeatureAlignment.Simulator.Training;

/// <summary>The samples of a run by what they are for.</summary>
/// <param name="Dataset">Where they come from.</param>
/// <param name="Training">What is learned.</param>
/// <param name="Measured">What the network is measured on: the test set, or the samples held out.</param>
internal sealed record RunSamples(LoadedDataset Dataset, ISampleSource Training, ISampleSource Measured)
{
    /// <exception cref="UsageException">So many samples can't be held out.</exception>
    public static async Task<RunSamples> LoadAsync(
        DatasetCatalog catalog, TrainSettings settings, CommandEnvironment environment, CancellationToken cancellation)
    {
        LoadedDataset dataset = await LoadDatasetAsync(catalog, settings, environment, cancellation);
        ISampleSource training = dataset.Training;
        ISampleSource measured = dataset.Test;
        if (settings.Validation >= training.Count)
        {
            throw new UsageException(
                $"Validation must leave samples to learn from; {settings.Validation} of {training.Count} were to be held out; "
                + "hold out fewer.");
        }

        if (settings.Validation > 0)
        {
            (training, measured) = SampleSubset.Split(training, settings.Validation, settings.Seed);
        }

        return new RunSamples(dataset, SampleSubset.Take(training, settings.Limit ?? int.MaxValue), measured);
    }

    public static async Task<LoadedDataset> LoadDatasetAsync(
        DatasetCatalog catalog, TrainSettings settings, CommandEnvironment environment, CancellationToken cancellation)
    {
        DatasetRequest request = new() { Name = settings.Dataset, DataPath = settings.Data, LabelColumn = settings.Label };
        using DownloadDisplay display = new(environment.Output.Profile.Out.Writer, environment.IsLive);
        return await catalog.LoadAsync(request, display, cancellation);
    }
}
