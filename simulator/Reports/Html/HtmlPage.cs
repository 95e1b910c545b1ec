using System.IO;
using System.Linq;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace FeatureAlignment.Simulator.Reports.Html;

/// <summary>
/// A page that needs no script, no network and no other file. It is built as an XML tree, so text can never become markup, and the page is
/// well-formed both as HTML and as XML.
/// </summary>
internal static class HtmlPage
{
    /// <summary>The only elements that HTML lets stand without an end tag.</summary>
    private static readonly string[] VoidElements = ["img", "meta"];

    /// <param name="stream">Where the page goes; left open.</param>
    /// <param name="title">Of the window.</param>
    /// <param name="sections">What it shows, top to bottom; null ones are left out.</param>
    public static void Write(Stream stream, string title, params XElement?[] sections)
    {
        XElement page = new(
            "html",
            new XAttribute("lang", "en"),
            new XElement(
                "head",
                new XElement("meta", new XAttribute("charset", "utf-8")),
                new XElement("meta", new XAttribute("name", "viewport"), new XAttribute("content", "width=device-width, initial-scale=1")),
                new XElement("meta", new XAttribute("name", "color-scheme"), new XAttribute("content", "light dark")),
                new XElement("title", title),
                new XElement("style", StyleSheet.Read())),
            new XElement("body", new XElement("main", sections)));
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
}
