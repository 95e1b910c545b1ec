using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Demo;
using FeatureAlignment.Dashboard.Devices;
using FeatureAlignment.Dashboard.Ingestion;
using FeatureAlignment.Dashboard.MeadowCloud;
using FeatureAlignment.Dashboard.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;

namespace FeatureAlignment.Dashboard.Tests.Demo;

[TestFixture]
public sealed class DemoFleetTests
{
    private static readonly DemoPlan Sketch = Board("digits-sketch"), Mill = Board("mill-north");

    [Test]
    public async Task Records_OfTwoDemosAtTheSameTime_AreTheSame()
    {
        IReadOnlyDictionary<string, string> one = await LiveAsync(), other = await LiveAsync();

        Assert.That(one, Has.Count.GreaterThan(100));
        Assert.That(other, Is.EquivalentTo(one));
    }

    [Test]
    public async Task Board_ThatThrows_IsLogged_AndTheOthersLive()
    {
        await using TestDashboard dashboard = await TestDashboard.StartAsync();
        using var log = new LogCounter();
        DemoPlan broken = Mill with { DeviceId = "broken", Sensors = _ => throw new InvalidOperationException("no such sensor") };
        await using DemoFleet fleet = Fleet(dashboard, log, broken, Sketch);

        await fleet.StartAsync(CancellationToken.None);
        await fleet.CaughtUp;

        Assert.That((await dashboard.Store.ListDevicesAsync()).Single().DeviceId, Is.EqualTo("digits-sketch"));
        Assert.That(log.Lines.Single(line => line.Level == LogLevel.Error).Text, Does.Contain("broken"));
    }

    [Test]
    public async Task Start_DoesNotWaitForTheBoards_AndTheDashboardIsReadyMeanwhile()
    {
        await using TestDashboard dashboard = await TestDashboard.StartAsync();
        using var log = new LogCounter();
        using var gate = new ManualResetEventSlim();
        DemoPlan held = Mill with
        {
            Sensors = now =>
            {
                gate.Wait();
                return Mill.Sensors(now);
            },
        };
        await using DemoFleet fleet = Fleet(dashboard, log, held);

        await fleet.StartAsync(CancellationToken.None);
        using HttpResponseMessage ready = await dashboard.Client.GetAsync("/health/ready");
        (_, string page) = await dashboard.Client.GetPageAsync("/");
        bool hasCaughtUp = fleet.CaughtUp.IsCompleted;
        gate.Set();
        await fleet.CaughtUp;

        Assert.That(ready.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(page, Does.Contain("class=\"demo-mark\"").And.Contain("They appear here"));
        Assert.That(hasCaughtUp, Is.False);
        Assert.That((await dashboard.Store.ListDevicesAsync()).Single().DeviceId, Is.EqualTo(held.DeviceId));
    }

    [Test]
    public async Task Stop_WhileItCatchesUp_IsQuick()
    {
        await using TestDashboard dashboard = await TestDashboard.StartAsync();
        using var log = new LogCounter();
        await using DemoFleet fleet = Fleet(dashboard, log, [.. DemoBoards.All]);
        // Told by the thread that writes, which the test must not go on with: the boards wait for it.
        var reported = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        dashboard.Store.Committed += _ => reported.TrySetResult();
        await fleet.StartAsync(CancellationToken.None);
        await reported.Task;

        await fleet.StopAsync(CancellationToken.None).WaitAsync(Patience.Limit);

        Assert.That(fleet.CaughtUp.IsCanceled, Is.True);
        Assert.That(log.Lines, Is.Empty);
    }

    [Test]
    public async Task Stop_InStepWithTheClock_IsQuick()
    {
        await using TestDashboard dashboard = await TestDashboard.StartAsync();
        using var log = new LogCounter();
        await using DemoFleet fleet = Fleet(dashboard, log, Sketch);
        await fleet.StartAsync(CancellationToken.None);
        await fleet.CaughtUp;

        await fleet.StopAsync(CancellationToken.None).WaitAsync(Patience.Limit);

        Assert.That(log.Lines, Is.Empty);
    }

    private static DemoPlan Board(string deviceId) => DemoBoards.All.Single(plan => plan.DeviceId == deviceId);

    private static DemoFleet Fleet(TestDashboard dashboard, LogCounter log, params DemoPlan[] plans)
    {
        var time = new AdjustableTime();
        var presence = new PresenceWatch(
            dashboard.Store, dashboard.Services.GetRequiredService<BoardConnections>(), time, NullLogger<PresenceWatch>.Instance);
        return new DemoFleet(
            plans, dashboard.Services.GetRequiredService<BatchIntake>(), dashboard.Store, presence, time,
            LoggerFactory.Create(logging => logging.AddProvider(log)).CreateLogger<DemoFleet>());
    }

    private static async Task<IReadOnlyDictionary<string, string>> LiveAsync()
    {
        await using TestDashboard dashboard = await TestDashboard.StartAsync();
        using var log = new LogCounter();
        var records = new ConcurrentDictionary<string, string>();
        dashboard.Store.Committed += batch => records[$"{batch.Header.DeviceId} {batch.Header.Boot} {batch.Header.Sequence}"] =
            $"{batch.ReceivedMilliseconds} {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(batch.Body.Span))}";
        await using DemoFleet fleet = Fleet(dashboard, log, Sketch, Mill);
        await fleet.StartAsync(CancellationToken.None);
        await fleet.CaughtUp;
        // Copied before the stop, which comes at another moment of the boards' lives each time.
        return new Dictionary<string, string>(records);
    }
}
