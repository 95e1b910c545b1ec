using System;
using System.Collections.Generic;
using FeatureAlignment.Telemetry.Json;

namespace FeatureAlignment.Telemetry;

/// <summary>
/// Batches and answers from JSON. A body is taken whole or not at all. Members may come in any order, unknown ones are passed over, of
/// repeated ones the last counts. Limits but the body's size are not checked here: see <see cref="TelemetryLimits.Check"/>.
/// </summary>
public static class BatchReader
{
    // Characters of a wrong word that its refusal repeats.
    private const int MaxQuoted = 40;

    /// <summary>Reads a batch.</summary>
    /// <param name="utf8">The whole body, decompressed.</param>
    /// <exception cref="TelemetryFormatException">It is no batch of schema 1, or longer than <see
    /// cref="TelemetryLimits.BodyBytes"/>.</exception>
    public static TelemetryBatch ReadBatch(ReadOnlySpan<byte> utf8)
    {
        JsonReader json = Open(utf8);
        long? schema = null;
        string? run = null, app = null;
        List<TelemetryPoint>? points = null;
        List<TelemetryImage>? images = null;
        List<TelemetryEvent>? events = null;
        List<TelemetryLog>? logs = null;
        TelemetryFields? settings = null;
        json.BeginObject();
        while (json.NextMember(out string member))
        {
            switch (member)
            {
                case "schema": schema = json.ReadInt64(); break;
                case "run": run = json.ReadString(); break;
                case "app": app = json.ReadString(); break;
                case "points": points = ReadAll(ref json, member, ReadPoint); break;
                case "images": images = ReadAll(ref json, member, ReadImage); break;
                case "events": events = ReadAll(ref json, member, ReadEvent); break;
                case "logs": logs = ReadAll(ref json, member, ReadLog); break;
                case "run_settings": settings = ReadFields(ref json, member); break;
                default: json.Skip(); break;
            }
        }

        json.End();
        if (schema != TelemetryBatch.CurrentSchema)
        {
            throw new TelemetryFormatException(
                json.Position, $"schema must be {TelemetryBatch.CurrentSchema}; {(schema is null ? "there is none" : $"was {schema}")}.");
        }

        try
        {
            return new TelemetryBatch(run ?? "", app ?? "", points, images, events, logs, settings);
        }
        catch (ArgumentException fault)
        {
            throw new TelemetryFormatException(json.Position, "batch", fault);
        }
    }

    /// <summary>Reads an answer to a batch.</summary>
    /// <param name="utf8">The whole body.</param>
    /// <exception cref="TelemetryFormatException">It is no answer, or longer than <see cref="TelemetryLimits.BodyBytes"/>.</exception>
    public static BatchAnswer ReadAnswer(ReadOnlySpan<byte> utf8)
    {
        JsonReader json = Open(utf8);
        int accepted = -1, quarantined = 0;
        List<TelemetryCommand>? commands = null;
        json.BeginObject();
        while (json.NextMember(out string member))
        {
            switch (member)
            {
                case "accepted": accepted = ReadInt32(ref json); break;
                case "quarantined": quarantined = ReadInt32(ref json); break;
                case "commands": commands = ReadAll(ref json, member, ReadCommand); break;
                default: json.Skip(); break;
            }
        }

        json.End();
        try
        {
            return new BatchAnswer(accepted, quarantined, commands);
        }
        catch (ArgumentException fault)
        {
            throw new TelemetryFormatException(json.Position, "answer", fault);
        }
    }

    private delegate T Read<T>(ref JsonReader json);

    private static JsonReader Open(ReadOnlySpan<byte> utf8) => TelemetryLimits.CheckBody(utf8.Length) is { } exceeded
        ? throw new TelemetryFormatException(0, exceeded.ToString())
        : new JsonReader(utf8);

    private static List<T> ReadAll<T>(ref JsonReader json, string name, Read<T> read)
    {
        var records = new List<T>();
        json.BeginArray();
        while (json.NextElement())
        {
            json.Peek(); // goes to where the record begins
            int start = json.Position;
            try
            {
                records.Add(read(ref json));
            }
            catch (ArgumentException fault)
            {
                throw new TelemetryFormatException(start, $"{name}[{records.Count}]", fault);
            }
        }

        return records;
    }

    private static TelemetryPoint ReadPoint(ref JsonReader json)
    {
        long time = 0, step = 0;
        int? layer = null;
        string? name = null;
        double? value = null;
        json.BeginObject();
        while (json.NextMember(out string member))
        {
            switch (member)
            {
                case "t": time = json.ReadInt64(); break;
                case "step": step = json.ReadInt64(); break;
                case "layer": layer = ReadIndex(ref json); break;
                case "name": name = json.ReadString(); break;
                case "value": value = json.ReadDouble(); break;
                default: json.Skip(); break;
            }
        }

        return new TelemetryPoint(time, step, layer, name!, value ?? throw new ArgumentException("value must be there; it is missing."));
    }

