using System;
using System.Buffers;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using FeatureAlignment.Device.Platform;
using FeatureAlignment.Device.Uplink;
using FeatureAlignment.Evaluation;
using FeatureAlignment.Simulator.Commands;
using FeatureAlignment.Simulator.Reports;
using FeatureAlignment.Telemetry;

namespace FeatureAlignment.Simulator.Training;

/// <summary>Where a training is reported to.</summary>
/// <param name="Address">A dashboard.</param>
/// <param name="Key">The key of the device there; empty for none.</param>
/// <param name="DeviceId">Who reports; null for this machine, by its name.</param>
internal sealed record ReportTarget(Uri Address, string Key, string? DeviceId);

/// <summary>
/// Reports a training to a dashboard while it goes on, as a device would. It must not stop or slow the training: what happens on the
/// training's thread is a list of numbers, sending is another thread's, and what does not arrive is counted and shown at the end.
/// </summary>
internal sealed class TrainingReport : IDisposable
{
    private const int MostWaiting = 64;

    private static readonly TimeSpan BatchInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(5);

    // Starts are told apart by their second; the number must grow and fit an int.
    private static readonly DateTimeOffset FirstBoot = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly TimeProvider time;
    private readonly HttpBatchUplink uplink;
    private readonly string deviceId;
    private readonly string run;
    private readonly int boot;
    private readonly List<TelemetryPoint> points = [];
    private readonly List<TelemetryEvent> events = [];
    private readonly LinkedList<(BatchHeader Header, byte[] Body)> waiting = new();
    private TelemetryFields? settings;
    private long batchStart;
    private long retryStart;
    private TimeSpan retryWait;
    private int sequence;
    private bool isUnderWay;

    /// <param name="target">The dashboard.</param>
    /// <param name="runFolder">Names the run.</param>
    /// <param name="time">Dates what is told.</param>
    public TrainingReport(ReportTarget target, string runFolder, TimeProvider time)
    {
        this.time = time;
        uplink = new HttpBatchUplink(target.Address, target.Key);
        deviceId = target.DeviceId ?? ToKey(Environment.MachineName);
        run = ToKey(Path.GetFileName(Path.TrimEndingDirectorySeparator(runFolder)));
        boot = (int)(time.GetUtcNow() - FirstBoot).TotalSeconds;
        batchStart = time.GetTimestamp();
    }

    public int Delivered { get; private set; }

    /// <summary>Batches that did not arrive and never will.</summary>
    public int Lost { get; private set; }

    public string LastFailure { get; private set; } = "";

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>A run begins or goes on.</summary>
    public void Begin(TrainSettings trainSettings, long step, bool isResumed)
    {
        settings = new TelemetryFields
        {
            { "dataset", trainSettings.Dataset },
            { "rule", OptionValue.Write(trainSettings.Rule) },
            { "layers", OptionValue.Write(trainSettings.Layers) },
            { "activation", OptionValue.Write(trainSettings.Activation) },
            { "labels", OptionValue.Write(trainSettings.Labels) },
            { "schedule", OptionValue.Write(trainSettings.Schedule) },
            { "epochs", trainSettings.Epochs },
            { "batch", trainSettings.Batch },
            { "optimizer", OptionValue.Write(trainSettings.Optimizer) },
            { "learning_rate", Decimal(trainSettings.LearningRate) },
            { "decay", OptionValue.Write(trainSettings.Decay) },
            { "seed", OptionValue.Write(trainSettings.Seed) },
            { "command", TelemetryText.Clean(new TrainOptions().Call(trainSettings), TelemetryLimits.TextLength) },
        };
        Event(isResumed ? EventKinds.Resumed : EventKinds.RunStarted, step, isResumed ? "The run goes on." : "The run begins.");
    }

    /// <summary>A row of the run's metrics.</summary>
    public void Add(MetricRow row)
    {
        Point(row, MetricNames.AlignmentLoss, row.AlignmentLoss);
        Point(row, MetricNames.LabelLoss, row.LabelLoss);
        Point(row, MetricNames.Accuracy, row.TestAccuracy ?? row.ValidationAccuracy);
        Point(row, MetricNames.LearningRate, row.LearningRate);
        Point(row, MetricNames.SamplesPerSecond, row.SamplesPerSecond);
        Advance();
    }

