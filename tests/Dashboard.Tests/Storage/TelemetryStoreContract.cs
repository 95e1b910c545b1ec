using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Storage;
using FeatureAlignment.Dashboard.Storage.Series;
using FeatureAlignment.Dashboard.Tests.Support;
using FeatureAlignment.Telemetry;
using NUnit.Framework;

namespace FeatureAlignment.Dashboard.Tests.Storage;

/// <summary>What every store must do, whatever it keeps its data in. A store's own fixture derives from this one.</summary>
public abstract partial class TelemetryStoreContract
{
    private const long Now = Batches.Noon;

    /// <summary>The store under test; a fresh one for each test.</summary>
    protected ITelemetryStore Store { get; private set; } = null!;

    /// <summary>Opens the store, or opens it again on the same data.</summary>
    protected abstract ITelemetryStore Open();

    [SetUp]
    public void OpenStore() => Store = Open();

    [TearDown]
    public async Task CloseStoreAsync() => await Store.DisposeAsync();

    protected async Task ReopenAsync()
    {
        await Store.DisposeAsync();
        Store = Open();
    }

    [Test]
    public async Task Append_NewBatch_CountsAllRecordsAsAccepted()
    {
        AppendResult result = await Store.AppendAsync(Batches.Received(new TelemetryBatch(
            "r-1", "1.0.0", Batches.Counting(0, 3), [Image(1)], [Event(EventKinds.RunStarted)],
                [new TelemetryLog(Now, TelemetryLogLevel.Warning, "hot")])));

        Assert.That(result, Is.EqualTo(new AppendResult(new BatchAnswer(6, 0))));
    }

    [Test]
    public async Task Append_SameNumberAgain_GivesFirstAnswerAndStoresNothing()
    {
        await Store.RegisterDeviceAsync("board-1", Now);
        await Store.AddCommandAsync("board-1", new TelemetryCommand("c-1", "pause"), Now);
        AppendResult first = await Store.AppendAsync(Batches.Received(Batches.OfPoints(Batches.Counting(0, 5))));
        await Store.AddCommandAsync("board-1", new TelemetryCommand("c-2", "resume"), Now);

        AppendResult again = await Store.AppendAsync(Batches.Received(Batches.OfPoints(Batches.Counting(100, 7))));

        Assert.That(again, Is.EqualTo(first with { IsRepeated = true }));
        Assert.That((await SeriesAsync()).Points, Is.EqualTo(5));
    }

    [Test]
    public async Task Append_SameSequenceAfterRestartOrFromOtherDevice_IsAnotherBatch()
    {
        await Store.AppendAsync(Batches.Received(Batches.OfPoints(Batches.Counting(0, 1))));

        AppendResult restarted = await Store.AppendAsync(Batches.Received(Batches.OfPoints(Batches.Counting(1, 1)), boot: 2));
        AppendResult other = await Store.AppendAsync(Batches.Received(Batches.OfPoints(Batches.Counting(0, 1)), device: "board-2"));

        Assert.That((restarted.IsRepeated, other.IsRepeated), Is.EqualTo((false, false)));
        Assert.That((await SeriesAsync()).Points, Is.EqualTo(2));
        Assert.That(await Store.HasBatchAsync("board-2", 1, 1), Is.True);
        Assert.That(await Store.HasBatchAsync("board-2", 2, 1), Is.False);
    }

    [Test]
    public async Task Append_OfAnEarlierStartOrNumber_IsToldFromOneThatIsThere([Values] bool reopened)
    {
        foreach ((int boot, int sequence) in ((int, int)[])[(1, 1), (2, 5)])
        {
            await Store.AppendAsync(Batches.Received(Batches.OfPoints(Batches.Counting(0, 1)), sequence, boot));
        }

        if (reopened)
        {
            await ReopenAsync();
        }

        var repeated = new List<bool>();
        foreach ((int boot, int sequence) in ((int, int)[])[(1, 1), (1, 2), (2, 4), (2, 5), (2, 6), (2, 6), (1, 2), (3, 1), (2, 7)])
        {
            repeated.Add((await Store.AppendAsync(Batches.Received(Batches.OfPoints(Batches.Counting(1, 1)), sequence, boot))).IsRepeated);
        }

        Assert.That(repeated, Is.EqualTo((bool[])[true, false, false, true, false, true, true, false, false]));
        Assert.That((await SeriesAsync()).Points, Is.EqualTo(7));
        Assert.That((await Store.ListConnectionsAsync("board-1")).Select(line => line.Reason),
            Is.EqualTo((string[])["Start 3 after 2.", "Start 2 after 1."]));
    }

