using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;
using FeatureAlignment.Datasets;
using FeatureAlignment.Simulator.Datasets;
using NUnit.Framework;

namespace FeatureAlignment.Simulator.Tests.Datasets;

public class DatasetFilesTests
{
    private readonly Dictionary<string, string> environment = [];
    private FakeMirror mirror = null!;
    private TemporaryFolder cache = null!;
    private TemporaryFolder data = null!;

    [SetUp]
    public void CreateFolders()
    {
        environment.Clear();
        mirror = new FakeMirror();
        cache = new TemporaryFolder();
        data = new TemporaryFolder();
    }

    [TearDown]
    public void DeleteFolders()
    {
        mirror.Dispose();
        cache.Dispose();
        data.Dispose();
    }

    [TestCase("{0}-{1}-ubyte", false)]
    [TestCase("{0}-{1}-ubyte.gz", true)]
    [TestCase("{0}.{1}-ubyte", false)]
    [TestCase("{0}.{1}-ubyte.gz", true)]
    public async Task Load_DataFolder_TakesEverySpelling(string spelling, bool packed)
    {
        foreach ((string name, byte[] bytes) in SmallDataset.Files)
        {
            string[] parts = name.Split("-idx");
            string fileName = spelling.Replace("{0}", parts[0], StringComparison.Ordinal)
                .Replace("{1}-ubyte", "idx" + parts[1], StringComparison.Ordinal);
            data.Write(fileName, packed ? bytes : SmallDataset.Unpack(bytes));
        }

        LoadedDataset loaded = await LoadAsync(data.Path);

        AssertIsSmallDataset(loaded);
        Assert.That(mirror.Requests, Is.Empty);
        Assert.That(cache.Files, Is.Empty);
    }

    [Test]
    public async Task Load_DataFolder_BeatsTheEnvironment()
    {
        FillFolder(data);
        environment["SMALL_DIR"] = Path.Combine(data.Path, "nowhere");

        AssertIsSmallDataset(await LoadAsync(data.Path));
    }

    [Test]
    public async Task Load_DataFolderWithOtherContent_IsNotComparedWithDigests()
    {
        FillFolder(data);
        data.Write("train-labels-idx1-ubyte.gz", SmallDataset.Gzip(SmallDataset.Idx([0x801, 3], [0, 0, 1])));

        LoadedDataset loaded = await LoadAsync(data.Path);

        Assert.That(loaded.Training.Read(0, new float[4]), Is.Zero);
    }

    [Test]
    public async Task Load_DataFolderWithoutSomeFiles_ListsAllThatMiss()
    {
        data.Write("train-images-idx3-ubyte", SmallDataset.Unpack(SmallDataset.TrainingImages));
        data.Write("t10k-labels.idx1-ubyte.gz", SmallDataset.TestLabels);

        string message = await LoadFailsAsync(data.Path);

        Assert.That(message, Does.StartWith("--data"));
        Assert.That(message, Does.Contain($"missing in {data.Path}: train-labels-idx1-ubyte, t10k-images-idx3-ubyte."));
    }

    [Test]
    public async Task Load_DataFolderDoesNotExist_SaysWhatBelongsThere()
    {
        string message = await LoadFailsAsync(Path.Combine(data.Path, "nowhere"));

        Assert.That(message, Does.Contain("nowhere does not exist"));
        Assert.That(
            message,
            Does.Contain("train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte, t10k-labels-idx1-ubyte"));
    }

    [Test]
    public void Load_DamagedFile_NamesFolderAndPart()
    {
        FillFolder(data);
        data.Write("t10k-images-idx3-ubyte.gz", SmallDataset.TestImages[..25]);

        Assert.That(
            async () => await LoadAsync(data.Path),
            Throws.TypeOf<DataFormatException>().With.Message.Contains($"{data.Path}: t10k images"));
    }

    [Test]
    public void Load_ImagesOfTwoSizes_SaysBoth()
    {
        FillFolder(data);
        data.Write("t10k-images-idx3-ubyte.gz", SmallDataset.Gzip(SmallDataset.Idx([0x803, 2, 1, 3], [1, 2, 3, 4, 5, 6])));

        Assert.That(
            async () => await LoadAsync(data.Path),
            Throws.TypeOf<DataFormatException>().With.Message.Contains("2 x 2 and 3 x 1 found"));
    }

    [Test]
    public async Task Load_EnvironmentVariable_NamesTheFolder()
    {
        FillFolder(data);
        environment["SMALL_DIR"] = data.Path;

        AssertIsSmallDataset(await LoadAsync());
        Assert.That(mirror.Requests, Is.Empty);
    }

    [Test]
    public async Task Load_EnvironmentVariableNamesEmptyFolder_SaysWhichVariable()
    {
        environment["SMALL_DIR"] = data.Path;

        Assert.That(await LoadFailsAsync(), Does.Contain("environment variable SMALL_DIR").And.Contain("missing in"));
        Assert.That(mirror.Requests, Is.Empty);
    }

    [Test]
    public async Task Load_EmptyCache_DownloadsOnce()
    {
        GiveAll(SmallDataset.FirstMirror);

        AssertIsSmallDataset(await LoadAsync());
        AssertIsSmallDataset(await LoadAsync());

        Assert.That(cache.Files, Is.EqualTo(CachedFiles()));
        Assert.That(mirror.Requests, Has.Count.EqualTo(4));
    }

