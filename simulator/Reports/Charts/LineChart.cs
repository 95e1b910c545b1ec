using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using System.Xml.Linq;

namespace FeatureAlignment.Simulator.Reports.Charts;

/// <summary>A figure with a title, a legend that names the last value of each curve, and the curves as inline SVG.</summary>
internal sealed record LineChart
{
    // Units of the view box; at the width a chart has on a desktop and on a phone they are close to CSS pixels, so text keeps its size.
    private const double Width = 380;
    private const double Height = 232;
    private const double Left = 44;
    private const double Right = 368;
    private const double Top = 8;
    private const double Bottom = 192;

    private const double LegendLineHeight = 15;

    /// <summary>More than the plot has pixels to tell apart.</summary>
    private const int MostPoints = 240;

    /// <summary>Up to so many points are marked one by one.</summary>
    private const int MostMarkers = 40;

    /// <summary>Unique within the page: names the title and the description of the picture.</summary>
    public required string Id { get; init; }

    public required string Title { get; init; }

    /// <summary>What the y-axis counts, with its unit.</summary>
    public required string YLabel { get; init; }

    public required string XLabel { get; init; }

    public required IReadOnlyList<Curve> Curves { get; init; }

    /// <summary>True when there are too many points to draw: each drawn point is then the mean of neighbours.</summary>
    public bool IsThinned => Curves.Any(curve => curve.Points.Count > MostPoints);

    /// <summary>How the legend and the description write a value of y.</summary>
    public Func<double, string> FormatY { get; init; } = NumberText.Short;

    public XElement ToFigure()
    {
        (XElement plot, bool isLogarithmic) = Plot();
        return new XElement(
            "figure",
            new XAttribute("class", "chart"),
            new XElement(
                "figcaption",
                new XElement("h3", Title),
                new XElement("p", YLabel, isLogarithmic ? ", log scale" : null),
                Legend()),
            plot);
    }

    /// <summary>Writes the chart as a picture that needs no page around it: the title and legend are drawn too.</summary>
    public void WriteSvg(Stream stream)
    {
        (XElement plot, bool isLogarithmic) = Plot();
        plot.SetAttributeValue("viewBox", Text($"-8 {-HeadHeight} {Width + 16} {Height + HeadHeight + 8}"));
        plot.SetAttributeValue("class", "chart");
        plot.SetAttributeValue("width", Text($"{2 * (Width + 16)}"));
        plot.AddFirst(
            new XElement("style", StyleSheet.Read() + "\nsvg.chart { max-width: none; font: 12px sans-serif; }"),
            new XElement(
                "rect", new XAttribute("x", "-8"), new XAttribute("y", Text($"{-HeadHeight}")), new XAttribute("width", "100%"),
                new XAttribute("height", "100%"), new XAttribute("style", "fill: var(--paper)")),
            Label(0, 18 - HeadHeight, "start", Title),
            Label(0, 34 - HeadHeight, "start", YLabel + (isLogarithmic ? ", log scale" : "")),
            Curves.SelectMany((curve, index) => LegendLine(curve, 52 - HeadHeight + (index * LegendLineHeight))));
        XNamespace svg = "http://www.w3.org/2000/svg";
        foreach (XElement element in plot.DescendantsAndSelf())
        {
            element.Name = svg + element.Name.LocalName;
        }

        new XDocument(plot).Save(stream);
    }

    private double HeadHeight => 52 + (Curves.Count * LegendLineHeight);

    private (XElement Plot, bool IsLogarithmic) Plot()
    {
        List<Curve> thinned = Curves.Select(curve => curve.Thinned(MostPoints)).ToList();
        AxisScale y = AxisScale.Covering(thinned.SelectMany(curve => curve.Points, (_, point) => point.Y));
        List<double> steps = thinned.SelectMany(curve => curve.Points, (_, point) => point.X).ToList();
        AxisScale x = AxisScale.LinearExact(Math.Min(0, steps.DefaultIfEmpty().Min()), steps.DefaultIfEmpty().Max());

        XElement plot = new(
            "svg",
            new XAttribute("viewBox", Text($"0 0 {Width} {Height}")),
            new XAttribute("role", "img"),
            new XAttribute("aria-labelledby", $"{Id}-title {Id}-description"),
            new XElement("title", new XAttribute("id", $"{Id}-title"), $"{Title} over {XLabel}"),
            new XElement("desc", new XAttribute("id", $"{Id}-description"), Description()),
            YAxis(y),
            XAxis(x),
            thinned.Select(curve => Draw(curve, x, y)),
            steps.Count == 0 ? Label((Left + Right) / 2, (Top + Bottom) / 2, "middle", "no values yet") : null);
        return (plot, y.IsLogarithmic);
    }