    [Test]
    public async Task Connections_OfABoardThatComesAndGoesAllDay_AreTheNewestThousand()
    {
        await Store.RegisterDeviceAsync("board-1", Batches.Noon);
        await Store.RegisterDeviceAsync("board-2", Batches.Noon);
        await Store.AddConnectionAsync(new ConnectionRecord("board-2", 0, "online", "x"));
        await Task.WhenAll(Enumerable.Range(0, 1_003)
            .Select(i => Store.AddConnectionAsync(new ConnectionRecord("board-1", i, "online", "x"))));
        await Store.AddConnectionAsync(new ConnectionRecord("nobody", 0, "online", "x"));

        Assert.That((await Store.ListConnectionsAsync("board-1", limit: 2_000)).Select(line => line.Time),
            Is.EqualTo(Enumerable.Range(3, 1_000).Reverse()));
        Assert.That(await Store.ListConnectionsAsync("board-2"), Has.Count.EqualTo(1));
        Assert.That(await Store.ListConnectionsAsync("nobody"), Is.Empty);
    }

    [Test]
    public async Task Append_ManyAtOnce_StoresEachOnce()
    {
        IEnumerable<Task<AppendResult>> appends = Enumerable.Range(0, 200)
            .Select(i => Store.AppendAsync(Batches.Received(Batches.OfPoints(Batches.Counting(i, 1)), sequence: 1 + i % 100)));
        AppendResult[] results = await Task.WhenAll(appends);

        Assert.That(results.Count(result => result.IsRepeated), Is.EqualTo(100));
        Assert.That((await SeriesAsync()).Points, Is.EqualTo(100));
    }

    [Test]
    public async Task Append_TooManySeries_NamesTheCapAndStoresNothing()
    {
        await Store.AppendAsync(Batches.Received(Batches.OfPoints(ManySeries(0, TelemetryLimits.Series))));

        AppendResult refused =
            await Store.AppendAsync(Batches.Received(Batches.OfPoints(ManySeries(TelemetryLimits.Series, 1)), sequence: 2));

        Assert.That(refused.Answer, Is.Null);
        Assert.That(refused.Refusal, Does.Contain("series").And.Contain("512").And.Contain("513"));
        Assert.That(await Store.HasBatchAsync("board-1", 1, 2), Is.False);

        static IEnumerable<TelemetryPoint> ManySeries(int from, int count) => Enumerable.Range(from, count)
            .Select(i => new TelemetryPoint(Now, 0, i, "queue", 1));
    }

    [Test]
    public async Task Committed_NewBatch_IsToldOnce()
    {
        var told = new List<int>();
        Store.Committed += batch => told.Add(batch.Header.Sequence);

        await Store.AppendAsync(Batches.Received(Batches.OfPoints(Batches.Counting(0, 1))));
        await Store.AppendAsync(Batches.Received(Batches.OfPoints(Batches.Counting(0, 1))));
        await Store.AppendAsync(Batches.Received(Batches.OfPoints(Batches.Counting(1, 1)), sequence: 2));

        Assert.That(told, Is.EqualTo((int[])[1, 2]));
    }

    [Test]
    public async Task Records_ComeBackAsTheyWere()
    {
        var happened = new TelemetryEvent(Now, 7, EventKinds.AnomalyStart, TelemetryPriority.High, "score 9.1",
            new TelemetryFields { { "score", 9.1 }, { "row", new double[] { 1, 2 } }, { "unit", "Q" } });
        var line = new TelemetryLog(Now + 1, TelemetryLogLevel.Error, "Sensor LOST");
        var settings = new TelemetryFields { { "optimizer", "adam" }, { "learning_rate", 0.001 } };
        await Store.AppendAsync(Batches.Received(new TelemetryBatch("r-1", "1.2.3", [], [Image(7)], [happened], [line], settings)));
        await ReopenAsync();
        RunRecord run = (await Store.ListRunsAsync()).Single();

        Assert.That(run.Settings, Is.EqualTo(settings));
        Assert.That((run.DeviceId, run.Name, run.App, run.LastStep, run.FirstSeenAt), Is.EqualTo(("board-1", "r-1", "1.2.3", 7L, Now)));
        Assert.That((await Store.ListEventsAsync(new EventFilter(RunId: run.Id))).Single().Content, Is.EqualTo(happened));
        Assert.That((await Store.ListLogsAsync(new LogFilter("board-1", TelemetryLogLevel.Warning, "sensor lost"))).Single().Content,
            Is.EqualTo(line));
        Assert.That((await Store.ListImagesAsync(run.Id)).Single().Content, Is.EqualTo(Image(7)));
    }

