using System;
using System.Collections.Generic;
using FeatureAlignment.Telemetry;

namespace FeatureAlignment.Device.Reporting;

/// <summary>
/// Takes down what the application has to say, and makes batches of it: few, small enough, and of one priority each, so that a full
/// spool can tell what matters. What exceeds a limit of the contract is cut or left out, and counted; nothing non-finite gets through.
/// </summary>
/// <remarks>
/// Points are reported once a period and series: losses, anomaly scores and speeds by their mean, all others by the newest value.
/// </remarks>
public sealed class TelemetryRecorder
{
    private const long LatestMilliseconds = 253_402_300_799_999; // end of the year 9999, the last that the contract knows

    private readonly TelemetrySpool spool;
    private readonly string app;
    private readonly BatchSchedule schedule;
    private readonly BatchEncoder encoder = new();
    private readonly PendingBatch[] pending = { new(), new(), new() };
    private readonly Dictionary<(int? Layer, string Name), PointSeries> series = new();
    private string run;
    private TimeSpan uptime;
    private TimeSpan reportPeriod;
    private TimeSpan periodEnd;
    private long unixMilliseconds;
    private long step;
    private int nonFiniteValues;
    private (int? Layer, string Name) firstNonFinite;

    /// <summary>Creates a recorder.</summary>
    /// <param name="spool">Where batches go; the recorder lets its time pass.</param>
    /// <param name="run">Name of the run, 1 to 64 of A-Z, a-z, 0-9, _, . and -.</param>
    /// <param name="app">Version of the application, of the same characters.</param>
    /// <param name="reportPeriod">Time between two values of a series; greater than 0.</param>
    /// <exception cref="ArgumentException">A name has another form, or the period is not greater than 0.</exception>
    public TelemetryRecorder(TelemetrySpool spool, string run, string app, TimeSpan reportPeriod)
    {
        ArgumentChecks.NotNull(spool, nameof(spool));
        if (reportPeriod <= TimeSpan.Zero)
        {
            throw new ArgumentOutOfRangeException(
                nameof(reportPeriod), $"Time between two reports must be greater than 0; was {reportPeriod}.");
        }

        this.spool = spool;
        this.run = RequireKey(run, nameof(run));
        this.app = RequireKey(app, nameof(app));
        this.reportPeriod = reportPeriod;
        schedule = new BatchSchedule(reportPeriod);
        periodEnd = reportPeriod;
    }

    /// <summary>Time between two values of a series; another one holds from the last report on.</summary>
    public TimeSpan ReportPeriod
    {
        get => reportPeriod;
        set
        {
            periodEnd += value - reportPeriod;
            reportPeriod = value;
            schedule.ReportPeriod = value;
        }
    }

    /// <summary>Lines of the log below this level are not taken down.</summary>
    public TelemetryLogLevel LeastLogLevel { get; set; } = TelemetryLogLevel.Information;

    /// <summary>Records, and fields of data, that were left out because of a limit or because they were not finite.</summary>
    public long RecordsDropped { get; private set; }

    /// <summary>Sets the present, in which all is recorded until the next call; makes batches of what is due.</summary>
    /// <param name="uptime">Time since the device started; never goes back.</param>
    /// <param name="unixMilliseconds">Time of the device's clock; 0 when it is not set.</param>
    /// <param name="step">Samples seen in the run, 0 or more.</param>
    public void Advance(TimeSpan uptime, long unixMilliseconds, long step)
    {
        this.uptime = uptime;
        this.unixMilliseconds = unixMilliseconds is < 0 or > LatestMilliseconds ? 0 : unixMilliseconds;
        this.step = step;
        if (uptime >= periodEnd)
        {
            periodEnd = uptime + ReportPeriod;
            EndPeriod();
        }

        for (TelemetryPriority priority = TelemetryPriority.High; priority >= TelemetryPriority.Low; priority--)
        {
            if (!pending[(int)priority].IsEmpty && schedule.MayClose(priority, uptime))
            {
                schedule.Closed(priority, uptime);
                Close(priority);
            }
        }

        spool.Advance(uptime);
    }

    /// <summary>Takes down a value of a series. Allocates nothing once the series is known.</summary>
    /// <param name="layer">Index of the layer, from 0; null for the whole network or the device.</param>
    /// <param name="name">Such as one of <see cref="MetricNames"/>, 1 to 64 of a-z, 0-9 and _.</param>
    /// <param name="value">The value; one that is not finite is left out, and an event tells so.</param>
    /// <exception cref="ArgumentException">The name has another form.</exception>
    public void Point(int? layer, string name, double value)
    {
        if (double.IsNaN(value) || double.IsInfinity(value))
        {
            firstNonFinite = nonFiniteValues++ == 0 ? (layer, name) : firstNonFinite;
            RecordsDropped++;
            return;
        }

        if (!series.TryGetValue((layer, name), out PointSeries? one))
        {
            if (!TelemetryNames.IsName(name))
            {
                throw new ArgumentException($"Name of a series must be 1 to 64 of a-z, 0-9 and _; was '{name}'.", nameof(name));
            }

            if (series.Count == TelemetryLimits.Series)
            {
                RecordsDropped++;
                return;
            }

            series[(layer, name)] = one = new PointSeries(layer, name);
        }

        one.Add(value);
    }

