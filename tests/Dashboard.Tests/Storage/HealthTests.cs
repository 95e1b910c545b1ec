using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Storage;
using FeatureAlignment.Dashboard.Storage.Sqlite;
using FeatureAlignment.Dashboard.Tests.Support;
using FeatureAlignment.Telemetry;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace FeatureAlignment.Dashboard.Tests.Storage;

[TestFixture]
public sealed class HealthTests
{
    private string folder = "";
    private SteppedTime time = new();
    private SqliteConnection? writing;

    [SetUp]
    public void MakeFolder()
    {
        folder = Directory.CreateTempSubdirectory("dashboard-").FullName;
        time = new SteppedTime();
    }

    [TearDown]
    public void RemoveFolder() => Directory.Delete(folder, recursive: true);

    [Test]
    public async Task Ready_AsLongAsTheDatabaseCanNotBeWritten_IsUnhealthy()
    {
        await using TestDashboard dashboard = await StartAsync("PRAGMA query_only = ON");

        Assert.That(await GetAsync(dashboard, "ready"), Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(await GetAsync(dashboard, "live"), Is.EqualTo(HttpStatusCode.OK), "a restart would not help");
        Assert.That(await PostAsync(dashboard, 1), Is.EqualTo(HttpStatusCode.ServiceUnavailable));

        writing!.Execute("PRAGMA query_only = OFF");
        Assert.That(await PostAsync(dashboard, 1), Is.EqualTo(HttpStatusCode.OK), "the device comes again");
        Assert.That(await GetAsync(dashboard, "ready"), Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Ready_AfterABatchFoundTheDiskFull_IsUnhealthy()
    {
        // A file that must not grow is what a full disk looks like to SQLite; small writes still find room in it.
        await using TestDashboard dashboard = await StartAsync("PRAGMA max_page_count = 60");
        Assert.That(await GetAsync(dashboard, "ready"), Is.EqualTo(HttpStatusCode.OK));
        var answers = new List<HttpStatusCode>();
        while (answers.Count < 1_000 && answers.LastOrDefault(HttpStatusCode.OK) == HttpStatusCode.OK)
        {
            answers.Add(await PostAsync(dashboard, answers.Count + 1));
        }

        Assert.That(answers[^1], Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(await GetAsync(dashboard, "ready"), Is.EqualTo(HttpStatusCode.ServiceUnavailable));
    }

    [TestCase(DiskSpace.LeastFreeBytes, false)]
    [TestCase(DiskSpace.LeastFreeBytes - 1, true)]
    public void DiskSpace_TooLittle_IsAFault(long free, bool isFault) =>
        Assert.That(DiskSpace.FindFault("a.db", free), isFault ? Does.Contain("must have 16 MiB free; it has 16,383 KiB") : Is.Null);

    [Test]
    public void DiskSpace_OfAFolder_IsMeasured() => Assert.That(DiskSpace.FreeFor(Path.Combine(folder, "a.db")), Is.GreaterThan(0));

    private Task<TestDashboard> StartAsync(string pragma) => TestDashboard.StartAsync(null, builder =>
        builder.Services.AddSingleton<TimeProvider>(time).AddSingleton<ITelemetryStore>(_ => SqliteTelemetryStore.Open(
            Path.Combine(folder, "worse.db"), TimeProvider.System, connection =>
            {
                writing = connection;
                connection.Execute(pragma);
            })));

    private async Task<HttpStatusCode> GetAsync(TestDashboard dashboard, string kind)
    {
        // What was found a moment ago is told again.
        time.Advance(TimeSpan.FromSeconds(2));
        using HttpResponseMessage answer = await dashboard.Client.GetAsync($"/health/{kind}");
        return answer.StatusCode;
    }

    private static async Task<HttpStatusCode> PostAsync(TestDashboard dashboard, int sequence)
    {
        // Text that does not deflate well.
        byte[] body = Batches.Json(Batches.OfEvents(
            [.. Enumerable.Range(0, 20).Select(_ => new TelemetryEvent(
                0, 1, "note", TelemetryPriority.Normal, string.Concat(Enumerable.Range(0, 6).Select(_ => Guid.NewGuid()))))]));
        using HttpResponseMessage answer = await dashboard.PostAsync(new BatchHeader("board-1", 1, sequence, 0), body);
        return answer.StatusCode;
    }
}