    [Test]
    public async Task Images_AreFoundByStepAndById()
    {
        await Store.AppendAsync(Batches.Received(new TelemetryBatch("r-1", "1.0.0", images: [Image(9), Image(7), Image(9)])));
        long run = (await Store.ListRunsAsync()).Single().Id;

        IReadOnlyList<ImageRecord> ofNine = await Store.ListImagesAsync(run, atStep: 9);

        Assert.That(await Store.ListImageStepsAsync(run), Is.EqualTo((long[])[7, 9]));
        Assert.That(ofNine.Select(one => one.Content), Is.EqualTo((TelemetryImage[])[Image(9), Image(9)]));
        Assert.That(await Store.FindImageAsync(run, ofNine[1].Id), Is.EqualTo(ofNine[1]));
        Assert.That(await Store.FindImageAsync(run + 1, ofNine[1].Id), Is.Null);
    }

    [Test]
    public async Task Lists_FilterAndTurnPages()
    {
        await Store.AppendAsync(Batches.Received(new TelemetryBatch(
            "r-1", "1.0.0", events: [Event(EventKinds.RunStarted), Event(EventKinds.Paused), Event(EventKinds.Paused)],
            logs: [new TelemetryLog(Now, TelemetryLogLevel.Debug, "a"), new TelemetryLog(Now, TelemetryLogLevel.Error, "b")])));
        IReadOnlyList<EventRecord> paused = await Store.ListEventsAsync(new EventFilter("board-1", Kind: EventKinds.Paused, Limit: 1));

        Assert.That((await Store.ListEventsAsync(new EventFilter("board-1", Kind: EventKinds.Paused, Before: paused.Single().Id))).Single()
            .Id, Is.LessThan(paused.Single().Id));
        Assert.That(await Store.ListEventsAsync(new EventFilter("board-9")), Is.Empty);
        Assert.That((await Store.ListLogsAsync(new LogFilter("board-1", TelemetryLogLevel.Warning))).Single().Content.Text,
            Is.EqualTo("b"));
        Assert.That(await Store.ListLogsAsync(new LogFilter("board-1", Text: "c")), Is.Empty);
    }

    [Test]
    public async Task Points_AfterReopening_GoOnWhereTheyWere()
    {
        for (int i = 0; i < 6; i++)
        {
            await Store.AppendAsync(Batches.Received(Batches.OfPoints(Batches.Counting(100 * i, 100)), sequence: 1 + i));
            await ReopenAsync();
        }

        SeriesRecord series = await SeriesAsync();
        double[] values = [.. Store.ReadPoints(1, 0, "alignment_loss").Select(point => point.Last)];

        Assert.That(series.Points, Is.EqualTo(600));
        Assert.That(series.Last, Is.EqualTo(SeriesEntry.OfPoint(599, Now + 599_000, 599)));
        Assert.That(values, Is.EqualTo(Enumerable.Range(0, 600).Select(i => (double)i)));
    }

    [Test]
    public async Task Chart_OfMemoryAndOfDisk_AreTheSame()
    {
        for (int i = 0; i < 10; i++)
        {
            await Store.AppendAsync(Batches.Received(Batches.OfPoints(Batches.Counting(1000 * i, 1000)), sequence: 1 + i));
        }

        ChartRequest[] requests =
        [
            new(1, 0, "alignment_loss", ChartAxis.Step, buckets: 40), new(1, 0, "alignment_loss", ChartAxis.Time, buckets: 500),
            new(1, 0, "alignment_loss", ChartAxis.Step, 4_000, 4_999, 10), new(1, 0, "alignment_loss", ChartAxis.Step, 9_990, null, 2_000),
        ];
        List<ChartData> before = await ChartsAsync();
        await ReopenAsync();
        List<ChartData> after = await ChartsAsync();

        Assert.That(after.Select(chart => chart.Buckets), Is.EqualTo(before.Select(chart => chart.Buckets)));
        Assert.That(before.Select(chart => chart.RawPoints), Is.EqualTo((long[])[10_000, 10_000, 1_000, 10]));
        Assert.That(before[0].Level, Is.GreaterThan(0));
        Assert.That(before[3].Buckets.Select(bucket => bucket.Last), Is.EqualTo(Enumerable.Range(9_990, 10).Select(i => (double)i)));

        async Task<List<ChartData>> ChartsAsync()
        {
            var charts = new List<ChartData>();
            foreach (ChartRequest request in requests)
            {
                charts.Add(await Store.ReadChartAsync(request));
            }

            return charts;
        }
    }

