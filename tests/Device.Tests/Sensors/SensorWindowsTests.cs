using System;
using System.Collections.Generic;
using System.Linq;
using FeatureAlignment.Device.Sensors;
using NUnit.Framework;

namespace FeatureAlignment.Device.Tests.Sensors;

[TestFixture]
public sealed class SensorWindowsTests
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    // Mean 0 and deviation 1, so that scaled values are the readings: -1 and 1 in turn.
    private static RunningScale UnitScale(int channels)
    {
        var scale = new RunningScale(channels, 1e9);
        for (int i = 0; i < 2 * channels; i++)
        {
            scale.Learn(i / 2, i % 2 == 0 ? -1 : 1);
        }

        return scale;
    }

    [Test]
    public void Add_FourReadingsWithTwoShared_GivesOverlappingWindows()
    {
        var windows = new SensorWindows(4, 2, Period, UnitScale(1));
        Assert.That(Collect(windows, [0, 1, 2, 3, 4, 5, 1]), Is.EqualTo(new[] { "0 1 2 3", "2 3 4 5" }));
    }

    [TestCase(16, TestName = "Add_AfterAGap_StartsOver")]
    [TestCase(-31, TestName = "Add_AfterARestartOfTheClock_StartsOver")]
    public void AddAfter(int secondsMore)
    {
        var windows = new SensorWindows(3, 1, Period, UnitScale(1));
        Assert.That(Collect(windows, [0, 1, 2, 3]), Has.Count.EqualTo(1));
        TimeSpan later = 3 * Period + TimeSpan.FromSeconds(secondsMore);
        Assert.That(Collect(windows, [4, 3, 2], later), Is.EqualTo(new[] { "4 3 2" }));
    }

    [Test]
    public void Add_AMissingReading_LeavesTheChannelOut()
    {
        var windows = new SensorWindows(2, 0, Period, UnitScale(2));
        Assert.That(windows.Add([1, 3], TimeSpan.Zero), Is.False);
        Assert.That(windows.Add([2, float.NaN], Period), Is.True);
        Assert.That(windows.Current.Values, Is.EqualTo(new float[] { 1, 2, 0, 0 }));
        Assert.That((windows.Current.IsLeftOut(0), windows.Current.IsLeftOut(1)), Is.EqualTo((false, true)));

        windows.Add([1, 3], 2 * Period);
        windows.Add([2, 4], 3 * Period);
        Assert.That(windows.Current.IsPartial, Is.False, "it comes back by itself");
    }

    [Test]
    public void LearnScale_LearnsEachReadingOnce()
    {
        var scale = new RunningScale(1, 1e9);
        var windows = new SensorWindows(4, 2, Period, scale);
        for (int i = 0; i < 8; i++)
        {
            if (windows.Add([i], i * Period))
            {
                windows.LearnScale();
                windows.LearnScale();
            }
        }

        // 0 to 7 once each.
        Assert.That(scale.Mean(0), Is.EqualTo(3.5).Within(1e-9));
        Assert.That(scale.Deviation(0), Is.EqualTo(Math.Sqrt(5.25)).Within(1e-9));
    }

    [Test]
    public void LearnScale_NotCalled_SkipsTheWindowsReadings()
    {
        var scale = new RunningScale(1, 1e9);
        var windows = new SensorWindows(2, 0, Period, scale);
        for (int i = 0; i < 6; i++)
        {
            if (windows.Add([i is 2 or 3 ? 100 : 1], i * Period) && i != 3)
            {
                windows.LearnScale();
            }
        }

        Assert.That(scale.Mean(0), Is.EqualTo(1));
    }

    private static List<string> Collect(SensorWindows windows, float[] values, TimeSpan start = default)
    {
        var seen = new List<string>();
        for (int i = 0; i < values.Length; i++)
        {
            if (windows.Add([values[i]], start + (i * Period)))
            {
                seen.Add(string.Join(' ', windows.Current.Values.Select(value => Math.Round(value))));
            }
        }

        return seen;
    }
}