    [Test]
    public async Task Load_DamagedFileInCache_IsDownloadedAnew()
    {
        GiveAll(SmallDataset.FirstMirror);
        await LoadAsync();
        cache.Write("small/t10k-images-idx3-ubyte.gz", SmallDataset.TestImages[..25]);

        AssertIsSmallDataset(await LoadAsync());

        Assert.That(mirror.Requests, Has.Count.EqualTo(5));
        Assert.That(mirror.Requests[4], Does.EndWith("t10k-images-idx3-ubyte.gz"));
    }

    [Test]
    public async Task Load_DownloadStoppedBetweenFiles_GoesOnWithTheRest()
    {
        foreach ((string name, byte[] bytes) in SmallDataset.Files.Take(2))
        {
            mirror.Give(SmallDataset.FirstMirror + name + ".gz", bytes);
        }

        await LoadFailsAsync();
        Assert.That(cache.Files, Is.EqualTo(new[] { "small/train-images-idx3-ubyte.gz", "small/train-labels-idx1-ubyte.gz" }));

        GiveAll(SmallDataset.SecondMirror);
        AssertIsSmallDataset(await LoadAsync());
        Assert.That(cache.Files, Is.EqualTo(CachedFiles()));
    }

    [Test]
    public async Task Load_Offline_SaysWhichFilesAndWhichOptions()
    {
        mirror.Fail(SmallDataset.FirstMirror + "train-images-idx3-ubyte.gz", new HttpRequestException("Name or service not known"));

        string message = await LoadFailsAsync();

        foreach (string fact in new[]
        {
            Path.Combine(cache.Path, "small"), "Name or service not known",
            "train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte, t10k-labels-idx1-ubyte", "plain or .gz",
            "--data DIR", "SMALL_DIR", "--dataset digits",
        })
        {
            Assert.That(message, Does.Contain(fact));
        }

        Assert.That(cache.Files, Is.Empty);
    }

    [Test]
    public async Task Load_CacheCannotBeMade_SaysSo()
    {
        cache.Write("small", [1]);

        Assert.That(await LoadFailsAsync(), Does.Contain(Path.Combine(cache.Path, "small")).And.Contain("--data DIR"));
    }

    [Test]
    public void Load_Cancelled_Stops()
    {
        GiveAll(SmallDataset.FirstMirror);
        using var cancellation = new CancellationTokenSource();
        cancellation.Cancel();

        Assert.That(
            async () => await LoadAsync(cancellation: cancellation.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(cache.Files, Is.Empty);
    }

    [Test]
    public async Task Load_Mnist_FilesOfTheSharedFolderHaveThePublishedDigests()
    {
        string? folder = Environment.GetEnvironmentVariable("MNIST_DIR");
        if (string.IsNullOrEmpty(folder))
        {
            Assert.Ignore("The environment variable MNIST_DIR is not set; it names the folder with the four MNIST .gz files.");
        }

        foreach (PublishedFile file in PublishedDataset.Mnist.Files)
        {
            string path = Path.Combine(folder, file.Name + ".gz");
            Assert.That(await DatasetDownloader.IsGenuineAsync(PublishedDataset.Mnist, file, path, CancellationToken.None), file.Name);
        }
    }

    private async Task<LoadedDataset> LoadAsync(string? dataFolder = null, CancellationToken cancellation = default)
    {
        using var client = new HttpClient(mirror, disposeHandler: false);
        var files = new DatasetFiles(
            cache.Path, name => environment.GetValueOrDefault(name), new DatasetDownloader(client, TimeSpan.FromHours(1)));
        return await files.LoadAsync(SmallDataset.WithContentDigests, dataFolder, progress: null, cancellation);
    }

    private async Task<string> LoadFailsAsync(string? dataFolder = null) =>
        (await Assert.ThrowsAsync<DatasetUnavailableException>(() => LoadAsync(dataFolder)))!.Message;

    private void GiveAll(string mirror)
    {
        foreach ((string name, byte[] bytes) in SmallDataset.Files)
        {
            this.mirror.Give(mirror + name + ".gz", bytes);
        }
    }

    private static void FillFolder(TemporaryFolder folder)
    {
        foreach ((string name, byte[] bytes) in SmallDataset.Files)
        {
            folder.Write(name + ".gz", bytes);
        }
    }

    private static IEnumerable<string> CachedFiles() =>
        SmallDataset.Files.Select(file => $"small/{file.Name}.gz").Order(StringComparer.Ordinal);

    private static void AssertIsSmallDataset(LoadedDataset loaded)
    {
        Assert.That((loaded.Training.Count, loaded.Test.Count), Is.EqualTo((3, 2)));
        Assert.That((loaded.Name, loaded.ImageWidth, loaded.ImageHeight), Is.EqualTo(("small", (int?)2, (int?)2)));
        Assert.That(loaded.ClassNames, Is.EqualTo(new[] { "a", "b", "c" }));
        var features = new float[4];
        Assert.That(loaded.Training.Read(2, features), Is.EqualTo(2));
        Assert.That(features, Is.EqualTo(new[] { 160 / 255f, 180 / 255f, 200 / 255f, 220 / 255f }));
        Assert.That(loaded.Test.Read(0, features), Is.EqualTo(2));
        Assert.That(features, Is.EqualTo(new[] { 255 / 255f, 254 / 255f, 253 / 255f, 252 / 255f }));
    }
}