    [Test]
    public async Task Chart_OfUnknownSeries_IsEmpty()
    {
        Assert.That(await Store.ReadChartAsync(new ChartRequest(1, null, "queue", ChartAxis.Step)), Is.EqualTo(ChartData.Empty));
        Assert.That(Store.ReadPoints(1, null, "queue"), Is.Empty);
    }

    [Test]
    public async Task Commands_ComeWithEachAnswerUntilDoneOrExpired()
    {
        await Store.RegisterDeviceAsync("board-1", Now);
        var pause = new TelemetryCommand("c-1", "pause", new TelemetryFields { { "now", true }, { "reason", "lunch" } }, Now + 60_000);
        await Store.AddCommandAsync("board-1", pause, Now);
        await Store.AddCommandAsync("board-1", new TelemetryCommand("c-2", "resume", expiresMilliseconds: Now), Now);

        AppendResult first = await Store.AppendAsync(Batches.Received(Batches.OfPoints(Batches.Counting(0, 1))));
        AppendResult second = await Store.AppendAsync(Batches.Received(Batches.OfPoints(Batches.Counting(1, 1)), sequence: 2));
        AppendResult third = await Store.AppendAsync(Batches.Received(Batches.OfEvents(
            new TelemetryEvent(Now, 0, EventKinds.CommandDone, TelemetryPriority.High, "paused", new TelemetryFields { { "id", "c-1" } })),
                sequence: 3, received: Now + 5));

        Assert.That(first.Answer!.Commands, Is.EqualTo((TelemetryCommand[])[pause]));
        Assert.That(second.Answer!.Commands, Is.EqualTo((TelemetryCommand[])[pause]));
        Assert.That(third.Answer!.Commands, Is.Empty);
        Assert.That((await Store.ListCommandsAsync("board-1"))[1],
            Is.EqualTo(new CommandRecord("board-1", pause, CommandState.Done, Now, Now, Now + 5, "paused")));
        Assert.That((await Store.ListCommandsAsync("board-1"))[0].State, Is.EqualTo(CommandState.Waiting));
    }

    [Test]
    public async Task Commands_AfterAnAnswerWithoutAny_ComeWithTheNext()
    {
        AppendResult first = await Store.AppendAsync(Batches.Received(Batches.OfPoints(Batches.Counting(0, 1))));
        var pause = new TelemetryCommand("c-1", "pause");
        await Store.AddCommandAsync("board-1", pause, Now);
        AppendResult second = await Store.AppendAsync(Batches.Received(Batches.OfPoints(Batches.Counting(1, 1)), sequence: 2));

        Assert.That(first.Answer!.Commands, Is.Empty);
        Assert.That(second.Answer!.Commands, Is.EqualTo((TelemetryCommand[])[pause]));
    }

    [Test]
    public async Task Commands_OfOtherDevice_CanNotBeClosed()
    {
        await Store.RegisterDeviceAsync("board-1", Now);
        await Store.AddCommandAsync("board-1", new TelemetryCommand("c-1", "pause"), Now);

        await Store.AppendAsync(Batches.Received(Batches.OfEvents(
            new TelemetryEvent(Now, 0, EventKinds.CommandDone, TelemetryPriority.High, "", new TelemetryFields { { "id", "c-1" } })),
                device: "board-2"));

        Assert.That((await Store.TakeCommandsAsync("board-1", Now)).Single().Id, Is.EqualTo("c-1"));
        Assert.That(await Store.TakeCommandsAsync("board-2", Now), Is.Empty);
        Assert.That(async () => await Store.AddCommandAsync("board-9", new TelemetryCommand("c-1", "pause"), Now),
            Throws.InvalidOperationException);
    }

