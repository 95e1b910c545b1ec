using System.Text.RegularExpressions;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Browser.Support;
using Microsoft.Playwright;
using NUnit.Framework;
using static Microsoft.Playwright.Assertions;

namespace FeatureAlignment.Dashboard.Browser.Pages;

/// <summary>Pages in a browser that runs no script: all can be read, and what is no picture of numbers works.</summary>
[TestFixture]
public sealed class NoScriptTests : PageTests
{
    [Test]
    public async Task Fleet_IsSearchedAndSorted()
    {
        await OpenPlainAsync("/");
        await Expect(Page.Locator("#fleet-rows").GetByRole(AriaRole.Link, new() { Name = SeededFleet.Learner })).ToBeVisibleAsync();

        await Page.GetByRole(AriaRole.Searchbox).FillAsync("press-");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Show" }).ClickAsync();
        await Expect(Page.Locator("#fleet-rows tr")).ToHaveCountAsync(2);
        await Expect(Page.Locator("#fleet-rows tr").First).ToHaveAttributeAsync("data-key", "press-line-02");
        await Page.GetByRole(AriaRole.Link, new() { Name = "Board", Exact = true }).ClickAsync();
        await Expect(Page.Locator("#fleet-rows tr").First).ToHaveAttributeAsync("data-key", SeededFleet.Learner);
    }

    [Test]
    public async Task Device_IsReadable_AndItsLogIsSearched()
    {
        await OpenPlainAsync($"/devices/{SeededFleet.Learner}");

        await Expect(Page.Locator("#device-facts")).ToContainTextAsync("97.0 %");
        await Expect(Page.Locator("[data-chart=memory_used] tbody tr")).ToContainTextAsync("KB");
        await Expect(Page.Locator("#device-commands")).ToContainTextAsync("Forgetting must be allowed");
        await Expect(Page.Locator("form.chart-bar")).ToBeHiddenAsync();
        await Page.GetByRole(AriaRole.Searchbox, new() { Name = "Text" }).FillAsync("WiFi");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Show" }).ClickAsync();
        await Expect(Page.Locator("#device-logs li")).ToHaveCountAsync(2);
    }

    [Test]
    public async Task Run_ShowsItsNumbersInTables()
    {
        await OpenPlainAsync($"/runs/{SeededFleet.LearnerRun}");

        ILocator rows = Page.Locator("[data-chart=alignment_loss] tbody tr");
        await Expect(rows).ToHaveCountAsync(SeededFleet.Layers);
        await Expect(rows.First).ToHaveTextAsync(new Regex("Layer 0\\s*0\\.0.*47,980\\s*2,208"));
        await Expect(Page.Locator("[data-chart=alignment_loss] button")).ToHaveCountAsync(2);
        await Expect(Page.Locator("[data-chart=alignment_loss]").GetByRole(AriaRole.Button)).ToHaveCountAsync(0);
        await Expect(Page.Locator(".confusion tbody tr")).ToHaveCountAsync(SeededFleet.Digits);
        await Expect(Page.Locator("#run-events")).ToContainTextAsync("went back to its checkpoint");
        await Expect(Page.Locator("#heat")).ToBeHiddenAsync();
    }

    [Test]
    public async Task Samples_MoveWithTheSliderAndAButton()
    {
        await OpenPlainAsync($"/runs/{SeededFleet.LearnerRun}/samples");
        await Expect(Page.Locator(".sample")).ToHaveCountAsync(SeededFleet.Digits);

        await Page.GetByRole(AriaRole.Slider).FillAsync("0");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Show" }).ClickAsync();

        await Expect(Page.Locator("#time output")).ToHaveTextAsync("step 7,980, 1 of 6");
    }

    [TestCase("/settings", "Boards and keys")]
    [TestCase("/quarantine", "NaN is no number")]
    [TestCase("/login", "Administrator password")]
    public async Task Page_IsReadable(string path, string text)
    {
        await OpenPlainAsync(path);

        await Expect(Page.GetByText(text).First).ToBeVisibleAsync();
        await Expect(Page.Locator("#live")).ToBeHiddenAsync();
        await Expect(Page.Locator("#theme")).ToBeHiddenAsync();
    }

    private async Task OpenPlainAsync(string path)
    {
        // Chromium without script refuses the modules that the head names, as if by a policy.
        Expected = [".js failed: csp"];
        await OpenAsync((await BrowserSession.FleetAsync()).Address, path, options => options.JavaScriptEnabled = false);
    }
}
