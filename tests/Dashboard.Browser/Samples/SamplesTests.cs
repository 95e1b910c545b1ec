using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Browser.Support;
using FeatureAlignment.Telemetry;
using Microsoft.Playwright;
using NUnit.Framework;
using static Microsoft.Playwright.Assertions;

namespace FeatureAlignment.Dashboard.Browser.Samples;

[TestFixture]
public sealed class SamplesTests : PageTests
{
    private ILocator Slider => Page.GetByRole(AriaRole.Slider);

    private ILocator Moment => Page.Locator("#time output");

    private ILocator Tiles => Page.Locator("#samples .sample");

    [Test]
    public async Task Slider_ByKeyboard_MovesAllPictures()
    {
        await OpenAsync((await BrowserSession.FleetAsync()).Address, $"/runs/{SeededFleet.LearnerRun}/samples");
        string[] newest = await OutputsAsync();
        double error = (await ErrorsAsync()).Average();
        await Page.TabToAsync(Slider);

        await Page.Keyboard.PressAsync("Home");

        await Expect(Page).ToHaveURLAsync(new Regex("\\?step=7980$"));
        await Expect(Slider).ToHaveAttributeAsync("aria-valuetext", "step 7,980");
        await Expect(Moment).ToHaveTextAsync("step 7,980, 1 of 6");
        await Expect(Slider).ToBeFocusedAsync();
        await Expect(Tiles).ToHaveCountAsync(SeededFleet.Digits);
        string[] first = await OutputsAsync();
        Assert.Multiple(async () =>
        {
            Assert.That(first.Intersect(newest), Is.Empty, "every reconstruction is another");
            Assert.That((await ErrorsAsync()).Average(), Is.GreaterThan(error), "it learned");
        });

        await Page.ReloadAsync();
        Assert.That(await OutputsAsync(), Is.EqualTo(first));
        await Expect(Slider).ToHaveValueAsync("0");
    }

    [Test]
    public async Task Samples_AreSortedByError_InputReconstructionAndErrorOfEach()
    {
        await OpenAsync((await BrowserSession.FleetAsync()).Address, $"/runs/{SeededFleet.LearnerRun}/samples");

        Assert.That(await ErrorsAsync(), Has.Length.EqualTo(SeededFleet.Digits).And.Ordered.Descending);
        for (int i = 0; i < SeededFleet.Digits; i++)
        {
            await Expect(Tiles.Nth(i).GetByRole(AriaRole.Img)).ToHaveCountAsync(3);
        }

        // Each of the three shows its third of one strip; a picture that is not there has no width of its own.
        int[] widths = await Page.Locator(".sample img")
            .EvaluateAllAsync<int[]>("all => all.map(one => one.complete ? one.naturalWidth : 0)");
        Assert.That(widths, Is.All.EqualTo(3 * 28));
    }

    [Test]
    public async Task Pictures_Come_TheNewestAreShown_UnlessAnEarlierMomentIsLookedAt()
    {
        await using SeededDashboard dashboard = await SeededDashboard.StartEmptyAsync();
        await ReportAsync(dashboard, 100, 2);
        await OpenAsync(dashboard.Address, "/runs/1/samples");
        await Expect(Page.Locator("#live")).ToHaveAttributeAsync("data-state", "live");
        await Expect(Tiles).ToHaveCountAsync(2);

        await ReportAsync(dashboard, 200, 2);
        await Expect(Moment).ToHaveTextAsync("step 200, 2 of 2");
        await Expect(Slider).ToHaveValueAsync("1");
        string[] newest = await OutputsAsync();

        await Page.TabToAsync(Slider);
        await Page.Keyboard.PressAsync("Home");
        await Expect(Moment).ToHaveTextAsync("step 100, 1 of 2");
        string[] earlier = await OutputsAsync();
        Assert.That(earlier.Intersect(newest), Is.Empty);
        await ReportAsync(dashboard, 300, 2);
        await Expect(Moment).ToHaveTextAsync("step 100, 1 of 3");
        Assert.That(await OutputsAsync(), Is.EqualTo(earlier));
        await ClosePagesAsync();
    }

    private Task<string[]> OutputsAsync() =>
        Page.GetByAltText("Reconstruction").EvaluateAllAsync<string[]>("all => all.map(one => one.src)");

    private async Task<double[]> ErrorsAsync()
    {
        IReadOnlyList<string> texts = await Page.Locator(".sample-mean").AllInnerTextsAsync();
        return [.. texts.Select(text => double.Parse(text["error ".Length..], CultureInfo.InvariantCulture))];
    }

    private static Task ReportAsync(SeededDashboard dashboard, long step, int count)
    {
        dashboard.Advance(TimeSpan.FromSeconds(1));
        long now = dashboard.Now.ToUnixTimeMilliseconds();
        IEnumerable<TelemetryImage> images =
            from label in Enumerable.Range(0, count)
            let output = new byte[] { 4, 5, 6, (byte)(step % 250) }
            select new TelemetryImage(now, step, null, "reconstruction", 2, 2, [1, 2, 3, (byte)label], output, label, label);
        return dashboard.ReportAsync("board-1", new TelemetryBatch("r-1", "1.0.0", images: images));
    }
}
