using System;
using System.IO;
using FeatureAlignment.Simulator.Datasets;
using NUnit.Framework;

namespace FeatureAlignment.Simulator.Tests.Datasets;

[TestFixture]
internal sealed class DownloadDisplayTests
{
    [Test]
    public void Plain_WritesALineAtEachQuarter()
    {
        string text = Show(isLive: false, new("a.gz", 0, 4096), new("a.gz", 1000, 4096), new("a.gz", 1024, 4096), new("a.gz", 4096, 4096));

        Assert.That(
            text.ReplaceLineEndings("\n"),
            Is.EqualTo("downloading a.gz: 0 B of 4 KB\ndownloading a.gz: 1 KB of 4 KB\ndownloading a.gz: 4 KB of 4 KB\n"));
    }

    [Test]
    public void Live_RedrawsOneLineAFile()
    {
        string text = Show(isLive: true, new("a", 0, 100), new("a", 100, 100), new("b", 0, 100));

        string[] lines = text.Split(Environment.NewLine);
        Assert.That(lines, Has.Length.EqualTo(3));
        Assert.That(lines[0], Does.StartWith("\r────").And.Contain("\r━━━━"));
    }

    [Test]
    public void NothingDownloaded_WritesNothing() => Assert.That(Show(isLive: true), Is.Empty);

    [Test]
    public void UnknownLength_IsLeftOut() =>
        Assert.That(Show(isLive: false, new DownloadProgress("a", 5, null)), Does.StartWith("downloading a: 5 B"));

    private static string Show(bool isLive, params DownloadProgress[] reports)
    {
        using StringWriter output = new();
        using (DownloadDisplay display = new(output, isLive))
        {
            foreach (DownloadProgress report in reports)
            {
                display.Report(report);
            }
        }

        return output.ToString();
    }
}
