using System;
using System.Collections.Generic;
using System.Linq;
using System.Xml.Linq;
using FeatureAlignment.Simulator.Reports.Charts;

namespace FeatureAlignment.Simulator.Reports.Html;

/// <summary>The curves of a run: alignment loss and label loss of each layer, accuracy after each epoch.</summary>
internal static class CurveSection
{
    private const int LayerStyles = 6;

    public static XElement? Build(IReadOnlyList<MetricRow> metrics)
    {
        bool hasTest = metrics.Any(row => row.TestAccuracy is not null);
        bool hasValidation = metrics.Any(row => row.ValidationAccuracy is not null);
        List<LineChart> charts =
        [
            new LineChart
            {
                Id = "alignment-loss",
                Title = "Alignment loss",
                YLabel = "½ Σ (x − x̂)² per sample",
                XLabel = "samples seen",
                Curves = PerLayer(metrics, row => row.Step, row => row.AlignmentLoss),
            },
            new LineChart
            {
                Id = "label-loss",
                Title = "Label loss",
                YLabel = "cross-entropy, nats per sample",
                XLabel = "samples seen",
                Curves = PerLayer(metrics, row => row.Step, row => row.LabelLoss),
            },
            new LineChart
            {
                Id = "accuracy",
                Title = "Accuracy",
                YLabel = $"% of {(hasTest && hasValidation ? "" : hasTest ? "test " : "validation ")}samples right",
                XLabel = "epoch",
                FormatY = percent => NumberText.Percent(percent / 100),
                Curves = Accuracies(metrics, hasTest && hasValidation),
            },
        ];
        charts.RemoveAll(chart => chart.Curves.Count == 0);
        return charts.Count == 0
            ? null
            : new XElement(
                "section",
                new XElement("h2", "Learning curves"),
                charts.Any(chart => chart.IsThinned)
                    ? new XElement(
                        "p", new XAttribute("class", "note"), "Long curves are thinned: each point is the mean of neighbouring reports.")
                    : null,
                new XElement("div", new XAttribute("class", "charts"), charts.Select(chart => chart.ToFigure())));
    }

    /// <summary>The legend says which samples an accuracy is of only where there are both kinds.</summary>
    private static List<Curve> Accuracies(IReadOnlyList<MetricRow> metrics, bool hasBoth)
    {
        List<Curve> test = PerLayer(metrics, row => row.Epoch, row => 100 * row.TestAccuracy);
        List<Curve> validation = PerLayer(metrics, row => row.Epoch, row => 100 * row.ValidationAccuracy);
        return hasBoth
            ? [.. test.Select(curve => curve with { Name = curve.Name + ", test" }),
                .. validation.Select(curve => curve with { Name = curve.Name + ", validation", Style = curve.Style + " second" })]
            : [.. test, .. validation];
    }

    /// <summary>One curve of the whole network and one of each layer, as far as there are rows of it with a value.</summary>
    private static List<Curve> PerLayer(
        IReadOnlyList<MetricRow> metrics, Func<MetricRow, double> x, Func<MetricRow, double?> y) => metrics
        .Where(row => y(row) is not null)
        .GroupBy(row => row.Layer)
        .OrderBy(group => group.Key)
        .Select(group => new Curve(
            group.Key is int index ? $"Layer {index + 1}" : "Network",
            group.Key is int layerIndex ? $"layer-{layerIndex % LayerStyles}" : "network",
            group.Select(row => new CurvePoint(x(row), y(row)!.Value)).ToList()))
        .ToList();
}
