using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Browser.Support;
using Microsoft.Playwright;
using NUnit.Framework;
using static Microsoft.Playwright.Assertions;

namespace FeatureAlignment.Dashboard.Browser.Pages;

[TestFixture]
public sealed class KeyboardTests : PageTests
{
    // So tall that all charts are drawn: one that comes later would move what has the focus. Then so low that pages scroll.
    private const int Tall = 4_000, Low = 900;

    // Names all that can be used, in the order of the page.
    private const string FindControls =
        """
        () => [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]')]
          .filter(one => !one.disabled && one.checkVisibility({ visibilityProperty: true }))
          .map((one, place) => one.dataset.stop = `${place} ${one.tagName} ${one.id || one.name || one.textContent.trim().slice(0, 30)}`)
        """;

    // What has the focus: its name, and what is wrong with how it looks.
    private const string DescribeFocus =
        """
        () => {
          const one = document.activeElement;
          if (one === document.body) { return null; }
          const style = getComputedStyle(one), box = one.getBoundingClientRect();
          const top = document.elementFromPoint(box.left + Math.min(box.width / 2, 20), box.top + Math.min(box.height / 2, 8));
          const isSeen = top && (one.contains(top) || top.contains(one));
          const ring = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
          return [one.dataset.stop ?? '', ring ? '' : 'no ring', isSeen ? '' : `covered by ${top?.outerHTML.slice(0, 60)}`];
        }
        """;

    [Test]
    public async Task Tab_ReachesEveryControlInOrder_WithAVisibleFocus([Values] PageName name)
    {
        (Uri server, string path) = await PageNames.FindAsync(name);
        Expected = name == PageName.NotFound ? ["404"] : [];
        await OpenAsync(server, path, options =>
        {
            options.ReducedMotion = ReducedMotion.Reduce;
            options.ViewportSize = new() { Width = Desktop, Height = Tall };
        }, StopClockAsync);
        await Page.ReadyAsync();
        await Page.SetViewportSizeAsync(Desktop, Low);
        string[] controls = await Page.EvaluateAsync<string[]>(FindControls);
        var visited = new List<string>();
        var faults = new List<string>();

        // A list that overflows is a stop of its own, and has no name here: Chromium lets people scroll it.
        for (int press = 0; press < 2 * controls.Length + 20; press++)
        {
            await Page.Keyboard.PressAsync("Tab");
            string[]? focus = await Page.EvaluateAsync<string[]?>(DescribeFocus);
            if (focus is null || (visited.Count > 0 && focus[0] == visited[0]))
            {
                break;
            }

            if (focus[0].Length > 0 && !visited.Contains(focus[0]))
            {
                visited.Add(focus[0]);
            }

            faults.AddRange(focus[1..].Where(fault => fault.Length > 0).Select(fault => $"{focus[0]}: {fault}"));
        }

        Assert.Multiple(() =>
        {
            Assert.That(controls, Is.Not.Empty);
            Assert.That(visited, Is.EqualTo(controls));
            Assert.That(faults, Is.Empty);
        });
    }

    // Pages look every ten seconds at what is on them, and put new parts in place of old ones, which have no names here.
    private static async Task StopClockAsync(IPage page)
    {
        DateTime now = DateTime.UtcNow;
        await page.Clock.InstallAsync(new() { TimeDate = now });
        await page.Clock.PauseAtAsync(now.AddSeconds(1));
    }

    [Test]
    public async Task SkipLink_LeadsPastTheBar()
    {
        await OpenAsync((await BrowserSession.FleetAsync()).Address, "/");

        await Page.Keyboard.PressAsync("Tab");
        ILocator skip = Page.GetByRole(AriaRole.Link, new() { Name = "Skip to content" });
        await Expect(skip).ToBeFocusedAsync();
        await Expect(skip).ToBeInViewportAsync();
        await Page.Keyboard.PressAsync("Enter");
        await Expect(Page.Locator("main")).ToBeFocusedAsync();
        await Page.Keyboard.PressAsync("Tab");

        Assert.That(await Page.EvaluateAsync<bool>("() => document.querySelector('main').contains(document.activeElement)"), Is.True);
    }

    [Test]
    public async Task Theme_ByKeyboard_IsKept()
    {
        await OpenAsync((await BrowserSession.FleetAsync()).Address, "/settings");

        await Page.PressAsync(Page.Locator("#theme"));
        await Expect(Page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
        await Page.ReloadAsync();

        await Expect(Page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
        await Expect(Page.Locator("#theme")).ToHaveAccessibleNameAsync("Change to light colours");
    }
}
