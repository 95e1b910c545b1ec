using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Browser.Support;
using FeatureAlignment.Dashboard.Tests.Support;
using Microsoft.Playwright;
using NUnit.Framework;
using static Microsoft.Playwright.Assertions;

namespace FeatureAlignment.Dashboard.Browser.Runs;

[TestFixture]
public sealed class RunChartTests : PageTests
{
    private const string Loss = "alignment_loss";
    private const string Accuracy = "accuracy";
    private const long LastStep = 2_399L * SeededFleet.StepsPerEntry;
    private const string Address = "/runs/2";

    // Values of the first layer's line that are in the view; series 2 is the same before smoothing.
    private const string Line = "u.data[1].filter((y, i) => y != null && u.data[0][i] >= u.scales.x.min && u.data[0][i] <= u.scales.x.max)";

    // Chromium's advice to those who look at pixels as often as these tests do.
    private const string Readback = "willReadFrequently";

    private ILocator Chart => Page.Locator($"[data-chart={Loss}]");

    private ILocator Badge => Chart.Locator(".chart-badge");

    [Test]
    public async Task Cursor_OverOneChart_IsAtTheSamePlaceInAll()
    {
        await OpenRunAsync();

        await Chart.Locator(".u-over").HoverAsync();
        await Expect(Chart.Locator(".tip")).ToBeVisibleAsync();

        double here = await CursorAsync(Loss), there = await CursorAsync(Accuracy);
        Assert.Multiple(async () =>
        {
            Assert.That(here, Is.EqualTo(LastStep / 2.0).Within(LastStep / 100.0), "the middle");
            Assert.That(there, Is.EqualTo(here).Within(8 * SeededFleet.StepsPerEntry), "accuracy comes every eighth entry");
            Assert.That(await Chart.Locator(".tip div span").AllInnerTextsAsync(), Is.EquivalentTo(["Layer 0", "Layer 1", "Layer 2"]));
            Assert.That(await Page.Locator(".tip:visible").CountAsync(), Is.EqualTo(1), "only the chart under the pointer speaks");
        });
        IReadOnlyList<string> values = await Chart.Locator(".tip div b").AllInnerTextsAsync();
        Assert.That(values.Select(text => double.Parse(text, CultureInfo.InvariantCulture)), Is.Ordered.Descending);
    }

    [Test]
    public async Task Badge_CountsWhatIsThere()
    {
        await OpenRunAsync();

        (int raw, int shown) = await CountsAsync();

        Assert.That(raw, Is.EqualTo(SeededFleet.Layers * SeededFleet.Entries));
        Assert.That(shown, Is.LessThan(raw).And.GreaterThan(SeededFleet.Layers * 100));
    }

    [Test]
    public async Task Values_FurtherApartThanANumberCanSay_AreDrawnWithoutTheLargest_AndTheBadgeSaysSo()
    {
        SeededDashboard fleet = await BrowserSession.FleetAsync();
        await OpenAsync(
            fleet.Address, $"/runs/{await fleet.FindRunAsync(StrangeBoards.Foreign)}",
            options => options.ViewportSize = new() { Width = Desktop, Height = 2_500 }, ChartProbe.InstallAsync);

        await Expect(Page.Locator($"[data-chart={StrangeBoards.Vast}] .chart-badge"))
            .ToHaveTextAsync("3 raw, 2 shown, 1 too large to draw");

        const string Places = "u.data[1].filter(y => y != null).map(y => u.valToPos(y, 'y') / u.over.clientHeight)";
        double[] places = await Page.ReadChartAsync<double[]>(StrangeBoards.Vast, Places);
        Assert.That(places, Is.Ordered.And.Exactly(2).InRange(0, 1), "parts of the height, from above");
    }

