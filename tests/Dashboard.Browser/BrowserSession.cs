using System;
using System.IO;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Browser.Support;
using FeatureAlignment.Dashboard.Tests.Support;
using Microsoft.Playwright;
using NUnit.Framework;

[assembly: Parallelizable(ParallelScope.Fixtures)]
[assembly: LevelOfParallelism(2)]

namespace FeatureAlignment.Dashboard.Browser;

/// <summary>What all tests share: one browser, and dashboards that tests only read from.</summary>
[SetUpFixture]
public sealed class BrowserSession
{
    private static readonly Lazy<Task<SeededDashboard>> LazyFleet = new(() => SeededDashboard.StartAsync());
    private static readonly Lazy<Task<TestDashboard>> LazyEmpty = new(() => TestDashboard.StartAsync());
    private static IPlaywright? playwright;
    private static IBrowser? browser;

    internal static IBrowser Browser => browser ?? throw new InvalidOperationException("The browser must have been started.");

    /// <summary>A fleet that has everything.</summary>
    internal static Task<SeededDashboard> FleetAsync() => LazyFleet.Value;

    /// <summary>A fresh dashboard.</summary>
    internal static Task<TestDashboard> EmptyAsync() => LazyEmpty.Value;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        string path = RequireChromium();
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = path, Args = Chromium.Switches });
        Assertions.SetDefaultExpectTimeout(Patience.Milliseconds);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (browser is not null)
        {
            await browser.DisposeAsync();
        }

        playwright?.Dispose();
        if (LazyFleet.IsValueCreated)
        {
            await (await LazyFleet.Value).DisposeAsync();
        }

        if (LazyEmpty.IsValueCreated)
        {
            await (await LazyEmpty.Value).DisposeAsync();
        }
    }

    // Without a browser the tests are ignored, but on the build server they fail.
    private static string RequireChromium()
    {
        try
        {
            return Chromium.Find();
        }
        catch (FileNotFoundException e) when (Environment.GetEnvironmentVariable("CI") != "true")
        {
            Assert.Ignore(e.Message);
            throw;
        }
    }
}
