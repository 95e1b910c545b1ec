using System;
using System.Threading.Tasks;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace FeatureAlignment.Dashboard.Browser.Support;

/// <summary>The pages, as people think of them.</summary>
public enum PageName
{
    Fleet,
    EmptyFleet,
    Device,
    StrangeDevice,
    Run,
    StrangeRun,
    Samples,
    Settings,
    Quarantine,
    Login,
    NotFound,
}

internal static class PageNames
{
    /// <summary>Where a page is, and on which of the shared dashboards.</summary>
    public static async Task<(Uri Server, string Path)> FindAsync(PageName name)
    {
        if (name == PageName.EmptyFleet)
        {
            return ((await BrowserSession.EmptyAsync()).Client.BaseAddress!, "/");
        }

        SeededDashboard fleet = await BrowserSession.FleetAsync();
        return (fleet.Address, name switch
        {
            PageName.Fleet => "/",
            PageName.Device => $"/devices/{SeededFleet.Learner}",
            PageName.StrangeDevice => $"/devices/{StrangeBoards.Foreign}",
            PageName.Run => $"/runs/{SeededFleet.LearnerRun}",
            PageName.StrangeRun => $"/runs/{await fleet.FindRunAsync(StrangeBoards.Foreign)}",
            PageName.Samples => $"/runs/{SeededFleet.LearnerRun}/samples",
            PageName.Settings => "/settings",
            PageName.Quarantine => "/quarantine",
            PageName.Login => "/login",
            _ => "/runs/999999",
        });
    }

    /// <summary>Waits until the scripts of a page have done what they do at its start.</summary>
    public static async Task ReadyAsync(this IPage page)
    {
        await Expect(page.Locator("html.script")).ToBeAttachedAsync();
        foreach (ILocator badge in await page.Locator(".chart:visible .chart-badge").AllAsync())
        {
            await Expect(badge).ToContainTextAsync("shown");
        }
    }
}
