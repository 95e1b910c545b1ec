using System;
using System.IO;
using System.Threading.Tasks;
using Microsoft.Playwright;

namespace FeatureAlignment.Dashboard.Browser.Support;

/// <summary>Lets tests see what a chart was given to draw: the page gets an uPlot that keeps the charts that
/// are on it, and no others: the memory of the page is measured too.</summary>
internal static class ChartProbe
{
    private const string Export = "export { uPlot as default };";

    private const string Keeping =
        """
        let made = [];
        const keep = chart => { made = [...made.filter(one => one.root.isConnected), chart]; return chart; };
        const Kept = new Proxy(uPlot, { construct: (type, given) => keep(new type(...given)) });
        globalThis.plotOf = key => made.findLast(chart => chart.root.isConnected && chart.root.closest('.chart').dataset.chart === key);
        export { Kept as default };
        """;

    /// <summary>Must be done before the page is loaded.</summary>
    public static async Task InstallAsync(IPage page)
    {
        string original = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "wwwroot/lib/uplot/uPlot.esm.js"));
        if (!original.Contains(Export, StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"uPlot.esm.js must end with {Export}, so that charts can be kept.");
        }

        await page.RouteAsync("**/uPlot.esm.js", route => route.FulfillAsync(
            new() { ContentType = "text/javascript", Body = original.Replace(Export, Keeping, StringComparison.Ordinal) }));
    }

    /// <summary>Evaluates an expression of <c>u</c>, the chart as uPlot knows it.</summary>
    public static Task<T> ReadChartAsync<T>(this IPage page, string chart, string expression) =>
        page.EvaluateAsync<T>($"() => {{ const u = plotOf('{chart}'); return {expression}; }}");
}
