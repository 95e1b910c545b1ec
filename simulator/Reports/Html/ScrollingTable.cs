using System.Collections.Generic;
using System.Linq;
using System.Xml.Linq;

namespace FeatureAlignment.Simulator.Reports.Html;

/// <summary>A table in a frame of its own, which a narrow page scrolls by finger or keyboard.</summary>
internal static class ScrollingTable
{
    /// <summary>Builds it.</summary>
    /// <param name="content">Attributes and parts of the table; null is left out.</param>
    public static XElement Build(params object?[] content) =>
        new("div", new XAttribute("class", "scroll"), new XAttribute("tabindex", "0"), new XElement("table", content));

    /// <summary>A head of one row.</summary>
    public static XElement Head(IEnumerable<string> columns) =>
        new("thead", new XElement("tr", columns.Select(column => new XElement("th", new XAttribute("scope", "col"), column))));
}
