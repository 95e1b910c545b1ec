using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using Spectre.Console;

namespace FeatureAlignment.Simulator.Benchmarks;

/// <summary>What <c>bench</c> prints.</summary>
internal static class BenchTables
{
    private static readonly string[] Numbers = ["batch", "threads", "samples/s", "from – to", "GFLOP/s", "of peak", "of memory", "B/step"];

    public static void Write(IAnsiConsole console, BenchResult result)
    {
        foreach (MachineFigures machine in result.Machine)
        {
            console.Profile.Out.Writer.WriteLine(Text(
                $"Peak of {Threads(machine.Threads)}: {machine.PeakGigaflops.Median:0.0} GFLOP/s ({machine.PeakGigaflops.Smallest:0.0} – ")
                + Text($"{machine.PeakGigaflops.Largest:0.0}) of fused multiply-adds, {result.VectorBits} bits wide; memory: ")
                + Text($"{machine.BandwidthGigabytes.Median:0.0} GB/s ({machine.BandwidthGigabytes.Smallest:0.0} – ")
                + Text($"{machine.BandwidthGigabytes.Largest:0.0})."));
        }

        string[] rules = ["alignment", "backpropagation", "inference"];
        foreach (string rule in rules)
        {
            console.Write(Rows(rule, result.Rows.Where(row => row.Rule == rule)));
        }

        console.Write(RuleRatios(result.AlignmentOverBackpropagation));
        if (result.AllThreadsOverOne.Count > 0)
        {
            console.Write(ThreadRatios(result.AllThreadsOverOne));
        }

        TextWriter output = console.Profile.Out.Writer;
        output.WriteLine(Text($"Medians of {result.Rounds} rounds; shares and ratios are taken within each round."));
        output.WriteLine("Products counted: alignment 5·I·O + 3·K·O a layer and sample, backpropagation 3·I·O (first layer 2),");
        output.WriteLine("inference forward, back and decoded. Of memory: weights and optimizer state, moved as little as possible;");
        output.WriteLine("above 100 % they stayed in caches.");
    }

    private static Table Rows(string rule, IEnumerable<BenchRow> rows)
    {
        Table table = NewTable(rule == "inference" ? "Inference" : $"Training, {rule}", "net", Numbers);
        foreach (BenchRow row in rows)
        {
            table.AddRow(
                [
                    Markup.Escape(row.Name),
                    Text($"{row.Batch}"),
                    Text($"{row.Threads}"),
                    Text($"{row.SamplesPerSecond.Median:#,0}"),
                    Text($"{row.SamplesPerSecond.Smallest:#,0} – {row.SamplesPerSecond.Largest:#,0}"),
                    Text($"{row.Gigaflops.Median:0.0}"),
                    Text($"{100 * row.ShareOfPeak:0} %"),
                    row.ShareOfBandwidth is { } share ? Text($"{100 * share:0} %") : "–",
                    Text($"{row.AllocatedBytesPerStep:#,0}"),
                ]);
        }

        return table;
    }

    private static Table RuleRatios(IEnumerable<RuleRatio> ratios)
    {
        Table table = NewTable(
            "Alignment over backpropagation, time per sample", "net", ["batch", "threads", "time", "from – to", "products"]);
        foreach (RuleRatio ratio in ratios)
        {
            table.AddRow(
                Markup.Escape(ratio.Name), Text($"{ratio.Batch}"), Text($"{ratio.Threads}"), Text($"{ratio.TimePerSample.Median:0.00} ×"),
                Text($"{ratio.TimePerSample.Smallest:0.00} – {ratio.TimePerSample.Largest:0.00}"), Text($"{ratio.Products:0.00} ×"));
        }

        return table;
    }

    private static Table ThreadRatios(IEnumerable<ThreadRatio> ratios)
    {
        Table table = NewTable("All threads over one, samples/s", "net", ["batch", "threads", "speed", "from – to"]);
        foreach (ThreadRatio ratio in ratios)
        {
            table.AddRow(
                Markup.Escape($"{ratio.Name}, {ratio.Rule}"), Text($"{ratio.Batch}"), Text($"{ratio.Threads}"),
                Text($"{ratio.Speed.Median:0.00} ×"), Text($"{ratio.Speed.Smallest:0.00} – {ratio.Speed.Largest:0.00}"));
        }

        return table;
    }

    private static Table NewTable(string title, string first, IEnumerable<string> numbers)
    {
        Table table = new Table().RoundedBorder().Title(title).AddColumn(first);
        foreach (string heading in numbers)
        {
            table.AddColumn(heading, column => column.RightAligned().NoWrap());
        }

        return table;
    }

    private static string Threads(int count) => count == 1 ? "1 thread" : Text($"{count} threads");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
