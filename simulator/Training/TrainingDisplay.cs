using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using FeatureAlignment.Simulator.Commands;

namespace FeatureAlignment.Simulator.Training;

/// <summary>Shows a training while it runs: redrawn in place on a terminal, line by line anywhere else.</summary>
internal static class TrainingDisplay
{
    /// <summary>Runs the training, which reports its progress as often as it likes; from one thread at a time.</summary>
    /// <returns>What the training returns.</returns>
    public static T Show<T>(CommandEnvironment environment, Func<IProgress<ProgressSnapshot>, T> training) =>
        environment.IsLive
            ? LiveProgress.Show(environment.Output, environment.Time, training)
            : training(new PlainProgress(environment.Output.Profile.Out.Writer));

    /// <summary>Hours only when there are any: 00:35, 1:02:03.</summary>
    public static string Text(TimeSpan left) =>
        left.ToString(left.TotalHours >= 1 ? @"h\:mm\:ss" : @"mm\:ss", CultureInfo.InvariantCulture);
}

/// <summary>One line each 5 % of the run and at the end of each epoch, as fields that can be searched for.</summary>
internal sealed class PlainProgress(TextWriter output) : IProgress<ProgressSnapshot>
{
    private const int Intervals = 20;

    private int lastInterval;

    public void Report(ProgressSnapshot value)
    {
        int interval = (int)(value.Fraction * Intervals);
        if (interval == lastInterval && !value.IsEpochEnd)
        {
            return;
        }

        lastInterval = interval;
        output.WriteLine(string.Join("  ", Fields(value)));
    }

    private static IEnumerable<string> Fields(ProgressSnapshot snapshot)
    {
        if (snapshot.LayerNumber is { } layerNumber)
        {
            yield return Field($"layer {layerNumber}/{snapshot.LayerLosses.Count}");
        }

        yield return Field($"epoch {snapshot.EpochNumber}/{snapshot.Epochs}");
        yield return Field($"samples {snapshot.SamplesSeen}");
        yield return "loss " + string.Join(' ', snapshot.LayerLosses.Select(loss => float.IsNaN(loss) ? "-" : Field($"{loss:0.0000}")));
        if (snapshot.Accuracy is { } accuracy)
        {
            yield return Field($"accuracy {accuracy:0.0000}");
        }

        yield return Field($"{snapshot.SamplesPerSecond:#,0} samples/s");
        yield return $"left {TrainingDisplay.Text(snapshot.Left)}";
    }

    private static string Field(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
