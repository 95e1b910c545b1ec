using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Text;

namespace FeatureAlignment.Simulator.Reports;

/// <summary>
/// The append-only file <c>metrics.csv</c>. Every row reaches the operating system before <see cref="Append"/> returns, so a crash loses
/// at most the row being written; <see cref="Resume"/> cuts what lies beyond the checkpoint, because training will write it again.
/// </summary>
internal sealed class MetricsCsv : IDisposable
{
    public const string Header =
        "step,epoch,layer,alignmentLoss,labelLoss,learningRate,samplesPerSecond,validationAccuracy,testAccuracy";

    private static readonly int ColumnCount = Header.Split(',').Length;

    private readonly StreamWriter writer;

    private MetricsCsv(FileStream stream)
    {
        writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = true, NewLine = "\n" };
    }

    /// <summary>Starts a new file.</summary>
    /// <exception cref="IOException">The file exists already, or cannot be written.</exception>
    public static MetricsCsv Create(string path)
    {
        MetricsCsv metrics = new(new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read));
        metrics.writer.WriteLine(Header);
        return metrics;
    }

    /// <summary>
    /// Continues the file at <paramref name="checkpointStep"/>: rows of later steps and a half-written last row are cut off.
    /// Starts a new file where there is none, or where it holds no whole line.
    /// </summary>
    /// <exception cref="RunFileFormatException">A whole row cannot be read; the file is left as it is.</exception>
    public static MetricsCsv Resume(string path, long checkpointStep)
    {
        FileStream stream = new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        try
        {
            long keptBytes = LengthUpTo(checkpointStep, stream);
            stream.SetLength(keptBytes);
            stream.Position = keptBytes;
            MetricsCsv metrics = new(stream);
            if (keptBytes == 0)
            {
                metrics.writer.WriteLine(Header);
            }

            return metrics;
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Every whole row of a file; a half-written last row is left out.</summary>
    /// <exception cref="RunFileFormatException">The header or a whole row cannot be read.</exception>
    public static IReadOnlyList<MetricRow> Read(string path)
    {
        using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        List<MetricRow> rows = [];
        foreach ((MetricRow? row, _) in Lines(stream))
        {
            if (row is not null)
            {
                rows.Add(row);
            }
        }

        return rows;
    }

    /// <summary>Writes one row through to the operating system.</summary>
    public void Append(MetricRow row) => writer.WriteLine(Format(row));

    public void Dispose() => writer.Dispose();

    internal static string Format(MetricRow row) => string.Join(
        ',',
        row.Step.ToString(CultureInfo.InvariantCulture),
        row.Epoch.ToString(CultureInfo.InvariantCulture),
        row.Layer?.ToString(CultureInfo.InvariantCulture),
        Field(row.AlignmentLoss),
        Field(row.LabelLoss),
        Field(row.LearningRate),
        Field(row.SamplesPerSecond),
        Field(row.ValidationAccuracy),
        Field(row.TestAccuracy));

    private static string? Field(double? value) => value?.ToString("R", CultureInfo.InvariantCulture);

    private static long LengthUpTo(long step, FileStream stream)
    {
        long length = 0;
        foreach ((MetricRow? row, long end) in Lines(stream))
        {
            if (row is not null && row.Step > step)
            {
                break;
            }

            length = end;
        }

        return length;
    }

    /// <summary>The whole lines, each with the position in the file behind its line end; the header comes as null.</summary>
    private static IEnumerable<(MetricRow? Row, long End)> Lines(FileStream stream)
    {
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        int lineNumber = 0;
        int start = 0;
        for (int end = Array.IndexOf(bytes, (byte)'\n'); end >= 0; end = Array.IndexOf(bytes, (byte)'\n', start))
        {
            string line = Encoding.UTF8.GetString(bytes, start, end - start);
            start = end + 1;
            lineNumber++;
            if (lineNumber == 1 && line != Header)
            {
                throw new RunFileFormatException(
                    $"Metrics must start with the line \"{Header}\"; \"{line}\" found. Was the file changed by hand?");
            }

            yield return (lineNumber == 1 ? null : Parse(line, lineNumber), start);
        }
    }

    private static MetricRow Parse(string line, int lineNumber)
    {
        string[] fields = line.Split(',');
        if (fields.Length != ColumnCount)
        {
            throw new RunFileFormatException($"Metrics must have {ColumnCount} columns; {fields.Length} found in line {lineNumber}.");
        }

        try
        {
            return new MetricRow(
                long.Parse(fields[0], NumberStyles.Integer, CultureInfo.InvariantCulture),
                int.Parse(fields[1], NumberStyles.Integer, CultureInfo.InvariantCulture))
            {
                Layer = fields[2].Length == 0 ? null : int.Parse(fields[2], NumberStyles.Integer, CultureInfo.InvariantCulture),
                AlignmentLoss = Number(fields[3]),
                LabelLoss = Number(fields[4]),
                LearningRate = Number(fields[5]),
                SamplesPerSecond = Number(fields[6]),
                ValidationAccuracy = Number(fields[7]),
                TestAccuracy = Number(fields[8]),
            };
        }
        catch (Exception exception) when (exception is FormatException or OverflowException)
        {
            throw new RunFileFormatException($"Metrics must hold numbers; \"{line}\" found in line {lineNumber}.", exception);
        }
    }

    private static double? Number(string field) =>
        field.Length == 0 ? null : double.Parse(field, NumberStyles.Float, CultureInfo.InvariantCulture);
}
