using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Storage;
using FeatureAlignment.Dashboard.Storage.Series;
using FeatureAlignment.Dashboard.Storage.Sqlite;
using FeatureAlignment.Dashboard.Tests.Support;
using FeatureAlignment.Telemetry;
using Microsoft.Data.Sqlite;
using NUnit.Framework;

namespace FeatureAlignment.Dashboard.Tests.Storage.Sqlite;

[TestFixture]
public sealed class SqliteTelemetryStoreTests : TelemetryStoreContract
{
    private string folder = "";

    private string DatabaseFile => Path.Combine(folder, "dashboard.db");

    protected override ITelemetryStore Open()
    {
        if (folder.Length == 0)
        {
            folder = Directory.CreateTempSubdirectory("dashboard-").FullName;
        }

        return SqliteTelemetryStore.Open(DatabaseFile);
    }

    protected override ITelemetryStore OpenBackup(string file) => SqliteTelemetryStore.Open(file);

    [TearDown]
    public async Task DeleteFolderAsync()
    {
        await Store.DisposeAsync();
        Directory.Delete(folder, recursive: true);
        folder = "";
    }

    [Test]
    public void Open_WhileOpen_IsRefused() =>
        Assert.That(() => SqliteTelemetryStore.Open(DatabaseFile), Throws.InstanceOf<IOException>().With.Message.Contains("--database"));

    [Test]
    public async Task Close_LeavesOneFileWithEverything()
    {
        await Store.AppendAsync(Batches.Received(Batches.OfPoints(Batches.Counting(0, 1))));
        await Store.FindDeviceAsync("board-1");
        await Store.DisposeAsync();

        Assert.That(File.Exists(DatabaseFile + "-wal"), Is.False);
    }

    [Test]
    public async Task Open_OfNewerVersion_IsRefusedAndChangesNothing()
    {
        await Store.DisposeAsync();
        Execute("PRAGMA user_version = 1000");

        Assert.That(() => SqliteTelemetryStore.Open(DatabaseFile), Throws.InstanceOf<StoreFormatException>().With.Message.Contains("1000"));
        Assert.That(Execute("PRAGMA user_version"), Is.EqualTo(1000L));
        Execute($"PRAGMA user_version = {SqliteSchema.Newest}");
    }

    [Test]
    public async Task Open_OfOtherProgramsDatabase_IsRefused()
    {
        await Store.DisposeAsync();
        Execute("PRAGMA user_version = 0");

        Assert.That(() => SqliteTelemetryStore.Open(DatabaseFile), Throws.InstanceOf<StoreFormatException>());
    }

    [Test]
    public async Task Open_OfDamagedDatabase_IsRefused()
    {
        await Store.AppendAsync(Batches.Received(Batches.OfPoints(Batches.Counting(0, 500))));
        await Store.DisposeAsync();
        using (FileStream file = File.OpenWrite(DatabaseFile))
        {
            file.Position = 4096;
            file.Write(new byte[3 * 4096]);
        }

        Assert.That(() => SqliteTelemetryStore.Open(DatabaseFile), Throws.InstanceOf<StoreFormatException>().Or.InstanceOf<IOException>());
    }

    [Test]
    public async Task Open_OfVersion1_KeepsWhatIsThere()
    {
        await Store.DisposeAsync();
        File.Delete(DatabaseFile);
        using (SqliteConnection old = Connect())
        {
            SqliteSchema.Migrate(old, version: 1);
            old.Execute("INSERT INTO devices (name, registered) VALUES ('old', 5)");
            Assert.That(SqliteSchema.VersionOf(old), Is.EqualTo(1));
        }

        await ReopenAsync();
        await Store.AddConnectionAsync(new ConnectionRecord("old", 6, "online", ""));

        Assert.That((await Store.FindDeviceAsync("old"))!.RegisteredAt, Is.EqualTo(5));
        Assert.That(await Store.ListConnectionsAsync("old"), Has.Count.EqualTo(1));
        Assert.That(Execute("PRAGMA user_version"), Is.EqualTo((long)SqliteSchema.Newest));
    }

    [Test]
    public async Task Open_AfterCrash_MakesPointsAgainFromBodies()
    {
        await Store.AppendAsync(Batches.Received(Batches.OfPoints(Batches.Counting(0, 300))));
        await ReopenAsync();
        await Store.AppendAsync(Batches.Received(Batches.OfPoints(Batches.Counting(300, 300)), sequence: 2));
        // A copy made now is what a crash would leave: the second batch's points are in no chunk.
        string crashed = Path.Combine(folder, "crashed.db");
        await Store.BackupAsync(crashed);
        await using ITelemetryStore recovered = OpenBackup(crashed);

        Assert.That(recovered.ReadPoints(1, 0, "alignment_loss").Select(point => point.Last),
            Is.EqualTo(Enumerable.Range(0, 600).Select(i => (double)i)));
    }

