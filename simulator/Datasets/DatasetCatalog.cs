using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using FeatureAlignment.Datasets;

namespace FeatureAlignment.Simulator.Datasets;

/// <summary>Every data set by its name.</summary>
/// <param name="files">Where the published data sets are found.</param>
internal sealed class DatasetCatalog(DatasetFiles files)
{
    /// <summary>Digits that the program draws: no files, no network.</summary>
    public const string Digits = "digits";

    /// <summary>A table of the user.</summary>
    public const string Csv = "csv";

    private const int DigitsTrainingCount = 20_000;
    private const int DigitsTestCount = 4_000;
    private const int DigitSide = 28;

    /// <summary>
    /// Draws the digits and splits a table. Fixed, so that every run works on the same samples and runs of different seeds can be compared.
    /// </summary>
    private const ulong DataSeed = 1;

    /// <summary>What a request can name; the first is the default.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [Digits, PublishedDataset.Mnist.Name, PublishedDataset.FashionMnist.Name, Csv];

    /// <summary>Draws, reads or downloads the samples.</summary>
    /// <param name="request">What the user asked for.</param>
    /// <param name="progress">Told of downloads; null when nobody watches.</param>
    /// <param name="cancellation">Ends a download at once.</param>
    /// <exception cref="ArgumentException">No data set has that name, or a table has no file.</exception>
    /// <exception cref="DatasetUnavailableException">Files are missing and can't be downloaded.</exception>
    /// <exception cref="DataFormatException">A file is damaged or not of the format expected.</exception>
    public async Task<LoadedDataset> LoadAsync(
        DatasetRequest request, IProgress<DownloadProgress>? progress, CancellationToken cancellation)
    {
        switch (request.Name)
        {
            case Digits:
                return DrawDigits();
            case Csv:
                string file = request.DataPath ?? throw new ArgumentException("A table needs its file: --data FILE.csv.");
                return CsvDataset.Load(file, request.LabelColumn, DataSeed);
            case "mnist":
                return await files.LoadAsync(PublishedDataset.Mnist, request.DataPath, progress, cancellation).ConfigureAwait(false);
            case "fashion-mnist":
                return await files.LoadAsync(PublishedDataset.FashionMnist, request.DataPath, progress, cancellation).ConfigureAwait(false);
            default:
                throw new ArgumentException($"A data set must be one of {string.Join(", ", Names)}; was {request.Name}.");
        }
    }

    private static LoadedDataset DrawDigits()
    {
        var training = ImagesInMemory.DrawDigits(DataSeed, DigitsTrainingCount, 0);
        // The test starts where the training ends: no digit is in both.
        var test = ImagesInMemory.DrawDigits(DataSeed, DigitsTestCount, DigitsTrainingCount);
        return new LoadedDataset(Digits, training, test, "drawn by the program")
        {
            ImageWidth = DigitSide,
            ImageHeight = DigitSide,
            ClassNames = PublishedDataset.Mnist.ClassNames,
        };
    }
}
