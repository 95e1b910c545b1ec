using System;
using System.Linq;
using FeatureAlignment.Device.Detection;
using NUnit.Framework;

namespace FeatureAlignment.Device.Tests.Detection;

[TestFixture]
public sealed class TailThresholdTests
{
    private const int Learning = 10_000;
    private const double LongHalfLife = 1e6;

    // The tail's mean excess comes from some 370 values: its error is about 5 %, and that of the threshold no more.
    private const double Statistical = 0.15;

    // Of mean 1; their quantile at a share α is −ln α.
    private static double[] Exponential(int count, ulong seed)
    {
        var random = new RandomSource(seed);
        return Enumerable.Range(0, count).Select(_ => -Math.Log(1 - random.NextSingle())).ToArray();
    }

    [TestCase(0.01)]
    [TestCase(0.001)]
    [TestCase(0.2)]
    public void Value_IsTheQuantileOfTheSortedSample(double rate)
    {
        var threshold = new TailThreshold(rate, LongHalfLife, Learning);
        foreach (double value in Exponential(Learning, 5))
        {
            threshold.Learn(value);
        }

        double[] sorted = Exponential(1_000_000, 6);
        Array.Sort(sorted);
        Assert.That(threshold.Value, Is.EqualTo(sorted[(int)((1 - rate) * sorted.Length)]).Within(100 * Statistical).Percent);
    }

    [Test]
    public void Value_AfterADriftOfManyHalfLives_HasFollowed()
    {
        var threshold = new TailThreshold(0.01, 2000, 2000);
        foreach (double value in Exponential(2000, 1))
        {
            threshold.Learn(value);
        }

        double before = threshold.Value;
        foreach (double value in Exponential(100_000, 2))
        {
            threshold.Learn(2 * value);
        }

        Assert.That(threshold.Value, Is.EqualTo(2 * before).Within(2 * 100 * Statistical).Percent);
    }

    [Test]
    public void Value_UnderAnAnomaly_HardlyMoves()
    {
        var threshold = new TailThreshold(0.001, Learning, Learning);
        foreach (double value in Exponential(Learning, 3))
        {
            threshold.Learn(value);
        }

        // A fault of 100 windows at six times the threshold.
        double before = threshold.Value;
        for (int i = 0; i < 100; i++)
        {
            threshold.Learn(40);
        }

        Assert.That(threshold.Value, Is.InRange(before, 1.5 * before));
    }

    [Test]
    public void Accept_RaisesToTheValueAndComesDownWithTheHalfLife()
    {
        TailThreshold threshold = Settled(), other = Settled();
        threshold.Accept(threshold.Value + 8);
        Assert.That(threshold.Value, Is.EqualTo(other.Value + 8).Within(1e-9));
        for (int i = 0; i < Learning; i++)
        {
            threshold.Learn(1);
            other.Learn(1);
        }

        // A half-life later; a thousandth because the rate is ln 2 of it.
        Assert.That(threshold.Value - other.Value, Is.EqualTo(4).Within(1e-3));
    }

    [Test]
    public void Refuse_KeepsItFromRisingAboveTheValueUntilAcceptedHigher()
    {
        var threshold = Settled();
        double before = threshold.Value;
        threshold.Refuse(before + 1);
        threshold.Accept(before + 1);
        for (int i = 0; i < 5000; i++)
        {
            threshold.Learn(50);
        }

        Assert.That(threshold.Value, Is.EqualTo(before + 1).Within(1e-9));
        threshold.Accept(before + 90);
        Assert.That(threshold.Value, Is.GreaterThan(before + 2));
    }

    private static TailThreshold Settled()
    {
        var threshold = new TailThreshold(0.01, Learning, Learning);
        foreach (double value in Exponential(Learning, 4))
        {
            threshold.Learn(value);
        }

        return threshold;
    }
}
