using System;
using System.Collections.Generic;
using System.Linq;
using System.Xml.Linq;
using FeatureAlignment.Simulator.Reports.Charts;
using NUnit.Framework;

namespace FeatureAlignment.Simulator.Tests.Reports.Charts;

public sealed class LineChartTests
{
    [Test]
    public void Figure_DrawsPointsWhereTheyBelong()
    {
        // x from 0 to 10 spans 44 to 368, y from 0 to 10 spans 192 up to 8.
        XElement figure = Figure(new CurvePoint(0, 0), new CurvePoint(5, 5), new CurvePoint(10, 10));

        Assert.That(Line(figure), Is.EqualTo("M44 192L206 100L368 8"));
    }

    [Test]
    public void Figure_DoesNotJoinGaps()
    {
        XElement figure = Figure(
            new CurvePoint(0, 0), new CurvePoint(1, 5), new CurvePoint(2, double.NaN), new CurvePoint(5, 5), new CurvePoint(10, 10));

        Assert.That(Line(figure).Count(letter => letter == 'M'), Is.EqualTo(2));
    }

    [Test]
    public void Figure_MarksPointBetweenGaps()
    {
        IEnumerable<CurvePoint> points = Enumerable.Range(0, 100)
            .Select(index => new CurvePoint(index, index is 49 or 51 ? double.NaN : index));

        Assert.That(Figure([.. points]).Descendants("circle").Count(), Is.EqualTo(1));
    }

    [Test]
    public void Figure_WithoutValues_SaysSo() => Assert.That(Figure().Value, Does.Contain("no values yet"));

    [TestCase(double.NaN)]
    [TestCase(3.0)]
    public void Figure_OnePoint_HasOnlyFiniteCoordinates(double y)
    {
        string figure = Figure(new CurvePoint(7, y)).Element("svg")!.Elements("path").Aggregate("", (text, path) => text + path);

        Assert.That(figure, Does.Not.Contain("NaN").And.Not.Contain("∞"));
    }

    [Test]
    public void Figure_DescribesEachCurveForReadersWhoDoNotSeeIt()
    {
        XElement svg = Figure(new CurvePoint(0, 8), new CurvePoint(10, 2)).Element("svg")!;

        Assert.Multiple(() =>
        {
            Assert.That(svg.Element("desc")!.Value, Is.EqualTo("Layer 1: from 8 to 2."));
            Assert.That(
                ((string)svg.Attribute("aria-labelledby")!).Split(' '),
                Is.EqualTo(svg.Elements().Take(2).Select(element => (string)element.Attribute("id")!)));
        });
    }

    private static XElement Figure(params CurvePoint[] points) => new LineChart
    {
        Id = "loss",
        Title = "Loss",
        YLabel = "nats",
        XLabel = "samples",
        Curves = [new Curve("Layer 1", "layer-0", points)],
    }.ToFigure();

    private static string Line(XElement figure) => (string)figure.Element("svg")!.Elements("path")
        .Single(path => ((string)path.Attribute("class")!).StartsWith("curve", StringComparison.Ordinal))
        .Attribute("d")!;
}