    [Test]
    public async Task Keys_TwoAreValidAtATime()
    {
        DeviceKeyRecord first = await Store.AddKeyAsync("board-1", new byte[] { 1 }, new byte[] { 11 }, Now);
        await Store.AddKeyAsync("board-1", new byte[] { 2 }, new byte[] { 12 }, Now);

        Assert.That(async () => await Store.AddKeyAsync("board-1", new byte[] { 3 }, new byte[] { 13 }, Now),
            Throws.InvalidOperationException);
        Assert.That(await Store.RevokeKeyAsync("board-2", first.Id, Now), Is.False);
        Assert.That(await Store.RevokeKeyAsync("board-1", first.Id, Now + 1), Is.True);
        Assert.That(await Store.FindKeyOwnerAsync(new byte[] { 1 }), Is.Null);
        Assert.That(await Store.FindKeyOwnerAsync(new byte[] { 2 }), Is.EqualTo("board-1"));
        await Store.AddKeyAsync("board-1", new byte[] { 3 }, new byte[] { 13 }, Now);
        Assert.That((await Store.ListKeysAsync("board-1")).Select(key => key.RevokedAt), Is.EqualTo((long?[])[Now + 1, null, null]));
    }

    [Test]
    public async Task Devices_AreSeenByTheirBatches()
    {
        await Store.RegisterDeviceAsync("board-1", Now);
        await Store.SetTitleAsync("board-1", "Pump");
        await Store.AppendAsync(Batches.Received(Batches.OfPoints(Batches.Counting(0, 1)), received: Now + 1));
        await Store.AppendAsync(Batches.Received(Batches.OfPoints(Batches.Counting(1, 1)), boot: 2, received: Now + 2));

        Assert.That(await Store.FindDeviceAsync("board-1"),
            Is.EqualTo(new DeviceRecord("board-1", "Pump", Now, Now + 2, "1.0.0", 2, 1, default)));
        Assert.That((await Store.ListConnectionsAsync("board-1")).Single().Kind, Is.EqualTo("restarted"));
        Assert.That(await Store.FindDeviceAsync("board-2"), Is.Null);
        Assert.That(await Store.SetTitleAsync("board-2", "x"), Is.False);
    }

    // Seconds between batches, and what the store makes of them.
    [TestCase(new[] { 300 }, 0, Description = "one interval may be a time offline")]
    [TestCase(new[] { 300, 300 }, 300)]
    [TestCase(new[] { 300, 1, 300, 1, 1 }, 300, Description = "what comes at once is one report")]
    [TestCase(new[] { 60, 60, 28_800 }, 60, Description = "a night offline")]
    [TestCase(new[] { 60, 60, 28_800, 60 }, 60)]
    [TestCase(new[] { 300, 300, 20, 280 }, 280, Description = "an event at once")]
    [TestCase(new[] { 300, 300, 300, 10, 10 }, 10, Description = "set to report more often")]
    [TestCase(new[] { 60, 60, -3_600, 60 }, 60, Description = "the server's clock was put back")]
    public async Task ReportInterval_IsThatOfItsReports(int[] apart, int interval)
    {
        long received = Now;
        await Store.AppendAsync(Batches.Received(Batches.OfPoints(Batches.Counting(0, 1))));
        foreach ((int index, int seconds) in apart.Index())
        {
            received += 1_000L * seconds;
            await Store.AppendAsync(
                Batches.Received(Batches.OfPoints(Batches.Counting(index, 1)), sequence: index + 2, received: received));
        }

        await ReopenAsync();
        Assert.That((await Store.FindDeviceAsync("board-1"))!.ReportInterval, Is.EqualTo(TimeSpan.FromSeconds(interval)));
    }

    [Test]
    public async Task DeletedRun_IsGone_AndWhatStillComesIsQuarantined()
    {
        await Store.AppendAsync(Batches.Received(Batches.OfPoints(Batches.Counting(0, 50))));

        Assert.That(await Store.DeleteRunAsync(1), Is.True);
        AppendResult late = await Store.AppendAsync(Batches.Received(Batches.OfPoints(Batches.Counting(50, 3)), sequence: 2));
        await ReopenAsync();

        Assert.That(late.Answer, Is.EqualTo(new BatchAnswer(0, 3)));
        Assert.That(await Store.ListRunsAsync(), Is.Empty);
        Assert.That(await Store.ListSeriesAsync(1), Is.Empty);
        Assert.That(await Store.DeleteRunAsync(1), Is.False);
    }

