using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace FeatureAlignment.Simulator.Reports;

[JsonSourceGenerationOptions(
    WriteIndented = true,
    NewLine = "\n",
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    Converters = [typeof(FiniteNumberConverter), typeof(MatrixConverter)])]
[JsonSerializable(typeof(RunResult))]
[JsonSerializable(typeof(Comparisons.ComparisonResult))]
internal sealed partial class RunResultJson : JsonSerializerContext
{
    /// <summary>JSON has no NaN and no infinity: both are written as null, and null is read as NaN.</summary>
    internal sealed class FiniteNumberConverter : JsonConverter<double>
    {
        public override bool HandleNull => true;

        public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.Null ? double.NaN : reader.GetDouble();

        public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
        {
            if (double.IsFinite(value))
            {
                writer.WriteNumberValue(value);
            }
            else
            {
                writer.WriteNullValue();
            }
        }
    }

    /// <summary>Writes one row of the confusion matrix per line, so that the file shows it as a matrix.</summary>
    internal sealed class MatrixConverter : JsonConverter<IReadOnlyList<IReadOnlyList<int>>>
    {
        public override IReadOnlyList<IReadOnlyList<int>> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            List<IReadOnlyList<int>> rows = [];
            Expect(JsonTokenType.StartArray, reader.TokenType);
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                List<int> row = [];
                Expect(JsonTokenType.StartArray, reader.TokenType);
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    Expect(JsonTokenType.Number, reader.TokenType);
                    row.Add(reader.GetInt32());
                }

                rows.Add(row);
            }

            return rows;
        }

        public override void Write(Utf8JsonWriter writer, IReadOnlyList<IReadOnlyList<int>> value, JsonSerializerOptions options)
        {
            IEnumerable<string> rows = value
                .Select(row => string.Join(", ", row.Select(count => count.ToString(CultureInfo.InvariantCulture))))
                .Select(row => $"[{row}]");
            writer.WriteRawValue($"[\n    {string.Join(",\n    ", rows)}\n  ]");
        }

        private static void Expect(JsonTokenType expected, JsonTokenType found)
        {
            if (found != expected)
            {
                throw new JsonException($"A matrix must be a list of lists of integers; {found} found where {expected} was expected.");
            }
        }
    }
}
