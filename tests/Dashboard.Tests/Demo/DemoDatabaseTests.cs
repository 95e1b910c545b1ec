using System.IO;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Demo;
using FeatureAlignment.Dashboard.Storage.Sqlite;
using FeatureAlignment.Dashboard.Tests.Support;
using NUnit.Framework;

namespace FeatureAlignment.Dashboard.Tests.Demo;

[TestFixture]
public sealed class DemoDatabaseTests
{
    private string folder = null!;

    private string File => Path.Combine(folder, "some.db");

    [SetUp]
    public void CreateFolder() => folder = Directory.CreateTempSubdirectory("dashboard-").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(folder, recursive: true);

    [Test]
    public void Database_NotChosen_IsNewAndGoesWithTheDemo()
    {
        string file;
        using (DemoDatabase database = DemoDatabase.Open(null))
        {
            file = database.File;
            System.IO.File.WriteAllText(file, "");
        }

        Assert.That(Path.GetDirectoryName(file), Does.Not.Exist);
    }

    [Test]
    public void Database_ChosenAndNew_Stays()
    {
        using (DemoDatabase database = DemoDatabase.Open(File))
        {
            Assert.That(database.File, Is.EqualTo(File));
        }

        Assert.That(folder, Does.Exist);
    }

    [Test]
    public async Task Database_OfADemo_IsEmptiedButForSettings()
    {
        await FillAsync(mark: "1");

        DemoDatabase.Open(File).Dispose();

        await using SqliteTelemetryStore store = SqliteTelemetryStore.Open(File);
        Assert.That(await store.ListDevicesAsync(), Is.Empty);
        Assert.That(await store.ListRunsAsync(), Is.Empty);
        Assert.That(await store.FindSettingAsync("retention"), Is.EqualTo("30"));
        await SampleFleet.AddAsync(store, Batches.Noon);
        Assert.That((await store.FindRunAsync(1))!.DeviceId, Is.EqualTo(SampleFleet.Learner));
    }

    [Test]
    public async Task Database_OfSomebody_IsRefusedAndUntouched()
    {
        await FillAsync(mark: null);

        Assert.That(() => DemoDatabase.Open(File), Throws.ArgumentException.With.Message.Contains(File));

        await using SqliteTelemetryStore store = SqliteTelemetryStore.Open(File);
        Assert.That(await store.ListDevicesAsync(), Has.Count.EqualTo(2));
    }

    [Test]
    public void File_OfAnotherKind_IsRefusedAndUntouched()
    {
        System.IO.File.WriteAllText(File, "no database at all, but more than a hundred characters that somebody would miss, if they went");

        Assert.That(() => DemoDatabase.Open(File), Throws.ArgumentException);
        Assert.That(System.IO.File.ReadAllText(File), Does.StartWith("no database at all"));
    }

    private async Task FillAsync(string? mark)
    {
        await using SqliteTelemetryStore store = SqliteTelemetryStore.Open(File);
        await SampleFleet.AddAsync(store, Batches.Noon);
        await store.SetSettingAsync("retention", "30");
        await store.SetSettingAsync(DemoDatabase.Mark, mark);
    }
}
