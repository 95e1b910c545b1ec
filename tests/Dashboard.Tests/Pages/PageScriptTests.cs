using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Tests.Support;
using NUnit.Framework;

namespace FeatureAlignment.Dashboard.Tests.Pages;

[TestFixture]
public sealed class PageScriptTests
{
    private const string Named = "<(?:link rel=\"modulepreload\" href|script type=\"module\" src)=\"([^\"]+)\"";

    private TestDashboard dashboard = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        dashboard = await TestDashboard.StartAsync();
        await SampleFleet.AddAsync(dashboard.Store, Batches.Noon);
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await dashboard.DisposeAsync();

    [TestCase("/", "/js/fleet.js", "/js/live.js")]
    [TestCase("/devices/" + SampleFleet.Learner, "/js/device.js", "/js/chart-lines.js")]
    [TestCase("/runs/1", "/js/run.js", "/lib/uplot/uPlot.esm.js")]
    [TestCase("/runs/1/samples", "/js/samples.js", "/js/format.js")]
    [TestCase("/settings", "/js/site.js", "/js/format.js")]
    public async Task Head_NamesEveryModuleThatThePageNeeds(string page, string script, string deepest)
    {
        (_, string html) = await dashboard.Client.GetPageAsync(page);
        string head = html[..html.IndexOf("</head>", StringComparison.Ordinal)];
        HashSet<string> named = [.. Regex.Matches(head, Named).Select(one => one.Groups[1].Value)];

        Assert.That(named, Does.Contain(script).And.Contain(deepest));
        foreach (string module in named)
        {
            string text = await dashboard.Client.GetStringAsync(module);
            foreach (string import in text.Split('\n').Where(line => line.StartsWith("import ", StringComparison.Ordinal)))
            {
                string address = import.Split('\'')[1].Replace("./", "/js/", StringComparison.Ordinal);
                Assert.That(named, Does.Contain(address), $"{module} imports it");
            }
        }
    }
}
