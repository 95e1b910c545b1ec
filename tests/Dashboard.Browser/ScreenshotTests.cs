using System;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Browser.Support;
using FeatureAlignment.Dashboard.Demo;
using FeatureAlignment.Dashboard.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using NUnit.Framework;
using static Microsoft.Playwright.Assertions;

namespace FeatureAlignment.Dashboard.Browser;

/// <summary>Makes the pictures of the documentation, of the demo; keeps them where <c>DASHBOARD_SCREENSHOTS</c> names a folder.</summary>
[TestFixture]
public sealed class ScreenshotTests : PageTests
{
    private const int MaxBytes = 150 * 1024;
    private const int ChartsInView = 3;
    private readonly AdjustableTime time = new();
    private TestDashboard dashboard = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        dashboard = await TestDashboard.StartAsync(
            options => options with { IsDemo = true }, builder => builder.Services.AddSingleton<TimeProvider>(time));
        await dashboard.Services.GetRequiredService<DemoFleet>().CaughtUp;
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await dashboard.DisposeAsync();

    [TestCase("fleet", "/", 1280, 880, ColorScheme.Light)]
    [TestCase("device", "/devices/pump-hall-2", 1280, 1000, ColorScheme.Light)]
    [TestCase("run", "/runs/1?smooth=0.6&outliers=1", 1280, 690, ColorScheme.Light)]
    [TestCase("offline-dark", "/devices/lathe-west?x=wall", 1280, 860, ColorScheme.Dark)]
    [TestCase("samples", "/runs/1/samples", 1280, 760, ColorScheme.Light)]
    [TestCase("phone", "/", 390, 844, ColorScheme.Light)]
    public async Task Picture_ShowsThePage_AndIsSmall(string name, string path, int width, int height, ColorScheme colours)
    {
        await OpenAsync(dashboard.Client.BaseAddress!, path, options =>
        {
            options.ViewportSize = new() { Width = width, Height = height };
            options.ColorScheme = colours;
            options.ReducedMotion = ReducedMotion.Reduce;
        }, page => page.Clock.SetFixedTimeAsync(time.GetUtcNow().UtcDateTime));
        await Expect(Page.Locator("html.script")).ToBeAttachedAsync();
        await Expect(Page.Locator("#live")).ToHaveAttributeAsync("data-state", "live");
        foreach (ILocator badge in (await Page.Locator(".chart:visible .chart-badge").AllAsync()).Take(ChartsInView))
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
