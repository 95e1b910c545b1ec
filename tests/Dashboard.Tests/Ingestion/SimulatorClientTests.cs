using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Storage;
using FeatureAlignment.Dashboard.Tests.Support;
using FeatureAlignment.Telemetry;
using NUnit.Framework;

namespace FeatureAlignment.Dashboard.Tests.Ingestion;

/// <summary>The simulator, as people start it, reports to the dashboard: both are whole programs, with a network between them.</summary>
[TestFixture]
public sealed class SimulatorClientTests
{
    private static readonly string Simulator = typeof(SimulatorClientTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(one => one.Key == nameof(Simulator)).Value!;

    private TestDashboard dashboard = null!;
    private string folder = null!;

    private string[] Train =>
        ["train", "--layers", "16", "--epochs", "1", "--report", dashboard.Client.BaseAddress!.ToString()];

    [SetUp]
    public async Task SetUp()
    {
        dashboard = await TestDashboard.StartAsync();
        folder = Directory.CreateTempSubdirectory("simulator-client-").FullName;
    }

    [TearDown]
    public async Task TearDown()
    {
        await dashboard.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Test]
    public async Task Train_Report_ArrivesWhole()
    {
        await SimulateAsync([.. Train, "--out", "run"]);

        RunRecord run = (await dashboard.Store.ListRunsAsync()).Single();
        IReadOnlyList<EventRecord> events = await dashboard.Store.ListEventsAsync(new EventFilter { RunId = run.Id });
        Assert.That(events[^1].Content.Kind, Is.EqualTo(EventKinds.RunStarted), "the newest is first");
        Assert.That(events[0].Content.Kind, Is.EqualTo(EventKinds.RunFinished));
        Assert.That(run.LastStep, Is.EqualTo(events[0].Content.Step));
        Assert.That(
            (await dashboard.Store.ListSeriesAsync(run.Id)).Select(series => (series.Layer, series.Name)),
            Does.Contain(((int?)0, MetricNames.LabelLoss)));
        Assert.That(await dashboard.Client.GetStringAsync($"/runs/{run.Id}"), Does.Contain(MetricNames.LabelLoss));
    }

    [Test]
    public async Task Train_DeviceThatHasAKey_MustBringIt()
    {
        await SimulateAsync([.. Train, "--out", "open"]);
        string device = (await dashboard.Store.ListRunsAsync()).Single().DeviceId;
        (_, string key) = await dashboard.Keys.CreateAsync(device);

        string without = await SimulateAsync([.. Train, "--out", "without"]);
        string wrong = await SimulateAsync([.. Train, "--out", "wrong", "--key", key[..^1] + (key[^1] == 'A' ? 'B' : 'A')]);
        string right = await SimulateAsync([.. Train, "--out", "right", "--key", key]);

        Assert.That(without, Does.Contain("batches did not reach"));
        Assert.That(wrong, Does.Contain("batches did not reach"));
        Assert.That(right, Is.Empty);
        Assert.That((await dashboard.Store.ListRunsAsync()).Select(run => run.Name), Is.EquivalentTo(["open", "right"]));
    }

    [Test]
    public async Task Device_TwoLives_AreOneDeviceWithTwoStarts()
    {
        string[] life =
        [
            "device", "--hours", "2", "--id", "machine-1", "--folder", "board", "--uplink", dashboard.Client.BaseAddress!.ToString(),
        ];

        await SimulateAsync(life);
        long steps = (await dashboard.Store.ListRunsAsync("machine-1")).Single().LastStep;
        await SimulateAsync(life);

        RunRecord run = (await dashboard.Store.ListRunsAsync("machine-1")).Single();
        Assert.That(run.LastStep, Is.GreaterThan(steps));
        Assert.That(
            (await dashboard.Store.ListEventsAsync(new EventFilter { RunId = run.Id })).Select(one => one.Content.Kind),
            Does.Contain(EventKinds.Resumed));
        Assert.That(await dashboard.Client.GetStringAsync("/devices/machine-1"), Does.Contain("machine-1").And.Contain("Start 2"));
    }

    // Returns what it wrote to its standard error.
    private async Task<string> SimulateAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string argument in (string[])[Simulator, .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        string said = await output + await error;
        await process.WaitForExitAsync();
        Assert.That(process.ExitCode, Is.Zero, said);
        return await error;
    }
}
