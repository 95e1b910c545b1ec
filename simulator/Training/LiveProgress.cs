using System;
using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace FeatureAlignment.Simulator.Training;

/// <summary>A bar over the whole run and the numbers of the moment, redrawn in place.</summary>
internal sealed class LiveProgress : IProgress<ProgressSnapshot>
{
    private const int BarWidth = 40;

    // Reports come with every batch, thousands a second; drawing each would cost more than the training.
    private static readonly TimeSpan RedrawInterval = TimeSpan.FromMilliseconds(100);

    private readonly LiveDisplayContext display;
    private readonly TimeProvider time;
    private long? lastDrawn;

    private LiveProgress(LiveDisplayContext display, TimeProvider time)
    {
        this.display = display;
        this.time = time;
    }

    public static T Show<T>(IAnsiConsole console, TimeProvider time, Func<IProgress<ProgressSnapshot>, T> training) =>
        console.Live(new Text("Starting …")).Start(display => training(new LiveProgress(display, time)));

    public void Report(ProgressSnapshot value)
    {
        bool isLast = value.SamplesSeen == value.TotalSamples;
        if (lastDrawn is { } drawn && time.GetElapsedTime(drawn) < RedrawInterval && !isLast)
        {
            return;
        }

        lastDrawn = time.GetTimestamp();
        display.UpdateTarget(Draw(value));
    }

    /// <summary>One row per layer below the bar; the layer in training is marked.</summary>
    internal static IRenderable Draw(ProgressSnapshot snapshot)
    {
        int done = (int)(snapshot.Fraction * BarWidth);
        Grid numbers = new Grid().AddColumns(2);
        for (int layerIndex = 0; layerIndex < snapshot.LayerLosses.Count; layerIndex++)
        {
            float loss = snapshot.LayerLosses[layerIndex];
            string marker = snapshot.LayerNumber == layerIndex + 1 ? " ←" : "";
            numbers.AddRow(Line($"layer {layerIndex + 1}"), float.IsNaN(loss) ? Line($"–") : Line($"loss {loss:0.0000}{marker}"));
        }

        if (snapshot.Accuracy is { } accuracy)
        {
            numbers.AddRow(Line($"accuracy"), Line($"{100 * accuracy:0.00} %"));
        }

        string left = TrainingDisplay.Text(snapshot.Left);
        return new Rows(
            Line($"epoch {snapshot.EpochNumber}/{snapshot.Epochs}   {snapshot.SamplesPerSecond:#,0} samples/s   {left} left"),
            new Markup(string.Create(
                CultureInfo.InvariantCulture,
                $"[green]{new string('━', done)}[/][grey]{new string('━', BarWidth - done)}[/] {100 * snapshot.Fraction:0} %")),
            numbers);
    }

    private static Text Line(FormattableString text) => new(text.ToString(CultureInfo.InvariantCulture));
}