    public void Evaluated(EvaluationResult result, long step)
    {
        if (result.Accuracy is not { } accuracy)
        {
            return;
        }

        TelemetryFields data = new() { { "accuracy", accuracy } };
        double[] confusion = [.. result.Confusion?.SelectMany(row => row).Select(count => (double)count) ?? []];
        if (confusion.Length is > 0 and <= TelemetryLimits.ArrayLength)
        {
            data.Add("confusion", confusion);
        }

        string text = string.Create(CultureInfo.InvariantCulture, $"{100 * accuracy:0.00} % of the samples measured are right.");
        Event(EventKinds.Evaluation, step, text, data);
    }

    /// <summary>The run is finished, stopped or has failed; waits for what is under way as long as for one answer.</summary>
    public void End(string kind, long step, string text)
    {
        Event(kind, step, text);
        Close();
        long start = time.GetTimestamp();
        retryWait = TimeSpan.Zero;
        LastFailure = "";
        while (waiting.Count > 0 && LastFailure.Length == 0 && time.GetElapsedTime(start) < HttpBatchUplink.DefaultTimeout)
        {
            Send();
            Thread.Sleep(Glance);
        }

        Lost += waiting.Count;
        waiting.Clear();
    }

    public void Dispose() => uplink.Dispose();

    /// <summary>A float's own digits: 0.0015 as float is 0.001500000013 as double.</summary>
    private static double Decimal(float value) => (double)(decimal)value;

    private static string ToKey(string name)
    {
        string key = string.Concat(name.Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.' ? letter : '-'));
        return key.Length == 0 ? "run" : key[..Math.Min(key.Length, TelemetryNames.MaxLength)];
    }

    private void Point(MetricRow row, string name, double? value)
    {
        if (value is { } number && double.IsFinite(number))
        {
            points.Add(new TelemetryPoint(Now, row.Step, row.Layer, name, number));
        }
    }

    private void Event(string kind, long step, string text, TelemetryFields? data = null)
    {
        string clean = TelemetryText.Clean(text, TelemetryLimits.TextLength);
        events.Add(new TelemetryEvent(Now, step, kind, TelemetryPriority.High, clean, data));
        Advance();
    }

    private void Advance()
    {
        if (points.Count > TelemetryLimits.Points / 2 || time.GetElapsedTime(batchStart) >= BatchInterval)
        {
            Close();
        }

        Send();
    }

    private void Close()
    {
        batchStart = time.GetTimestamp();
        if (points.Count + events.Count == 0)
        {
            return;
        }

        ArrayBufferWriter<byte> body = new();
        BatchWriter.Write(body, new TelemetryBatch(run, "simulator", points, [], events, [], settings));
        waiting.AddLast((new BatchHeader(deviceId, boot, ++sequence, Now), body.WrittenSpan.ToArray()));
        points.Clear();
        events.Clear();
        settings = null;
        if (waiting.Count > MostWaiting)
        {
            // Not the oldest, which may be under way.
            waiting.Remove(waiting.First!.Next!);
            Lost++;
        }
    }

    private void Send()
    {
        if (isUnderWay)
        {
            if (!uplink.TryTakeOutcome(out UplinkOutcome outcome))
            {
                return;
            }

            isUnderWay = false;
            Take(outcome);
        }

        if (waiting.First is { } next && time.GetElapsedTime(retryStart) >= retryWait)
        {
            isUnderWay = true;
            uplink.Send(next.Value.Header, next.Value.Body);
        }
    }

    private void Take(UplinkOutcome outcome)
    {
        if (outcome.Result == UplinkResult.Failed)
        {
            LastFailure = outcome.Reason;
            retryStart = time.GetTimestamp();
            retryWait = retryWait == TimeSpan.Zero ? FirstRetry : TimeSpan.FromTicks(Math.Min(2 * retryWait.Ticks, LongestRetry.Ticks));
            return;
        }

        waiting.RemoveFirst();
        retryWait = TimeSpan.Zero;
        bool isDelivered = outcome.Result == UplinkResult.Delivered;
        Delivered += isDelivered ? 1 : 0;
        Lost += isDelivered ? 0 : 1;
        LastFailure = isDelivered ? "" : outcome.Reason;
    }
}
