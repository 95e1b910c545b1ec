using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Demo;
using FeatureAlignment.Dashboard.Devices;
using FeatureAlignment.Dashboard.Runs;
using FeatureAlignment.Dashboard.Storage;
using FeatureAlignment.Dashboard.Storage.Series;
using FeatureAlignment.Dashboard.Tests.Support;
using FeatureAlignment.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace FeatureAlignment.Dashboard.Tests.Demo;

/// <summary>What somebody finds who starts the demo. The clock stands still after its start, and so do the boards.</summary>
[TestFixture]
public sealed class DemoTests
{
    private readonly AdjustableTime time = new();
    private TestDashboard dashboard = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        dashboard = await TestDashboard.StartAsync(
            options => options with { IsDemo = true }, builder => builder.Services.AddSingleton<TimeProvider>(time));
        await dashboard.Services.GetRequiredService<DemoFleet>().CaughtUp;
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await dashboard.DisposeAsync();

    [Test]
    public async Task Boards_AllTwelve_HaveReportedAndHaveARunWithNotes()
    {
        IReadOnlyList<DeviceRecord> devices = await dashboard.Store.ListDevicesAsync();
        IReadOnlyList<RunRecord> runs = await dashboard.Store.ListRunsAsync();

        Assert.That(devices, Has.Count.EqualTo(12));
        Assert.That(devices.Select(device => device.DeviceId), Is.EquivalentTo(DemoBoards.All.Select(plan => plan.DeviceId)));
        Assert.That(devices.Select(device => device.LastSeenAt), Is.All.InRange(Ago(10), Ago(-1)));
        Assert.That(runs.Select(run => run.Notes), Is.All.Not.Empty);
        Assert.That(runs.Count(run => run.DeviceId == "digits-lab"), Is.EqualTo(2));
    }

    [Test]
    public async Task Pages_SayThatItIsADemo()
    {
        (_, string fleet) = await dashboard.Client.GetPageAsync("/");
        (_, string device) = await dashboard.Client.GetPageAsync("/devices/pump-hall-2");

        Assert.That(fleet, Does.Contain("class=\"demo-mark\""));
        Assert.That(device, Does.Contain("class=\"demo-mark\"").And.Contain("state-anomaly"));
    }

    [Test]
    public async Task Network_Down_IsATimeOfflineWithoutAGapInTheData()
    {
        IReadOnlyList<(long From, long? To)> offline = [.. OfflineTimes.Of(await dashboard.Store.ListConnectionsAsync("lathe-west"))];
        ChartData data = await ReadAsync("lathe-west", null, MetricNames.AnomalyQ);

        Assert.That(offline, Has.Count.EqualTo(1));
        Assert.That(offline[0].From, Is.InRange(Ago(42), Ago(41)));
        // The device waits longer after each failure, ten minutes at most.
        Assert.That(offline[0].To, Is.InRange(Ago(26), Ago(16)));
        Assert.That(data.Buckets.Count(bucket => bucket.AfterGap), Is.Zero);
    }

    [Test]
    public async Task Power_Gone_IsATimeOfflineAndAGapInTheData()
    {
        (long From, long? To) offline = OfflineTimes.Of(await dashboard.Store.ListConnectionsAsync("digits-window")).Single();
        ChartData data = await ReadAsync("digits-window", 0, MetricNames.AlignmentLoss);

        Assert.That(offline.From, Is.InRange(Ago(28), Ago(27)));
        Assert.That(offline.To, Is.InRange(Ago(15), Ago(14)));
        Assert.That(data.Buckets.Count(bucket => bucket.AfterGap), Is.EqualTo(1));
    }

    [Test]
    public async Task Network_StillDown_IsOffline()
    {
        (long From, long? To) offline = OfflineTimes.Of(await dashboard.Store.ListConnectionsAsync("mill-north")).Single();

        Assert.That(offline.To, Is.Null);
        Assert.That((await dashboard.Client.GetPageAsync("/?state=offline")).Html, Does.Contain("/devices/mill-north"));
    }

    [Test]
    public void ConnectionLogs_AreOfTheWatch_OnceTheBoardsHaveCaughtUp() =>
        Assert.That(dashboard.Services.GetRequiredService<PresenceWatch>().ExecuteTask, Is.Not.Null);

