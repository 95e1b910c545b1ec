using System;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Browser.Support;
using Microsoft.Playwright;
using NUnit.Framework;
using static Microsoft.Playwright.Assertions;

namespace FeatureAlignment.Dashboard.Browser;

/// <summary>Makes the pictures of the documentation; keeps them where <c>DASHBOARD_SCREENSHOTS</c> names a folder.</summary>
[TestFixture]
public sealed class ScreenshotTests : PageTests
{
    private const int MaxBytes = 150 * 1024;
    private const int ChartsInView = 3;
    private SeededDashboard dashboard = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => dashboard = await SeededDashboard.StartAsync(hasStrangeBoards: false);

    [OneTimeTearDown]
    public async Task StopAsync() => await dashboard.DisposeAsync();

    [TestCase("fleet", "/", 1280, 620, ColorScheme.Light)]
    [TestCase("device", "/devices/press-line-01", 1280, 900, ColorScheme.Light)]
    [TestCase("run", "/runs/2?smooth=0.6&outliers=1", 1280, 690, ColorScheme.Light)]
    [TestCase("run-dark", "/runs/2?smooth=0.6&x=wall&outliers=1", 1280, 690, ColorScheme.Dark)]
    [TestCase("samples", "/runs/2/samples?step=23980", 1280, 760, ColorScheme.Light)]
    [TestCase("phone", "/", 390, 844, ColorScheme.Light)]
    public async Task Picture_ShowsThePage_AndIsSmall(string name, string path, int width, int height, ColorScheme colours)
    {
        await OpenAsync(dashboard.Address, path, options =>
        {
            options.ViewportSize = new() { Width = width, Height = height };
            options.ColorScheme = colours;
            options.ReducedMotion = ReducedMotion.Reduce;
        }, page => page.Clock.SetFixedTimeAsync(dashboard.Now.UtcDateTime));
        await Expect(Page.Locator("html.script")).ToBeAttachedAsync();
        await Expect(Page.Locator("#live")).ToHaveAttributeAsync("data-state", "live");
        foreach (ILocator badge in (await Page.Locator(".chart-badge").AllAsync()).Take(ChartsInView))
        {
            await Expect(badge).ToContainTextAsync("shown");
        }

        byte[] picture = await Page.ScreenshotAsync(new() { Animations = ScreenshotAnimations.Disabled, Caret = ScreenshotCaret.Hide });
        if (Environment.GetEnvironmentVariable("DASHBOARD_SCREENSHOTS") is { Length: > 0 } folder)
        {
            string file = Path.Combine(Directory.CreateDirectory(folder).FullName, $"dashboard-{name}.png");
            await File.WriteAllBytesAsync(file, picture);
        }

        Assert.That(picture, Has.Length.InRange(10 * 1024, MaxBytes));
    }
}
