using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using FeatureAlignment.Device.Platform;
using FeatureAlignment.Device.Uplink;
using FeatureAlignment.DeviceApp.Board;
using FeatureAlignment.DeviceApp.Tests.Support;
using Meadow;
using NUnit.Framework;

namespace FeatureAlignment.DeviceApp.Tests;

[TestFixture]
public sealed class ApplicationHostTests
{
    private FakeBoard board = null!;
    private FakeLed led = null!;

    [SetUp]
    public void Start()
    {
        board = new FakeBoard();
        led = new FakeLed();
    }

    [TearDown]
    public void End() => board.Dispose();

    [Test]
    public async Task Stop_WaitsForTheApplicationsEnd()
    {
        bool hasSaved = false;
        ApplicationHost host = NewHost(stopping =>
        {
            stopping.WaitHandle.WaitOne();
            hasSaved = true;
        });

        Task run = host.Run(CancellationToken.None);
        Assert.That(run.IsCompleted, Is.False);
        await host.StopAsync();

        Assert.That(hasSaved, Is.True);
        await run;
    }

    [Test]
    public async Task Abort_StopsTheApplication()
    {
        using var abort = new CancellationTokenSource();
        Task run = NewHost(stopping => stopping.WaitHandle.WaitOne()).Run(abort.Token);
        abort.Cancel();
        await run;
    }

    [Test]
    public async Task Failure_ReachesMeadow()
    {
        ApplicationHost host = NewHost(_ => throw new InvalidOperationException("because"));
        Task run = host.Run(CancellationToken.None);
        Assert.That(async () => await run, Throws.InvalidOperationException.With.Message.EqualTo("because"));
        await host.StopAsync();
    }

    [Test]
    public async Task Stop_OfAnApplicationThatHangs_EndsAndIsLogged()
    {
        using var release = new ManualResetEventSlim();
        ApplicationHost host = NewHost(_ => release.Wait(CancellationToken.None), TimeSpan.FromMilliseconds(20));
        Task run = host.Run(CancellationToken.None);

        await host.StopAsync();

        Assert.That(board.LogLines.Single(), Does.StartWith("Error: ").And.Contain("did not"));
        release.Set();
        await run;
    }

    [Test]
    public async Task Stop_BeforeTheStart_Returns() => await NewHost(_ => { }).StopAsync();

    [Test]
    public async Task Stop_Twice_Returns()
    {
        ApplicationHost host = NewHost(stopping => stopping.WaitHandle.WaitOne());
        _ = host.Run(CancellationToken.None);
        await host.StopAsync();
        await host.StopAsync();
    }

    [Test]
    public async Task Stop_ForAnUpdate_IsKnownAtTheNextStart()
    {
        board.State = UpdateState.UpdateInProgress;
        ApplicationHost host = NewHost(stopping => stopping.WaitHandle.WaitOne());
        _ = host.Run(CancellationToken.None);
        await host.StopAsync();
        Assert.That(new RestartReasons(board, board.DataDirectory, board.Logger).Take(), Is.EqualTo("update"));
    }

    [Test]
    public void Report_LogsAndShowsTheFault()
    {
        NewHost(_ => { }).Report(new InvalidOperationException("because"));
        Assert.That(board.LogLines.Single(), Does.StartWith("Error: ").And.Contain("because"));
        Assert.That(led.Shown, Is.EqualTo(new[] { "FF0000 steady" }));
    }

    private ApplicationHost NewHost(Action<CancellationToken> run, TimeSpan? longestStop = null) => new(
        new BoardPlatform(
            board.Feather, new BoardClock(), new BoardParts(led, null, Array.Empty<ISensor>(), new BoardButtons()), new NoUplink(),
            new RestartReasons(board, board.DataDirectory, board.Logger), board.Logger),
        run, board.Logger, longestStop);
}
