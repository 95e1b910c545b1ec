using System;
using System.Collections.Generic;
using FeatureAlignment.Device.Benchmark;
using NUnit.Framework;

namespace FeatureAlignment.Device.Tests.Benchmark;

public sealed class RateMeterTests
{
    private static readonly TimeSpan TwoSeconds = TimeSpan.FromSeconds(2);

    [Test]
    public void Slices_DoubleUntilLongEnough()
    {
        RateMeter meter = new(TwoSeconds, long.MaxValue, mostUnitsASlice: 256);
        List<int> slices = [];
        while (!meter.IsFinished)
        {
            slices.Add(meter.NextUnits);
            meter.Record(TimeSpan.FromMilliseconds(30 * meter.NextUnits));
        }

        // 30, 60, 120, 240 ms: the last is long enough; the sum passes 2 s with the eleventh.
        Assert.That(slices, Is.EqualTo(new[] { 1, 2, 4, 8, 8, 8, 8, 8, 8, 8, 8 }));
    }

    [Test]
    public void Rate_ExactClock_IsExact()
    {
        RateMeter meter = new(TwoSeconds, long.MaxValue, 256);
        while (!meter.IsFinished)
        {
            meter.Record(TimeSpan.FromMilliseconds(4 * meter.NextUnits));
        }

        Assert.That(meter.UnitsPerSecond, Is.EqualTo(250));
    }

    [TestCase(0.37)]
    [TestCase(3.3)]
    [TestCase(17)]
    public void Rate_ClockOfTenMilliseconds_IsWithinTwoPercent(double unitMilliseconds)
    {
        RateMeter meter = new(TwoSeconds, long.MaxValue, 4096);
        double now = 0;
        while (!meter.IsFinished)
        {
            double start = Math.Floor(now / 10) * 10;
            now += unitMilliseconds * meter.NextUnits;
            meter.Record(TimeSpan.FromMilliseconds((Math.Floor(now / 10) * 10) - start));
            now += 1.7;
        }

        Assert.That(meter.UnitsPerSecond, Is.EqualTo(1000 / unitMilliseconds).Within(2).Percent);
    }

    [Test]
    public void Rate_ClockStandsStill_IsNullAfterSlicesOfEachLength()
    {
        RateMeter meter = new(TwoSeconds, long.MaxValue, mostUnitsASlice: 8);
        while (!meter.IsFinished)
        {
            meter.Record(TimeSpan.Zero);
        }

        Assert.That((meter.UnitsPerSecond, meter.Units), Is.EqualTo(((double?)null, 1L + 2 + 4 + 8)));
    }

    [Test]
    public void Units_NeverExceedTheMost()
    {
        RateMeter meter = new(TwoSeconds, mostUnits: 10, mostUnitsASlice: 256);
        while (!meter.IsFinished)
        {
            meter.Record(TimeSpan.FromMilliseconds(1));
        }

        Assert.That(meter.Units, Is.EqualTo(10));
    }
}
