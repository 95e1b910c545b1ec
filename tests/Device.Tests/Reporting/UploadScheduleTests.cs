using System;
using FeatureAlignment.Device.Reporting;
using NUnit.Framework;

namespace FeatureAlignment.Device.Tests.Reporting;

[TestFixture]
public sealed class UploadScheduleTests
{
    [Test]
    public void Minute_TakesTwelveBatches()
    {
        UploadSchedule schedule = New();
        for (int i = 0; i < 12; i++)
        {
            Assert.That(schedule.MaySend(Seconds(i)), Is.True);
            schedule.Sent(Seconds(i));
        }

        Assert.That(schedule.MaySend(Seconds(59.9)), Is.False);
        Assert.That(schedule.MaySend(Seconds(60)), Is.True);
        schedule.Sent(Seconds(60));
        Assert.That(schedule.MaySend(Seconds(60.9)), Is.False);
        Assert.That(schedule.MaySend(Seconds(61)), Is.True);
    }

    // Waits of 5, 10, 20 … seconds, at most 600, of which jitter leaves between half and all.
    [Test]
    public void Failures_DoubleTheWait([Range(1UL, 5UL)] ulong seed)
    {
        var schedule = new UploadSchedule(new RandomSource(seed));
        for (int failure = 0; failure < 40; failure++)
        {
            double longest = Math.Min(600, 5 * Math.Pow(2, failure));
            TimeSpan start = TimeSpan.FromHours(failure);
            schedule.Failed(start, TimeSpan.Zero);
            Assert.That(schedule.MaySend(start + Seconds(longest / 2 - 0.001)), Is.False);
            Assert.That(schedule.MaySend(start + Seconds(longest)), Is.True);
        }
    }

    [Test]
    public void Jitter_DiffersBetweenSeeds()
    {
        int ready = 0;
        for (ulong seed = 0; seed < 200; seed++)
        {
            var schedule = new UploadSchedule(new RandomSource(seed));
            schedule.Failed(default, default);
            ready += schedule.MaySend(Seconds(3.75)) ? 1 : 0;
        }

        Assert.That(ready, Is.InRange(70, 130));
    }

    [Test]
    public void Success_EndsTheDoubling()
    {
        UploadSchedule schedule = New();
        for (int i = 0; i < 8; i++)
        {
            schedule.Failed(default, default);
        }

        schedule.Succeeded();
        schedule.Failed(Seconds(1000), default);
        Assert.That(schedule.MaySend(Seconds(1005)), Is.True);
    }

    [Test]
    public void RetryAfter_IsRespected_WithinReason()
    {
        UploadSchedule schedule = New();
        schedule.Failed(default, Seconds(100));
        Assert.That(schedule.MaySend(Seconds(99.9)), Is.False);
        Assert.That(schedule.MaySend(Seconds(100)), Is.True);
        schedule.Failed(default, TimeSpan.FromDays(400));
        Assert.That(schedule.MaySend(TimeSpan.FromHours(6)), Is.True);
    }

    private static UploadSchedule New() => new(new RandomSource(1));

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}