    [Test]
    public async Task Zoom_WhileNumbersAreRead_GivesUpTheQuestionBefore()
    {
        await OpenRunAsync();
        TaskCompletionSource held = new(TaskCreationOptions.RunContinuationsAsynchronously), givenUp = new();
        Page.RequestFailed += (_, request) =>
        {
            if (request.Url.Contains("/charts?", StringComparison.Ordinal))
            {
                givenUp.TrySetResult();
            }
        };
        // The first question gets no answer.
        await Page.RouteAsync("**/charts?*", route => held.TrySetResult() ? Task.CompletedTask : route.ContinueAsync());
        ILocator zoomIn = Page.GetByRole(AriaRole.Button, new() { Name = "Zoom in" });

        await zoomIn.ClickAsync();
        await held.Task;
        await zoomIn.ClickAsync();

        await Expect(Badge).Not.ToContainTextAsync("6,624 raw");
        Assert.That(async () => await givenUp.Task.WaitAsync(Patience.Limit), Throws.Nothing);
    }

    [Test]
    public async Task Drag_ZoomsAllCharts_IntoFinerColumns_AndTheAddressGivesTheSameAgain()
    {
        await OpenRunAsync();
        double[] before = await Page.ReadChartAsync<double[]>(Loss, "u.data[0]");
        LocatorBoundingBoxResult box = (await Chart.Locator(".u-over").BoundingBoxAsync())!;

        await Page.Mouse.MoveAsync(box.X + box.Width * 0.7f, box.Y + 60);
        await Page.Mouse.DownAsync();
        await Page.Mouse.MoveAsync(box.X + box.Width * 0.8f, box.Y + 80, new() { Steps = 4 });
        await Page.Mouse.UpAsync();

        await Expect(Page).ToHaveURLAsync(new Regex("from=[0-9]+&to=[0-9]+"));
        (double from, double to) = await RangeAsync(Loss);
        await Expect(Badge).Not.ToContainTextAsync("6,624 raw");
        (int raw, int shown) = await CountsAsync();
        double[] after = await Page.ReadChartAsync<double[]>(Loss, "u.data[0]");
        Assert.Multiple(async () =>
        {
            Assert.That(from, Is.EqualTo(LastStep * 0.7).Within(LastStep * 0.02));
            Assert.That(to, Is.EqualTo(LastStep * 0.8).Within(LastStep * 0.02));
            Assert.That(await RangeAsync(Accuracy), Is.EqualTo((from, to)));
            Assert.That(raw, Is.LessThan(SeededFleet.Layers * SeededFleet.Entries / 4));
            Assert.That(after.Count(x => x > from && x < to), Is.GreaterThan(before.Count(x => x > from && x < to)));
            await Expect(Page.GetByRole(AriaRole.Button, new() { Name = "Whole run" })).ToBeVisibleAsync();
        });

        string badge = await Badge.InnerTextAsync();
        await Expect(Page).ToHaveURLAsync(new Regex($"from={Whole(from)}&to={Whole(to)}&"));
        await Page.ReloadAsync();
        await Page.ReadyAsync();

        await Expect(Badge).ToHaveTextAsync(badge);
        // The address holds whole steps.
        (double fromAgain, double toAgain) = await RangeAsync(Loss);
        Assert.That(fromAgain, Is.EqualTo(from).Within(1));
        Assert.That(toAgain, Is.EqualTo(to).Within(1));

        await Page.GetByRole(AriaRole.Button, new() { Name = "Whole run" }).ClickAsync();
        await Expect(Badge).ToHaveTextAsync(new Regex("^6,624 raw"));
        await Expect(Page).ToHaveURLAsync(new Regex(Address + "$"));
    }

