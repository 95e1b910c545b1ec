using System;
using System.Collections.Generic;
using System.Diagnostics.Metrics;
using FeatureAlignment.Dashboard.Storage;
using FeatureAlignment.Telemetry;
using Microsoft.AspNetCore.Http;

namespace FeatureAlignment.Dashboard.Monitoring;

/// <summary>What the dashboard counts of itself. No device is named: a series for each of a thousand boards is no metric.</summary>
internal sealed class DashboardMetrics
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "FeatureAlignment.Dashboard";

    // Around what a wait for the disk takes, from a fast SSD to a disk that is about to fail.
    private static readonly InstrumentAdvice<double> CommitBuckets = new()
    {
        HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    };

    private readonly Meter meter;
    private readonly Counter<long> batches, points, repeated, refusals, quarantined, commands;
    private readonly Histogram<double> commits;

    public DashboardMetrics(IMeterFactory meters)
    {
        meter = meters.Create(MeterName);
        batches = meter.CreateCounter<long>("dashboard.batches", "{batch}", "Batches stored, and parts of batches that came in parts.");
        points = meter.CreateCounter<long>("dashboard.points", "{point}", "Points in the batches stored.");
        repeated = meter.CreateCounter<long>("dashboard.batches.repeated", "{batch}", "Batches that were stored already.");
        refusals = meter.CreateCounter<long>("dashboard.refusals", "{request}", "What a door refused, by door and reason.");
        quarantined = meter.CreateCounter<long>("dashboard.quarantined", "{item}", "Items of boards that could not be used.");
        commands = meter.CreateCounter<long>("dashboard.commands", "{command}", "Commands added, and those that a board did or refused.");
        commits = meter.CreateHistogram("dashboard.store.commit.duration", "s", "How long commits took.", tags: null, CommitBuckets);
    }

    /// <summary>Follows what the store does. Its writer calls what is attached here: it allocates nothing and does not wait.</summary>
    public void Observe(ITelemetryStore store)
    {
        store.Committed += CountBatch;
        store.CommitTimed += duration => commits.Record(duration.TotalSeconds);
        store.CommandAdded += _ => CountCommand("added");
        Observe("dashboard.store.queue", () => store.WaitingWrites, "{write}", "Writes that wait for a commit.");
    }

    /// <summary>Follows a number that somebody else keeps.</summary>
    public void Observe(string name, Func<int> read, string unit, string description) =>
        meter.CreateObservableUpDownCounter(name, read, unit, description);

    /// <summary>Follows numbers that somebody else keeps, told apart by a tag.</summary>
    public void Observe(string name, Func<IEnumerable<Measurement<int>>> read, string unit, string description) =>
        meter.CreateObservableUpDownCounter(name, read, unit, description);

    /// <summary>A batch came that was there already.</summary>
    public void CountRepeated() => repeated.Add(1);

    /// <summary>A door refused something.</summary>
    /// <param name="door">Which one: <c>batches</c>, <c>meadow_cloud</c>, <c>login</c>, <c>mqtt</c>, <c>live</c> or
    /// <c>connections</c>.</param>
    /// <param name="status">What HTTP calls it.</param>
    public void CountRefusal(string door, int status) =>
        refusals.Add(1, new KeyValuePair<string, object?>("door", door), new KeyValuePair<string, object?>("reason", Reason(status)));

    /// <summary>Items went into quarantine.</summary>
    public void CountQuarantined(int items)
    {
        if (items > 0)
        {
            quarantined.Add(items);
        }
    }

    internal void CountBatch(ReceivedBatch batch)
    {
        batches.Add(1);
        points.Add(batch.Content.Points.Count);
        IReadOnlyList<TelemetryEvent> events = batch.Content.Events;
        for (int i = 0; i < events.Count; i++)
        {
            if (events[i].Kind is EventKinds.CommandDone)
            {
                CountCommand("done");
            }
            else if (events[i].Kind is EventKinds.CommandRefused)
            {
                CountCommand("refused");
            }
        }
    }

    private void CountCommand(string outcome) => commands.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    private static string Reason(int status) => status switch
    {
        StatusCodes.Status401Unauthorized => "unauthorized",
        StatusCodes.Status403Forbidden => "forbidden",
        StatusCodes.Status404NotFound => "unknown_board",
        StatusCodes.Status413PayloadTooLarge => "too_large",
        StatusCodes.Status429TooManyRequests => "too_many",
        StatusCodes.Status503ServiceUnavailable => "unavailable",
        _ => "malformed",
    };
}
