using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using FeatureAlignment.Dashboard.Layout;
using FeatureAlignment.Dashboard.Storage;
using FeatureAlignment.Telemetry;

namespace FeatureAlignment.Dashboard.Runs;

/// <summary>Series that are drawn in one chart: a metric of all layers, an anomaly score with its threshold.</summary>
/// <param name="Key">Names the chart on its page.</param>
/// <param name="Title">Its heading.</param>
/// <param name="Unit">Unit of the values; null when it is not known.</param>
/// <param name="Series">What it shows.</param>
public sealed record ChartGroup(string Key, string Title, string? Unit, IReadOnlyList<SeriesRecord> Series)
{
    private const string ZScore = "z_score";
    private const string StorageFree = "storage_free";

    private static readonly string[] First =
    [
        MetricNames.AlignmentLoss, MetricNames.LabelLoss, MetricNames.Accuracy, MetricNames.AnomalyQ, MetricNames.AnomalyT2, ZScore,
        MetricNames.SamplesPerSecond,
        MetricNames.LearningRate, MetricNames.DeadNeurons,
    ];

    private static readonly HashSet<string> Health =
    [
        MetricNames.SamplesPerSecond, MetricNames.MemoryUsed, MetricNames.MemoryFree, MetricNames.MemoryLargestBlock,
        MetricNames.StorageUsed, MetricNames.StorageWritten, StorageFree,
        MetricNames.SpoolBytes, MetricNames.SpoolDropped, MetricNames.RecordsDropped, MetricNames.Restarts, MetricNames.Temperature,
        MetricNames.Uptime, MetricNames.Queue,
    ];

    /// <summary>Charts of a run: what it learns, then all else but the health of the board, the important ones first.</summary>
    public static IReadOnlyList<ChartGroup> OfLearning(IEnumerable<SeriesRecord> series) =>
        Group(series.Where(one => one.Name == MetricNames.SamplesPerSecond || !Health.Contains(one.Name)));

    /// <summary>Charts of a board's health.</summary>
    public static IReadOnlyList<ChartGroup> OfHealth(IEnumerable<SeriesRecord> series) =>
        Group(series.Where(one => Health.Contains(one.Name)));

    /// <summary>How a series is called in addresses: <c>0.alignment_loss</c>, <c>accuracy</c>.</summary>
    public static string NameOf(SeriesRecord series) =>
        series.Layer is int layer ? string.Create(CultureInfo.InvariantCulture, $"{layer}.{series.Name}") : series.Name;

    /// <summary>The opposite of <see cref="NameOf"/>.</summary>
    public static bool TryParse(string text, out int? layer, out string name)
    {
        int dot = text.IndexOf('.', StringComparison.Ordinal);
        bool hasLayer = int.TryParse(text.AsSpan(0, Math.Max(dot, 0)), NumberStyles.None, CultureInfo.InvariantCulture, out int index);
        layer = hasLayer ? index : null;
        name = text[(dot + 1)..];
        return hasLayer == dot >= 0 && TelemetryNames.IsName(name);
    }

    /// <summary>What the legend calls a series of this chart.</summary>
    public string LabelOf(SeriesRecord series) => Key is MetricNames.AnomalyQ or MetricNames.AnomalyT2 or ZScore
        ? series.Name == Key ? "Score" : "Threshold"
        : Series.Select(one => one.Name).Distinct().Count() > 1
        ? series.Layer is null ? Format.Title(series.Name) : $"{Format.Title(series.Name)}, layer {series.Layer}"
        : Series.Count == 1 && series.Layer is null ? Title
        : Format.Layer(series.Layer);

    private static IReadOnlyList<ChartGroup> Group(IEnumerable<SeriesRecord> series) =>
    [
        .. series.GroupBy(one => one.Name switch
        {
            MetricNames.AnomalyThresholdQ => MetricNames.AnomalyQ,
            MetricNames.AnomalyThresholdT2 => MetricNames.AnomalyT2,
            "z_score_threshold" => ZScore,
            string name => name,
        })
        .OrderBy(group => Array.IndexOf(First, group.Key) is >= 0 and int place ? place : First.Length)
        .ThenBy(group => group.Key, StringComparer.Ordinal)
        .Select(group => new ChartGroup(group.Key, TitleOf(group.Key), UnitOf(group.Key), [.. group])),
    ];

    /// <summary>The unit that values of a metric are shown in; null for one that is not known.</summary>
    public static string? UnitOf(string name) => name switch
    {
        StorageFree => "bytes",
        MetricNames.Accuracy => "%",
        _ => MetricNames.UnitOf(name),
    };

    private static string TitleOf(string name) => name switch
    {
        MetricNames.AnomalyQ => "Anomaly score Q",
        MetricNames.AnomalyT2 => "Anomaly score T²",
        _ => Format.Title(name),
    };
}