    private IEnumerable<XElement> LegendLine(Curve curve, double y)
    {
        yield return Path("curve " + curve.Style, Text($"M0 {y - 4}h20"));
        yield return Label(26, y, "start", curve.Points.Count > 0 ? $"{curve.Name}: {FormatY(curve.Points[^1].Y)}" : curve.Name);
    }

    private XElement Legend() => new(
        "ul",
        new XAttribute("class", "legend"),
        Curves.Select(curve => new XElement(
            "li",
            new XElement(
                "svg",
                new XAttribute("viewBox", "0 0 20 8"),
                new XAttribute("aria-hidden", "true"),
                Path("curve " + curve.Style, "M0 4H20")),
            curve.Name,
            curve.Points.Count > 0 ? new XElement("b", FormatY(curve.Points[^1].Y)) : null)));

    private string Description()
    {
        StringBuilder text = new();
        foreach (Curve curve in Curves)
        {
            if (curve.Points.Count > 0)
            {
                text.Append($"{curve.Name}: from {FormatY(curve.Points[0].Y)} to {FormatY(curve.Points[^1].Y)}. ");
            }
        }

        return text.Length == 0 ? "No values." : text.ToString().TrimEnd();
    }

    private static IEnumerable<XElement> YAxis(AxisScale y)
    {
        foreach (AxisTick tick in y.Ticks)
        {
            double position = Bottom - (y.Position(tick.Value) * (Bottom - Top));
            yield return Path("grid", Text($"M{Left:0.#} {position:0.##}H{Right:0.#}"));
            yield return Label(Left - 6, position + 4, "end", tick.Label);
        }
    }

    private IEnumerable<XElement> XAxis(AxisScale x)
    {
        yield return Path("axis", Text($"M{Left:0.#} {Bottom:0.#}H{Right:0.#}"));
        foreach (AxisTick tick in x.Ticks)
        {
            double position = Left + (x.Position(tick.Value) * (Right - Left));
            yield return Path("axis", Text($"M{position:0.##} {Bottom:0.#}v4"));
            yield return Label(position, Bottom + 17, "middle", tick.Label);
        }

        yield return Label((Left + Right) / 2, Height - 5, "middle", XLabel);
    }

    private static IEnumerable<XElement> Draw(Curve curve, AxisScale x, AxisScale y)
    {
        StringBuilder line = new();
        List<XElement> markers = [];
        bool marksAll = curve.Points.Count <= MostMarkers;
        foreach (IReadOnlyList<CurvePoint> segment in curve.Segments())
        {
            char command = 'M';
            foreach (CurvePoint point in segment)
            {
                double left = Left + (x.Position(point.X) * (Right - Left));
                double top = Bottom - (y.Position(point.Y) * (Bottom - Top));
                line.Append(CultureInfo.InvariantCulture, $"{command}{left:0.##} {top:0.##}");
                command = 'L';

                // A point between two gaps has no line of its own and would not be seen.
                if (marksAll || segment.Count == 1)
                {
                    markers.Add(new XElement(
                        "circle",
                        new XAttribute("class", "marker " + curve.Style),
                        new XAttribute("cx", Text($"{left:0.##}")),
                        new XAttribute("cy", Text($"{top:0.##}")),
                        new XAttribute("r", "2")));
                }
            }
        }

        return line.Length == 0 ? markers : markers.Prepend(Path("curve " + curve.Style, line.ToString()));
    }

    private static XElement Path(string style, string data) => new("path", new XAttribute("class", style), new XAttribute("d", data));

    private static XElement Label(double x, double y, string anchor, string text) => new(
        "text",
        new XAttribute("x", Text($"{x:0.##}")),
        new XAttribute("y", Text($"{y:0.##}")),
        new XAttribute("text-anchor", anchor),
        text);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
