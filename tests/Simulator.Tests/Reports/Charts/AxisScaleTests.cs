using System;
using System.Collections.Generic;
using System.Linq;
using FeatureAlignment.Simulator.Reports.Charts;
using NUnit.Framework;

namespace FeatureAlignment.Simulator.Tests.Reports.Charts;

public sealed class AxisScaleTests
{
    /// <summary>A few roundings of a double, on positions between 0 and 1.</summary>
    private const double PositionTolerance = 1e-12;

    [TestCase(0, 10, "0|2|4|6|8|10")]
    [TestCase(0, 1, "0|0.2|0.4|0.6|0.8|1.0")]
    [TestCase(95.2, 98.7, "95|96|97|98|99")]
    [TestCase(-3, 4, "−4|−2|0|2|4")]
    [TestCase(0, 1_100_000, "0|500k|1.0M|1.5M")]
    [TestCase(0, 60_000, "0|20k|40k|60k")]
    [TestCase(0, 3000, "0|1000|2000|3000")]
    [TestCase(0.0000003, 0.0000009, "2e−7|4e−7|6e−7|8e−7|1e−6")]
    public void Linear_HasTicksAtRoundNumbers(double minimum, double maximum, string labels) =>
        Assert.That(Labels(AxisScale.Linear(minimum, maximum)), Is.EqualTo(labels));

    [TestCase(0, 1_100_000, "0|500k|1.0M")]
    [TestCase(0, 20, "0|5|10|15|20")]
    [TestCase(0, 1, "0|0.2|0.4|0.6|0.8|1.0")]
    public void LinearExact_EndsWhereTheDataEnds(double minimum, double maximum, string labels)
    {
        AxisScale axis = AxisScale.LinearExact(minimum, maximum);

        Assert.Multiple(() =>
        {
            Assert.That(Labels(axis), Is.EqualTo(labels));
            Assert.That(axis.Maximum, Is.EqualTo(maximum));
        });
    }

    [TestCase(1.3, 48, "1|2|5|10|20|50")]
    [TestCase(0.012, 0.9, "0.01|0.02|0.05|0.1|0.2|0.5|1")]
    [TestCase(1, 100, "1|2|5|10|20|50|100")]
    [TestCase(0.0003, 2, "0.0001|0.001|0.01|0.1|1|10")]
    [TestCase(1e-12, 1, "1e−12|1e−10|1e−8|1e−6|0.0001|0.01|1")]
    public void Logarithmic_HasTicksAtOneTwoFiveOrDecades(double minimum, double maximum, string labels) =>
        Assert.That(Labels(AxisScale.Logarithmic(minimum, maximum)), Is.EqualTo(labels));

    [Test]
    public void Logarithmic_OverAllOfDouble_HasFewTicks()
    {
        AxisScale axis = AxisScale.Logarithmic(1e-300, 1e300);

        Assert.Multiple(() =>
        {
            Assert.That(axis.Ticks, Has.Count.LessThanOrEqualTo(9));
            Assert.That(axis.Minimum, Is.LessThanOrEqualTo(1e-300));
            Assert.That(axis.Maximum, Is.GreaterThanOrEqualTo(1e300));
        });
    }

    [TestCase(0, 1)]
    [TestCase(-1, 1)]
    [TestCase(2, 2)]
    [TestCase(1, double.PositiveInfinity)]
    [TestCase(double.NaN, 1)]
    public void Logarithmic_ImpossibleRange_Throws(double minimum, double maximum) =>
        Assert.That(() => AxisScale.Logarithmic(minimum, maximum), Throws.InstanceOf<ArgumentOutOfRangeException>());

    [Test]
    public void Position_Logarithmic_PutsEqualRatiosAtEqualDistances()
    {
        AxisScale axis = AxisScale.Logarithmic(1, 100);

        Assert.That(new[] { 1.0, 10, 100 }.Select(axis.Position), Is.EqualTo(new[] { 0, 0.5, 1 }).Within(PositionTolerance));
    }

    [Test]
    public void Position_Linear_IsTheShareOfTheRange()
    {
        AxisScale axis = AxisScale.Linear(0, 10);

        Assert.That(new[] { 0.0, 2.5, 10 }.Select(axis.Position), Is.EqualTo(new[] { 0, 0.25, 1 }).Within(PositionTolerance));
    }

    [TestCase(new[] { 1.0, 19 }, false)]
    [TestCase(new[] { 1.0, 20 }, true)]
    [TestCase(new[] { 0.0, 1000 }, false)]
    [TestCase(new[] { -1.0, 1000 }, false)]
    [TestCase(new[] { double.NaN, 1, 1000 }, true)]
    public void Covering_IsLogarithmicForPositiveValuesFarApart(double[] values, bool isLogarithmic) =>
        Assert.That(AxisScale.Covering(values).IsLogarithmic, Is.EqualTo(isLogarithmic));

    [TestCase(new double[0])]
    [TestCase(new[] { 0.0 })]
    [TestCase(new[] { 5.0 })]
    [TestCase(new[] { -5.0, -5.0, -5.0 })]
    [TestCase(new[] { 1e9, 1e9 + 1e-6 })]
    [TestCase(new[] { 1e-300 })]
    [TestCase(new[] { double.NaN, double.PositiveInfinity })]
    [TestCase(new[] { double.NaN, 3.0 })]
    public void Covering_DegenerateValues_GivesUsableAxis(double[] values)
    {
        AxisScale axis = AxisScale.Covering(values);

        Assert.Multiple(() =>
        {
            Assert.That(axis.Maximum, Is.GreaterThan(axis.Minimum));
            Assert.That(axis.Ticks, Has.Count.InRange(2, 12));
            Assert.That(values.Where(double.IsFinite).Select(axis.Position), Is.All.InRange(0, 1));
        });
    }

    [TestCase(0.1, 0.7)]
    [TestCase(0.013, 0.017)]
    [TestCase(3, 5999)]
    [TestCase(-0.7, 12.3)]
    [TestCase(1e-20, 3e-20)]
    public void Linear_TicksRiseEvenlyAndEncloseTheRange(double minimum, double maximum)
    {
        AxisScale axis = AxisScale.Linear(minimum, maximum);
        List<double> ticks = axis.Ticks.Select(tick => tick.Value).ToList();

        Assert.Multiple(() =>
        {
            Assert.That(ticks, Is.Ordered.Ascending);
            Assert.That(ticks, Has.Count.InRange(3, 7));
            Assert.That(axis.Position(minimum), Is.GreaterThanOrEqualTo(-PositionTolerance));
            Assert.That(axis.Position(maximum), Is.LessThanOrEqualTo(1 + PositionTolerance));
            Assert.That((ticks[0], ticks[^1]), Is.EqualTo((axis.Minimum, axis.Maximum)));
            Assert.That(axis.Ticks.Select(tick => tick.Label), Is.Unique);
        });
    }

    private static string Labels(AxisScale axis) => string.Join('|', axis.Ticks.Select(tick => tick.Label));
}
