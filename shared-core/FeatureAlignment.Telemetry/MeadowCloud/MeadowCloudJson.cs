using System;
using System.Buffers;
using System.Collections.Generic;
using System.Globalization;
using FeatureAlignment.Telemetry.Json;

namespace FeatureAlignment.Telemetry.MeadowCloud;

/// <summary>
/// Bodies of Meadow.Cloud's event routes, read with tolerance for what MicroJson gets wrong, and written as a device would.
/// </summary>
public static class MeadowCloudJson
{
    /// <summary>
    /// Reads one event, or an array of them as the bulk route takes. NaN, infinities and nulls among the measurements, and names of other
    /// characters, are named in
    /// <see cref="MeadowCloudEvent.Unusable"/>; a nested object, such as Meadow's units, becomes measurements <c>name.member</c>.
    /// </summary>
    /// <param name="utf8">The whole body, decompressed.</param>
    /// <exception cref="TelemetryFormatException">It cannot be read even with tolerance, or is longer than <see
    /// cref="TelemetryLimits.BodyBytes"/>.</exception>
    public static IReadOnlyList<MeadowCloudEvent> Read(ReadOnlySpan<byte> utf8)
    {
        if (TelemetryLimits.CheckBody(utf8.Length) is { } exceeded)
        {
            throw new TelemetryFormatException(0, exceeded.ToString());
        }

        var json = new JsonReader(utf8, tolerant: true);
        var events = new List<MeadowCloudEvent>();
        if (json.Peek() == JsonKind.Array)
        {
            json.BeginArray();
            while (json.NextElement())
            {
                events.Add(ReadEvent(ref json));
            }
        }
        else
        {
            events.Add(ReadEvent(ref json));
        }

        json.End();
        return events;
    }

    /// <summary>Appends an event.</summary>
    /// <param name="output">Where the bytes go.</param>
    /// <param name="one">The event.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static void Write(IBufferWriter<byte> output, MeadowCloudEvent one)
    {
        ArgumentChecks.NotNull(one, nameof(one));
        var json = new JsonWriter(output);
        json.BeginObject();
        json.Name("eventId");
        json.Number(one.EventId);
        json.Name("description");
        json.String(one.Description);
        json.Name("measurements");
        BatchWriter.WriteFields(json, one.Measurements);
        json.Name("timestamp");
        json.String(one.Timestamp);
        json.EndObject();
    }

    private static MeadowCloudEvent ReadEvent(ref JsonReader json)
    {
        long eventId = 0, time = 0;
        string description = "";
        var measurements = new TelemetryFields(MeadowCloudEvent.MaxNameLength);
        var unusable = new List<string>();
        json.BeginObject();
        while (json.NextMember(out string member))
        {
            switch (member)
            {
                case "eventId": eventId = json.ReadInt64(); break;
                case "description": description = json.TryReadNull() ? "" : json.ReadString(); break;
                case "timestamp": time = ReadTime(ref json); break;
                case "measurements" when !json.TryReadNull(): ReadMeasurements(ref json, "", measurements, unusable); break;
                case "measurements": break;
                default: json.Skip(); break;
            }
        }

        return eventId is > 0 and <= int.MaxValue
            ? new MeadowCloudEvent((int)eventId, description, time, measurements, unusable)
            : throw new TelemetryFormatException(json.Position, $"eventId must be from 1 to {int.MaxValue}; was {eventId}.");
    }

    private static long ReadTime(ref JsonReader json)
    {
        json.Peek();
        int start = json.Position;
        bool isTime = DateTimeOffset.TryParse(
            json.ReadString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time);
        long milliseconds = isTime ? time.ToUnixTimeMilliseconds() : -1;
        return milliseconds >= 0
            ? milliseconds
            : throw new TelemetryFormatException(start, "timestamp must be an ISO 8601 time from 1970 on; it is not.");
    }

    private static void ReadMeasurements(ref JsonReader json, string prefix, TelemetryFields measurements, List<string> unusable)
    {
        json.BeginObject();
        while (json.NextMember(out string member))
        {
            string name = prefix + member;
            if (json.Peek() == JsonKind.Object)
            {
                ReadMeasurements(ref json, TelemetryText.Clean(name, MeadowCloudEvent.MaxNameLength) + ".", measurements, unusable);
            }
            else if (!TryAdd(name, ReadValue(ref json), measurements))
            {
                unusable.Add(TelemetryText.Clean(name, MeadowCloudEvent.MaxNameLength));
            }
        }
    }

    private static bool TryAdd(string name, TelemetryValue? value, TelemetryFields measurements)
    {
        if (value is null || !TelemetryNames.IsKey(name, MeadowCloudEvent.MaxNameLength))
        {
            return false;
        }

        measurements.Add(name, value);
        return true;
    }

    // Null for what has no place in a measurement; it is read all the same.
    private static TelemetryValue? ReadValue(ref JsonReader json)
    {
        switch (json.Peek())
        {
            case JsonKind.String: return new TelemetryValue(json.ReadString());
            case JsonKind.Boolean: return new TelemetryValue(json.ReadBoolean());
            case JsonKind.Number:
                double number = json.ReadDouble();
                return IsFinite(number) ? new TelemetryValue(number) : null;
            case JsonKind.Array: return ReadNumbers(ref json);
            default:
                json.Skip();
                return null;
        }
    }

    private static TelemetryValue? ReadNumbers(ref JsonReader json)
    {
        var numbers = new List<double>();
        bool usable = true;
        json.BeginArray();
        while (json.NextElement())
        {
            double number = double.NaN;
            if (json.Peek() == JsonKind.Number)
            {
                number = json.ReadDouble();
            }
            else
            {
                json.Skip();
            }

            usable &= IsFinite(number);
            numbers.Add(number);
        }

        return usable ? new TelemetryValue(numbers) : null;
    }

    private static bool IsFinite(double number) => !double.IsNaN(number) && !double.IsInfinity(number);
}
