using System.Buffers;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Text.Json;
using FeatureAlignment.Telemetry;

namespace FeatureAlignment.Dashboard.Storage;

/// <summary>Fields as a JSON object in a column of text.</summary>
internal static class FieldsJson
{
    public static string Write(TelemetryFields fields)
    {
        if (fields.Count == 0)
        {
            return "{}";
        }

        var output = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartObject();
            foreach (KeyValuePair<string, TelemetryValue> field in fields)
            {
                json.WritePropertyName(field.Key);
                WriteValue(json, field.Value);
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    public static TelemetryFields Read(string text)
    {
        var fields = new TelemetryFields();
        using JsonDocument document = JsonDocument.Parse(text);
        foreach (JsonProperty property in document.RootElement.EnumerateObject())
        {
            fields.Add(property.Name, property.Value.ValueKind switch
            {
                JsonValueKind.String => new TelemetryValue(property.Value.GetString()!),
                JsonValueKind.Number => new TelemetryValue(property.Value.GetDouble()),
                JsonValueKind.Array => new TelemetryValue([.. property.Value.EnumerateArray().Select(number => number.GetDouble())]),
                _ => new TelemetryValue(property.Value.GetBoolean()),
            });
        }

        return fields;
    }

    private static void WriteValue(Utf8JsonWriter json, TelemetryValue value)
    {
        switch (value.Kind)
        {
            case TelemetryValueKind.Text: json.WriteStringValue(value.Text); break;
            case TelemetryValueKind.Number: json.WriteNumberValue(value.Number); break;
            case TelemetryValueKind.Boolean: json.WriteBooleanValue(value.Truth); break;
            default:
                json.WriteStartArray();
                foreach (double number in value.Numbers)
                {
                    json.WriteNumberValue(number);
                }

                json.WriteEndArray();
                break;
        }
    }
}
