using System;
using FeatureAlignment.Device.Sensors;
using FeatureAlignment.Device.Tests.Detection;
using NUnit.Framework;

namespace FeatureAlignment.Device.Tests.Sensors;

[TestFixture]
public sealed class RunningScaleTests
{
    // Rounding of a few additions in double.
    private const double Rounding = 1e-12;

    [Test]
    public void Learn_FewReadings_IsTheirMeanAndDeviation()
    {
        var scale = new RunningScale(2, 1e6);
        foreach (float value in new float[] { 2, 4, 9 })
        {
            scale.Learn(1, value);
        }

        // Mean 5, squares 9 + 1 + 16 over 3.
        Assert.That(scale.Mean(1), Is.EqualTo(5).Within(Rounding));
        Assert.That(scale.Deviation(1), Is.EqualTo(Math.Sqrt(26.0 / 3)).Within(Rounding));
        Assert.That(scale.Scale(1, 5 + (float)Math.Sqrt(26.0 / 3)), Is.EqualTo(1).Within(1e-6));
        Assert.That(scale.Unscale(1, 1), Is.EqualTo(5 + Math.Sqrt(26.0 / 3)).Within(1e-6));
        Assert.That(scale.Scale(0, 7), Is.Zero, "a channel that has not been read");
    }

    [Test]
    public void Mean_AfterAHalfLife_IsHalfWay()
    {
        var scale = new RunningScale(1, 1000);
        for (int i = 0; i < 20_000; i++)
        {
            scale.Learn(0, i % 2);
        }

        for (int i = 0; i < 1000; i++)
        {
            scale.Learn(0, 1 + (i % 2));
        }

        // 0.5 before, 1.5 now; a thousandth because the rate is that of infinitely many readings.
        Assert.That(scale.Mean(0), Is.EqualTo(1).Within(2e-3));
    }

    [Test]
    public void Learn_ASpike_CountsAsAReadingAtTheLimit()
    {
        var scale = new RunningScale(1, 1e6);
        for (int i = 0; i < 1000; i++)
        {
            scale.Learn(0, i % 2);
        }

        scale.Learn(0, 1e9f);
        Assert.That(scale.Mean(0), Is.EqualTo(0.5 + (RunningScale.Limit * 0.5 / 1001)).Within(1e-6));
        Assert.That(scale.Scale(0, 1e9f), Is.EqualTo(RunningScale.Limit));
        Assert.That(scale.Scale(0, -1e9f), Is.EqualTo(-RunningScale.Limit));
    }

    [Test]
    public void Restore_InTheMiddle_GoesOnToTheBit()
    {
        var whole = new RunningScale(1, 50);
        var resumed = new RunningScale(1, 50);
        var random = new RandomSource(3);
        for (int i = 0; i < 300; i++)
        {
            if (i == 150)
            {
                CheckpointBytes.Restore(CheckpointBytes.Save(whole), resumed);
            }

            float value = random.NextNormal();
            whole.Learn(0, value);
            resumed.Learn(0, value);
        }

        Assert.That(CheckpointBytes.Save(resumed), Is.EqualTo(CheckpointBytes.Save(whole)));
    }
}
