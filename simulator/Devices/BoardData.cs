using FeatureAlignment.Checkpoints;
using FeatureAlignment.Datasets;
using FeatureAlignment.Device.Settings;
using FeatureAlignment.Simulation.Storage;
using FeatureAlignment.Simulator.Datasets;

namespace FeatureAlignment.Simulator.Devices;

/// <summary>The files that a board learns from, unpacked, under the names that its settings give.</summary>
internal static class BoardData
{
    /// <summary>Writes a data set of images as plain IDX files into memory; a pixel becomes the byte that it was read from.</summary>
    /// <param name="dataset">The images.</param>
    /// <param name="limit">Training images used, from the first; null for all.</param>
    /// <param name="names">Names of the four files.</param>
    public static IStorage Create(LoadedDataset dataset, int? limit, DataFileNames names)
    {
        var storage = new MemoryStorage();
        int width = dataset.ImageWidth!.Value, height = dataset.ImageHeight!.Value;
        ISampleSource training = SampleSubset.Take(dataset.Training, limit ?? int.MaxValue);
        IdxFiles.Write(storage, training, width, height, names.TrainingImages, names.TrainingLabels);
        if (names.TestImages.Length > 0)
        {
            IdxFiles.Write(storage, dataset.Test, width, height, names.TestImages, names.TestLabels);
        }

        return storage;
    }
}
