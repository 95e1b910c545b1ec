using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using FeatureAlignment.Simulator.Reports;
using NUnit.Framework;

namespace FeatureAlignment.Simulator.Tests.Reports;

public sealed class HtmlReportTests
{
    private const string Hostile = "</title><script>alert('&amp;\"')</script><!-- ]]> \0\u0001\uFFFF\uD800 ü 😀";

    [Test]
    public void Page_IsWellFormedAndComplete()
    {
        XDocument page = Page(SampleRun.Model);

        Assert.Multiple(() =>
        {
            Assert.That(page.DocumentType!.Name, Is.EqualTo("html"));
            Assert.That(page.Descendants("h2").Select(heading => heading.Value), Is.EqualTo(new[]
            {
                "Learning curves", "Reconstructions", "Confusion matrix", "What each class draws",
                "Memory", "Layers", "Settings", "Repeat this run",
            }));
            Assert.That(page.Descendants("figure").Count(), Is.EqualTo(3));
            Assert.That(page.Descendants("img").Count(), Is.EqualTo((12 * 3) + 10));
        });
    }

    [Test]
    public void Page_NeedsNothingFromOutside()
    {
        XDocument page = Page(SampleRun.Model);

        Assert.Multiple(() =>
        {
            Assert.That(page.Descendants().Select(element => element.Name.LocalName), Has.None.AnyOf("script", "link", "iframe", "object"));
            Assert.That(page.Descendants("img").Attributes("src").Select(source => source.Value), Has.All.StartsWith("data:image/png"));
            Assert.That(page.Descendants().Attributes("href"), Is.Empty);
            Assert.That(page.Descendants("style").Single().Value, Does.Not.Contain("url(").And.Not.Contain("@import"));
        });
    }

    [Test]
    public void StyleSheet_MeansTheSameInHtmlAndXml()
    {
        // HTML does not decode entities inside a style element.
        Assert.That(Page(SampleRun.Model).Descendants("style").Single().Value.IndexOfAny(['<', '>', '&']), Is.EqualTo(-1));
    }

    [Test]
    public void Page_ClosesEveryElementThatHtmlWantsClosed()
    {
        string html = Html(SampleRun.Model with { Result = SampleRun.Result with { Command = "", Confusion = [[0]], ClassNames = [""] } });

        IEnumerable<string> selfClosed = html.Split('<')
            .Where(tag => tag.Contains("/>", StringComparison.Ordinal))
            .Select(tag => tag.Split(' ', '/')[0]);

        Assert.That(selfClosed.Distinct(), Is.SubsetOf(new[] { "meta", "img" }));
    }

    [Test]
    public void Ids_AreUnique() => Assert.That(Page(SampleRun.Model).Descendants().Attributes("id").Select(id => id.Value), Is.Unique);

    [Test]
    public void HostileText_StaysText()
    {
        RunResult result = SampleRun.Result with
        {
            Dataset = Hostile,
            Command = Hostile,
            Optimizer = Hostile,
            WeightsSha256 = Hostile,
            ClassNames = [.. Enumerable.Repeat(Hostile, 10)],
            Runtime = new RunRuntime(Hostile, Hostile, Hostile, 1),
        };

        XDocument page = Page(SampleRun.Model with { Result = result });

        Assert.Multiple(() =>
        {
            Assert.That(page.Descendants("script"), Is.Empty);
            Assert.That(
                page.Descendants("pre").Single().Value,
                Is.EqualTo("</title><script>alert('&amp;\"')</script><!-- ]]> \uFFFD\uFFFD\uFFFD\uFFFD ü 😀"));
        });
    }

    [Test]
    public void EmptyRun_LeavesPartsOut()
    {
        RunResult result = SampleRun.Result with
        {
            Labels = "none",
            TestAccuracy = null,
            LayerAccuracies = null,
            ReconstructionMse = null,
            DecodedMse = null,
            Confusion = null,
            DeadNeurons = null,
            Finished = false,
        };

        XDocument page = Page(new ReportModel { Result = result, Metrics = [] });

        Assert.Multiple(() =>
        {
            Assert.That(
                page.Descendants("h2").Select(heading => heading.Value),
                Is.EqualTo(new[] { "Memory", "Layers", "Settings", "Repeat this run" }));
            Assert.That(page.Descendants("header").Single().Value, Does.Contain("stopped before its end").And.Not.Contain("accuracy"));
        });
    }

