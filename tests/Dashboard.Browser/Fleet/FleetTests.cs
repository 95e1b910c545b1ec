using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Browser.Support;
using Microsoft.Playwright;
using NUnit.Framework;
using static Microsoft.Playwright.Assertions;

namespace FeatureAlignment.Dashboard.Browser.Fleet;

[TestFixture]
public sealed class FleetTests : PageTests
{
    private ILocator Rows => Page.Locator("#fleet-rows tr");

    [SetUp]
    public async Task OpenFleetAsync() => await OpenAsync((await BrowserSession.FleetAsync()).Address, "/");

    [Test]
    public async Task Search_ByKeyboard_ShowsWhatMatches_AndTheAddressKeepsIt()
    {
        await Page.TypeIntoAsync(Page.GetByRole(AriaRole.Searchbox, new() { Name = "Search" }), "press-");
        await Page.Keyboard.PressAsync("Enter");

        await Expect(Rows).ToHaveCountAsync(2);
        await Expect(Page).ToHaveURLAsync(Query("q=press-"));
        await Page.ReloadAsync();
        await Expect(Rows).ToHaveCountAsync(2);
        await Expect(Page.GetByRole(AriaRole.Searchbox)).ToHaveValueAsync("press-");
    }

    [Test]
    public async Task Search_NothingMatches_LeadsBack()
    {
        await Page.TypeIntoAsync(Page.GetByRole(AriaRole.Searchbox), "no such board");
        await Page.Keyboard.PressAsync("Enter");

        await Expect(Page.GetByText("No board matches.")).ToBeVisibleAsync();
        await Page.PressAsync(Page.GetByRole(AriaRole.Link, new() { Name = "Show all of them" }));
        await Expect(Rows).Not.ToHaveCountAsync(0);
    }

    [TestCase("Offline", new[] { SeededFleet.Silent })]
    [TestCase("Waiting", new[] { SeededFleet.Expected })]
    public async Task State_ByKeyboard_ShowsBoardsInIt(string state, string[] expected)
    {
        ILocator choice = Page.GetByRole(AriaRole.Combobox, new() { Name = "State" });
        await Page.TabToAsync(choice);
        // The choice is sent at the first letter: another would meet the old page, or the new one, or choose anew on a slow machine.
        await Page.Keyboard.PressAsync(state[..1]);

        await ExpectAddressAsync("state=" + state.ToLowerInvariant());
        Assert.That(await KeysAsync(), Is.EqualTo(expected));
        await Expect(Page.Locator("#fleet-counts [aria-current]")).ToContainTextAsync(state);
    }

    [Test]
    public async Task Counts_AreLinksToTheirBoards()
    {
        ILocator anomaly = Page.Locator("#fleet-counts").GetByRole(AriaRole.Link, new() { Name = "Anomaly" });
        int counted = int.Parse(await anomaly.Locator(".count").InnerTextAsync(), System.Globalization.CultureInfo.InvariantCulture);

        await Page.PressAsync(anomaly);

        await ExpectAddressAsync("state=anomaly");
        Assert.That(await KeysAsync(), Has.Length.EqualTo(counted).And.Contains(SeededFleet.Watcher));
    }

    [Test]
    public async Task Column_ByKeyboard_SortsUpThenDown_UnknownValuesLast()
    {
        await Page.PressAsync(Heading("Accuracy"));
        await ExpectAddressAsync("sort=accuracy");
        double[] up = await AccuraciesAsync();
        await Expect(Page.Locator("th[aria-sort=ascending]")).ToContainTextAsync("Accuracy");
        await Page.PressAsync(Heading("Accuracy"));
        await ExpectAddressAsync("order=down");
        double[] down = await AccuraciesAsync();
        await Expect(Page.Locator("th[aria-sort=descending]")).ToContainTextAsync("Accuracy");

        Assert.Multiple(async () =>
        {
            Assert.That(up, Has.Length.EqualTo(3).And.Ordered.Ascending);
            Assert.That(down, Has.Length.EqualTo(3).And.Ordered.Descending);
            Assert.That(await Rows.Last.InnerTextAsync(), Does.Contain("–"));
        });
    }

    [Test]
    public async Task Texts_OfBoards_AreTexts()
    {
        await Expect(Page.GetByText("<script>").First).ToBeVisibleAsync();

        await Expect(Page).ToHaveTitleAsync("Fleet");
    }

    // The address changes when the new page begins to come; it is there when its scripts run.
    private async Task ExpectAddressAsync(string part)
    {
        await Expect(Page).ToHaveURLAsync(Query(part));
        await Page.ReadyAsync();
    }

    private ILocator Heading(string name) =>
        Page.GetByRole(AriaRole.Columnheader).GetByRole(AriaRole.Link, new() { NameRegex = new Regex(name) });

    private async Task<string[]> KeysAsync() => await Rows.EvaluateAllAsync<string[]>("rows => rows.map(row => row.dataset.key)");

    // Scores of boards that watch are multiples of a limit: their own order is behind the accuracies'.
    private async Task<double[]> AccuraciesAsync()
    {
        IReadOnlyList<string> cells = await Page.Locator("td[data-label^=Accuracy]").AllInnerTextsAsync();
        return [.. cells.Where(cell => cell.Contains('%', StringComparison.Ordinal))
            .Select(cell => double.Parse(cell.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture))];
    }

    private static Regex Query(string part) => new($@"\?(.*&)?{Regex.Escape(part)}(&|$)");
}
