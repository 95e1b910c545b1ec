using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Browser.Support;
using FeatureAlignment.Dashboard.Tests.Support;
using NUnit.Framework;

namespace FeatureAlignment.Dashboard.Browser.Runs;

/// <summary>Numbers and labels of axes (<c>format.js</c>), as the browser makes them.</summary>
[TestFixture]
public sealed class AxisLabelTests : PageTests
{
    [TestCase("null", "[37.5, 40, 42.5]", "2.5", new[] { "37.5", "40", "42.5" })]
    [TestCase("null", "[0, 0.25, 0.5]", "0.25", new[] { "0", "0.25", "0.5" })]
    [TestCase("null", "[0, 10000, 20000]", "10000", new[] { "0", "10k", "20k" })]
    [TestCase("null", "[0, 2500, 10000]", "2500", new[] { "0", "2.5k", "10k" })]
    [TestCase("'bytes'", "[397312, 401408]", "4096", new[] { "388 KB", "392 KB" })]
    [TestCase("'bytes'", "[16619929.6, 16630415.36]", "10485.76", new[] { "15.85 MB", "15.86 MB" })]
    [TestCase("'%'", "[0, 0.25, 0.5]", "0.25", new[] { "0", "25 %", "50 %" })]
    [TestCase("'%'", "[0.97, 0.975, 0.98]", "0.005", new[] { "97 %", "97.5 %", "98 %" })]
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

    [Test]
    public async Task Numbers_AreWrittenAsOnTheServer()
    {
        await OpenAsync((await BrowserSession.EmptyAsync()).Client.BaseAddress!, "/");

        await AssertWrittenAsync("number", WrittenNumbers.Plain);
        await AssertWrittenAsync("bytes", WrittenNumbers.Bytes);
        await AssertWrittenAsync("percent", WrittenNumbers.Shares);

        async Task AssertWrittenAsync(string write, IReadOnlyList<(double Number, string Text)> numbers) => Assert.That(
            await Page.EvaluateAsync<string[]>(
                $"async numbers => numbers.map((await import('/js/format.js')).{write})", numbers.Select(one => one.Number)),
            Is.EqualTo(numbers.Select(one => one.Text)));
    }

    // In MB, as the labels are: a hundredth of one, not a power of two.
    [TestCase(16_600_000, 16_650_000, 0.01 * 1024 * 1024)]
    [TestCase(0, 3_000, 0.5 * 1024)]
    [TestCase(0, 1_500, 500)]
    public async Task BytesBetweenLabels_AreRoundInTheUnitOfTheLabels(double min, double max, double expected)
    {
        await OpenAsync((await BrowserSession.EmptyAsync()).Client.BaseAddress!, "/");

        double[] steps = await Page.EvaluateAsync<double[]>(
            "async ([min, max]) => (await import('/js/format.js')).increments('bytes').incrs(null, 1, min, max)", new[] { min, max });

        Assert.That(steps, Is.Ordered.And.Some.EqualTo(expected).Within(1e-6));
    }

    private Task<string[]> LabelsAsync(string arguments) =>
        Page.EvaluateAsync<string[]>($"async () => (await import('/js/format.js')).axisValues({arguments})");
}
