using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json;
using FeatureAlignment.Datasets;

namespace FeatureAlignment.Simulator.Datasets;

/// <summary>
/// Maps each column of a table linearly, so that the training rows span 0 to 1; a column that is constant there becomes 0.
/// Other rows may lie outside: clipping them would hide what is unusual.
/// </summary>
internal sealed class FeatureScaling
{
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true };

    private readonly Column[] columns;

    private FeatureScaling(Column[] columns) => this.columns = columns;

    /// <summary>Names of the feature columns, in the order of the features.</summary>
    public IReadOnlyList<string> ColumnNames => [.. columns.Select(column => column.Name)];

    /// <summary>Learns the ranges from the training rows, and from nothing else: the test must stay unseen.</summary>
    public static FeatureScaling Of(ISampleSource training, IReadOnlyList<string> columnNames)
    {
        var minimums = new float[training.Inputs];
        var maximums = new float[training.Inputs];
        Array.Fill(minimums, float.PositiveInfinity);
        Array.Fill(maximums, float.NegativeInfinity);
        var row = new float[training.Inputs];
        for (int i = 0; i < training.Count; i++)
        {
            training.Read(i, row);
            for (int c = 0; c < row.Length; c++)
            {
                minimums[c] = Math.Min(minimums[c], row[c]);
                maximums[c] = Math.Max(maximums[c], row[c]);
            }
        }

        return new FeatureScaling([.. columnNames.Select((name, c) => new Column(name, minimums[c], maximums[c]))]);
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="DataFormatException">The text is not a scaling.</exception>
    public static FeatureScaling Read(Stream stream, string name)
    {
        Column[]? columns;
        try
        {
            columns = JsonSerializer.Deserialize<Column[]>(stream, Json);
        }
        catch (JsonException e)
        {
            throw new DataFormatException($"{name}: a list of columns with name, minimum and maximum expected; {e.Message}", e);
        }

        if (columns is null or [] || columns.Any(column => column?.Name is null || !(column.Minimum <= column.Maximum)))
        {
            throw new DataFormatException(
                $"{name}: every column must have a name and a minimum not above its maximum; one has not. Train anew.");
        }

        return new FeatureScaling(columns);
    }

    public void Write(Stream stream) => JsonSerializer.Serialize(stream, columns, Json);

    /// <summary>Scales one row in place.</summary>
    public void Apply(Span<float> row)
    {
        for (int c = 0; c < row.Length; c++)
        {
            (_, float minimum, float maximum) = columns[c];
            // In double, for the difference of two floats may be more than a float holds.
            double range = (double)maximum - minimum;
            double scaled = range > 0 ? ((double)row[c] - minimum) / range : 0;
            row[c] = (float)Math.Clamp(scaled, float.MinValue, float.MaxValue);
        }
    }

    /// <summary>Turns text such as "5.1,3.5" (or with semicolons or tabs) into scaled features.</summary>
    /// <exception cref="DataFormatException">The number of values differs, or one is no finite number.</exception>
    public float[] ParseRow(string text)
    {
        char separator = text.Contains('\t', StringComparison.Ordinal) ? '\t' : text.Contains(';', StringComparison.Ordinal) ? ';' : ',';
        string[] fields = text.Split(separator);
        if (fields.Length != columns.Length)
        {
            throw new DataFormatException(
                $"The row must have {columns.Length} values ({string.Join(", ", ColumnNames)}); {fields.Length} found.");
        }

        var row = new float[fields.Length];
        for (int c = 0; c < row.Length; c++)
        {
            if (!TryParse(fields[c], out row[c]))
            {
                throw new DataFormatException(
                    $"The row's value for {columns[c].Name} must be a finite number with a decimal point; \"{fields[c]}\" found.");
            }
        }

        Apply(row);
        return row;
    }

    /// <summary>Finite numbers with a decimal point, whatever the machine's culture; no thousands separators.</summary>
    public static bool TryParse(string text, out float value) =>
        float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && float.IsFinite(value);

    private sealed record Column(string Name, float Minimum, float Maximum);
}