    [Test]
    public async Task Keys_MoveCursorAndView_AndSayWhatIsThere()
    {
        await OpenRunAsync();
        ILocator says = Page.Locator("#chart-says");
        await Page.TabToAsync(Chart.Locator(".plot-area"));

        await Page.Keyboard.PressAsync("End");
        await Expect(says).ToHaveTextAsync(new Regex("^Step 47,980: Layer [0-2] 0.+, Layer [0-2] 0.+, Layer [0-2] 0"));
        await Page.Keyboard.PressAsync("ArrowLeft");
        await Expect(says).Not.ToContainTextAsync("47,980");
        await Expect(Chart.Locator(".tip")).ToBeVisibleAsync();
        await Page.Keyboard.PressAsync("Home");
        await Expect(says).ToHaveTextAsync(new Regex("^Step [0-9]{1,2}:"));

        (double first, double last) = await RangeAsync(Loss);
        await Page.Keyboard.PressAsync("+");
        await Expect(Page).ToHaveURLAsync(new Regex("from=.*to="));
        (double from, double to) = await RangeAsync(Loss);
        Assert.That(to - from, Is.EqualTo(0.6 * (last - first)).Within(1));
        await Page.Keyboard.PressAsync("Shift+ArrowRight");
        await Page.WaitForFunctionAsync($"() => plotOf('{Loss}').scales.x.min > {from.ToString(CultureInfo.InvariantCulture)}");
        (double moved, double movedTo) = await RangeAsync(Loss);
        Assert.That(moved - from, Is.EqualTo((to - from) / 4).Within(1));
        Assert.That(movedTo - moved, Is.EqualTo(to - from).Within(1));
        await Page.Keyboard.PressAsync("-");
        string width = (to - from + 1).ToString(CultureInfo.InvariantCulture);
        await Page.WaitForFunctionAsync($"() => {{ const {{ min, max }} = plotOf('{Loss}').scales.x; return max - min > {width}; }}");

        await Expect(Chart.Locator(".plot-area")).ToBeFocusedAsync();
        await Page.Keyboard.PressAsync("0");
        await Expect(Page).Not.ToHaveURLAsync(new Regex("from="));
        await Page.Keyboard.PressAsync("Escape");
        await Expect(Chart.Locator(".tip")).ToBeHiddenAsync();
        await Page.Keyboard.PressAsync("Tab");
        await Expect(Chart.Locator(".plot-area")).Not.ToBeFocusedAsync();
    }

    [Test]
    public async Task Keys_CursorStaysWhereItIs_WhenFinerNumbersCome()
    {
        await OpenRunAsync();
        await Page.TabToAsync(Chart.Locator(".plot-area"));
        await Page.Keyboard.PressAsync("End");
        await Page.Keyboard.PressAsync("PageUp");
        double place = await CursorAsync(Loss);

        await Page.Keyboard.PressAsync("+");

        await Expect(Badge).Not.ToContainTextAsync("6,624 raw");
        Assert.That(place, Is.Positive.And.LessThan(LastStep));
        Assert.That(await CursorAsync(Loss), Is.EqualTo(place).Within(LastStep / 100.0));
        await Expect(Chart.Locator(".tip")).ToBeVisibleAsync();
    }

    [Test]
    public async Task Axis_StepRelativeAndWall_ShowTheSameRunInTheirUnits()
    {
        await OpenRunAsync();
        ILocator axis = Page.GetByRole(AriaRole.Combobox, new() { Name = "Horizontal axis" });
        DateTimeOffset now = (await BrowserSession.FleetAsync()).Now;

        Assert.That((await RangeAsync(Loss)).To, Is.EqualTo(LastStep));

        await Page.TabToAsync(axis);
        await Page.Keyboard.PressAsync("ArrowDown");
        await Expect(Page).ToHaveURLAsync(new Regex("x=relative"));
        await Page.WaitForFunctionAsync($"() => Math.abs(plotOf('{Loss}').scales.x.max - 7197) < 1 && plotOf('{Loss}').scales.x.min < 60");
        await Page.Keyboard.PressAsync("ArrowDown");
        await Expect(Page).ToHaveURLAsync(new Regex("x=wall"));
        long last = now.ToUnixTimeSeconds() - 3;
        await Page.WaitForFunctionAsync($"() => Math.abs(plotOf('{Loss}').scales.x.max - {last}) < 1");
        await Expect(Page.GetByLabel("Log x")).ToBeDisabledAsync();

        await Page.ReloadAsync();
        await Page.ReadyAsync();
        await Expect(axis).ToHaveValueAsync("wall");
        Assert.That((await RangeAsync(Loss)).To, Is.EqualTo(last).Within(1));
    }

