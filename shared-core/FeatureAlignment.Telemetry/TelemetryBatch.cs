using System;
using System.Collections.Generic;
using System.Linq;

namespace FeatureAlignment.Telemetry;

/// <summary>What a device sends at once; schema 1. Together with a <see cref="BatchHeader"/> it is one request.</summary>
public sealed class TelemetryBatch : IEquatable<TelemetryBatch>
{
    /// <summary>Version of the schema that this code writes and reads.</summary>
    public const int CurrentSchema = 1;

    /// <summary>
    /// Creates a batch; the lists are copied, null is an empty one. Limits are checked by <see cref="TelemetryLimits.Check"/>, not
    /// here.
    /// </summary>
    /// <param name="run">Id of the run, 1 to 64 of A-Z, a-z, 0-9, _, . and -.</param>
    /// <param name="app">Version of the application, of the same characters.</param>
    /// <param name="points">Values of series.</param>
    /// <param name="images">Pictures.</param>
    /// <param name="events">Events.</param>
    /// <param name="logs">Lines of the log.</param>
    /// <param name="runSettings">Flat texts, numbers and arrays of numbers, sent once in a run; null when not in this batch.</param>
    /// <exception cref="ArgumentException">An id has another form, or a list holds null.</exception>
    public TelemetryBatch(
        string run, string app, IEnumerable<TelemetryPoint>? points = null, IEnumerable<TelemetryImage>? images = null,
        IEnumerable<TelemetryEvent>? events = null, IEnumerable<TelemetryLog>? logs = null, TelemetryFields? runSettings = null)
    {
        Run = TelemetryNames.RequireKey(run, nameof(run));
        App = TelemetryNames.RequireKey(app, nameof(app));
        Points = Copy(points, nameof(points));
        Images = Copy(images, nameof(images));
        Events = Copy(events, nameof(events));
        Logs = Copy(logs, nameof(logs));
        RunSettings = runSettings is null ? null : TelemetryFields.Take(runSettings, allowBooleans: false, nameof(runSettings));
    }

    /// <summary>Id of the run.</summary>
    public string Run { get; }

    /// <summary>Version of the application.</summary>
    public string App { get; }

    /// <summary>Values of series.</summary>
    public IReadOnlyList<TelemetryPoint> Points { get; }

    /// <summary>Pictures.</summary>
    public IReadOnlyList<TelemetryImage> Images { get; }

    /// <summary>Events.</summary>
    public IReadOnlyList<TelemetryEvent> Events { get; }

    /// <summary>Lines of the log.</summary>
    public IReadOnlyList<TelemetryLog> Logs { get; }

    /// <summary>The run's settings; null when not in this batch.</summary>
    public TelemetryFields? RunSettings { get; }

    /// <inheritdoc/>
    public bool Equals(TelemetryBatch? other) => other is not null && Run == other.Run && App == other.App
        && Points.SequenceEqual(other.Points) && Images.SequenceEqual(other.Images) && Events.SequenceEqual(other.Events)
        && Logs.SequenceEqual(other.Logs) && Equals(RunSettings, other.RunSettings);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as TelemetryBatch);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Run, App, Points.Count, Images.Count, Events.Count, Logs.Count);

    private static T[] Copy<T>(IEnumerable<T>? records, string name) where T : class
    {
        T[] copy = records?.ToArray() ?? [];
        int place = Array.IndexOf(copy, null);
        return place < 0 ? copy : throw new ArgumentException($"{name} must hold no null; place {place} does.", name);
    }
}
