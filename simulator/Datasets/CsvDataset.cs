using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using CsvHelper;
using FeatureAlignment.Datasets;

namespace FeatureAlignment.Simulator.Datasets;

/// <summary>
/// A table of the user: a header row, numeric columns, and one column of classes or none. Commas, semicolons or tabs, found
/// by themselves; numbers with a decimal point on every machine. One row in five, chosen by seed, is kept for the test.
/// </summary>
internal static class CsvDataset
{
    /// <summary>Of so many rows, one is for the test.</summary>
    private const int TestShare = 5;

    /// <summary>More classes than this are measured values in the wrong place.</summary>
    private const int LargestClassCount = 1000;

    /// <summary>So many column names are listed in a message.</summary>
    private const int ListedNames = 20;

    private static readonly CsvReaderOptions Options = new()
    {
        TrackLineNumbers = true,
        TrimWhitespace = true,
        MalformedData = CsvMalformedDataHandling.Throw,
        MissingField = CsvMissingFieldHandling.Throw,
    };

    /// <summary>Reads a file, splits its rows by seed and scales them by the training part.</summary>
    /// <exception cref="DataFormatException">The table can't be learnt from; the message names line and column.</exception>
    /// <exception cref="DatasetUnavailableException">The file can't be read.</exception>
    public static LoadedDataset Load(string path, string? labelColumn, ulong seed) =>
        Open(path, stream => Read(stream, Path.GetFileName(path), labelColumn, seed));

    /// <summary>Reads all rows of a file as samples of a network that was trained on another one.</summary>
    /// <param name="path">The file.</param>
    /// <param name="labelColumn">Column of the classes, or null.</param>
    /// <param name="scaling">Of the table learnt from; the columns must be the same.</param>
    /// <param name="classNames">Of the table learnt from; no others may occur.</param>
    /// <exception cref="DataFormatException">The table is damaged, or not like the one learnt from.</exception>
    /// <exception cref="DatasetUnavailableException">The file can't be read.</exception>
    public static InMemoryDataset LoadLike(string path, string? labelColumn, FeatureScaling scaling, IReadOnlyList<string> classNames) =>
        Open(path, stream => ReadLike(stream, Path.GetFileName(path), labelColumn, scaling, classNames));

    /// <summary>Reads a file as it is: its columns, all of numbers, neither split nor scaled.</summary>
    /// <exception cref="DataFormatException">A value is missing or no number; the message names line and column.</exception>
    /// <exception cref="DatasetUnavailableException">The file can't be read.</exception>
    public static (IReadOnlyList<string> Names, float[][] Columns) ReadColumns(string path) => Open(path, stream =>
    {
        Table table = ReadTable(stream, Path.GetFileName(path), labelColumn: null);
        int width = table.FeatureNames.Count;
        float[][] columns =
            [.. Enumerable.Range(0, width).Select(c => table.Features.Where((_, index) => index % width == c).ToArray())];
        return (table.FeatureNames, columns);
    });

    /// <inheritdoc cref="Load"/>
    public static LoadedDataset Read(Stream stream, string name, string? labelColumn, ulong seed)
    {
        Table table = ReadTable(stream, name, labelColumn);
        int inputs = table.FeatureNames.Count;
        int count = table.Features.Count / inputs;
        if (count < 2)
        {
            throw new DataFormatException(
                $"{name}: at least 2 rows expected, one to learn from and one to test; {count} found below the header.");
        }

        string[] classNames = labelColumn is null ? [] : ClassNames(table.Labels, name, labelColumn);
        int[]? labels = labelColumn is null ? null : Labels(table, classNames, name, labelColumn);
        int testCount = Math.Max(1, count / TestShare);

        var unscaled = new InMemoryDataset([.. table.Features], inputs, labels, classNames.Length);
        FeatureScaling scaling = FeatureScaling.Of(SampleSubset.Split(unscaled, testCount, seed).Training, table.FeatureNames);

        // The same seed gives the same split as above.
        var dataset = new InMemoryDataset(Scaled(table, scaling), inputs, labels, classNames.Length);
        (SampleSubset training, SampleSubset test) = SampleSubset.Split(dataset, testCount, seed);
        return new LoadedDataset(name, training, test, $"{count} rows of {name}, {testCount} of them for the test")
        {
            ClassNames = classNames,
            Scaling = scaling,
        };
    }

    private static InMemoryDataset ReadLike(
        Stream stream, string name, string? labelColumn, FeatureScaling scaling, IReadOnlyList<string> classNames)
    {
        Table table = ReadTable(stream, name, labelColumn);
        if (!table.FeatureNames.SequenceEqual(scaling.ColumnNames, StringComparer.Ordinal))
        {
            throw new DataFormatException(
                $"{name}: the columns of the table learnt from expected ({Listed(scaling.ColumnNames)}); "
                + $"{Listed(table.FeatureNames)} found.");
        }

        if (table.Features.Count == 0)
        {
            throw new DataFormatException($"{name}: at least 1 row expected; none found below the header.");
        }

        int[]? labels = labelColumn is null ? null : Labels(table, classNames, name, labelColumn);
        return new InMemoryDataset(Scaled(table, scaling), table.FeatureNames.Count, labels, classNames.Count);
    }