    /// <summary>Takes down an event.</summary>
    /// <param name="kind">Such as one of <see cref="EventKinds"/>, 1 to 64 of a-z, 0-9 and _.</param>
    /// <param name="level">How much it matters that it arrives.</param>
    /// <param name="text">A sentence for people; cut at 512 characters.</param>
    /// <param name="data">Texts, numbers, arrays of at most 400 numbers; longer arrays are left out.</param>
    /// <exception cref="ArgumentException">The kind has another form.</exception>
    public void Event(string kind, TelemetryPriority level, string text, TelemetryFields? data = null) =>
        Count(pending[(int)level].TryAdd(new TelemetryEvent(
            unixMilliseconds, step, kind, level, TelemetryText.Clean(text, TelemetryLimits.TextLength), WithinLimits(data))));

    /// <summary>Takes down a picture and what came back of it; one of more than 64 x 64 pixels is left out.</summary>
    /// <param name="layer">Index of the layer, from 0; null for the whole network.</param>
    /// <param name="kind">Such as <c>reconstruction</c>.</param>
    /// <param name="width">Pixels in a row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="input">[height x width] grey values, row by row, 0 black; copied.</param>
    /// <param name="output">The same of what came back.</param>
    /// <param name="label">True class; null when unknown.</param>
    /// <param name="predicted">Class that the network says; null when it says none.</param>
    public void Image(
        int? layer, string kind, int width, int height, ReadOnlySpan<byte> input, ReadOnlySpan<byte> output,
        int? label = null, int? predicted = null) =>
        Count(width <= TelemetryLimits.ImageSide && height <= TelemetryLimits.ImageSide
            && pending[(int)TelemetryPriority.Low].TryAdd(
                new TelemetryImage(unixMilliseconds, step, layer, kind, width, height, input, output, label, predicted)));

    /// <summary>Takes down a line of the log; one that is repeated before it is sent is sent once, with the number of times.</summary>
    /// <param name="level">How bad it is.</param>
    /// <param name="text">The line; cut at 512 characters.</param>
    public void Log(TelemetryLogLevel level, string text)
    {
        if (level < LeastLogLevel)
        {
            return;
        }

        var log = new TelemetryLog(unixMilliseconds, level, TelemetryText.Clean(text, TelemetryLimits.TextLength));
        Count(pending[(int)TelemetryLevels.PriorityOf(log)].TryAdd(log));
    }

    /// <summary>Takes down the settings of the run, which is done once in it.</summary>
    /// <param name="settings">Texts and numbers.</param>
    public void RunSettings(TelemetryFields settings)
    {
        ArgumentChecks.NotNull(settings, nameof(settings));
        pending[(int)TelemetryPriority.High].RunSettings = WithinLimits(settings);
    }

    /// <summary>Ends the run: what was recorded goes out under its name, what follows under another.</summary>
    /// <param name="run">Name of the next run, of the same form.</param>
    public void BeginRun(string run)
    {
        RequireKey(run, nameof(run));
        CloseAll();
        series.Clear();
        this.run = run;
    }

    /// <summary>Makes batches of everything, due or not, and makes them durable: before a stop.</summary>
    /// <returns>True when everything that waits is durable.</returns>
    public bool Flush()
    {
        CloseAll();
        return spool.Flush();
    }

    private void CloseAll()
    {
        EndPeriod();
        for (TelemetryPriority priority = TelemetryPriority.High; priority >= TelemetryPriority.Low; priority--)
        {
            if (!pending[(int)priority].IsEmpty)
            {
                Close(priority);
            }
        }
    }

    private void Close(TelemetryPriority priority) =>
        RecordsDropped += encoder.AddTo(spool, priority, pending[(int)priority].Take(run, app));

    private void EndPeriod()
    {
        foreach (PointSeries one in series.Values)
        {
            if (one.HasValue)
            {
                Count(pending[(int)TelemetryPriority.Normal].TryAdd(one.Take(unixMilliseconds, step)));
            }
        }

        if (nonFiniteValues > 0)
        {
            string name = firstNonFinite.Layer is int layer ? $"{layer}.{firstNonFinite.Name}" : firstNonFinite.Name;
            string text = $"Values must be finite to be reported; {nonFiniteValues} were not and are left out, the first of {name}.";
            var data = new TelemetryFields { { "series", name }, { "count", nonFiniteValues } };
            Event(EventKinds.NonFiniteLoss, TelemetryPriority.Normal, text, data);
            nonFiniteValues = 0;
        }
    }

    private void Count(bool isTaken) => RecordsDropped += isTaken ? 0 : 1;

    private TelemetryFields? WithinLimits(TelemetryFields? fields)
    {
        if (fields is null)
        {
            return null;
        }

        var within = new TelemetryFields();
        foreach (KeyValuePair<string, TelemetryValue> field in fields)
        {
            if (field.Value.Kind == TelemetryValueKind.Text)
            {
                within.Add(field.Key, TelemetryText.Clean(field.Value.Text, TelemetryLimits.TextLength));
            }
            else if (field.Value.Kind == TelemetryValueKind.Numbers && field.Value.Numbers.Count > TelemetryLimits.ArrayLength)
            {
                RecordsDropped++;
            }
            else
            {
                within.Add(field.Key, field.Value);
            }
        }

        return within;
    }

    private static string RequireKey(string key, string parameter) => TelemetryNames.IsKey(key)
        ? key
        : throw new ArgumentException($"{parameter} must be 1 to 64 of A-Z, a-z, 0-9, _, . and -; was '{key}'.", parameter);
}
