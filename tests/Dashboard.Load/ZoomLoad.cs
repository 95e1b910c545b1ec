using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Linq;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Tests.Support;
using Microsoft.Playwright;

namespace FeatureAlignment.Dashboard.Load;

/// <summary>Zooms into the chart of a long run in Chromium, by mouse and by keyboard, and times each zoom from the input to the picture on
/// the screen.</summary>
internal static class ZoomLoad
{
    private const double Bar = 200;
    private const string Chart = ".chart[data-chart=alignment_loss]";
    private const int WarmUpRounds = 2;

    // The chart is drawn twice: at once from the columns that the page has, and sharp, as a new chart, from those that it fetches. A
    // picture is on the screen one frame after the one that finds it drawn.
    private const string Watch =
        """
        () => {
          const chart = () => plotOf('alignment_loss');
          globalThis.zooms = [];
          let input = null, before = null, scale = null, moved = null;
          const view = u => `${u.scales.x.min} ${u.scales.x.max}`;
          const begin = event => { [input, before, scale, moved] = [event.timeStamp, chart(), view(chart()), null]; };
          addEventListener('mouseup', begin, true);
          addEventListener('keydown', begin, true);
          const look = () => {
            const u = chart();
            if (input !== null && u) {
              if (moved === null && (u !== before || view(u) !== scale)) { moved = performance.now() - input; }
              if (u !== before) {
                const [at, first] = [input, moved];
                input = null;
                requestAnimationFrame(() => zooms.push([first, performance.now() - at]));
              }
            }
            requestAnimationFrame(look);
          };
          requestAnimationFrame(look);
        }
        """;

    private static readonly Option<int> Points = Arguments.Number("--points", "Points of the run", 1_000, 10_000_000, 1_000_000);
    private static readonly Option<int> Rounds = Arguments.Number("--rounds", "Rounds of four zooms", 1, 1_000, 15);

    public static Command Command()
    {
        var command = new Command("zoom", "Measures zooms into a long run, from the input to the picture.") { Points, Rounds };
        command.SetAction((parsed, _) => RunAsync(parsed.GetRequiredValue(Points), parsed.GetRequiredValue(Rounds)));
        return command;
    }

    private static async Task<int> RunAsync(int points, int rounds)
    {
        var bars = new Bars();
        using var folder = new TemporaryFolder();
        await LongRun.WriteAsync(folder.Database, points);
        using DashboardProcess dashboard = await DashboardProcess.StartAsync(folder.Database);
        await using BrowserPages browser = await BrowserPages.StartAsync();
        IPage page = await browser.OpenAsync(new Uri(dashboard.Address, $"/runs/{LongRun.RunId}"));
        await page.WaitForFunctionAsync("() => plotOf('alignment_loss')?.data[0].length > 100");
        await page.EvaluateAsync(Watch);
        int done = 0;
        for (int round = 0; round < WarmUpRounds + rounds; round++)
        {
            await DragAsync(page, 0.2 + 0.02 * (round % 10), 0.7);
            await WaitAsync(page, ++done);
            await page.Locator($"{Chart} .plot-area").FocusAsync();
            await page.Keyboard.PressAsync("+");
            await WaitAsync(page, ++done);
            await DragAsync(page, 0.4, 0.5 + 0.02 * (round % 10));
            await WaitAsync(page, ++done);
            await page.Keyboard.PressAsync("0");
            await WaitAsync(page, ++done);
        }

        double[][] zooms = [.. (await page.EvaluateAsync<double[][]>("() => zooms")).Skip(4 * WarmUpRounds)];
        List<double> moved = [.. zooms.Select(zoom => zoom[0]).Order()], sharp = [.. zooms.Select(zoom => zoom[1]).Order()];
        bars.AtMost($"{zooms.Length} zooms into {points:N0} points, input to the sharp picture, p95", Bars.Percentile(sharp, 0.95), Bar,
            "ms");
        bars.Note("p50 and most", $"{Bars.Percentile(sharp, 0.5):F0} and {sharp[^1]:F0} ms");
        bars.Note("input to the first picture, p50 and p95",
            $"{Bars.Percentile(moved, 0.5):F0} and {Bars.Percentile(moved, 0.95):F0} ms");
        return bars.Print();
    }

    private static async Task DragAsync(IPage page, double from, double to)
    {
        LocatorBoundingBoxResult box = (await page.Locator($"{Chart} .u-over").BoundingBoxAsync())!;
        float y = box.Y + box.Height / 2;
        await page.Mouse.MoveAsync((float)(box.X + from * box.Width), y);
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync((float)(box.X + to * box.Width), y, new() { Steps = 5 });
        await page.Mouse.UpAsync();
    }

    private static async Task WaitAsync(IPage page, int zooms) =>
        await page.WaitForFunctionAsync("wanted => zooms.length >= wanted", zooms);
}
