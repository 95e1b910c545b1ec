using System;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;
using FeatureAlignment.Simulator.Datasets;
using NUnit.Framework;

namespace FeatureAlignment.Simulator.Tests.Datasets;

public class DatasetCatalogTests
{
    private TemporaryFolder folder = null!;

    [SetUp]
    public void CreateFolder() => folder = new TemporaryFolder();

    [TearDown]
    public void DeleteFolder() => folder.Dispose();

    [Test]
    public async Task Load_NothingAskedFor_DrawsDigits()
    {
        LoadedDataset loaded = await LoadAsync(new DatasetRequest());

        Assert.That((loaded.Name, loaded.ImageWidth, loaded.ImageHeight), Is.EqualTo(("digits", (int?)28, (int?)28)));
        Assert.That((loaded.Training.Inputs, loaded.Training.Classes), Is.EqualTo((28 * 28, 10)));
        Assert.That(loaded.ClassNames, Has.Count.EqualTo(10));
    }

    [Test]
    public async Task Load_Digits_TestStartsWhereTrainingEnds()
    {
        LoadedDataset loaded = await LoadAsync(new DatasetRequest { Name = "digits" });
        var following = new FeatureAlignment.Datasets.SyntheticDigits(1, 1, loaded.Training.Count);
        var expected = new float[784];
        var found = new float[784];

        int label = following.Read(0, expected);

        Assert.That(loaded.Test.Read(0, found), Is.EqualTo(label));
        Assert.That(found, Is.EqualTo(expected));
    }

    [TestCase("mnist", 10)]
    [TestCase("fashion-mnist", 10)]
    public async Task Load_PublishedName_ReadsTheFolder(string name, int classes)
    {
        foreach ((string file, byte[] bytes) in SmallDataset.Files)
        {
            folder.Write(file + ".gz", bytes);
        }

        LoadedDataset loaded = await LoadAsync(new DatasetRequest { Name = name, DataPath = folder.Path });

        Assert.That((loaded.Name, loaded.Training.Count, loaded.ClassNames.Count), Is.EqualTo((name, 3, classes)));
    }

    [Test]
    public async Task Load_Csv_ReadsTheFile()
    {
        string path = folder.Write("plants.csv", "width,kind\n1,a\n2,b\n3,a\n"u8.ToArray());

        LoadedDataset loaded = await LoadAsync(new DatasetRequest { Name = "csv", DataPath = path, LabelColumn = "kind" });

        Assert.That((loaded.Name, loaded.Training.Count, loaded.Test.Count), Is.EqualTo(("plants.csv", 2, 1)));
        Assert.That(loaded.ClassNames, Is.EqualTo(new[] { "a", "b" }));
    }

    [Test]
    public void Load_CsvDoesNotExist_SaysWhich() =>
        Assert.That(
            async () => await LoadAsync(new DatasetRequest { Name = "csv", DataPath = "nowhere/plants.csv" }),
            Throws.TypeOf<DatasetUnavailableException>().With.Message.Contains("nowhere/plants.csv"));

    [TestCase("cifar", "one of digits, mnist, fashion-mnist, csv; was cifar")]
    [TestCase("csv", "--data FILE.csv")]
    public void Load_RequestWithoutSense_SaysWhatToGive(string name, string fact) =>
        Assert.That(
            async () => await LoadAsync(new DatasetRequest { Name = name }), Throws.ArgumentException.With.Message.Contains(fact));

    private static async Task<LoadedDataset> LoadAsync(DatasetRequest request)
    {
        using var mirror = new FakeMirror();
        using var client = new HttpClient(mirror);
        var files = new DatasetFiles("unused", _ => null, new DatasetDownloader(client, TimeSpan.FromHours(1)));
        return await new DatasetCatalog(files).LoadAsync(request, progress: null, CancellationToken.None);
    }
}
