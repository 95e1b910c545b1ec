using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using FeatureAlignment.DeviceApp.Tests.Support;
using Meadow;
using Meadow.Devices;
using NUnit.Framework;

namespace FeatureAlignment.DeviceApp.Tests;

/// <summary>Both composition roots, called as MeadowOS.cs of Meadow.Core calls an application.</summary>
[TestFixture]
public sealed class AppTests
{
    private static readonly Dictionary<string, string> Settings = new()
    {
        ["FeatureAlignment.Benchmark.AtFirstStart"] = "false",
        ["FeatureAlignment.Report.Uplink"] = "none",
    };

    private FakeBoard board = null!;

    [SetUp]
    public void Start() => board = new FakeBoard();

    [TearDown]
    public void End() => board.Dispose();

    [Test]
    public async Task Feather_StartsRunsAndStops()
    {
        var app = new FeatherApp { Settings = Settings };
        await app.Initialize();
        Task run = app.Run();
        SpinUntil(() => board.WatchdogResets > 1);
        await app.OnShutdown();
        await run;
    }

    [Test]
    public async Task ProjectLab_StartsRunsAndStops()
    {
        var lab = new FakeProjectLab(board);
        var app = new ProjectLabApp { Settings = Settings };
        App<F7CoreComputeV2, ProjectLab, IProjectLabHardware>.Hardware = lab;
        await app.Initialize();
        Task run = app.Run();
        SpinUntil(() => lab.Led.Shown.Contains("0000FF steady"));
        await app.OnShutdown();
        await run;
        Assert.That(((FakeDisplay)lab.Display!).Shows, Is.GreaterThan(0));
    }

    [Test]
    public async Task Feather_WhoseStorageIsGone_FailsToMeadowAndIsReported()
    {
        var app = new FeatherApp { Settings = Settings };
        await app.Initialize();
        System.IO.Directory.Delete(board.DataDirectory, recursive: true);

        Exception? failure = await Assert.CatchAsync(() => app.Run());
        await app.OnError(failure!);
        await app.OnShutdown();

        Assert.That(board.LogLines.Any(line => line.Contains("The application failed", StringComparison.Ordinal)), Is.True);
    }

    [Test]
    public async Task Feather_WhoseInitializationFailed_ShutsDown()
    {
        var app = new FeatherApp();
        await app.OnError(new InvalidOperationException());
        await app.OnShutdown();
    }

    // The application waits in real time here, a second at most.
    private static void SpinUntil(Func<bool> holds) => Assert.That(SpinWait.SpinUntil(holds, TimeSpan.FromMinutes(1)), Is.True);
}