    private static TelemetryImage ReadImage(ref JsonReader json)
    {
        long time = 0, step = 0;
        int? layer = null, label = null, predicted = null;
        int width = 0, height = 0;
        string? kind = null;
        byte[] input = [], output = [];
        json.BeginObject();
        while (json.NextMember(out string member))
        {
            switch (member)
            {
                case "t": time = json.ReadInt64(); break;
                case "step": step = json.ReadInt64(); break;
                case "layer": layer = ReadIndex(ref json); break;
                case "kind": kind = json.ReadString(); break;
                case "width": width = ReadInt32(ref json); break;
                case "height": height = ReadInt32(ref json); break;
                case "input": input = ReadBytes(ref json); break;
                case "output": output = ReadBytes(ref json); break;
                case "label": label = ReadIndex(ref json); break;
                case "predicted": predicted = ReadIndex(ref json); break;
                default: json.Skip(); break;
            }
        }

        return new TelemetryImage(time, step, layer, kind!, width, height, input, output, label, predicted);
    }

    private static TelemetryEvent ReadEvent(ref JsonReader json)
    {
        long time = 0, step = 0;
        string? kind = null;
        string text = "";
        TelemetryPriority level = TelemetryPriority.Normal;
        TelemetryFields? data = null;
        json.BeginObject();
        while (json.NextMember(out string member))
        {
            switch (member)
            {
                case "t": time = json.ReadInt64(); break;
                case "step": step = json.ReadInt64(); break;
                case "kind": kind = json.ReadString(); break;
                case "level":
                    string word = json.ReadString();
                    level = TelemetryLevels.TryParse(word, out TelemetryPriority known)
                        ? known
                        : throw WrongLevel("low, normal or high", word);
                    break;
                case "text": text = json.ReadString(); break;
                case "data": data = ReadFields(ref json, member); break;
                default: json.Skip(); break;
            }
        }

        return new TelemetryEvent(time, step, kind!, level, text, data);
    }

    private static TelemetryLog ReadLog(ref JsonReader json)
    {
        long time = 0;
        string text = "";
        TelemetryLogLevel level = TelemetryLogLevel.Information;
        json.BeginObject();
        while (json.NextMember(out string member))
        {
            switch (member)
            {
                case "t": time = json.ReadInt64(); break;
                case "level":
                    string word = json.ReadString();
                    level = TelemetryLevels.TryParse(word, out TelemetryLogLevel known)
                        ? known : throw WrongLevel("trace, debug, information, warning, error or critical", word);
                    break;
                case "text": text = json.ReadString(); break;
                default: json.Skip(); break;
            }
        }

        return new TelemetryLog(time, level, text);
    }

    private static ArgumentException WrongLevel(string words, string found) =>
        new($"level must be {words}; was '{TelemetryText.Clean(found, MaxQuoted)}'.");

    private static TelemetryCommand ReadCommand(ref JsonReader json)
    {
        string? id = null, name = null;
        TelemetryFields? args = null;
        long expires = 0;
        json.BeginObject();
        while (json.NextMember(out string member))
        {
            switch (member)
            {
                case "id": id = json.ReadString(); break;
                case "name": name = json.ReadString(); break;
                case "args": args = json.TryReadNull() ? null : ReadFields(ref json, member); break;
                case "expires": expires = json.TryReadNull() ? 0 : json.ReadInt64(); break;
                default: json.Skip(); break;
            }
        }

        return new TelemetryCommand(id!, name!, args, expires);
    }

    private static TelemetryFields ReadFields(ref JsonReader json, string where)
    {
        var fields = new TelemetryFields();
        json.BeginObject();
        while (json.NextMember(out string member))
        {
            json.Peek();
            int start = json.Position;
            try
            {
                fields.Add(member, ReadValue(ref json, where));
            }
            catch (ArgumentException fault)
            {
                throw new TelemetryFormatException(start, where, fault);
            }
        }

        return fields;
    }

    private static TelemetryValue ReadValue(ref JsonReader json, string where)
    {
        switch (json.Peek())
        {
            case JsonKind.String: return new TelemetryValue(json.ReadString());
            case JsonKind.Number: return new TelemetryValue(json.ReadDouble());
            case JsonKind.Boolean: return new TelemetryValue(json.ReadBoolean());
            case JsonKind.Array: return new TelemetryValue(ReadNumbers(ref json));
            default:
                throw new TelemetryFormatException(
                    json.Position, $"{where} must be flat: texts, numbers, truth values and arrays of numbers; null or an object found.");
        }
    }

    private static List<double> ReadNumbers(ref JsonReader json)
    {
        var numbers = new List<double>();
        json.BeginArray();
        while (json.NextElement())
        {
            numbers.Add(json.ReadDouble());
        }

        return numbers;
    }

    private static byte[] ReadBytes(ref JsonReader json)
    {
        string text = json.ReadString();
        try
        {
            return Convert.FromBase64String(text);
        }
        catch (FormatException)
        {
            throw new ArgumentException("Pixels must be Base64; they are not.");
        }
    }

    // Absent and null mean the same.
    private static int? ReadIndex(ref JsonReader json) => json.TryReadNull() ? null : ReadInt32(ref json);

    private static int ReadInt32(ref JsonReader json)
    {
        json.Peek();
        int start = json.Position;
        long value = json.ReadInt64();
        return value is >= int.MinValue and <= int.MaxValue
            ? (int)value
            : throw new TelemetryFormatException(start, $"a whole number of 32 bits expected, {value} found.");
    }
}
