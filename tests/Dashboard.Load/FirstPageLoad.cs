using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Text.Json;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Tests.Support;
using Microsoft.Playwright;

namespace FeatureAlignment.Dashboard.Load;

/// <summary>Opens the first page of a dashboard that has a fresh database, as the very first request and as later ones, always with an
/// empty cache.</summary>
internal static class FirstPageLoad
{
    private const double TimeBar = 300;
    private const double BytesBar = 300;

    private static readonly Option<int> Starts = Arguments.Number("--starts", "Fresh dashboards", 1, 100, 5);
    private static readonly Option<int> Visits = Arguments.Number("--visits", "Visits of each after the first", 1, 100, 10);

    public static Command Command()
    {
        var command = new Command("first", "Measures the first page on a fresh database.") { Starts, Visits };
        command.SetAction((parsed, _) => RunAsync(parsed.GetRequiredValue(Starts), parsed.GetRequiredValue(Visits)));
        return command;
    }

    private static async Task<int> RunAsync(int starts, int visits)
    {
        var bars = new Bars();
        var first = new List<double>();
        var later = new List<double>();
        var bare = new List<double>();
        double bytes = 0;
        await using BrowserPages browser = await BrowserPages.StartAsync();
        // The browser's own first page would count otherwise.
        await (await browser.NewPageAsync()).GotoAsync("data:text/html,<p>warm");
        for (int start = 0; start < starts; start++)
        {
            using var folder = new TemporaryFolder();
            using DashboardProcess dashboard = await DashboardProcess.StartAsync(folder.Database);
            for (int visit = 0; visit <= visits; visit++)
            {
                (double milliseconds, double transferred) = await VisitAsync(await browser.NewPageAsync(), dashboard.Address);
                (visit == 0 ? first : later).Add(milliseconds);
                bytes = Math.Max(bytes, transferred);
                // In turn with it what the browser takes for a page of one word.
                bare.Add((await VisitAsync(await browser.NewPageAsync(), new Uri(dashboard.Address, "/health/live"))).Milliseconds);
            }
        }

        first.Sort();
        later.Sort();
        bare.Sort();
        bars.AtMost($"first page, the first request of {starts} fresh dashboards, p50", Bars.Percentile(first, 0.5), TimeBar, "ms");
        bars.Note("the slowest of them", $"{first[^1]:F0} ms");
        bars.AtMost($"first page, {later.Count} later visits with an empty cache, p95", Bars.Percentile(later, 0.95), TimeBar, "ms");
        bars.Note("later visits, p50", $"{Bars.Percentile(later, 0.5):F0} ms");
        bars.Note("a page of one word, p50 and p95", $"{Bars.Percentile(bare, 0.5):F0} and {Bars.Percentile(bare, 0.95):F0} ms");
        bars.AtMost("transferred at most", bytes / 1000, BytesBar, "KB", decimals: 1);
        return bars.Print();
    }

    // From the start of the request to the end of the load event, when all that the page names is there.
    private static async Task<(double Milliseconds, double Bytes)> VisitAsync(IPage page, Uri address)
    {
        double bytes = 0;
        ICDPSession session = await page.Context.NewCDPSessionAsync(page);
        session.Event("Network.loadingFinished").OnEvent += (_, data) =>
            bytes += data is JsonElement json ? json.GetProperty("encodedDataLength").GetDouble() : 0;
        await session.SendAsync("Network.enable");
        await page.GotoAsync(address.ToString());
        await page.WaitForFunctionAsync("() => performance.getEntriesByType('navigation')[0].loadEventEnd > 0");
        double milliseconds = await page.EvaluateAsync<double>(
            "() => { const one = performance.getEntriesByType('navigation')[0]; return one.loadEventEnd - one.fetchStart; }");
        await page.Context.CloseAsync();
        return (milliseconds, bytes);
    }
}