    [Test]
    public async Task Logarithms_AreSwitchedByKeyboard_AndKept()
    {
        await OpenRunAsync();

        foreach ((string label, string scale) in ((string, string)[])[("Log y", "y"), ("Log x", "x")])
        {
            Assert.That(await Page.ReadChartAsync<int>(Loss, $"u.scales.{scale}.distr"), Is.EqualTo(1));
            await Page.TabToAsync(Page.GetByLabel(label));
            await Page.Keyboard.PressAsync("Space");
            // A chart is made anew at most every 60 ms.
            await Page.WaitForFunctionAsync($"() => plotOf('{Loss}').scales.{scale}.distr === 3");
            // The address follows, at most every 250 ms.
            await Expect(Page).ToHaveURLAsync(new Regex($"log{scale}=1"));
        }

        await Page.ReloadAsync();
        await Page.ReadyAsync();
        await Expect(Page.GetByLabel("Log y")).ToBeCheckedAsync();
        Assert.That(await Page.ReadChartAsync<int>(Loss, "u.scales.y.distr"), Is.EqualTo(3));
        Assert.That(await Page.ReadChartAsync<double>(Loss, "Math.min(...u.data[0])"), Is.Positive, "a logarithm has no zero");
    }

    [Test]
    public async Task Smoothing_ByKeyboard_CalmsTheLine_AndKeepsTheRawOneBehind()
    {
        const string Roughness = Line + ".reduce((sum, y, i, all) => sum + (i ? Math.abs(y - all[i - 1]) : 0), 0)";
        await OpenRunAsync();
        double before = await Page.ReadChartAsync<double>(Loss, Roughness);

        await Page.TabToAsync(Page.GetByRole(AriaRole.Slider, new() { Name = "Smoothing" }));
        await Page.Keyboard.PressAsync("End");
        await Page.Keyboard.PressAsync("PageDown");

        await Expect(Page).ToHaveURLAsync(new Regex("smooth=0\\.8"));
        double after = await Page.ReadChartAsync<double>(Loss, Roughness);
        double raw = await Page.ReadChartAsync<double>(Loss, Roughness.Replace("data[1]", "data[2]", StringComparison.Ordinal));
        Assert.Multiple(async () =>
        {
            Assert.That(after, Is.LessThan(before / 4));
            Assert.That(raw, Is.EqualTo(before).Within(1e-9));
            Assert.That(await Page.ReadChartAsync<bool>(Loss, "u.series[2].show"), Is.True);
        });
    }

    [Test]
    public async Task Outliers_Ignored_TheSpikeNoLongerSetsTheScale()
    {
        await OpenRunAsync();
        Assert.That(await Page.ReadChartAsync<double>(Loss, "u.scales.y.max"), Is.GreaterThan(2), "the spike");

        await Page.TabToAsync(Page.GetByLabel("Ignore outliers"));
        await Page.Keyboard.PressAsync("Space");

        // The charts are drawn before the address changes.
        await Expect(Page).ToHaveURLAsync(new Regex("outliers=1"));
        Assert.That(await Page.ReadChartAsync<double>(Loss, "u.scales.y.max"), Is.LessThan(0.8));
    }

    [Test]
    public async Task Spike_OfOnePoint_IsInTheBand()
    {
        await OpenRunAsync();

        // The columns are fewer than the points: the spike is seldom the last of its column, and always in the band.
        Assert.That(await Page.ReadChartAsync<double>(Loss, "Math.max(...u.data[4].filter(y => y != null))"), Is.EqualTo(2));
        Assert.That(await Page.ReadChartAsync<int>(Loss, "u.bands.length"), Is.EqualTo(SeededFleet.Layers));
    }

