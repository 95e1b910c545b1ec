using System;
using System.CommandLine;
using System.Diagnostics;
using System.Threading.Tasks;

namespace FeatureAlignment.Dashboard.Load;

/// <summary>Many boards that report at their ordinary rate, and an open page that watches them: what the dashboard's process needs of
/// processor, memory and disk.</summary>
internal static class FleetLoad
{
    private const double CoresBar = 0.5;
    private const int Seed = 20261122;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    // Within it every board has reported once: what the dashboard keeps of each is then there.
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(75);

    private static readonly Option<int> Boards = Arguments.Number("--boards", "Boards", 1, 10_000, 1_000);
    private static readonly Option<int> Minutes = Arguments.Number("--minutes", "Minutes after the warm-up", 1, 1_440, 30);
    private static readonly Option<int> Pages = Arguments.Number("--pages", "Open fleet pages", 0, 4, 1);

    public static Command Command()
    {
        var command = new Command("fleet", "Measures what boards at their ordinary rate cost the dashboard.") { Boards, Minutes, Pages };
        command.SetAction((parsed, _) => RunAsync(
            parsed.GetRequiredValue(Boards), TimeSpan.FromMinutes(parsed.GetRequiredValue(Minutes)), parsed.GetRequiredValue(Pages)));
        return command;
    }

    private static async Task<int> RunAsync(int count, TimeSpan time, int pages)
    {
        var bars = new Bars();
        using var folder = new TemporaryFolder();
        await using OrdinaryFleet fleet = await OrdinaryFleet.StartAsync(folder.Database, count, Seed);
        await using BrowserPages? browser = pages > 0 ? await BrowserPages.StartAsync() : null;
        for (int page = 0; page < pages; page++)
        {
            await browser!.OpenAsync(fleet.Dashboard.Address);
        }

        await Task.Delay(WarmUp);
        var memory = new MemoryCurve("memory (resident)");
        var heap = new MemoryCurve("managed heap after a collection");
        var clock = Stopwatch.StartNew();
        TimeSpan used = fleet.Dashboard.ProcessorTime;
        int batches = fleet.Acknowledged;
        long database = folder.DatabaseBytes;
        Console.WriteLine("| minute | cores | resident, MB | heap, MB | database, MB |");
        Console.WriteLine("|---|---|---|---|---|");
        TimeSpan toldAt = TimeSpan.Zero, usedThen = used;
        while (clock.Elapsed < time)
        {
            await Task.Delay(Interval);
            memory.Add(fleet.Dashboard.Memory);
            heap.Add(await fleet.ReadHeapAsync());
            if (clock.Elapsed - toldAt > TimeSpan.FromMinutes(1) - Interval / 2)
            {
                TimeSpan usedNow = fleet.Dashboard.ProcessorTime;
                Console.WriteLine($"| {clock.Elapsed.TotalMinutes:F1} | {(usedNow - usedThen) / (clock.Elapsed - toldAt):F3} | "
                    + $"{memory.Newest / 1e6:F1} | {heap.Newest / 1e6:F1} | {folder.DatabaseBytes / 1e6:F1} |");
                (toldAt, usedThen) = (clock.Elapsed, usedNow);
            }
        }

        Console.WriteLine();
        batches = fleet.Acknowledged - batches;
        double cores = (fleet.Dashboard.ProcessorTime - used) / clock.Elapsed;
        bars.AtMost(
            $"{count:N0} boards, {batches / clock.Elapsed.TotalSeconds:F1} batches/s, {pages} open pages, {time.TotalMinutes:F0} min",
            cores, CoresBar, "cores", decimals: 3);
        memory.Judge(bars);
        heap.Judge(bars);
        bars.Note("database grows", $"{(folder.DatabaseBytes - database) / 1e6 / clock.Elapsed.TotalHours:F0} MB an hour");
        bars.Must("every batch answered", fleet.Failures == 0, $"{batches:N0} batches, {fleet.Failures} failures");
        return bars.Print();
    }
}
