using System;
using FeatureAlignment.Device.Platform;
using FeatureAlignment.Telemetry;

namespace FeatureAlignment.Device.Activities;

/// <summary>What the device does between its chores: it learns from files, or it watches its sensors. One piece of work at a
/// call.</summary>
internal interface IActivity : IDisposable
{
    /// <summary>What the light shows while it is at work.</summary>
    IndicatorState State { get; }

    /// <summary>Samples seen in the run: the step of every telemetry record.</summary>
    long SamplesSeen { get; }

    /// <summary>When there is work: at this time since the start, <see cref="TimeSpan.Zero"/> for now, <see cref="TimeSpan.MaxValue"/> for
    /// never.</summary>
    TimeSpan NextDue { get; }

    /// <summary>True when a checkpoint would hold anything that the last one does not.</summary>
    bool IsUnsaved { get; }

    /// <summary>True when the end of a layer or of the run should be saved now, whatever the period says.</summary>
    bool WantsCheckpoint { get; }

    /// <summary>True when a step that has just thrown an <see cref="System.IO.IOException"/> changed nothing, and can be done again or
    /// saved.</summary>
    bool CanRepeat { get; }

    /// <summary>True when there are pictures to report.</summary>
    bool HasImages { get; }

    /// <summary>Does one piece of work.</summary>
    void Step(in Moment now);

    /// <summary>Writes a checkpoint.</summary>
    void Save();

    /// <summary>Reports its ordinary figures.</summary>
    void Report(IReporter reporter, TimeSpan sinceLastReport);

    /// <summary>Reports a picture of what it reconstructs.</summary>
    /// <returns>False when there is none just now.</returns>
    bool TryReportImage(IReporter reporter);

    /// <summary>Puts its figures on the screen's model.</summary>
    void Show(Screen.ScreenModel model);

    /// <summary>Carries out a command of its own.</summary>
    /// <returns>What was done, or why it was not.</returns>
    CommandResult Execute(TelemetryCommand command, in Moment now);
}

/// <summary>A point in time, as the device knows it.</summary>
/// <param name="Uptime">Since the start; never goes back.</param>
/// <param name="UnixMilliseconds">UTC; 0 until it is known; may jump.</param>
internal readonly record struct Moment(TimeSpan Uptime, long UnixMilliseconds);

/// <summary>How a command ended.</summary>
/// <param name="IsDone">False when it was refused.</param>
/// <param name="Text">What was done, or what must hold and what to do.</param>
internal readonly record struct CommandResult(bool IsDone, string Text)
{
    public static CommandResult Done(string text) => new(true, text);

    public static CommandResult Refused(string text) => new(false, text);
}

/// <summary>Takes what is to be told; adds time, run and step.</summary>
internal interface IReporter
{
    void Point(string name, double value, int? layer = null);

    void Event(string kind, TelemetryPriority level, string text, TelemetryFields? data = null);

    void Image(string kind, int width, int height, ReadOnlySpan<float> input, ReadOnlySpan<float> output, int label, int predicted);
}
