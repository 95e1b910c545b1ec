using System;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;
using FeatureAlignment.Datasets;

namespace FeatureAlignment.Simulator.Datasets;

/// <summary>
/// Finds the four files of a published data set: in the folder given, else in the folder that the environment names, else in
/// the user's cache, which is filled from the mirrors when needed. The user's own folders are taken as they are (they may hold
/// other data of the same format); the cache is compared with the published digests.
/// </summary>
/// <param name="cacheFolder">Gets one folder per data set.</param>
/// <param name="environment">Gives the value of an environment variable, or null.</param>
/// <param name="downloader">Fills the cache.</param>
internal sealed class DatasetFiles(string cacheFolder, Func<string, string?> environment, DatasetDownloader downloader)
{
    /// <summary>How long a mirror may stay silent.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>The cache and the environment of this machine.</summary>
    public static DatasetFiles ForThisMachine(HttpClient client)
    {
        string data = Environment.GetFolderPath(
            Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return new DatasetFiles(
            Path.Combine(data, "featurealignment", "datasets"),
            Environment.GetEnvironmentVariable,
            new DatasetDownloader(client, Patience));
    }

    /// <summary>Finds or downloads a data set and reads it.</summary>
    /// <exception cref="DatasetUnavailableException">Files are missing and can't be downloaded.</exception>
    /// <exception cref="DataFormatException">A file is damaged, or the two parts don't fit together.</exception>
    public async Task<LoadedDataset> LoadAsync(
        PublishedDataset dataset, string? dataFolder, IProgress<DownloadProgress>? progress, CancellationToken cancellation)
    {
        string folder;
        if (dataFolder is not null)
        {
            folder = RequireAllFiles(dataset, dataFolder, "--data");
        }
        else if (environment(dataset.FolderVariable) is { Length: > 0 } named)
        {
            folder = RequireAllFiles(dataset, named, "the environment variable " + dataset.FolderVariable);
        }
        else
        {
            folder = Path.Combine(cacheFolder, dataset.Name);
            await FillCacheAsync(dataset, folder, progress, cancellation).ConfigureAwait(false);
        }

        cancellation.ThrowIfCancellationRequested();
        IdxDataset training = Read(folder, "train", dataset.TrainingImages, dataset.TrainingLabels, dataset.ClassNames.Count);
        IdxDataset test = Read(folder, "t10k", dataset.TestImages, dataset.TestLabels, dataset.ClassNames.Count);
        if ((training.Width, training.Height) != (test.Width, test.Height))
        {
            throw new DataFormatException(
                $"{folder}: training and test images must have one size; {training.Width} x {training.Height} and "
                + $"{test.Width} x {test.Height} found; give files of the same set.");
        }

        return new LoadedDataset(dataset.Name, training, test, $"IDX files in {folder}")
        {
            ImageWidth = training.Width,
            ImageHeight = training.Height,
            ClassNames = dataset.ClassNames,
        };
    }

    /// <summary>Both spellings are in the wild (unpackers on Windows write a dot), and the format is found by content.</summary>
    private static string? Find(string folder, PublishedFile file)
    {
        string dotted = file.Name.Replace("-idx", ".idx", StringComparison.Ordinal);
        string[] names = [file.Name, file.Name + ".gz", dotted, dotted + ".gz"];
        return names.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
    }

    private static string RequireAllFiles(PublishedDataset dataset, string folder, string origin)
    {
        if (!Directory.Exists(folder))
        {
            throw new DatasetUnavailableException(
                $"{origin} must name a folder with the {dataset.Name} files; {folder} does not exist. {FileNames(dataset)}");
        }

        string[] missing = [.. dataset.Files.Where(file => Find(folder, file) is null).Select(file => file.Name)];
        if (missing.Length > 0)
        {
            throw new DatasetUnavailableException(
                $"{origin} must name a folder with the {dataset.Name} files; missing in {folder}: {string.Join(", ", missing)}. "
                + "Each may be plain or .gz.");
        }

        return folder;
    }

    private static string FileNames(PublishedDataset dataset) =>
        $"It needs these four files, plain or .gz: {string.Join(", ", dataset.Files.Select(file => file.Name))}.";

    private static IdxDataset Read(string folder, string part, PublishedFile images, PublishedFile labels, int classes)
    {
        try
        {
            using FileStream imageStream = Open(folder, images);
            using FileStream labelStream = Open(folder, labels);
            return IdxDataset.Read(imageStream, labelStream, $"{folder}: {part}", classes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DatasetUnavailableException($"The files in {folder} must be readable; {e.Message}", e);
        }
    }

    private static FileStream Open(string folder, PublishedFile file) =>
        File.OpenRead(Find(folder, file) ?? throw new FileNotFoundException($"{file.Name} has vanished."));

    private async Task FillCacheAsync(
        PublishedDataset dataset, string folder, IProgress<DownloadProgress>? progress, CancellationToken cancellation)
    {
        try
        {
            Directory.CreateDirectory(folder);
            foreach (PublishedFile file in dataset.Files)
            {
                string path = Path.Combine(folder, file.Name + ".gz");
                if (!File.Exists(path)
                    || !await DatasetDownloader.IsGenuineAsync(dataset, file, path, cancellation).ConfigureAwait(false))
                {
                    await downloader.DownloadAsync(dataset, file, folder, progress, cancellation).ConfigureAwait(false);
                }
            }
        }
        catch (Exception e) when (e is DatasetUnavailableException or IOException or UnauthorizedAccessException)
        {
            throw new DatasetUnavailableException(
                $"{dataset.Name} is neither in the cache folder {folder} nor could it be brought there. {e.Message}{Environment.NewLine}"
                + $"{FileNames(dataset)} Without a network, copy them into a folder and name it with --data DIR or the environment "
                + $"variable {dataset.FolderVariable}, or put the published .gz files into the cache folder; "
                + "or use --dataset digits, which needs no files.",
                e);
        }
    }
}