    [Test]
    public async Task Gap_IsNotJoined_AndTheTimeOfflineIsGrey()
    {
        Expected = [Readback];
        await OpenRunAsync("?x=wall");
        (DateTimeOffset from, DateTimeOffset to) = SeededFleet.Offline((await BrowserSession.FleetAsync()).Now);
        string middle = ((from.ToUnixTimeSeconds() + to.ToUnixTimeSeconds()) / 2).ToString(CultureInfo.InvariantCulture);
        string before = (from.ToUnixTimeSeconds() - 120).ToString(CultureInfo.InvariantCulture);

        // uPlot joins over undefined, which another series has a column for, and not over null.
        string isInside = $"u.data[0][i] > {from.ToUnixTimeSeconds()} && u.data[0][i] < {to.ToUnixTimeSeconds() - 3}";
        string[] inGap = await Page.ReadChartAsync<string[]>(Loss, $"u.data[1].filter((_, i) => {isInside}).map(String)");
        Assert.Multiple(async () =>
        {
            Assert.That(inGap, Is.Not.Empty.And.All.EqualTo("null"));
            Assert.That(await ShareOfBandAsync(middle), Is.GreaterThan(0.9));
            Assert.That(await ShareOfBandAsync(before), Is.Zero);
        });

        // The share of a column's pixels that have the colour of the band.
        Task<double> ShareOfBandAsync(string seconds) => Page.ReadChartAsync<double>(
            Loss,
            $$"""
            (() => {
              const ratio = devicePixelRatio, x = Math.round(u.valToPos({{seconds}}, 'x', true)), { top, height } = u.bbox;
              const band = getComputedStyle(document.documentElement).getPropertyValue('--band').trim();
              const wanted = [1, 3, 5].map(i => parseInt(band.slice(i, i + 2), 16));
              const { data } = u.ctx.getImageData(x, top, 1, height);
              let same = 0;
              for (let i = 0; i < data.length; i += 4) { same += wanted.every((part, k) => data[i + k] === part) && data[i + 3] === 255; }
              return same / height;
            })()
            """);
    }

