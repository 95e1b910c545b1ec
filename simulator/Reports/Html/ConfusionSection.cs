using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Xml.Linq;
using FeatureAlignment.Simulator.Reports.Charts;

namespace FeatureAlignment.Simulator.Reports.Html;

/// <summary>
/// The confusion matrix with recall and precision. Right answers and mistakes are shaded on scales of their own: on one scale the diagonal
/// of a good network would leave every mistake white.
/// </summary>
internal static class ConfusionSection
{
    public static XElement? Build(IReadOnlyList<IReadOnlyList<int>>? confusion, ClassLabels labels)
    {
        if (confusion is null || confusion.Count == 0)
        {
            return null;
        }

        int classes = confusion.Count;
        int mostMistakes = Enumerable.Range(0, classes)
            .SelectMany(row => Enumerable.Range(0, classes).Where(column => column != row).Select(column => confusion[row][column]))
            .DefaultIfEmpty().Max();
        return new XElement(
            "section",
            new XElement("h2", "Confusion matrix"),
            new XElement("p", new XAttribute("class", "note"), "Test samples: true class in rows, predicted class in columns."),
            ScrollingTable.Build(
                new XAttribute("class", "confusion"),
                new XElement("thead", HeaderRow(classes, labels)),
                new XElement("tbody", Enumerable.Range(0, classes).Select(row => Row(confusion, row, mostMistakes, labels))),
                new XElement("tfoot", PrecisionRow(confusion))));
    }

    private static XElement HeaderRow(int classes, ClassLabels labels) => new(
        "tr",
        new XElement("th", new XAttribute("scope", "col"), "true"),
        Enumerable.Range(0, classes).Select(column => new XElement(
            "th",
            new XAttribute("scope", "col"),
            labels.HasNames ? new XAttribute("title", labels[column]) : null,
            column.ToString(CultureInfo.InvariantCulture))),
        new XElement("th", new XAttribute("scope", "col"), "recall"));

    private static XElement Row(IReadOnlyList<IReadOnlyList<int>> confusion, int row, int mostMistakes, ClassLabels labels)
    {
        double total = confusion[row].Sum();
        return new XElement(
            "tr",
            new XElement(
                "th",
                new XAttribute("scope", "row"),
                row.ToString(CultureInfo.InvariantCulture),
                labels.HasNames ? new XElement("span", " ", labels[row]) : null),
            confusion[row].Select((count, column) => row == column
                ? Cell(count, "right", total == 0 ? 0 : count / total)
                : Cell(count, "wrong", mostMistakes == 0 ? 0 : Math.Sqrt((double)count / mostMistakes))),
            ShareCell(confusion[row][row], total));
    }

    private static XElement PrecisionRow(IReadOnlyList<IReadOnlyList<int>> confusion) => new(
        "tr",
        new XElement("th", new XAttribute("scope", "row"), "precision"),
        Enumerable.Range(0, confusion.Count).Select(column => ShareCell(confusion[column][column], confusion.Sum(row => row[column]))),
        new XElement("td"));

    private static XElement Cell(int count, string kind, double shade) => count == 0
        ? new XElement("td", new XAttribute("class", "none"), "·")
        : new XElement(
            "td",
            new XAttribute("class", kind),
            new XAttribute("style", string.Create(CultureInfo.InvariantCulture, $"--shade:{shade:0.##}")),
            count.ToString(CultureInfo.InvariantCulture));

    /// <summary>A share in per cent; a dash where there is nothing to share.</summary>
    private static XElement ShareCell(int right, double total) => new(
        "td", new XAttribute("class", "share"), total == 0 ? "–" : NumberText.WithStep(100 * right / total, 0.1));
}
