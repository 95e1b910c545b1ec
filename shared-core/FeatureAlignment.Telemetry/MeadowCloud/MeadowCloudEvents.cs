using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace FeatureAlignment.Telemetry.MeadowCloud;

/// <summary>
/// Batches as events of Meadow.Cloud, and back without loss. Points of one time and step share an event; every picture, event and line of
/// the log is
/// one. A line of the log is an event 1002 without <c>kind</c>.
/// </summary>
public static class MeadowCloudEvents
{
    /// <summary>Event id of points: a measurement <c>name</c> or <c>layer.name</c> for each.</summary>
    public const int Points = 1000;

    /// <summary>Event id of a picture.</summary>
    public const int Image = 1001;

    /// <summary>Event id of an event or a line of the log.</summary>
    public const int Event = 1002;

    /// <summary>Event id of a run's settings.</summary>
    public const int RunSettings = 1003;

    /// <summary>Event id of what became of a command: the events command_done and command_refused.</summary>
    public const int CommandAnswer = 1004;

    // Each event says them; a point that has such a name, and no layer, is sent as network.name.
    private static readonly string[] CommonNames = ["deviceId", "runId", "boot", "seq", "schema", "step", "part", "parts", "app", "time"];

    private const string WholeNetwork = "network", DataPrefix = "data.", SettingPrefix = "setting.";

    /// <summary>Turns a batch into events.</summary>
    /// <param name="header">Names the batch.</param>
    /// <param name="batch">The batch.</param>
    /// <returns>At least one event, in the order of parts.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static IReadOnlyList<MeadowCloudEvent> Encode(BatchHeader header, TelemetryBatch batch)
    {
        ArgumentChecks.NotNull(header, nameof(header));
        ArgumentChecks.NotNull(batch, nameof(batch));
        var drafts = new List<Draft>();
        if (batch.RunSettings is not null)
        {
            var draft = new Draft(RunSettings, "run settings", header.TimeMilliseconds, null);
            AddAll(draft.Content, SettingPrefix, batch.RunSettings);
            drafts.Add(draft);
        }

        AddPoints(drafts, batch.Points);
        drafts.AddRange(batch.Images.Select(Encode));
        drafts.AddRange(batch.Events.Select(Encode));
        drafts.AddRange(batch.Logs.Select(Encode));
        if (drafts.Count == 0)
        {
            drafts.Add(new Draft(Points, "points", header.TimeMilliseconds, null));
        }

        return [.. drafts.Select((draft, part) => Complete(draft, header, batch, part, drafts.Count))];
    }

    /// <summary>Turns events of one batch into what they hold: all of its events, or those that are there, in any order.</summary>
    /// <param name="events">One event or more.</param>
    /// <exception cref="ArgumentException">There is no event.</exception>
    /// <exception cref="TelemetryFormatException">An event is not of this schema, or they are of different batches.</exception>
    public static MeadowCloudContent Decode(params MeadowCloudEvent[] events)
    {
        ArgumentChecks.NotNull(events, nameof(events));
        if (events.Length == 0)
        {
            throw new ArgumentException("There must be at least one event; there is none.", nameof(events));
        }

        try
        {
            var decoder = new MeadowCloudDecoder();
            foreach (MeadowCloudEvent one in events.OrderBy(MeadowCloudDecoder.PartOf))
            {
                decoder.Add(one);
            }

            return decoder.Finish();
        }
        catch (ArgumentException fault)
        {
            throw new TelemetryFormatException(fault.Message);
        }
    }

    internal static bool IsCommon(string name) => Array.IndexOf(CommonNames, name) >= 0;

    // The layer and name of a point's measurement, the other way round than NameOf.
    internal static bool TrySplit(string measurement, out int? layer, out string name)
    {
        layer = null;
        name = measurement;
        int dot = measurement.IndexOf('.');
        if (dot >= 0)
        {
            string prefix = measurement[..dot];
            name = measurement[(dot + 1)..];
            if (prefix != WholeNetwork)
            {
                if (!int.TryParse(prefix, NumberStyles.None, CultureInfo.InvariantCulture, out int index))
                {
                    return false;
                }

                layer = index;
            }
        }

        return TelemetryNames.IsName(name);
    }

