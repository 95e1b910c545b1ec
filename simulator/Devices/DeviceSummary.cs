using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using FeatureAlignment.Simulator.Training;
using Spectre.Console;

namespace FeatureAlignment.Simulator.Devices;

/// <summary>What a simulated life prints at its end.</summary>
internal static class DeviceSummary
{
    public static void Write(IAnsiConsole console, DeviceResult result, DeviceScenario scenario)
    {
        console.WriteLine();
        if (result.Alarms.Count > 0)
        {
            console.Write(Alarms(result));
        }

        // Paths and reasons can be longer than the console is wide; broken over lines they could not be copied.
        TextWriter output = console.Profile.Out.Writer;
        foreach ((string name, string value) in Figures(result))
        {
            output.WriteLine($"{name,-10}{value}");
        }

        output.WriteLine(Next(result, scenario));
    }

    private static Table Alarms(DeviceResult result)
    {
        Table table = new Table().RoundedBorder();
        foreach (string heading in (string[])["raised", "over", "the device", "the truth"])
        {
            table.AddColumn(heading);
        }

        foreach (DeviceAlarm alarm in result.Alarms)
        {
            table.AddRow(
                new Text(DeviceDisplay.Day(TimeSpan.FromHours(alarm.StartHours))),
                new Text(alarm.EndHours is { } end ? DeviceDisplay.Day(TimeSpan.FromHours(end)) : "–"),
                new Text(alarm.Text),
                new Text(alarm.Truth.Length > 0 ? alarm.Truth : "nothing is wrong"));
        }

        return table;
    }

    private static IEnumerable<(string Name, string Value)> Figures(DeviceResult result)
    {
        yield return (
            "lived",
            Text($"{result.SimulatedHours:0.0} h in {result.RealSeconds:0.0} s; {result.Starts} starts, {result.PowerCuts} power cuts"));
        yield return ("samples", Text($"{result.Samples:#,0}"));
        if (result.TestAccuracy is { } accuracy)
        {
            yield return ("accuracy", Text($"{100 * accuracy:0.00} % on the test samples"));
        }

        if (result.WeightsSha256 is { } digest)
        {
            yield return ("weights", digest);
        }

        yield return (
            "memory", $"{MemorySize.Format(result.PeakMemoryBytes)} at its peak, of {MemorySize.Format(result.MemoryCeilingBytes)}");
        yield return ("flash", Text($"{MemorySize.Format(result.FlashWrittenBytes)} written, {result.FlashErases:#,0} blocks erased"));
        if (result.CardWrittenBytes is > 0 and { } card)
        {
            yield return (
                "card",
                Text($"{MemorySize.Format(card)} written, of that {result.CardRowBytes:#,0} bytes of rows; ")
                    + Text($"the plan said {result.PlannedWrittenBytes:#,0}"));
        }

        yield return (
            "uplink", Text($"{result.RecordsSent:#,0} records in {result.BatchesSent:#,0} batches, {result.RecordsDropped:#,0} dropped"));
        if (result.UplinkFailures + result.Violations > 0)
        {
            yield return ("", Text($"{result.UplinkFailures} requests failed, {result.Violations} batches broke the contract"));
        }

        yield return ("watchdog", Text($"fed every {result.LongestUnfedSeconds:0.0} s at the latest"));
    }

    private static string Next(DeviceResult result, DeviceScenario scenario)
    {
        string folder = scenario.Request.Folder.Path;
        string quoted = folder.Contains(' ', StringComparison.Ordinal) ? $"\"{folder}\"" : folder;
        return result.End switch
        {
            "fault" => $"The device needs a person: {result.Fault}",
            "finished" => $"Try next:  simulator export --board {quoted} --to-run RUN",
            _ => $"It goes on with:  simulator device --source {result.Source} --board {result.Board} --folder {quoted}",
        };
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
