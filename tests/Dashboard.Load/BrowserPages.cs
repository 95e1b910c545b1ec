using System;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Browser.Support;
using Microsoft.Playwright;

namespace FeatureAlignment.Dashboard.Load;

/// <summary>Chromium without a screen, and its pages, each as a new visitor's.</summary>
internal sealed class BrowserPages : IAsyncDisposable
{
    private readonly IPlaywright playwright;
    private readonly IBrowser browser;

    private BrowserPages(IPlaywright playwright, IBrowser browser)
    {
        this.playwright = playwright;
        this.browser = browser;
    }

    /// <summary>Starts the browser.</summary>
    public static async Task<BrowserPages> StartAsync()
    {
        string path = Chromium.Find();
        IPlaywright playwright = await Playwright.CreateAsync();
        return new BrowserPages(
            playwright, await playwright.Chromium.LaunchAsync(new() { ExecutablePath = path, Args = Chromium.Switches }));
    }

    /// <summary>An empty page with an empty cache.</summary>
    public async Task<IPage> NewPageAsync(int width = 1280, int height = 800)
    {
        IBrowserContext context = await browser.NewContextAsync(new() { ViewportSize = new() { Width = width, Height = height } });
        return await context.NewPageAsync();
    }

    /// <summary>Opens an address in a page of its own whose charts can be asked what they show.</summary>
    public async Task<IPage> OpenAsync(Uri address, int width = 1280, int height = 800)
    {
        IPage page = await NewPageAsync(width, height);
        await ChartProbe.InstallAsync(page);
        await page.GotoAsync(address.ToString());
        return page;
    }

    public async ValueTask DisposeAsync()
    {
        await browser.DisposeAsync();
        playwright.Dispose();
    }
}