    [Test]
    public void Layers_ShowFiguresOfEachLayer()
    {
        XElement section = Page(SampleRun.Model).Descendants("section").Single(element => element.Element("h2")!.Value == "Layers");

        Assert.Multiple(() =>
        {
            Assert.That(section.Element("p")!.Value, Does.Contain("error of 0.0191."));
            Assert.That(
                section.Descendants("tbody").Single().Elements("tr").Last().Elements().Select(cell => cell.Value),
                Is.EqualTo(new[] { "2", "512 → 256", "98.57\u00A0%", "0.00417", "0 of 256", "133,898", "523.0\u00A0KB" }));
        });
    }

    [Test]
    public void Confusion_ShowsRecallAndPrecision()
    {
        // Class 0: 8 of 10 found, 8 of 9 rightly so called; class 1: 4 of 5, 4 of 6.
        XDocument page = Page(SampleRun.Model with { Result = SampleRun.Result with { Confusion = [[8, 2], [1, 4]] } });

        XElement table = page.Descendants("table").Single(element => (string?)element.Attribute("class") == "confusion");

        Assert.That(Shares(table), Is.EqualTo(new[] { "80.0", "80.0", "88.9", "66.7" }));
    }

    [Test]
    public void Confusion_ClassWithoutSamples_ShowsDash()
    {
        XDocument page = Page(SampleRun.Model with { Result = SampleRun.Result with { Confusion = [[3, 0], [0, 0]] } });

        XElement table = page.Descendants("table").Single(element => (string?)element.Attribute("class") == "confusion");

        Assert.That(Shares(table), Is.EqualTo(new[] { "100.0", "–", "100.0", "–" }));
    }

    [Test]
    public void Reconstructions_NameTrueAndPredictedClass()
    {
        XElement samples = Page(SampleRun.Model).Descendants("ul").Single(list => (string?)list.Attribute("class") == "samples");

        Assert.Multiple(() =>
        {
            Assert.That(samples.Elements("li").First().Element("p")!.Value, Is.EqualTo("true 0, predicted 0"));
            Assert.That(samples.Descendants("strong").Single().Value, Is.EqualTo("predicted 3"), "the one mistake");
        });
    }

    [Test]
    public void Curves_SeparateTestFromValidation()
    {
        MetricRow[] rows = [new(10, 1) { TestAccuracy = 0.5, ValidationAccuracy = 0.6 }];

        IEnumerable<string> legend = Page(SampleRun.Model with { Metrics = rows }).Descendants("ul")
            .Single(list => (string?)list.Attribute("class") == "legend").Elements("li")
            .Select(item => $"{string.Concat(item.Nodes().OfType<XText>()).Trim()}={item.Element("b")!.Value}");

        Assert.That(legend, Is.EqualTo(new[] { "Network, test=50.00\u00A0%", "Network, validation=60.00\u00A0%" }));
    }

    [TestCase("alignment", "completed", "without backpropagation")]
    [TestCase("alignment", "clamped", "held at the label")]
    [TestCase("alignment", "none", "no labels were used")]
    [TestCase("backpropagation", "completed", "by backpropagation, the baseline")]
    public void Lead_SaysWhatWasTrained(string rule, string labels, string expected)
    {
        XDocument page = Page(SampleRun.Model with { Result = SampleRun.Result with { Rule = rule, Labels = labels } });

        Assert.That(page.Descendants("p").Single(text => (string?)text.Attribute("class") == "lead").Value, Does.Contain(expected));
    }

    private static string[] Shares(XElement table) => table.Descendants("td")
        .Where(cell => (string?)cell.Attribute("class") == "share").Select(cell => cell.Value).ToArray();

    private static string Html(ReportModel model)
    {
        using MemoryStream stream = new();
        HtmlReport.Write(stream, model);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static XDocument Page(ReportModel model)
    {
        XmlReaderSettings settings = new() { DtdProcessing = DtdProcessing.Parse };
        using XmlReader reader = XmlReader.Create(new StringReader(Html(model)), settings);
        return XDocument.Load(reader, LoadOptions.PreserveWhitespace);
    }
}
