using System.Linq;
using FeatureAlignment.Simulator.Reports.Charts;
using NUnit.Framework;

namespace FeatureAlignment.Simulator.Tests.Reports.Charts;

public sealed class CurveTests
{
    [Test]
    public void Thinned_FewPoints_StaysAsItIs()
    {
        Curve curve = Of(1, 2, 3);

        Assert.That(curve.Thinned(3), Is.SameAs(curve));
    }

    [Test]
    public void Thinned_TakesMeansOfNeighbours()
    {
        Curve thinned = Of(1, 3, 5, 7, 100).Thinned(3);

        Assert.That(thinned.Points, Is.EqualTo(new CurvePoint[] { new(0.5, 2), new(2.5, 6), new(4, 100) }));
    }

    [Test]
    public void Thinned_KeepsGaps()
    {
        Curve thinned = Of(1, 3, double.NaN, 7, 9, 11).Thinned(3);

        Assert.That(thinned.Points.Select(point => double.IsFinite(point.Y)), Is.EqualTo(new[] { true, false, true }));
    }

    [TestCase(new[] { 1.0, 2, 3 }, "3")]
    [TestCase(new[] { 1.0, double.NaN, 3, 4 }, "1 2")]
    [TestCase(new[] { double.NaN, 1, double.PositiveInfinity, double.NaN, 2, double.NaN }, "1 1")]
    [TestCase(new[] { double.NaN }, "")]
    [TestCase(new double[0], "")]
    public void Segments_EndAtGaps(double[] values, string lengths) =>
        Assert.That(string.Join(' ', Of(values).Segments().Select(segment => segment.Count)), Is.EqualTo(lengths));

    private static Curve Of(params double[] values) =>
        new("curve", "layer-0", values.Select((value, index) => new CurvePoint(index, value)).ToList());
}
