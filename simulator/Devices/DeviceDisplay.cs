using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using FeatureAlignment.Simulation;
using FeatureAlignment.Simulator.Commands;
using FeatureAlignment.Simulator.Training;
using FeatureAlignment.Telemetry;
using Spectre.Console;

namespace FeatureAlignment.Simulator.Devices;

/// <summary>Shows a life while it goes on: a table redrawn in place on a terminal, lines anywhere else.</summary>
internal sealed class DeviceDisplay
{
    private const int Lines = 20;
    private const int NoticesShown = 8;
    private static readonly TimeSpan RedrawInterval = TimeSpan.FromMilliseconds(200);

    private readonly DeviceScenario scenario;
    private readonly SimulatedDevice device;
    private readonly DeviceObserver observer;
    private readonly TimeProvider time;
    private readonly Queue<string> notices = new();
    private long lastDrawn;
    private int linesWritten;

    private DeviceDisplay(DeviceScenario scenario, SimulatedDevice device, DeviceObserver observer, TimeProvider time)
    {
        this.scenario = scenario;
        this.device = device;
        this.observer = observer;
        this.time = time;
    }

    public static void Announce(CommandEnvironment environment, DeviceScenario scenario)
    {
        DeviceRequest request = scenario.Request;
        TextWriter output = environment.Output.Profile.Out.Writer;
        string memory = MemorySize.Format(request.MemoryBytes ?? request.Board.HeapBytes);
        output.WriteLine($"board     {request.Board.Name}, {memory} of memory, {scenario.Kernels.Name} kernels");
        output.WriteLine($"source    {request.Source}{(request.Limit is { } limit ? Text($", the first {limit:#,0} samples") : "")}");
        if (scenario.Plan is { } plan)
        {
            output.WriteLine($"plan      {plan.Reason}");
        }

        string[] ofMachine = [.. scenario.Machine?.Faults.Select(fault => Text($"{fault.Kind} from {Day(fault.Start)}")) ?? []];
        output.WriteLine(
            $"faults    {request.Faults ?? "none"}{(ofMachine.Length > 0 ? "; of the machine: " + string.Join(", ", ofMachine) : "")}");
        output.WriteLine($"folder    {request.Folder.Path}");
        if (scenario.History.ElapsedSeconds > 0)
        {
            output.WriteLine(Text($"The device goes on; it has lived {scenario.History.Elapsed.TotalHours:0.00} h."));
        }

        output.WriteLine();
    }

    /// <summary>Runs a life, and shows it.</summary>
    public static void Show(
        CommandEnvironment environment, DeviceScenario scenario, SimulatedDevice device, DeviceObserver observer, DeviceRun run,
        Action life)
    {
        DeviceDisplay display = new(scenario, device, observer, environment.Time);
        if (environment.IsLive)
        {
            environment.Output.Live(new Text("Starting …")).Start(context =>
            {
                observer.Noticed = display.Note;
                run.TimePassed = () => display.Redraw(context);
                life();
                context.UpdateTarget(display.Draw());
            });
            return;
        }

        TextWriter output = environment.Output.Profile.Out.Writer;
        observer.Noticed = text => output.WriteLine($"{Day(observer.Now)}  {text}");
        run.TimePassed = () => display.WriteLine(output);
        life();
    }

    /// <summary>Day and time of a life, the first day being 1.</summary>
    public static string Day(TimeSpan life) => Text($"day {life.Days + 1} {life.Hours:00}:{life.Minutes:00}");

    /// <summary>A line each twentieth of the samples, or of the time where nobody knows how many there will be.</summary>
    private void WriteLine(TextWriter output)
    {
        double done = scenario.TotalSamples is { } total ? (double)observer.Samples / total : device.World.Now / scenario.Duration;
        if (done * Lines < linesWritten + 1)
        {
            return;
        }

        linesWritten = (int)(done * Lines);
        IEnumerable<string> fields = Fields().Where(field => field.IsBrief).Select(field => $"{field.Name} {field.Value}");
        output.WriteLine(string.Join("  ", [Day(observer.Now), .. fields]));
    }

    private void Note(string text)
    {
        notices.Enqueue($"{Day(observer.Now)}  {text}");
        if (notices.Count > NoticesShown)
        {
            notices.Dequeue();
        }
    }

    private void Redraw(LiveDisplayContext context)
    {
        if (time.GetElapsedTime(lastDrawn) >= RedrawInterval)
        {
            lastDrawn = time.GetTimestamp();
            context.UpdateTarget(Draw());
        }
    }

    private Rows Draw()
    {
        Grid grid = new Grid().AddColumns(2);
        grid.AddRow(new Text("time"), new Text(Day(observer.Now)));
        foreach ((string name, string value, _) in Fields())
        {
            grid.AddRow(new Text(name), new Text(value));
        }

        return new Rows(grid, new Rows(notices.Select(notice => new Text(notice))));
    }

    private IEnumerable<(string Name, string Value, bool IsBrief)> Fields()
    {
        yield return ("state", device.Light.ToString().ToLowerInvariant(), true);
        yield return ("samples", Text($"{observer.Samples:#,0}"), true);
        foreach (int layer in Enumerable.Range(0, observer.LayersSeen))
        {
            yield return ($"loss {layer + 1}", Losses(layer), layer == 0);
        }

        if (observer.Accuracy is { } accuracy)
        {
            yield return ("accuracy", Text($"{100 * accuracy:0.00} %"), true);
        }

        if (!scenario.Request.IsFiles)
        {
            yield return ("Q", Against(MetricNames.AnomalyQ, MetricNames.AnomalyThresholdQ), true);
            yield return ("T²", Against(MetricNames.AnomalyT2, MetricNames.AnomalyThresholdT2), true);
            yield return ("z", Against("z_score", "z_score_threshold"), true);
            yield return ("alarms", Text($"{observer.Alarms.Count}, {observer.Alarms.Count(alarm => alarm.IsFalse)} false"), true);
            yield return ("truth", observer.Truth() is { Length: > 0 } truth ? truth : "nothing is wrong", true);
        }

        yield return ("starts", Text($"{device.Starts}, {device.PowerCuts} power cuts"), device.Starts > 1);
        yield return (
            "sent", Text($"{observer.Records:#,0} records in {observer.Batches:#,0} batches, {observer.Dropped:#,0} dropped"), false);
        double spool = observer.Value(MetricNames.SpoolBytes);
        yield return ("spool", double.IsNaN(spool) ? "–" : MemorySize.Format((long)spool), false);
        yield return ("written", Written(), false);
        yield return ("memory", $"{MemorySize.Format(device.PeakMemoryBytes)} at its peak", false);
    }

    private string Written()
    {
        string flash = Text($"{MemorySize.Format(device.Flash.Wear.BytesWritten)} to flash, {device.Flash.Wear.Erases:#,0} blocks erased");
        return device.Card is null ? flash : $"{flash}; {MemorySize.Format(device.Card.Wear.BytesWritten)} to the card";
    }

    private string Losses(int layer)
    {
        double alignment = observer.Value(MetricNames.AlignmentLoss, layer), label = observer.Value(MetricNames.LabelLoss, layer);
        return double.IsNaN(label) ? Number(alignment) : $"{Number(alignment)}, label {Number(label)}";
    }

    private string Against(string value, string threshold) => $"{Number(observer.Value(value))} of {Number(observer.Value(threshold))}";

    private static string Number(double value) => double.IsNaN(value) ? "–" : Text($"{value:0.000}");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
