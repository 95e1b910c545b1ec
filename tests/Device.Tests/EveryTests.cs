using System;
using NUnit.Framework;

namespace FeatureAlignment.Device.Tests;

[TestFixture]
public sealed class EveryTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Test]
    public void IsDue_OnceAPeriod_AndNeverMakesUpForWhatWasMissed()
    {
        var every = new Every(10 * Second);
        Assert.That(every.TryBegin(9 * Second), Is.False);
        Assert.That(every.TryBegin(35 * Second), Is.True);
        Assert.That(every.TryBegin(36 * Second), Is.False);
        Assert.That(every.Next, Is.EqualTo(45 * Second));
        Assert.That(every.Since(40 * Second), Is.EqualTo(5 * Second));
    }

    [Test]
    public void IsDue_AtOnce_WhenAskedFor() => Assert.That(new Every(10 * Second, isDueAtOnce: true).TryBegin(TimeSpan.Zero), Is.True);

    [Test]
    public void PeriodOfZero_IsNever() => Assert.That(new Every(TimeSpan.Zero).TryBegin(TimeSpan.FromDays(1000)), Is.False);

    [Test]
    public void Period_Changed_CountsFromTheLastTime()
    {
        var every = new Every(60 * Second);
        every.TryBegin(60 * Second);
        every.Period = 10 * Second;
        Assert.That(every.Next, Is.EqualTo(70 * Second));
    }
}
