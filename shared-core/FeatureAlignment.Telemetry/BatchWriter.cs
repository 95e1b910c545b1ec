using System;
using System.Buffers;
using System.Collections.Generic;
using FeatureAlignment.Telemetry.Json;

namespace FeatureAlignment.Telemetry;

/// <summary>
/// Batches and answers as JSON, appended to a buffer that the caller reuses. The members stand in the order of
/// docs/telemetry-schema.md; empty lists are left out.
/// </summary>
public static class BatchWriter
{
    /// <summary>Appends a batch.</summary>
    /// <param name="output">Where the bytes go.</param>
    /// <param name="batch">The batch; limits are not checked here.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static void Write(IBufferWriter<byte> output, TelemetryBatch batch)
    {
        ArgumentChecks.NotNull(batch, nameof(batch));
        var json = new JsonWriter(output);
        json.BeginObject();
        Write(json, "schema", TelemetryBatch.CurrentSchema);
        Write(json, "run", batch.Run);
        Write(json, "app", batch.App);
        WriteAll(json, "points", batch.Points, WritePoint);
        WriteAll(json, "images", batch.Images, WriteImage);
        WriteAll(json, "events", batch.Events, WriteEvent);
        WriteAll(json, "logs", batch.Logs, WriteLog);
        if (batch.RunSettings is not null)
        {
            Write(json, "run_settings", batch.RunSettings);
        }

        json.EndObject();
    }

    /// <summary>Appends an answer.</summary>
    /// <param name="output">Where the bytes go.</param>
    /// <param name="answer">The answer.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static void Write(IBufferWriter<byte> output, BatchAnswer answer)
    {
        ArgumentChecks.NotNull(answer, nameof(answer));
        var json = new JsonWriter(output);
        json.BeginObject();
        Write(json, "accepted", answer.Accepted);
        Write(json, "quarantined", answer.Quarantined);
        json.Name("commands");
        json.BeginArray();
        foreach (TelemetryCommand command in answer.Commands)
        {
            json.BeginObject();
            Write(json, "id", command.Id);
            Write(json, "name", command.Name);
            Write(json, "args", command.Args);
            if (command.ExpiresMilliseconds != 0)
            {
                Write(json, "expires", command.ExpiresMilliseconds);
            }

            json.EndObject();
        }

        json.EndArray();
        json.EndObject();
    }

    /// <summary>Appends fields as one JSON object.</summary>
    internal static void WriteFields(JsonWriter json, IEnumerable<KeyValuePair<string, TelemetryValue>> fields)
    {
        json.BeginObject();
        foreach (KeyValuePair<string, TelemetryValue> field in fields)
        {
            json.Name(field.Key);
            WriteValue(json, field.Value);
        }

        json.EndObject();
    }

    private static void WritePoint(JsonWriter json, TelemetryPoint point)
    {
        WriteStart(json, point.TimeMilliseconds, point.Step, point.Layer);
        Write(json, "name", point.Name);
        json.Name("value");
        json.Number(point.Value);
    }

    private static void WriteImage(JsonWriter json, TelemetryImage image)
    {
        WriteStart(json, image.TimeMilliseconds, image.Step, image.Layer);
        Write(json, "kind", image.Kind);
        Write(json, "width", image.Width);
        Write(json, "height", image.Height);
        json.Name("input");
        json.Base64String(image.Input.Span);
        json.Name("output");
        json.Base64String(image.Output.Span);
        WriteIfKnown(json, "label", image.Label);
        WriteIfKnown(json, "predicted", image.Predicted);
    }

    private static void WriteEvent(JsonWriter json, TelemetryEvent one)
    {
        WriteStart(json, one.TimeMilliseconds, one.Step, layer: null);
        Write(json, "kind", one.Kind);
        Write(json, "level", TelemetryLevels.ToWord(one.Level));
        Write(json, "text", one.Text);
        Write(json, "data", one.Data);
    }

    private static void WriteLog(JsonWriter json, TelemetryLog log)
    {
        Write(json, "t", log.TimeMilliseconds);
        Write(json, "level", TelemetryLevels.ToWord(log.Level));
        Write(json, "text", log.Text);
    }

    private static void WriteStart(JsonWriter json, long timeMilliseconds, long step, int? layer)
    {
        Write(json, "t", timeMilliseconds);
        Write(json, "step", step);
        WriteIfKnown(json, "layer", layer);
    }

    private static void WriteAll<T>(JsonWriter json, string name, IReadOnlyList<T> records, Action<JsonWriter, T> write)
    {
        if (records.Count == 0)
        {
            return;
        }

        json.Name(name);
        json.BeginArray();
        foreach (T record in records)
        {
            json.BeginObject();
            write(json, record);
            json.EndObject();
        }

        json.EndArray();
    }

    private static void WriteValue(JsonWriter json, TelemetryValue value)
    {
        switch (value.Kind)
        {
            case TelemetryValueKind.Text: json.String(value.Text); break;
            case TelemetryValueKind.Number: json.Number(value.Number); break;
            case TelemetryValueKind.Boolean: json.Boolean(value.Truth); break;
            default:
                json.BeginArray();
                foreach (double number in value.Numbers)
                {
                    json.Number(number);
                }

                json.EndArray();
                break;
        }
    }

    private static void Write(JsonWriter json, string name, string text)
    {
        json.Name(name);
        json.String(text);
    }

    private static void Write(JsonWriter json, string name, long number)
    {
        json.Name(name);
        json.Number(number);
    }

    private static void Write(JsonWriter json, string name, TelemetryFields fields)
    {
        json.Name(name);
        WriteFields(json, fields);
    }

    private static void WriteIfKnown(JsonWriter json, string name, int? number)
    {
        if (number is int known)
        {
            Write(json, name, known);
        }
    }
}
