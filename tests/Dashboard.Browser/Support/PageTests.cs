using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Tests.Support;
using Microsoft.Playwright;
using NUnit.Framework;
using NUnit.Framework.Interfaces;

namespace FeatureAlignment.Dashboard.Browser.Support;

/// <summary>Tests of pages. Whatever a test does, its pages must log no error, break no security policy and miss no file.</summary>
public abstract class PageTests
{
    internal const int Desktop = 1280;
    internal const int Phone = 390;
    private const int Height = 900;

    private readonly List<IBrowserContext> contexts = [];
    private readonly List<string> problems = [];

    /// <summary>The page of the test, once it was opened.</summary>
    protected IPage Page { get; private set; } = null!;

    /// <summary>What a test expects to go wrong: problems that contain any of it don't count.</summary>
    protected string[] Expected { get; set; } = [];

    [TearDown]
    public async Task CloseAsync()
    {
        await ClosePagesAsync();
        string[] found;
        lock (problems)
        {
            found = [.. problems];
            problems.Clear();
        }

        Assert.That(found, Is.Empty);
    }

    /// <summary>Closes the test's pages: before the dashboard that they show ends, or they would miss it.</summary>
    protected async Task ClosePagesAsync()
    {
        if (TestContext.CurrentContext.Result.Outcome.Status == TestStatus.Failed && contexts.Count > 0)
        {
            string file = System.IO.Path.Combine(TestContext.CurrentContext.WorkDirectory, TestContext.CurrentContext.Test.ID + ".png");
            await Page.ScreenshotAsync(new() { Path = file });
            TestContext.AddTestAttachment(file);
        }

        foreach (IBrowserContext context in contexts)
        {
            await context.CloseAsync();
        }

        contexts.Clear();
    }

    /// <summary>Opens a browser of its own, without cookies, and a page in it.</summary>
    /// <param name="server">Address of the dashboard.</param>
    /// <param name="path">The page.</param>
    /// <param name="change">What is unlike a light desktop.</param>
    /// <param name="prepare">What must be done before the page is loaded.</param>
    protected async Task<IPage> OpenAsync(
        Uri server, string path, Action<BrowserNewContextOptions>? change = null, Func<IPage, Task>? prepare = null)
    {
        var options = new BrowserNewContextOptions
        {
            BaseURL = server.ToString(),
            ViewportSize = new() { Width = Desktop, Height = Height },
            ColorScheme = ColorScheme.Light,
            Locale = "en-GB",
            TimezoneId = "UTC",
        };
        change?.Invoke(options);
        IBrowserContext context = await BrowserSession.Browser.NewContextAsync(options);
        contexts.Add(context);
        context.SetDefaultTimeout(Patience.Milliseconds);
        context.SetDefaultNavigationTimeout(Patience.Milliseconds);
        Page = await context.NewPageAsync();
        Watch(Page);
        if (prepare is not null)
        {
            await prepare(Page);
        }

        await Page.GotoAsync(path);
        return Page;
    }

    private void Watch(IPage page)
    {
        // A page that is left, or a stream that is let go, aborts what it asked for: that is no problem.
        page.RequestFailed += (_, request) =>
            Note(request.Failure == "net::ERR_ABORTED" ? null : $"{request.Url} failed: {request.Failure}");
        page.Response += (_, response) => Note(response.Status < 400 ? null : $"{response.Url} answered {response.Status}");
        page.PageError += (_, error) => Note(error);
        page.Console += (_, message) => Note(
            message.Type is "error" or "warning" ? $"{message.Type} on {page.Url}: {message.Text}" : null);
    }

    private void Note(string? problem)
    {
        if (problem is not null && !Expected.Any(part => problem.Contains(part, StringComparison.Ordinal)))
        {
            lock (problems)
            {
                problems.Add(problem);
            }
        }
    }
}
