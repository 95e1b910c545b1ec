using System;
using System.IO;
using System.Linq;
using System.Xml.Linq;
using FeatureAlignment.Simulator.Reports.Charts;
using FeatureAlignment.Simulator.Reports.Html;

namespace FeatureAlignment.Simulator.Comparisons;

/// <summary><c>report.html</c> of a comparison: both rules in one chart, and their figures side by side.</summary>
internal static class ComparisonReport
{
    public static void Write(Stream stream, ComparisonResult result)
    {
        string title = $"Alignment and backpropagation on {Summary.Title(result.Alignment.Result)}";
        HtmlPage.Write(
            stream, title, Header(title, result), Curves(result), Figures(result), TableSections.Settings(result.Alignment.Result),
            Repeat(result));
    }

    private static XElement Header(string title, ComparisonResult result) => new(
        "header",
        new XElement("p", new XAttribute("class", "kicker"), "FeatureAlignment comparison"),
        new XElement("h1", title),
        new XElement(
            "dl",
            new XAttribute("class", "headline"),
            Headline("Accuracy, alignment", NumberText.Percent(Final(result.Alignment))),
            Headline("Accuracy, backpropagation", NumberText.Percent(Final(result.Backpropagation))),
            Headline("Training time, alignment to backpropagation", NumberText.Short(result.TimeRatio) + " ×"),
            Headline("Training memory, backpropagation to alignment", NumberText.Short(result.MemoryRatio) + " ×")),
        new XElement(
            "p",
            new XAttribute("class", "lead"),
            "The same hidden layers were trained twice, on the same samples in the same order, for as many epochs, with the same batch, "
            + "optimizer, learning rate and seed. With alignment each layer learns on its own; backpropagation passes the error of a "
            + "softmax layer on top back through all of them. "
            + (result.Alignment.Result.Schedule == "layerwise"
                ? "Alignment trained one layer after the other, each for all epochs, so that it has as many times more epochs as there are "
                    + "layers. "
                : "")
            + "Memory is what training held at its peak, weights, gradients and optimizer included, the data set not."));

    private static XElement Headline(string name, string value) => new("div", new XElement("dt", name), new XElement("dd", value));

    private static XElement Curves(ComparisonResult result) => new(
        "section",
        new XElement("h2", "Accuracy"),
        new XElement(
            "div",
            new XAttribute("class", "charts"),
            Chart("by-epoch", "Accuracy by epoch", "epochs", result, point => point.Epoch).ToFigure(),
            Chart("by-time", "Accuracy by training time", "seconds of training", result, point => point.TrainingSeconds).ToFigure()));

    private static LineChart Chart(string id, string title, string xLabel, ComparisonResult result, Func<EpochAccuracy, double> x) => new()
    {
        Id = id,
        Title = title,
        YLabel = $"% of {(result.Alignment.Result.Validation > 0 ? "validation" : "test")} samples right",
        XLabel = xLabel,
        FormatY = percent => NumberText.Percent(percent / 100),
        Curves = [Curve("Alignment", "layer-0", result.Alignment, x), Curve("Backpropagation", "layer-1", result.Backpropagation, x)],
    };

    private static Curve Curve(string name, string style, ComparedRun run, Func<EpochAccuracy, double> x) =>
        new(name, style, [.. run.Epochs.Select(point => new CurvePoint(x(point), 100 * point.Accuracy))]);

    private static XElement Figures(ComparisonResult result)
    {
        (string Name, Func<ComparedRun, string> Text)[] rows =
        [
            ("Accuracy at the end", run => NumberText.Percent(Final(run))),
            ("Training time", run => NumberText.Duration(run.TrainingSeconds)),
            ("Samples per second", run => NumberText.Whole(run.Result.SamplesPerSecond)),
            ("Samples seen", run => NumberText.Whole(run.Result.SamplesSeen)),
            ("Parameters", run => NumberText.Whole(run.Result.LayerParameters.Sum())),
            ("Memory held, measured", run => NumberText.Bytes(run.Result.TrainingBytes)),
            ("Memory planned", run => NumberText.Bytes(run.Result.MemoryPlan.Total)),
            ("of it weights", run => NumberText.Bytes(run.Result.MemoryPlan.Weights)),
            ("of it gradients", run => NumberText.Bytes(run.Result.MemoryPlan.Gradients)),
            ("of it optimizer state", run => NumberText.Bytes(run.Result.MemoryPlan.OptimizerState)),
            ("of it activations", run => NumberText.Bytes(run.Result.MemoryPlan.Activations)),
            ("of it work buffers", run => NumberText.Bytes(run.Result.MemoryPlan.WorkBuffers)),
        ];
        return new XElement(
            "section",
            new XElement("h2", "Figures"),
            ScrollingTable.Build(
                ScrollingTable.Head(["", "Alignment", "Backpropagation"]),
                new XElement(
                    "tbody",
                    rows.Select(row => new XElement(
                        "tr",
                        new XElement("th", new XAttribute("scope", "row"), row.Name),
                        new XElement("td", row.Text(result.Alignment)),
                        new XElement("td", row.Text(result.Backpropagation)))))));
    }

    private static XElement Repeat(ComparisonResult result) => new(
        "section",
        new XElement("h2", "Repeat this comparison"),
        new XElement("pre", result.Command),
        new XElement(
            "p", new XAttribute("class", "note"),
            "The same seed and kernels give the same accuracies, whatever the number of threads; times differ."));

    private static double Final(ComparedRun run) => run.Result.TestAccuracy ?? run.Result.ValidationAccuracy ?? double.NaN;
}