    [Test]
    public async Task Append_OneImpossibleWriteAmongMany_FailsAlone()
    {
        await Store.RegisterDeviceAsync("board-1", 1);
        await Store.AddCommandAsync("board-1", new TelemetryCommand("twice", "pause"), 1);
        Task<AppendResult>[] appends = [.. Enumerable.Range(1, 50)
            .Select(i => Store.AppendAsync(Batches.Received(Batches.OfPoints(Batches.Counting(i, 1)), sequence: i)))];
        Task impossible = Store.AddCommandAsync("board-1", new TelemetryCommand("twice", "pause"), 1);

        await Task.WhenAll(appends);

        Assert.That(async () => await impossible, Throws.InstanceOf<SqliteException>());
        Assert.That((await Store.ListSeriesAsync(1)).Single().Points, Is.EqualTo(50));
        Assert.That(Store.ReadPoints(1, 0, "alignment_loss").Count(), Is.EqualTo(50));
    }

    // A rollback makes everything in memory anew, and what was there before must not be stored besides.
    [Test]
    public async Task Append_ARollbackBeforePointsAreInChunks_StoresThemOnce()
    {
        await Store.DisposeAsync();
        var time = new SteppedTime();
        await using (var store = SqliteTelemetryStore.Open(DatabaseFile, time))
        {
            await store.AppendAsync(Batches.Received(Batches.OfPoints(Batches.Counting(0, 3))));
            await store.AddCommandAsync("board-1", new TelemetryCommand("twice", "pause"), 1);
            time.Advance(TimeSpan.FromSeconds(6));
            Assert.That(async () => await store.AddCommandAsync("board-1", new TelemetryCommand("twice", "pause"), 1),
                Throws.InstanceOf<SqliteException>());
            await store.AppendAsync(Batches.Received(Batches.OfPoints(Batches.Counting(3, 1)), sequence: 2));
        }

        await ReopenAsync();
        Assert.That(Store.ReadPoints(1, 0, "alignment_loss").Select(point => point.Last), Is.EqualTo(new[] { 0.0, 1, 2, 3 }));
        Assert.That(Execute("SELECT sum(points) FROM chunks WHERE level = 0"), Is.EqualTo(4));
    }

    // One chunk is put together from many parts, and what is in memory goes on where the database ends.
    [Test]
    public async Task Append_InSmallParts_FillsChunkAfterChunk()
    {
        await Store.DisposeAsync();
        var time = new SteppedTime();
        await using (var store = SqliteTelemetryStore.Open(DatabaseFile, time))
        {
            for (int batch = 0; batch < 10; batch++)
            {
                time.Advance(TimeSpan.FromSeconds(3));
                await store.AppendAsync(Batches.Received(Batches.OfPoints(Batches.Counting(70 * batch, 70)), sequence: batch + 1));

                Assert.That(store.ReadPoints(1, 0, "alignment_loss").Select(point => point.Last),
                    Is.EqualTo(Enumerable.Range(0, 70 * (batch + 1)).Select(i => (double)i)));
                ChartData chart = await store.ReadChartAsync(new ChartRequest(1, 0, "alignment_loss", ChartAxis.Step, buckets: 4));
                Assert.That(chart.RawPoints, Is.EqualTo(70 * (batch + 1)));
            }

            Assert.That((long)Execute("SELECT sum(points) FROM chunks WHERE level = 0")!, Is.Positive, "stored now and then");
        }

        using SqliteConnection connection = Connect();
        Assert.That(
            connection.Query("SELECT entries, first, step_min, step_max FROM chunks WHERE level = 0 ORDER BY number",
                row => (row.GetInt32(0), row.GetInt32(1), row.GetInt32(2), row.GetInt32(3))),
            Is.EqualTo(new[] { (256, 0, 0, 255), (256, 256, 256, 511), (188, 512, 512, 699) }));
        await ReopenAsync();
        Assert.That(Store.ReadPoints(1, 0, "alignment_loss").Count(), Is.EqualTo(700));
    }

    [Test]
    public async Task Append_ToFullDisk_IsUnavailableAndLosesNothing()
    {
        await Store.DisposeAsync();
        TimeSpan retry = TimeSpan.Zero;
        int stored = 0;
        // A file that must not grow beyond 400 KiB is what a full disk looks like to SQLite.
        await using (var full =
            SqliteTelemetryStore.Open(DatabaseFile, TimeProvider.System, connection => connection.Execute("PRAGMA max_page_count = 100")))
        {
            while (stored < 1_000 && retry == TimeSpan.Zero)
            {
                try
                {
                    await full.AppendAsync(Batches.Received(Batches.OfPoints(Batches.Counting(500 * stored, 500)), sequence: stored + 1));
                    stored++;
                }
                catch (StoreUnavailableException e)
                {
                    retry = e.RetryAfter;
                }
            }

            Assert.That(retry, Is.GreaterThan(TimeSpan.Zero));
            Assert.That(full.ReadPoints(1, 0, "alignment_loss").Count(), Is.LessThanOrEqualTo(500 * stored));
        }

        await ReopenAsync();
        await Store.AppendAsync(Batches.Received(Batches.OfPoints(Batches.Counting(500 * stored, 500)), sequence: stored + 1));

        Assert.That(Store.ReadPoints(1, 0, "alignment_loss").Select(point => point.Last),
            Is.EqualTo(Enumerable.Range(0, 500 * (stored + 1)).Select(i => (double)i)));
    }

