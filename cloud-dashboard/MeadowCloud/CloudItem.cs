using System;
using System.Collections.Generic;
using System.Linq;
using FeatureAlignment.Telemetry;
using FeatureAlignment.Telemetry.Json;
using FeatureAlignment.Telemetry.MeadowCloud;

namespace FeatureAlignment.Dashboard.MeadowCloud;

/// <summary>One event or line of a log as it came, read as far as it can be: exactly one of the last three is there.</summary>
/// <param name="Body">Its own bytes.</param>
/// <param name="Event">An event.</param>
/// <param name="Log">A line of a log.</param>
/// <param name="Fault">Why it can't be read.</param>
internal sealed record CloudItem(ReadOnlyMemory<byte> Body, MeadowCloudEvent? Event, TelemetryLog? Log, string? Fault)
{
    // Meadow sends 50 at once.
    private const int MostItems = 100;

    /// <summary>The board that it says to be of; null when it says none.</summary>
    public string? DeviceId => Event is not null && Event.Measurements.TryGet("deviceId", out TelemetryValue? id)
        && id.Kind == TelemetryValueKind.Text && TelemetryNames.IsDeviceId(id.Text) ? id.Text : null;

    /// <summary>Reads a body: one item, or an array of them as the bulk routes take. What is wrong with one spoils no other.</summary>
    public static IReadOnlyList<CloudItem> ReadAll(byte[] body, bool areLogs)
    {
        (List<ReadOnlyMemory<byte>> items, CloudItem? rest) = Split(body);
        IEnumerable<CloudItem> read = items.Count <= MostItems
            ? items.Select(item => Read(item, areLogs))
            : [Unreadable(body, $"A bulk must have at most {MostItems} items; it has {items.Count}.")];
        return rest is null ? [.. read] : [.. read, rest];
    }

    /// <summary>What can't be read.</summary>
    public static CloudItem Unreadable(ReadOnlyMemory<byte> body, string fault) => new(body, null, null, fault);

    private static CloudItem Read(ReadOnlyMemory<byte> body, bool isLog)
    {
        try
        {
            return isLog ? new CloudItem(body, null, CloudLog.Read(body.Span), null)
                : MeadowCloudJson.Read(body.Span) is [MeadowCloudEvent one] ? new CloudItem(body, one, null, null)
                : Unreadable(body, "An event must be an object; it is an array.");
        }
        catch (Exception e) when (e is TelemetryFormatException or ArgumentException)
        {
            return Unreadable(body, e.Message);
        }
    }

    // From the first byte on that is no JSON nobody knows where the next item begins: it is the rest.
    private static (List<ReadOnlyMemory<byte>> Items, CloudItem? Remainder) Split(byte[] body)
    {
        var items = new List<ReadOnlyMemory<byte>>();
        var json = new JsonReader(body, tolerant: true);
        int start = 0;
        try
        {
            if (json.Peek() != JsonKind.Array)
            {
                return ([body], null);
            }

            json.BeginArray();
            while (json.NextElement())
            {
                json.Peek();
                start = json.Position;
                json.Skip();
                items.Add(body.AsMemory(start..json.Position));
                start = json.Position;
            }

            json.End();
            return (items, null);
        }
        catch (TelemetryFormatException e)
        {
            return (items, Unreadable(body.AsMemory(start), e.Message));
        }
    }
}