    internal static TelemetryFields Unprefixed(TelemetryFields measurements, bool settings)
    {
        string prefix = settings ? SettingPrefix : DataPrefix;
        var fields = new TelemetryFields();
        foreach (KeyValuePair<string, TelemetryValue> field in measurements.Where(
            field => field.Key.StartsWith(prefix, StringComparison.Ordinal)))
        {
            fields.Add(field.Key[prefix.Length..], field.Value);
        }

        return fields;
    }

    private static void AddPoints(List<Draft> drafts, IReadOnlyList<TelemetryPoint> points)
    {
        Draft? draft = null;
        foreach (TelemetryPoint point in points)
        {
            string name = NameOf(point);
            if (draft is null || draft.TimeMilliseconds != point.TimeMilliseconds || draft.Step != point.Step
                || draft.Content.TryGet(name, out _))
            {
                draft = new Draft(Points, "points", point.TimeMilliseconds, point.Step);
                drafts.Add(draft);
            }

            draft.Content.Add(name, point.Value);
        }
    }

    private static string NameOf(TelemetryPoint point) =>
        point.Layer is int layer ? layer.ToString(CultureInfo.InvariantCulture) + "." + point.Name
        : IsCommon(point.Name) ? WholeNetwork + "." + point.Name : point.Name;

    private static Draft Encode(TelemetryImage image)
    {
        var draft = new Draft(Image, image.Kind, image.TimeMilliseconds, image.Step);
        AddIfKnown(draft.Content, "layer", image.Layer);
        draft.Content.Add("kind", image.Kind);
        draft.Content.Add("width", image.Width);
        draft.Content.Add("height", image.Height);
        draft.Content.Add("input", Convert.ToBase64String(image.Input.Span));
        draft.Content.Add("output", Convert.ToBase64String(image.Output.Span));
        AddIfKnown(draft.Content, "label", image.Label);
        AddIfKnown(draft.Content, "predicted", image.Predicted);
        return draft;
    }

    private static Draft Encode(TelemetryEvent one)
    {
        int id = one.Kind is EventKinds.CommandDone or EventKinds.CommandRefused ? CommandAnswer : Event;
        var draft = new Draft(id, one.Kind, one.TimeMilliseconds, one.Step);
        draft.Content.Add("kind", one.Kind);
        draft.Content.Add("level", TelemetryLevels.ToWord(one.Level));
        draft.Content.Add("text", one.Text);
        AddAll(draft.Content, DataPrefix, one.Data);
        return draft;
    }

    private static Draft Encode(TelemetryLog log)
    {
        var draft = new Draft(Event, "log", log.TimeMilliseconds, null);
        draft.Content.Add("level", TelemetryLevels.ToWord(log.Level));
        draft.Content.Add("text", log.Text);
        return draft;
    }

    private static MeadowCloudEvent Complete(Draft draft, BatchHeader header, TelemetryBatch batch, int part, int parts)
    {
        var measurements = new TelemetryFields(MeadowCloudEvent.MaxNameLength)
        {
            { "deviceId", header.DeviceId },
            { "runId", batch.Run },
            { "boot", header.Boot },
            { "seq", header.Sequence },
            { "schema", TelemetryBatch.CurrentSchema },
        };
        if (draft.Step is long step)
        {
            measurements.Add("step", step);
        }

        measurements.Add("part", part);
        measurements.Add("parts", parts);
        measurements.Add("app", batch.App);
        measurements.Add("time", header.TimeMilliseconds);
        AddAll(measurements, "", draft.Content);
        return new MeadowCloudEvent(draft.EventId, draft.Description, draft.TimeMilliseconds, measurements);
    }

    private static void AddAll(TelemetryFields target, string prefix, TelemetryFields source)
    {
        foreach (KeyValuePair<string, TelemetryValue> field in source)
        {
            target.Add(prefix + field.Key, field.Value);
        }
    }

    private static void AddIfKnown(TelemetryFields target, string name, int? number)
    {
        if (number is int known)
        {
            target.Add(name, known);
        }
    }

    // An event before it is known how many there are.
    private sealed class Draft(int eventId, string description, long timeMilliseconds, long? step)
    {
        public int EventId { get; } = eventId;

        public string Description { get; } = description;

        public long TimeMilliseconds { get; } = timeMilliseconds;

        public long? Step { get; } = step;

        public TelemetryFields Content { get; } = new(MeadowCloudEvent.MaxNameLength);
    }
}