    private static T Open<T>(string path, Func<Stream, T> read)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            return read(stream);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DatasetUnavailableException($"{path}: a readable CSV file expected; {e.Message}", e);
        }
    }

    private static float[] Scaled(Table table, FeatureScaling scaling)
    {
        float[] scaled = [.. table.Features];
        int inputs = table.FeatureNames.Count;
        for (int first = 0; first < scaled.Length; first += inputs)
        {
            scaling.Apply(scaled.AsSpan(first, inputs));
        }

        return scaled;
    }

    private static int[] Labels(Table table, IReadOnlyList<string> classNames, string name, string labelColumn)
    {
        Dictionary<string, int> indices = classNames.Index().ToDictionary(c => c.Item, c => c.Index, StringComparer.Ordinal);
        return
        [
            .. table.Labels.Select(label => indices.TryGetValue(label, out int index)
                ? index
                : throw new DataFormatException(
                    $"{name}, column {labelColumn}: one of the classes learnt expected ({Listed(classNames)}); \"{label}\" found.")),
        ];
    }

    private static Table ReadTable(Stream stream, string name, string? labelColumn)
    {
        try
        {
            using CsvReader reader = CsvReader.Create(stream, Options, leaveOpen: true);
            return ReadTable(reader, name, labelColumn);
        }
        catch (CsvFormatException e)
        {
            throw new DataFormatException($"{name}, line {e.LineNumber}: whole, properly quoted fields expected; {e.Message}", e);
        }
    }

    private static Table ReadTable(CsvReader reader, string name, string? labelColumn)
    {
        reader.ReadHeader();
        IReadOnlyList<string> headers = reader.Headers;
        CheckHeaders(headers, name);
        int labelIndex = labelColumn is null ? -1 : FindLabel(headers, labelColumn, name);
        var table = new Table([.. headers.Where((_, c) => c != labelIndex)], [], []);
        if (table.FeatureNames.Count == 0)
        {
            throw new DataFormatException($"{name}: at least one column besides the label {labelColumn} expected; none found.");
        }

        while (reader.Read())
        {
            if (reader.FieldCount != headers.Count)
            {
                throw new DataFormatException(
                    $"{name}, line {reader.LineNumber}: {headers.Count} values expected, as in the header; {reader.FieldCount} found.");
            }

            for (int c = 0; c < headers.Count; c++)
            {
                string text = reader.GetString(c);
                if (string.IsNullOrWhiteSpace(text))
                {
                    throw new DataFormatException(
                        $"{name}, line {reader.LineNumber}, column {headers[c]}: a value expected; it is missing. "
                        + "Fill it in or remove the row.");
                }

                if (c == labelIndex)
                {
                    table.Labels.Add(text);
                }
                else if (FeatureScaling.TryParse(text, out float value))
                {
                    table.Features.Add(value);
                }
                else
                {
                    throw NotANumber($"{name}, line {reader.LineNumber}, column {headers[c]}", text);
                }
            }
        }

        return table;
    }

    private static DataFormatException NotANumber(string place, string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value)
            ? new($"{place}: a number within the range of a 32-bit float expected, up to 3.4e38; \"{text}\" found. Scale the column.")
            : new(
                $"{place}: a finite number with a decimal point expected; \"{text}\" found. "
                + "If the column holds the classes, name it with --label.");

    private static void CheckHeaders(IReadOnlyList<string> headers, string name)
    {
        if (headers.Count == 0)
        {
            throw new DataFormatException($"{name}: a header row and rows of numbers expected; the file is empty.");
        }

        if (headers.All(header => FeatureScaling.TryParse(header, out _)))
        {
            throw new DataFormatException(
                $"{name}, line 1: a header row with the names of the columns expected; only numbers found. Add the names.");
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (int c = 0; c < headers.Count; c++)
        {
            if (string.IsNullOrWhiteSpace(headers[c]))
            {
                throw new DataFormatException(
                    $"{name}, line 1: every column must have a name; column number {c + 1} has none. Name it or remove it.");
            }

            if (!seen.Add(headers[c]))
            {
                throw new DataFormatException(
                    $"{name}, line 1: column names must differ; {headers[c]} found twice. Rename or remove one.");
            }
        }
    }

    private static int FindLabel(IReadOnlyList<string> headers, string labelColumn, string name)
    {
        for (int c = 0; c < headers.Count; c++)
        {
            if (headers[c] == labelColumn)
            {
                return c;
            }
        }

        throw new DataFormatException($"{name}: the label column {labelColumn} expected; the columns are {Listed(headers)}.");
    }

    private static string Listed(IReadOnlyList<string> names)
    {
        string rest = names.Count > ListedNames ? $" and {names.Count - ListedNames} more" : "";
        return string.Join(", ", names.Take(ListedNames)) + rest;
    }

    /// <summary>The distinct labels in order: whole numbers by value, so that 10 follows 9, anything else by character code.</summary>
    private static string[] ClassNames(List<string> labels, string name, string labelColumn)
    {
        string[] names = [.. labels.Distinct(StringComparer.Ordinal)];
        if (names.Length is < 2 or > LargestClassCount)
        {
            throw new DataFormatException(
                $"{name}, column {labelColumn}: from 2 to {LargestClassCount} classes expected; {names.Length} found in {labels.Count} rows"
                + (names.Length == 1 ? $" ({names[0]}). Leave --label out to learn without classes." : ". Name a column of classes."));
        }

        if (names.All(IsWholeNumber))
        {
            Array.Sort(names, (a, b) => Number(a).CompareTo(Number(b)));
        }
        else
        {
            Array.Sort(names, StringComparer.Ordinal);
        }

        return names;
    }

    /// <summary>Only in its shortest form: 1 and 01 are two texts, hence two classes, and need an order.</summary>
    private static bool IsWholeNumber(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value)
        && value.ToString(CultureInfo.InvariantCulture) == text;

    private static long Number(string text) => long.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);

    private sealed record Table(IReadOnlyList<string> FeatureNames, List<float> Features, List<string> Labels);
}
