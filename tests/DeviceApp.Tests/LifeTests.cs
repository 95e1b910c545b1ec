using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using FeatureAlignment.DeviceApp.Tests.Support;
using Meadow.Cloud;
using Meadow.Hardware;
using NUnit.Framework;

namespace FeatureAlignment.DeviceApp.Tests;

/// <summary>The application on the head, from start to shutdown: what the board's owner sees of it.</summary>
[TestFixture]
public sealed class LifeTests
{
    private const string Learning = "0000FF steady", Fault = "FF0000 steady", Paused = "0000FF 0.2 on 1.8 off";

    private FakeBoard board = null!;

    [SetUp]
    public void Start() => board = new FakeBoard();

    [TearDown]
    public void End() => board.Dispose();

    [Test]
    public async Task Start_LearnsShowsItAndFeedsTheWatchdog()
    {
        var life = new LivingBoard(board);
        life.Until(() => life.Lab.Led.Shown.Contains(Learning), "the light is blue");
        life.Until(() => ((FakeDisplay)life.Lab.Display!).Shows > 2, "the screen is drawn");
        await life.Stop();
        Assert.That(board.WatchdogStarts, Has.Count.EqualTo(1));
        Assert.That(board.WatchdogResets, Is.GreaterThan(2));
    }

    [Test]
    public async Task Shutdown_LeavesWhatTheNextStartGoesOnFrom()
    {
        var first = new LivingBoard(board);
        first.Until(() => first.Sent("run_started").Any(), "the run is reported");
        first.Until(() => first.Clock.Uptime > TimeSpan.FromMinutes(10), "some windows are learned");
        await first.Stop();
        Assert.That(Directory.GetFiles(board.DataDirectory), Is.Not.Empty);

        var second = new LivingBoard(board);
        second.Until(() => second.Sent("resumed").Any(), "the run goes on");
        await second.Stop();
        Assert.That(second.Sent("resumed").First().Measurements["boot"], Is.EqualTo(2));
    }

    [Test]
    public async Task Settings_Wrong_AreNamedAndNothingIsLearned()
    {
        var life = new LivingBoard(board, ("Network.Layers", "none"));
        life.Until(() => life.Sent("settings_refused").Any(), "the refusal is reported");
        await life.Stop();
        Assert.That((string)life.Sent("settings_refused").First().Measurements["text"], Does.Contain("Network.Layers"));
        Assert.That(life.Lab.Led.Shown.Last(), Is.EqualTo(Fault));
        Assert.That(life.Lab.Led.Shown, Has.None.EqualTo(Learning));
    }

    [Test]
    public async Task Sensor_Dead_IsReportedAndTheOthersGoOn()
    {
        var life = new LivingBoard(board);
        life.Until(() => life.Clock.Uptime > TimeSpan.FromMinutes(5), "it has learned for a while");
        life.IsThermometerDead = true;
        life.Until(() => life.Sent("sensor_lost").Any(), "the loss is reported");
        life.IsThermometerDead = false;
        life.Until(() => life.Sent("sensor_back").Any(), "the return is reported");
        Assert.That(life.Run().IsCompleted, Is.False);
        await life.Stop();
    }

    [Test]
    public async Task CloudQueue_Full_IsNeverOverrunByUs()
    {
        var life = new LivingBoard(board);
        life.Until(() => !board.Cloud.Sent.IsEmpty, "it sends");
        life.IsCloudAnswering = false;
        TimeSpan then = life.Clock.Uptime + TimeSpan.FromHours(2);
        int most = 0;
        life.Until(
            () =>
            {
                most = Math.Max(most, board.Cloud.QueueCount);
                return life.Clock.Uptime > then;
            },
            "two hours pass");
        Assert.That(most, Is.LessThanOrEqualTo(5));

        int before = board.Cloud.Sent.Count;
        life.IsCloudAnswering = true;
        life.Until(() => board.Cloud.Sent.Count > before + 5, "it catches up");
        await life.Stop();
    }

    [Test]
    public async Task Command_IsDoneAndAnswered()
    {
        var life = new LivingBoard(board);
        life.Until(() => life.Lab.Led.Shown.Contains(Learning), "it learns");
        board.Cloud.Publish("Pause", ("id", "c-1"));
        life.Until(() => life.Sent("command_done").Any(), "the command is answered");
        await life.Stop();
        Assert.That(life.Lab.Led.Shown, Has.Member(Paused));
        Assert.That(life.Sent("command_done").First().EventId, Is.EqualTo(1004));
        Assert.That(life.Sent("command_done").First().Measurements.Values, Has.Member("c-1"));
    }

    [Test]
    public async Task Command_Unknown_IsRefusedAloud()
    {
        var life = new LivingBoard(board);
        board.Cloud.Publish("MakeCoffee");
        life.Until(() => life.Sent("command_refused").Any(), "the refusal is reported");
        await life.Stop();
    }

    [Test]
    public async Task Command_Restart_ResetsTheBoardWhichKnowsWhy()
    {
        // Nothing is acknowledged before the reset, so the second run sends the first start's report again, and then its own.
        var life = new LivingBoard(board) { IsCloudAnswering = false };
        life.Until(() => life.Lab.Led.Shown.Contains(Learning) && life.Sent("restarted").Any(), "it learns and reports");
        board.Cloud.Publish("Restart");
        life.Until(() => board.Resets == 1, "the board is reset");
        await life.Run();

        var next = new LivingBoard(board);
        next.Until(() => next.Sent("restarted").Any(IsOfSecondStart), "the restart is reported");
        await next.Stop();
        Assert.That(next.Sent("restarted").First(IsOfSecondStart).Measurements["data.reason"], Is.EqualTo("command"));

        static bool IsOfSecondStart(CloudEvent sent) => Convert.ToInt32(sent.Measurements["boot"], CultureInfo.InvariantCulture) == 2;
    }

    [Test]
    public async Task Crash_IsTheReasonOfTheNextStart()
    {
        board.LastResetReason = ResetReason.SoftwareReset;
        board.CrashReports = ["System.OutOfMemoryException"];
        var life = new LivingBoard(board);
        life.Until(() => life.Sent("restarted").Any(), "the restart is reported");
        await life.Stop();
        Assert.That(life.Sent("restarted").First().Measurements["data.reason"], Is.EqualTo("crash"));
    }
}
