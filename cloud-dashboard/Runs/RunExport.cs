using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Layout;
using FeatureAlignment.Dashboard.Storage;
using FeatureAlignment.Dashboard.Storage.Series;
using FeatureAlignment.Telemetry;

namespace FeatureAlignment.Dashboard.Runs;

/// <summary>All that a run has sent, as CSV: written as it is read, so a million points need no memory.</summary>
internal static class RunExport
{
    private const int FlushAfter = 64 * 1024;

    /// <summary>Every point. Where only roll-ups are left, <c>value</c> is their last one and <c>points</c> tells of how many.</summary>
    public static async Task WritePointsAsync(Stream output, ITelemetryStore store, RunRecord run, CancellationToken cancellation)
    {
        var text = new StringBuilder("layer,name,unit,step,time,value,min,max,points\r\n");
        foreach (SeriesRecord series in await store.ListSeriesAsync(run.Id, cancellation))
        {
            string before = string.Create(
                CultureInfo.InvariantCulture,
                $"{series.Layer},{CsvText.Cell(series.Name)},{CsvText.Cell(MetricNames.UnitOf(series.Name) ?? "")},");
            foreach (SeriesEntry entry in store.ReadPoints(run.Id, series.Layer, series.Name))
            {
                text.Append(before).Append(CultureInfo.InvariantCulture,
                    $"{entry.StepMax},{Format.Iso(entry.TimeMax)},{CsvText.Cell(entry.Last)},");
                text.Append(CultureInfo.InvariantCulture, $"{CsvText.Cell(entry.Min)},{CsvText.Cell(entry.Max)},{entry.Count}\r\n");
                if (text.Length > FlushAfter)
                {
                    await FlushAsync(output, text, cancellation);
                }
            }
        }

        await FlushAsync(output, text, cancellation);
    }

    /// <summary>Every event, newest first.</summary>
    public static async Task WriteEventsAsync(Stream output, ITelemetryStore store, RunRecord run, CancellationToken cancellation)
    {
        var text = new StringBuilder("time,step,kind,level,text,data\r\n");
        var filter = new EventFilter(RunId: run.Id);
        IReadOnlyList<EventRecord> page;
        do
        {
            page = await store.ListEventsAsync(filter, cancellation);
            foreach (EventRecord one in page)
            {
                TelemetryEvent content = one.Content;
                text.Append(CultureInfo.InvariantCulture,
                    $"{Format.Iso(content.TimeMilliseconds)},{content.Step},{content.Kind},{TelemetryLevels.ToWord(content.Level)},");
                text.Append(CultureInfo.InvariantCulture,
                    $"{CsvText.Cell(content.Text)},{CsvText.Cell(FieldsJson.Write(content.Data))}\r\n");
                filter = filter with { Before = one.Id };
            }

            await FlushAsync(output, text, cancellation);
        }
        while (page.Count == filter.Limit);
    }

    private static async Task FlushAsync(Stream output, StringBuilder text, CancellationToken cancellation)
    {
        await output.WriteAsync(Encoding.UTF8.GetBytes(text.ToString()), cancellation);
        text.Clear();
    }
}
