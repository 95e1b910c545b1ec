using System;
using System.IO;
using System.Xml.Linq;
using FeatureAlignment.Simulator.Reports.Html;

namespace FeatureAlignment.Simulator.Reports;

/// <summary><c>report.html</c> of a run: what was trained, how it went, what came out.</summary>
internal static class HtmlReport
{
    public static void Write(Stream stream, ReportModel model)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(model);
        RunResult result = model.Result;
        ClassLabels labels = new(result.ClassNames);
        HtmlPage.Write(
            stream,
            Summary.Title(result),
            Summary.Header(result),
            CurveSection.Build(model.Metrics),
            PictureSections.Reconstructions(model.Reconstructions, labels),
            new XElement(
                "div",
                new XAttribute("class", "columns"),
                ConfusionSection.Build(result.Confusion, labels),
                new XElement("div", PictureSections.ClassPictures(model.ClassPictures, labels), TableSections.Memory(result))),
            TableSections.Layers(result),
            TableSections.Settings(result),
            TableSections.Repeat(result));
    }
}
