using System;
using System.IO;
using System.Linq;
using System.Threading;
using FeatureAlignment.Device.Platform;
using FeatureAlignment.DeviceApp.Board;
using FeatureAlignment.DeviceApp.Tests.Support;
using NUnit.Framework;

namespace FeatureAlignment.DeviceApp.Tests.Board;

/// <summary>The small ports: watchdog, light, screen, buttons, clock, files from USB.</summary>
[TestFixture]
public sealed class BoardPartsTests
{
    private FakeBoard board = null!;

    [SetUp]
    public void Start() => board = new FakeBoard();

    [TearDown]
    public void End() => board.Dispose();

    [Test]
    public void Watchdog_StartsWithTheFirstFeeding()
    {
        var watchdog = new BoardWatchdog(board);
        Assert.That(board.WatchdogStarts, Is.Empty);

        watchdog.Feed();
        watchdog.Feed();

        Assert.That(board.WatchdogStarts, Has.Count.EqualTo(1));
        Assert.That(board.WatchdogResets, Is.EqualTo(2));
    }

    [Test]
    public void Indicator_HasALookForEachState()
    {
        var led = new FakeLed();
        var indicator = new LedIndicator(led, board.Logger);
        foreach (IndicatorState state in Enum.GetValues<IndicatorState>())
        {
            indicator.Show(state);
        }

        Assert.That(led.Shown, Has.Count.EqualTo(Enum.GetValues<IndicatorState>().Length).And.Unique);
    }

    [Test]
    public void Indicator_SameStateAgain_LeavesTheRhythmAlone()
    {
        var led = new FakeLed();
        var indicator = new LedIndicator(led, board.Logger);
        indicator.Show(IndicatorState.Alarm);
        indicator.Show(IndicatorState.Alarm);
        Assert.That(led.Shown, Has.Count.EqualTo(1));
    }

    [Test]
    public void Indicator_Broken_IsLoggedAndTriedAgain()
    {
        var led = new FakeLed { IsBroken = true };
        var indicator = new LedIndicator(led, board.Logger);
        indicator.Show(IndicatorState.Alarm);
        led.IsBroken = false;
        indicator.Show(IndicatorState.Learning);
        Assert.That(board.LogLines.Single(), Does.StartWith("Warning: "));
        Assert.That(led.Shown, Is.EqualTo(new[] { "0000FF steady" }));
    }

    [Test]
    public void Indicator_WithoutALight_ShowsNothing() =>
        Assert.That(() => new LedIndicator(null, board.Logger).Show(IndicatorState.Alarm), Throws.Nothing);

    [TestCase(10, 20, 30, 40, 10, 20, 30, 40)]
    [TestCase(-5, -6, 15, 26, 0, 0, 10, 20)]
    [TestCase(310, 230, 50, 50, 310, 230, 10, 10)]
    public void Screen_FillsWhatIsInside(int x, int y, int width, int height, int left, int top, int wide, int high)
    {
        var display = new FakeDisplay();
        new DisplayScreen(display).Fill(x, y, width, height, 0x123456);
        var fill = display.Fills.Single();
        Assert.That((fill.X, fill.Y, fill.Width, fill.Height), Is.EqualTo((left, top, wide, high)));
        Assert.That((fill.Color.R, fill.Color.G, fill.Color.B), Is.EqualTo(((byte)0x12, (byte)0x34, (byte)0x56)));
    }

    [TestCase(400, 0, 10, 10)]
    [TestCase(0, 0, 0, 10)]
    [TestCase(-20, 0, 20, 10)]
    public void Screen_NothingInside_FillsNothing(int x, int y, int width, int height)
    {
        var display = new FakeDisplay();
        new DisplayScreen(display).Fill(x, y, width, height, 0);
        Assert.That(display.Fills, Is.Empty);
    }

    [Test]
    public void Buttons_KeepPressesInOrderAndForgetTooMany()
    {
        FakeButton yes = new(), no = new();
        BoardButtons buttons = new BoardButtons()
            .Add(yes, DeviceButton.LabelNormal).Add(no, DeviceButton.LabelFault).Add(null, DeviceButton.NextPage);
        no.Click();
        for (int i = 0; i < 100; i++)
        {
            yes.Click();
        }

        Assert.That(buttons.TryTakePress(out DeviceButton first), Is.True);
        Assert.That(first, Is.EqualTo(DeviceButton.LabelFault));
        int others = 0;
        while (buttons.TryTakePress(out _))
        {
            others++;
        }

        Assert.That(others, Is.EqualTo(15));
    }

    [TestCase("1970-01-01T00:00:20Z", 0)]
    [TestCase("2018-01-01T00:00:00Z", 0)]
    [TestCase("2026-11-22T13:31:14Z", 1795354274000)]
    public void Clock_IsUnknownUntilItCanBeRight(string now, long milliseconds)
    {
        var clock = new BoardClock(() => DateTimeOffset.Parse(now, System.Globalization.CultureInfo.InvariantCulture));
        Assert.That(clock.UnixMilliseconds, Is.EqualTo(milliseconds));
    }

    [Test]
    public void Clock_Wait_EndsWhenStoppingIsAskedFor()
    {
        using var stopping = new CancellationTokenSource();
        stopping.Cancel();
        var clock = new BoardClock();
        clock.Wait(TimeSpan.FromDays(1), stopping.Token);
        Assert.That(clock.Uptime, Is.LessThan(TimeSpan.FromDays(1)));
    }

    [Test]
    public void DroppedFiles_MoveIntoTheDataDirectoryAndReplace()
    {
        File.WriteAllText(Path.Combine(board.Root, "Data-train-images-idx3-ubyte"), "new");
        File.WriteAllText(Path.Combine(board.Root, "App.dll"), "other");
        File.WriteAllText(Path.Combine(board.DataDirectory, "train-images-idx3-ubyte"), "old");

        DroppedFiles.TakeIn(board.Root, board.DataDirectory, board.Logger);

        Assert.That(File.ReadAllText(Path.Combine(board.DataDirectory, "train-images-idx3-ubyte")), Is.EqualTo("new"));
        Assert.That(Directory.GetFiles(board.Root).Select(Path.GetFileName), Is.EqualTo(new[] { "App.dll" }));
    }

    [Test]
    public void DroppedFiles_WithoutAFolder_AreLogged()
    {
        DroppedFiles.TakeIn(Path.Combine(board.Root, "missing"), board.DataDirectory, board.Logger);
        Assert.That(board.LogLines.Single(), Does.StartWith("Error: "));
    }
}