    [Test]
    public async Task Legend_HidesALine_AndTheAddressKeepsIt()
    {
        await OpenRunAsync();
        ILocator layer = Chart.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("Layer 1") });

        await Page.TabToAsync(layer);
        await Page.Keyboard.PressAsync("Space");

        await Expect(layer).ToHaveAttributeAsync("aria-pressed", "false");
        await Expect(Page).ToHaveURLAsync(new Regex("hide=1.alignment_loss"));
        Assert.That(await Page.ReadChartAsync<bool[]>(Loss, "[1, 5, 9].map(i => u.series[i].show)"), Is.EqualTo([true, false, true]));
        await Page.ReloadAsync();
        await Page.ReadyAsync();
        Assert.That(await Page.ReadChartAsync<bool[]>(Loss, "[1, 5, 9].map(i => u.series[i].show)"), Is.EqualTo([true, false, true]));
    }

    [Test]
    public async Task Table_ShowsWhatTheChartShows()
    {
        await OpenRunAsync();
        ILocator button = Chart.GetByRole(AriaRole.Button, new() { Name = "Show as table" }), table = Chart.GetByRole(AriaRole.Table);

        await Page.PressAsync(button);

        await Expect(table.GetByRole(AriaRole.Columnheader)).ToHaveTextAsync(["Step", "Layer 0", "Layer 1", "Layer 2"]);
        await Expect(table.GetByRole(AriaRole.Rowheader).First).ToHaveTextAsync("47,980");
        await Expect(table.GetByRole(AriaRole.Row).Nth(1).GetByRole(AriaRole.Cell)).ToHaveTextAsync(
            await Chart.Locator(".legend output").AllInnerTextsAsync());
        Assert.That(await Axe.FindViolationsAsync(Page), Is.Empty);
        await Page.PressAsync(Chart.GetByRole(AriaRole.Button, new() { Name = "Hide table" }));
        await Expect(table).ToBeHiddenAsync();
    }

    [Test]
    public async Task HeatMap_HasARowForEachLayer_LossFallsFromLeftToRight()
    {
        Expected = [Readback];
        await OpenRunAsync();
        ILocator heat = Page.Locator("#heat");
        await heat.ScrollIntoViewIfNeededAsync();
        await Expect(heat.Locator(".heat-scale")).ToContainTextAsync("0.");

        // How strong the colour is (red falls from light to dark) at the left, in the time offline, and at the right of each row.
        double[][] rows = await heat.Locator("canvas").EvaluateAsync<double[][]>(
            """
            canvas => {
              const draw = canvas.getContext('2d'), label = 56 * devicePixelRatio, width = canvas.width - label;
              return [0, 1, 2].map(row => [0.02, 0.46, 0.98].map(share => {
                const [red, , , alpha] = draw.getImageData(label + share * width, (row + 0.5) * canvas.height / 3, 1, 1).data;
                return alpha === 0 ? -1 : 255 - red;
              }));
            }
            """);

        Assert.That(rows.Select(row => row[1]), Is.All.EqualTo(-1), "nothing is drawn where nothing came");
        Assert.That(rows.Select(row => row[0] - row[2]), Is.All.Positive);
    }

    [Test]
    public async Task HeatMap_OfManyLayers_IsAsWideAsThePage_AndGivesEachARow()
    {
        const int LeastRow = 6;
        SeededDashboard fleet = await BrowserSession.FleetAsync();
        await OpenAsync(fleet.Address, $"/runs/{await fleet.FindRunAsync(SeededFleet.Deep)}");
        await Expect(Page.Locator("#heat .heat-scale")).ToContainTextAsync("0.");

        LocatorBoundingBoxResult map = (await Page.Locator("#heat canvas").BoundingBoxAsync())!;
        LocatorBoundingBoxResult bar = (await Page.Locator(".chart-bar").BoundingBoxAsync())!;

        Assert.That(map.Height, Is.InRange(LeastRow * SeededFleet.DeepLayers, Desktop));
        Assert.That(map.Width, Is.GreaterThan(0.95 * bar.Width));
    }

    [Test]
    public async Task Csv_HasEveryPoint()
    {
        await OpenRunAsync();

        IDownload download = await Page.RunAndWaitForDownloadAsync(
            () => Page.GetByRole(AriaRole.Link, new() { Name = "CSV" }).First.ClickAsync());

        string[] lines = await System.IO.File.ReadAllLinesAsync((await download.PathAsync())!);
        string[][] cells = [.. lines.Skip(1).Select(line => line.Split(','))];
        Assert.Multiple(() =>
        {
            Assert.That(download.SuggestedFilename, Is.EqualTo("press-line-01-r-20261122-01-data.csv"));
            Assert.That(lines[0], Is.EqualTo("layer,name,unit,step,time,value,min,max,points"));
            for (int layer = 0; layer < SeededFleet.Layers; layer++)
            {
                string[] steps = [.. cells.Where(cell => cell[0] == $"{layer}" && cell[1] == Loss).Select(cell => cell[3])];
                Assert.That(steps, Has.Length.EqualTo(SeededFleet.Entries).And.Unique);
            }

            Assert.That(cells.Count(cell => cell[1] == Loss && cell[5] == "2"), Is.EqualTo(SeededFleet.Layers), "the spike");
            Assert.That(cells.Select(cell => cell[8]), Is.All.EqualTo("1"), "points, no roll-ups");
        });
    }

    [Test]
    public async Task Png_IsAPictureOfTheChart()
    {
        await OpenRunAsync();

        IDownload download = await Page.RunAndWaitForDownloadAsync(
            () => Page.PressAsync(Chart.GetByRole(AriaRole.Button, new() { Name = "PNG" })));

        byte[] bytes = await System.IO.File.ReadAllBytesAsync((await download.PathAsync())!);
        int width = System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(16));
        Assert.Multiple(() =>
        {
            Assert.That(download.SuggestedFilename, Is.EqualTo("alignment_loss.png"));
            Assert.That(bytes.Take(8), Is.EqualTo(new byte[] { 0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A }));
            Assert.That(width, Is.InRange(300, Desktop));
        });
    }

    private async Task OpenRunAsync(string query = "")
    {
        await OpenAsync(
            (await BrowserSession.FleetAsync()).Address, Address + query,
            options => options.ViewportSize = new() { Width = Desktop, Height = 2_500 }, ChartProbe.InstallAsync);
        await Page.ReadyAsync();
    }

    // As the page rounds.
    private static string Whole(double step) => Math.Floor(step + 0.5).ToString(CultureInfo.InvariantCulture);

    private Task<double> CursorAsync(string chart) => Page.ReadChartAsync<double>(chart, "u.data[0][u.cursor.idx]");

    private async Task<(double From, double To)> RangeAsync(string chart)
    {
        double[] range = await Page.ReadChartAsync<double[]>(chart, "[u.scales.x.min, u.scales.x.max]");
        return (range[0], range[1]);
    }

    private async Task<(int Raw, int Shown)> CountsAsync()
    {
        Match match = Regex.Match(await Badge.InnerTextAsync(), "^([0-9,]+) raw, ([0-9,]+) shown$");
        int Count(int group) => int.Parse(match.Groups[group].Value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture);
        return (Count(1), Count(2));
    }
}