    [Test]
    public async Task EditRun_ChangesOnlyWhatIsGiven()
    {
        await Store.AppendAsync(Batches.Received(Batches.OfPoints(Batches.Counting(0, 1))));
        await Store.EditRunAsync(1, new RunEdit("First", "n", "a b"));

        Assert.That(await Store.EditRunAsync(1, new RunEdit(Notes: "new")), Is.True);
        RunRecord run = (await Store.FindRunAsync(1))!;

        Assert.That((run.Title, run.Notes, run.Tags), Is.EqualTo(("First", "new", "a b")));
        Assert.That(await Store.EditRunAsync(2, new RunEdit("x")), Is.False);
    }

    [Test]
    public async Task DeleteRaw_KeepsRollUpsAndAnswers()
    {
        await Store.AppendAsync(Batches.Received(Batches.OfPoints(Batches.Counting(0, 1000))));
        await ReopenAsync();

        await Store.DeleteRawBeforeAsync(Now + 10_000_000);
        SeriesEntry[] left = [.. Store.ReadPoints(1, 0, "alignment_loss")];
        ChartData chart = await Store.ReadChartAsync(new ChartRequest(1, 0, "alignment_loss", ChartAxis.Step, buckets: 2_000));

        Assert.That(left.Sum(entry => entry.Count), Is.EqualTo(1000).Within(16), "up to one entry is lost where points begin");
        Assert.That(left, Has.Length.LessThan(1000));
        Assert.That((left[0].Min, left[0].Max, left[0].Count), Is.EqualTo((0d, 15d, 16)));
        Assert.That((chart.Buckets[0].Min, chart.Buckets[^1].Max), Is.EqualTo((0d, 999d)));
        Assert.That((await Store.AppendAsync(Batches.Received(Batches.OfPoints(Batches.Counting(0, 1000))))).IsRepeated, Is.True);
    }

    [Test]
    public async Task Quarantine_KeepsTheNewestThousand()
    {
        for (int i = 0; i < 1_003; i++)
        {
            await Store.AddQuarantineAsync(new QuarantineRecord(null, Now + i, "mqtt", "no device", new byte[] { 1 }));
        }

        IReadOnlyList<QuarantineRecord> kept = await Store.ListQuarantineAsync(2_000);

        Assert.That((kept.Count, kept[0].Time, kept[^1].Time), Is.EqualTo((1_000, Now + 1_002, Now + 3)));
    }

    [Test]
    public async Task Backup_WhileUsed_HasAllThatIsCommitted()
    {
        string copy = Path.Combine(TestContext.CurrentContext.WorkDirectory, $"backup-{Guid.NewGuid():N}.db");
        await Store.AppendAsync(Batches.Received(Batches.OfPoints(Batches.Counting(0, 300))));
        try
        {
            await Store.BackupAsync(copy);
            await Store.AppendAsync(Batches.Received(Batches.OfPoints(Batches.Counting(300, 300)), sequence: 2));
            await using ITelemetryStore restored = OpenBackup(copy);

            Assert.That((await restored.ListSeriesAsync(1)).Single().Points, Is.EqualTo(300));
            Assert.That(async () => await Store.BackupAsync(copy), Throws.InstanceOf<IOException>());
        }
        finally
        {
            foreach (string file in Directory.GetFiles(TestContext.CurrentContext.WorkDirectory, Path.GetFileName(copy) + "*"))
            {
                File.Delete(file);
            }
        }
    }

    [Test]
    public async Task Fault_OfHealthyStore_IsNone() => Assert.That(await Store.FindFaultAsync(), Is.Null);

    [Test]
    public async Task Append_ToClosedStore_IsUnavailable()
    {
        await Store.DisposeAsync();

        Assert.That(async () => await Store.AppendAsync(Batches.Received(Batches.OfPoints(Batches.Counting(0, 1)))),
            Throws.InstanceOf<StoreUnavailableException>());
        Store = Open();
    }

    /// <summary>Opens a copy that <see cref="IStoreMaintenance.BackupAsync"/> made.</summary>
    protected abstract ITelemetryStore OpenBackup(string file);

    private static TelemetryEvent Event(string kind) => new(Now, 1, kind, TelemetryPriority.Normal, "");

    private static TelemetryImage Image(long step) => new(Now, step, null, "reconstruction", 2, 1, [1, 2], [3, 4], label: 7);

    private async Task<SeriesRecord> SeriesAsync() => (await Store.ListSeriesAsync(1)).Single();
}
