using System;
using System.Collections.Generic;
using System.Linq;

namespace FeatureAlignment.Telemetry.MeadowCloud;

/// <summary>
/// Collects the records of a batch's events, in the order of their parts. Faults leave as ArgumentException or
/// TelemetryFormatException.
/// </summary>
internal sealed class MeadowCloudDecoder
{
    private readonly List<TelemetryPoint> points = [];
    private readonly List<TelemetryImage> images = [];
    private readonly List<TelemetryEvent> events = [];
    private readonly List<TelemetryLog> logs = [];
    private readonly List<string> unusable = [];
    private TelemetryFields? settings;
    private BatchHeader? header;
    private string run = "", app = "";
    private int part, parts;

    public static int PartOf(MeadowCloudEvent one) => one.Measurements.TryGet("part", out _) ? Int32(one, "part") : 0;

    public void Add(MeadowCloudEvent one)
    {
        if (Int64(one, "schema") != TelemetryBatch.CurrentSchema)
        {
            throw new TelemetryFormatException($"schema must be {TelemetryBatch.CurrentSchema}; was {Int64(one, "schema")}.");
        }

        long time = one.Measurements.TryGet("time", out _) ? Int64(one, "time") : one.TimeMilliseconds;
        var ownHeader = new BatchHeader(Text(one, "deviceId"), Int32(one, "boot"), Int32(one, "seq"), time);
        string ownRun = Text(one, "runId"), ownApp = one.Measurements.TryGet("app", out _) ? Text(one, "app") : "unknown";
        if (header is null)
        {
            (header, run, app, part) = (ownHeader, ownRun, ownApp, PartOf(one));
            parts = one.Measurements.TryGet("parts", out _) ? Int32(one, "parts") : 1;
        }
        else if (header != ownHeader || run != ownRun || app != ownApp)
        {
            throw new TelemetryFormatException($"All events must be of one batch; found {header} and {ownHeader}.");
        }

        unusable.AddRange(one.Unusable);
        long step = one.Measurements.TryGet("step", out _) ? Int64(one, "step") : 0;
        switch (one.EventId)
        {
            case MeadowCloudEvents.Points: AddPoints(one, step); break;
            case MeadowCloudEvents.Image: AddImage(one, step); break;
            case MeadowCloudEvents.Event or MeadowCloudEvents.CommandAnswer: AddEventOrLog(one, step); break;
            case MeadowCloudEvents.RunSettings: settings = MeadowCloudEvents.Unprefixed(one.Measurements, settings: true); break;
            default:
                throw new TelemetryFormatException(
                    $"eventId must be {MeadowCloudEvents.Points} to {MeadowCloudEvents.CommandAnswer}; was {one.EventId}.");
        }
    }

    public MeadowCloudContent Finish() =>
        new(header!, part, parts, new TelemetryBatch(run, app, points, images, events, logs, settings), unusable);

    private void AddPoints(MeadowCloudEvent one, long step)
    {
        foreach (KeyValuePair<string, TelemetryValue> field in one.Measurements.Where(field => !MeadowCloudEvents.IsCommon(field.Key)))
        {
            if (field.Value.Kind == TelemetryValueKind.Number && MeadowCloudEvents.TrySplit(field.Key, out int? layer, out string name))
            {
                points.Add(new TelemetryPoint(one.TimeMilliseconds, step, layer, name, field.Value.Number));
            }
            else
            {
                unusable.Add(field.Key);
            }
        }
    }

    private void AddImage(MeadowCloudEvent one, long step) => images.Add(new TelemetryImage(
        one.TimeMilliseconds, step, Index(one, "layer"), Text(one, "kind"), Int32(one, "width"), Int32(one, "height"),
        Bytes(one, "input"), Bytes(one, "output"), Index(one, "label"), Index(one, "predicted")));

    private void AddEventOrLog(MeadowCloudEvent one, long step)
    {
        string word = Text(one, "level"), text = Text(one, "text");
        if (one.Measurements.TryGet("kind", out _))
        {
            TelemetryPriority priority = TelemetryLevels.TryParse(word, out TelemetryPriority known) ? known : throw UnknownLevel(word);
            TelemetryFields data = MeadowCloudEvents.Unprefixed(one.Measurements, settings: false);
            events.Add(new TelemetryEvent(one.TimeMilliseconds, step, Text(one, "kind"), priority, text, data));
        }
        else
        {
            TelemetryLogLevel level = TelemetryLevels.TryParse(word, out TelemetryLogLevel known) ? known : throw UnknownLevel(word);
            logs.Add(new TelemetryLog(one.TimeMilliseconds, level, text));
        }
    }

    private static string Text(MeadowCloudEvent one, string name) => Find(one, name, TelemetryValueKind.Text).Text;

    private static long Int64(MeadowCloudEvent one, string name)
    {
        double value = Find(one, name, TelemetryValueKind.Number).Number;
        return value == Math.Floor(value) && Math.Abs(value) <= 1L << 53
            ? (long)value
            : throw new TelemetryFormatException($"Measurement {name} must be a whole number within ±2^53; it is not.");
    }

    private static int Int32(MeadowCloudEvent one, string name)
    {
        long value = Int64(one, name);
        return value is >= int.MinValue and <= int.MaxValue
            ? (int)value
            : throw new TelemetryFormatException($"Measurement {name} must be a whole number of 32 bits; was {value}.");
    }

    private static int? Index(MeadowCloudEvent one, string name) => one.Measurements.TryGet(name, out _) ? Int32(one, name) : null;

    private static byte[] Bytes(MeadowCloudEvent one, string name)
    {
        try
        {
            return Convert.FromBase64String(Text(one, name));
        }
        catch (FormatException fault) when (fault is not TelemetryFormatException)
        {
            throw new TelemetryFormatException($"Measurement {name} must be Base64; it is not.");
        }
    }

    private static TelemetryValue Find(MeadowCloudEvent one, string name, TelemetryValueKind kind) =>
        one.Measurements.TryGet(name, out TelemetryValue? value) && value.Kind == kind
            ? value
            : throw new TelemetryFormatException(
                $"Measurement {name} must be there and be {kind}; it is {(value is null ? "missing" : value.Kind.ToString())}.");

    private static TelemetryFormatException UnknownLevel(string word) =>
        new($"Measurement level must be one of the schema's words; was \"{TelemetryText.Clean(word, TelemetryNames.MaxLength)}\".");
}
