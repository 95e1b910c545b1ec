using System.Collections.Generic;
using System.Linq;
using FeatureAlignment.Dashboard.Layout;
using FeatureAlignment.Dashboard.Storage;
using FeatureAlignment.Telemetry;

namespace FeatureAlignment.Dashboard.Runs;

/// <summary>What explains the curves of a run: events, and times when nothing could come.</summary>
/// <param name="Marks">Events, newest first.</param>
/// <param name="Offline">Starts and ends in Unix milliseconds; one that lasts has no end.</param>
internal sealed record RunAnnotations(IReadOnlyList<RunMark> Marks, IReadOnlyList<long?[]> Offline)
{
    private static readonly string[] Kinds =
    [
        EventKinds.NonFiniteLoss, EventKinds.AnomalyStart, EventKinds.AnomalyEnd, EventKinds.LayerFinished, EventKinds.CheckpointRecovered,
    ];

    public static RunAnnotations Of(IEnumerable<EventRecord> events, IReadOnlyList<ConnectionRecord> connections) => new(
        [.. events.Where(one => Kinds.Contains(one.Content.Kind)).Select(RunMark.Of)],
        [.. OfflineTimes.Of(connections).Select(time => new[] { time.From, time.To })]);
}

/// <summary>An event on a chart.</summary>
/// <param name="T">Unix milliseconds.</param>
/// <param name="Step">Samples seen in the run.</param>
/// <param name="Kind">What people read.</param>
internal sealed record RunMark(long T, long Step, string Kind)
{
    public static RunMark Of(EventRecord one) => new(one.Time, one.Content.Step, Format.Title(one.Content.Kind));
}
