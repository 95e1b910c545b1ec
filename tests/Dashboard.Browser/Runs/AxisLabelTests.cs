using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Browser.Support;
using NUnit.Framework;

namespace FeatureAlignment.Dashboard.Browser.Runs;

/// <summary>Labels of axes (<c>format.js</c>), as the browser makes them.</summary>
[TestFixture]
public sealed class AxisLabelTests : PageTests
{
    [TestCase("null", "[37.5, 40, 42.5]", "2.5", new[] { "37.5", "40", "42.5" })]
    [TestCase("null", "[0, 0.25, 0.5]", "0.25", new[] { "0", "0.25", "0.5" })]
    [TestCase("null", "[0, 10000, 20000]", "10000", new[] { "0", "10k", "20k" })]
    [TestCase("null", "[0, 2500, 10000]", "2500", new[] { "0", "2.5k", "10k" })]
    [TestCase("'bytes'", "[397312, 401408]", "4096", new[] { "388 KB", "392 KB" })]
    [TestCase("'s'", "[0, 900, 7200]", "900", new[] { "0", "0.25 h", "2 h" })]
    public async Task Label_SaysTheValueOfItsLine(string unit, string values, string step, string[] expected)
    {
        await OpenAsync((await BrowserSession.EmptyAsync()).Client.BaseAddress!, "/");

        Assert.That(await LabelsAsync($"{unit}, {values}, {step}"), Is.EqualTo(expected));
    }

    [Test]
    public async Task Label_OfALineThatIsLeftOut_IsEmpty()
    {
        await OpenAsync((await BrowserSession.EmptyAsync()).Client.BaseAddress!, "/");

        Assert.That(await LabelsAsync("null, [1, null, 10], 1, true"), Is.EqualTo(["1", "", "10"]));
    }

    private Task<string[]> LabelsAsync(string arguments) =>
        Page.EvaluateAsync<string[]>($"async () => (await import('/js/format.js')).axisValues({arguments})");
}
