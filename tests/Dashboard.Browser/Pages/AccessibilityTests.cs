using System;
using System.Collections.Generic;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Browser.Support;
using FeatureAlignment.Dashboard.Demo;
using FeatureAlignment.Dashboard.Tests.Support;
using Microsoft.Playwright;
using NUnit.Framework;
using static Microsoft.Playwright.Assertions;

namespace FeatureAlignment.Dashboard.Browser.Pages;

[TestFixture]
public sealed class AccessibilityTests : PageTests
{
    // So tall that all charts are on the screen, and drawn.
    private const int Tall = 4_000;

    [Test]
    public async Task Page_BreaksNoRule_InEitherTheme([Values] PageName name, [Values(Desktop, Phone)] int width)
    {
        await OpenAsync(name, options =>
        {
            // Half way from one theme to the other colours are neither's.
            options.ReducedMotion = ReducedMotion.Reduce;
            options.ViewportSize = new() { Width = width, Height = Tall };
        });
        IReadOnlyList<string> light = await Axe.FindViolationsAsync(Page);
        await Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        // Told after the charts were drawn anew: not while the rules look at them.
        await Expect(Page.Locator("#theme")).ToHaveAccessibleNameAsync("Change to light colours");

        Assert.Multiple(async () =>
        {
            Assert.That(light, Is.Empty, "light");
            Assert.That(await Axe.FindViolationsAsync(Page), Is.Empty, "dark");
            Assert.That(await FindOverflowAsync(), Is.Empty, "scrolling to the side");
        });
    }

    // A desktop's 1280 pixels are 640 at 200 %, and 320 at 400 %.
    [Test]
    public async Task Page_Enlarged_ReflowsIntoOneColumn([Values] PageName name, [Values(320, 640)] int width)
    {
        await OpenAsync(name, options => options.ViewportSize = new() { Width = width, Height = Tall });

        Assert.That(await FindOverflowAsync(), Is.Empty, "scrolling to the side");
    }

    [Test]
    public async Task HeadOfADemo_Enlarged_FitsIntoOneColumn()
    {
        await using TestDashboard dashboard = await TestDashboard.StartAsync();
        await dashboard.Store.SetSettingAsync(DemoDatabase.Mark, "1");
        await OpenAsync(dashboard.Client.BaseAddress!, "/", options => options.ViewportSize = new() { Width = 320, Height = Tall });
        await Expect(Page.Locator(".demo-mark")).ToBeVisibleAsync();
        await Expect(Page.Locator("#live")).ToHaveAttributeAsync("data-state", "live");

        Assert.That(await FindOverflowAsync(), Is.Empty, "scrolling to the side");
        await ClosePagesAsync();
    }

    [Test]
    public async Task Page_InForcedColours_BreaksNoRule([Values(PageName.Fleet, PageName.Device, PageName.Run)] PageName name)
    {
        await OpenAsync(name, options =>
        {
            options.ForcedColors = ForcedColors.Active;
            options.ViewportSize = new() { Width = Desktop, Height = Tall };
        });

        Assert.That(await Axe.FindViolationsAsync(Page), Is.Empty);
    }

    [Test]
    public async Task Axe_PageWithFaults_FindsThem()
    {
        await OpenAsync(PageName.NotFound, _ => { });
        await Page.EvaluateAsync(
            """
            () => {
              document.querySelector('h1').style.color = '#ccc';
              document.querySelector('main').append(new Image(), document.createElement('button'));
            }
            """);

        IReadOnlyList<string> violations = await Axe.FindViolationsAsync(Page);

        Assert.That(violations, Has.Some.StartsWith("color-contrast").And.Some.StartsWith("image-alt").And.Some.StartsWith("button-name"));
    }

    private async Task OpenAsync(PageName name, Action<BrowserNewContextOptions> change)
    {
        (Uri server, string path) = await PageNames.FindAsync(name);
        Expected = name == PageName.NotFound ? ["404"] : [];
        await OpenAsync(server, path, change);
        await Page.ReadyAsync();
    }

    /// <summary>What makes the page wider than the window: the innermost elements that stick out of every frame.</summary>
    private async Task<IReadOnlyList<string>> FindOverflowAsync() => await Page.EvaluateAsync<string[]>(
        """
        () => {
          const root = document.documentElement, edge = root.clientWidth;
          if (root.scrollWidth <= edge) { return []; }
          const isCut = element => element && (getComputedStyle(element).overflowX !== 'visible' || isCut(element.parentElement));
          const sticksOut = one => one.getBoundingClientRect().right > edge + 0.5 && !isCut(one.parentElement);
          const out = [...document.body.querySelectorAll('*')].filter(sticksOut);
          const inner = out.filter(one => !out.some(other => one !== other && one.contains(other)));
          return [`${root.scrollWidth - edge} px`, ...inner.map(one => one.outerHTML.slice(0, 120))];
        }
        """);
}
