using System;
using System.IO;
using System.Linq;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using FeatureAlignment.Simulator.Reports.Html;

namespace FeatureAlignment.Simulator.Reports;

/// <summary>
/// <c>report.html</c>: one page that needs no script, no network and no other file. It is built as an XML tree, so text can never become
/// markup, and the page is well-formed both as HTML and as XML.
/// </summary>
internal static class HtmlReport
{
    /// <summary>The only elements that HTML lets stand without an end tag.</summary>
    private static readonly string[] VoidElements = ["img", "meta"];

    public static void Write(Stream stream, ReportModel model)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(model);
        XElement page = Page(model);
        MakeSafe(page);
        XmlWriterSettings settings = new()
        {
            OmitXmlDeclaration = true,
            Indent = true,
            NewLineChars = "\n",
            Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            CloseOutput = false,
        };
        using XmlWriter writer = XmlWriter.Create(stream, settings);
        new XDocument(new XDocumentType("html", null, null, null), page).Save(writer);
    }

    private static XElement Page(ReportModel model)
    {
        RunResult result = model.Result;
        ClassLabels labels = new(result.ClassNames);
        return new XElement(
            "html",
            new XAttribute("lang", "en"),
            new XElement(
                "head",
                new XElement("meta", new XAttribute("charset", "utf-8")),
                new XElement("meta", new XAttribute("name", "viewport"), new XAttribute("content", "width=device-width, initial-scale=1")),
                new XElement("meta", new XAttribute("name", "color-scheme"), new XAttribute("content", "light dark")),
                new XElement("title", Summary.Title(result)),
                new XElement("style", StyleSheet())),
            new XElement(
                "body",
                new XElement(
                    "main",
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
                    TableSections.Repeat(result))));
    }

    /// <summary>Gives every element that needs one an end tag, and replaces characters that neither XML nor HTML can hold.</summary>
    private static void MakeSafe(XElement page)
    {
        foreach (XElement element in page.DescendantsAndSelf())
        {
            if (element.IsEmpty && !VoidElements.Contains(element.Name.LocalName))
            {
                element.Value = "";
            }

            foreach (XAttribute attribute in element.Attributes())
            {
                attribute.Value = Printable(attribute.Value);
            }

            foreach (XText text in element.Nodes().OfType<XText>())
            {
                text.Value = Printable(text.Value);
            }
        }
    }

    private static string Printable(string text)
    {
        StringBuilder printable = new(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            printable.Append(rune.IsBmp && !XmlConvert.IsXmlChar((char)rune.Value) ? Rune.ReplacementChar : rune);
        }

        return printable.ToString();
    }

    private static string StyleSheet()
    {
        using Stream stream = typeof(HtmlReport).Assembly.GetManifestResourceStream("report.css")!;
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }
}
