using System;
using FeatureAlignment.Simulator.Training;
using NUnit.Framework;

namespace FeatureAlignment.Simulator.Tests.Training;

[TestFixture]
internal sealed class ProgressMeterTests
{
    private readonly FakeTime time = new();

    [Test]
    public void Measure_GivesSpeedAndTimeLeft()
    {
        ProgressMeter meter = new(time, samplesBefore: 0, totalSamples: 1_000);
        time.Advance(TimeSpan.FromSeconds(2));

        Assert.That(meter.Measure(400), Is.EqualTo((200.0, TimeSpan.FromSeconds(3))));
    }

    [Test]
    public void Measure_ResumedRun_CountsOwnSamplesOnly()
    {
        ProgressMeter meter = new(time, samplesBefore: 600, totalSamples: 1_000);
        time.Advance(TimeSpan.FromSeconds(1));

        Assert.That(meter.Measure(700), Is.EqualTo((100.0, TimeSpan.FromSeconds(3))));
    }

    [Test]
    public void Measure_BeforeTimeHasPassed_GivesNothing() =>
        Assert.That(new ProgressMeter(time, 0, 1_000).Measure(10), Is.EqualTo((0.0, TimeSpan.Zero)));
}