    [Test]
    public async Task Loss_NotFinite_StopsTheTrainingAndLeavesNoPoint()
    {
        EventRecord stop = (await EventsAsync("digits-attic", EventKinds.NonFiniteLoss)).Single();
        ChartData data = await ReadAsync("digits-attic", 0, MetricNames.AlignmentLoss);

        Assert.That(stop.Content.Text, Does.Contain("learning rate 10"));
        Assert.That(data.Buckets[^1].X, Is.LessThan(Ago(13)));
        Assert.That(data.Buckets.Select(bucket => bucket.Max), Is.All.Matches<double>(double.IsFinite));
    }

    [Test]
    public async Task Sensor_NotFinite_IsLostAndComesBack()
    {
        EventRecord lost = (await EventsAsync("lathe-east", EventKinds.SensorLost)).Single();
        EventRecord back = (await EventsAsync("lathe-east", EventKinds.SensorBack)).Single();

        Assert.That(lost.Content.Text, Does.Contain("is not a finite number"));
        Assert.That(back.Content.TimeMilliseconds - lost.Content.TimeMilliseconds, Is.EqualTo(12 * 60_000).Within(5_000));
    }

    [Test]
    public async Task DevelopingFault_IsFound_AndHealthyMachinesRaiseNoAlarm()
    {
        IReadOnlyList<EventRecord> found = await EventsAsync("pump-hall-2", EventKinds.AnomalyStart);

        Assert.That(found[0].Content.Text, Does.Contain("vibration_y"));
        Assert.That(found[0].Content.TimeMilliseconds, Is.InRange(Ago(20), Ago(-1)));
        foreach (string healthy in (string[])["pump-hall-1", "lathe-west", "mill-north"])
        {
            Assert.That(await EventsAsync(healthy, EventKinds.AnomalyStart), Is.Empty, healthy);
        }
    }

    [Test]
    public async Task Digits_AreLearned_WithConfusionAndPictures()
    {
        RunRecord run = (await dashboard.Store.ListRunsAsync("digits-desk")).Single();
        ChartData accuracy = await ReadAsync("digits-desk", null, MetricNames.Accuracy);
        IReadOnlyList<EventRecord> evaluations = await EventsAsync("digits-desk", EventKinds.Evaluation);

        // A tenth would be chance.
        Assert.That(accuracy.Buckets[^1].Last, Is.GreaterThan(0.7).And.GreaterThan(accuracy.Buckets[0].Last));
        Assert.That(evaluations[0].Content.Data.TryGet("confusion", out _), Is.True);
        Assert.That(await dashboard.Store.ListImagesAsync(run.Id), Has.Count.GreaterThan(30));
    }

    [Test]
    public async Task Command_OfAPerson_IsDone()
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        dashboard.Store.Committed += batch =>
        {
            if (batch.Content.Events.Any(one =>
                one.Kind == EventKinds.CommandDone && one.Data.TryGet("id", out TelemetryValue? id) && id.Text == "c-1"))
            {
                done.TrySetResult();
            }
        };

        await dashboard.Store.AddCommandAsync("pump-hall-1", new TelemetryCommand("c-1", "checkpoint"), Ago(0));
        time.Advance(TimeSpan.FromSeconds(20));
        await done.Task.WaitAsync(Patience.Limit);

        CommandRecord command = (await dashboard.Store.ListCommandsAsync("pump-hall-1")).Single();
        Assert.That(command.State, Is.EqualTo(CommandState.Done));
        Assert.That(command.ClosedAt - command.CreatedAt, Is.InRange(0, 20_000));
    }

    private static long Ago(double minutes) => Batches.Noon - (long)TimeSpan.FromMinutes(minutes).TotalMilliseconds;

    private Task<IReadOnlyList<EventRecord>> EventsAsync(string device, string kind) =>
        dashboard.Store.ListEventsAsync(new EventFilter(DeviceId: device, Kind: kind));

    private async Task<ChartData> ReadAsync(string device, int? layer, string name)
    {
        RunRecord run = (await dashboard.Store.ListRunsAsync(device)).Single();
        return await dashboard.Store.ReadChartAsync(new ChartRequest(run.Id, layer, name, ChartAxis.Time));
    }
}
