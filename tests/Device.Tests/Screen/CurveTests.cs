using System;
using System.Linq;
using FeatureAlignment.Device.Screen;
using FeatureAlignment.Tests.Support;
using NUnit.Framework;

namespace FeatureAlignment.Device.Tests.Screen;

public sealed class CurveTests
{
    [Test]
    public void History_Full_JoinsNeighbours()
    {
        HistoryCurve curve = new(4);
        foreach (float value in new[] { 1f, 3, 5, 7 })
        {
            curve.Add(value);
        }

        Assert.That((curve.ValuesPerPoint, Points(curve)), Is.EqualTo((1L, "1 3 5 7")));

        curve.Add(10);
        Assert.That((curve.ValuesPerPoint, Points(curve)), Is.EqualTo((2L, "2 6 10")), "half a point is shown as well");

        curve.Add(20);
        Assert.That(Points(curve), Is.EqualTo("2 6 15"));

        curve.Add(1);
        curve.Add(1);
        curve.Add(9);
        Assert.That((curve.ValuesPerPoint, Points(curve)), Is.EqualTo((4L, "4 8 9")), "(2 + 6) / 2, (15 + 1) / 2, and the newest");
    }

    [Test]
    public void History_ManyValues_PointsAreMeansOfEqualShares()
    {
        const int Count = 6 * 64;
        HistoryCurve curve = new(6);
        for (int i = 0; i < Count; i++)
        {
            curve.Add(i);
        }

        Assert.That(curve.ValuesPerPoint, Is.EqualTo(64));
        for (int i = 0; i < curve.Count; i++)
        {
            Assert.That(curve[i], Is.EqualTo((64 * i) + 31.5f), $"point {i}");
        }
    }

    [Test]
    public void History_NotFinite_IsLeftOut()
    {
        HistoryCurve curve = new(2);
        curve.Add(float.NaN);
        curve.Add(float.PositiveInfinity);
        curve.Add(4);

        Assert.That(Points(curve), Is.EqualTo("4"));
    }

    [Test]
    public void History_Cleared_StartsWithSingleValues()
    {
        HistoryCurve curve = new(2);
        for (int i = 0; i < 7; i++)
        {
            curve.Add(i);
        }

        curve.Clear();
        curve.Add(5);

        Assert.That((curve.ValuesPerPoint, Points(curve)), Is.EqualTo((1L, "5")));
    }

    [TestCase(0)]
    [TestCase(3)]
    public void History_OddOrNoCapacity_Throws(int capacity) =>
        Assert.That(() => new HistoryCurve(capacity), Throws.InstanceOf<ArgumentOutOfRangeException>());

    [Test]
    public void Recent_Full_ForgetsTheOldest()
    {
        RecentCurve curve = new(3);
        foreach (float value in new[] { 1f, 2, float.NaN, 3, 4, 5 })
        {
            curve.Add(value);
        }

        Assert.That(Points(curve), Is.EqualTo("3 4 5"));
    }

    [Test]
    public void Add_AllocatesNothing()
    {
        HistoryCurve history = new(8);
        RecentCurve recent = new(8);

        long allocated = Allocation.Of(() =>
        {
            for (int i = 0; i < 1000; i++)
            {
                history.Add(i);
                recent.Add(i);
            }
        });

        Assert.That(allocated, Is.Zero);
    }

    [TestCase(0.0, 1.0)]
    [TestCase(0.7, 1.0)]
    [TestCase(1.0, 1.0)]
    [TestCase(1.1, 2.0)]
    [TestCase(3.0, 5.0)]
    [TestCase(0.043, 0.05)]
    [TestCase(600.0, 1000.0)]
    public void Top_IsTheNextOfOneTwoFive(double largest, double expected) =>
        Assert.That(CurveWidget.RoundTop(largest), Is.EqualTo(expected).Within(1e-9).Percent);

    private static string Points(ICurve curve) => string.Join(' ', Enumerable.Range(0, curve.Count).Select(i => curve[i]));
}
