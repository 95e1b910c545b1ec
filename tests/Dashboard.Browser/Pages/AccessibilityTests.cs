using System;
using System.Collections.Generic;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Browser.Support;
using Microsoft.Playwright;
using NUnit.Framework;

namespace FeatureAlignment.Dashboard.Browser.Pages;

[TestFixture]
public sealed class AccessibilityTests : PageTests
{
    // So tall that all charts are on the screen, and drawn.
    private const int Tall = 4_000;

    [Test]
    public async Task Page_BreaksNoRule(
        [Values] PageName name, [Values(ColorScheme.Light, ColorScheme.Dark)] ColorScheme colours, [Values(Desktop, Phone)] int width)
    {
        await OpenAsync(name, options =>
        {
            options.ColorScheme = colours;
            options.ViewportSize = new() { Width = width, Height = Tall };
        });

        IReadOnlyList<string> violations = await Axe.FindViolationsAsync(Page);

        Assert.Multiple(async () =>
        {
            Assert.That(violations, Is.Empty);
            Assert.That(await OverflowAsync(), Is.Zero, "scrolling to the side");
        });
    }

    private async Task OpenAsync(PageName name, Action<BrowserNewContextOptions> change)
    {
        (Uri server, string path) = await PageNames.FindAsync(name);
        Expected = name == PageName.NotFound ? "404" : null;
        await OpenAsync(server, path, change);
        await Page.ReadyAsync();
    }

    /// <summary>Pixels that the page is wider than the window.</summary>
    private Task<int> OverflowAsync() =>
        Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth");
}