    [Test]
    public async Task Append_WhileAnotherProgramHasTheFile_IsUnavailable_AndGoesOnAfterIt()
    {
        await Store.DisposeAsync();
        int timeout = 0;
        await using var store = SqliteTelemetryStore.Open(DatabaseFile, TimeProvider.System, connection =>
            (timeout, connection.DefaultTimeout) = (connection.DefaultTimeout, 1));
        ReceivedBatch batch = Batches.Received(Batches.OfPoints(Batches.Counting(0, 3)));
        using (SqliteConnection other = Connect())
        {
            other.Execute("BEGIN IMMEDIATE");
            Assert.That(async () => await store.AppendAsync(batch), Throws.TypeOf<StoreUnavailableException>());
            Assert.That(await store.ListDevicesAsync(), Is.Empty, "reading goes on");
            other.Execute("ROLLBACK");
        }

        Assert.That((await store.AppendAsync(batch)).IsRepeated, Is.False);
        Assert.That(store.ReadPoints(1, 0, "alignment_loss").Count(), Is.EqualTo(3));
        Assert.That(timeout, Is.EqualTo(5), "seconds: a board waits no longer");
    }

    [Test]
    public async Task Read_OfWhatCantBeRead_IsUnavailable()
    {
        await Store.RegisterDeviceAsync("board-1", 1);
        Execute("DROP TABLE connections");

        Assert.That(
            async () => await Store.ListConnectionsAsync("board-1"),
            Throws.TypeOf<StoreUnavailableException>().With.Message.Contains("can't be read"));
        Assert.That(await Store.FindDeviceAsync("board-1"), Is.Not.Null, "the rest goes on");
    }

    [Test]
    public void Question_OfPagesAndRetention_HasItsIndex_AndSortsNothing()
    {
        using SqliteConnection connection = Connect();
        foreach ((string sql, string index) in ((string, string)[])[
            (SqliteTelemetryStore.EventsStatement(new EventFilter("board-1", Kind: EventKinds.AnomalyStart)), "events_of_kind"),
            (SqliteTelemetryStore.EventsStatement(new EventFilter(RunId: 1)), "events_of_run"),
            (SqliteTelemetryStore.LogsStatement, "logs_of_device"),
            .. SqliteTelemetryStore.RetentionStatements.Zip(["batches_with_body", "logs_by_age", "images_by_age"])])
        {
            string plan = string.Join("; ", connection.Query("EXPLAIN QUERY PLAN " + sql, row => row.GetString(3), 1, 1, 1, 1, 1));

            Assert.That(plan, Does.Contain(index).And.Not.Contains("B-TREE"), sql);
        }
    }

    [Test]
    public async Task ReadPoints_ByWhoTakesTime_LetsTheLogBeEmptied()
    {
        await Store.AppendAsync(Batches.Received(Batches.OfPoints(Batches.Counting(0, 50_000))));
        await ReopenAsync();
        await Store.RegisterDeviceAsync("board-2", 1);
        using IEnumerator<SeriesEntry> slow = Store.ReadPoints(1, 0, "alignment_loss").GetEnumerator();
        Assert.That(slow.MoveNext());

        // What comes now is behind what the reader sees; the log can begin anew only when nobody needs what was before.
        await Store.RegisterDeviceAsync("board-3", 1);
        object? busy;
        using (SqliteConnection other = Connect())
        {
            busy = other.Scalar("PRAGMA wal_checkpoint(RESTART)");
        }

        int count = 1;
        while (slow.MoveNext())
        {
            Assert.That(slow.Current.Last, Is.EqualTo(count));
            count++;
        }

        Assert.That(busy, Is.Zero);
        Assert.That(count, Is.EqualTo(50_000));
    }

    [Test]
    public async Task ReadPoints_WhileMoreCome_EndsWithThoseThatWereThere()
    {
        await Store.AppendAsync(Batches.Received(Batches.OfPoints(Batches.Counting(0, 20_000))));
        int count = 0;

        foreach (SeriesEntry point in Store.ReadPoints(1, 0, "alignment_loss"))
        {
            Assert.That(point.Last, Is.EqualTo(count));
            if (count++ % 1_000 == 0)
            {
                await Store.AppendAsync(
                    Batches.Received(Batches.OfPoints(Batches.Counting(20_000 + count, 1_000)), sequence: 1 + count));
            }

            Assert.That(count, Is.LessThanOrEqualTo(20_000));
        }

        Assert.That(count, Is.EqualTo(20_000));
    }

    private SqliteConnection Connect()
    {
        var connection = new SqliteConnection($"Data Source={DatabaseFile};Pooling=False");
        connection.Open();
        return connection;
    }

    private object? Execute(string sql)
    {
        using SqliteConnection connection = Connect();
        return connection.Scalar(sql);
    }
}
