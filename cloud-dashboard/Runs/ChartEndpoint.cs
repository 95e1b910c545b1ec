using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Storage;
using FeatureAlignment.Dashboard.Storage.Series;
using Microsoft.AspNetCore.Http;

namespace FeatureAlignment.Dashboard.Runs;

/// <summary>Numbers for the charts, in columns: uPlot takes them so, and they are half as long.</summary>
internal static class ChartEndpoint
{
    /// <summary>Most series in one answer.</summary>
    private const int MaxSeries = 64;

    /// <summary><c>GET /runs/{id}/charts?series=0.alignment_loss&amp;series=…</c>, and <c>axis</c> (<c>step</c> or <c>time</c>),
    /// <c>from</c>, <c>to</c>, <c>buckets</c>.</summary>
    public static async Task<IResult> ReadAsync(
        long id, string[] series, ITelemetryStore store, string axis = "step", long? from = null, long? to = null, int buckets = 1_000,
        CancellationToken cancellation = default)
    {
        if (axis is not ("step" or "time") || series.Length > MaxSeries)
        {
            return TypedResults.Problem($"axis must be step or time, and series at most {MaxSeries}; was {axis}, {series.Length}.",
                statusCode: StatusCodes.Status400BadRequest);
        }

        if (await store.FindRunAsync(id, cancellation) is null)
        {
            return TypedResults.NotFound();
        }

        var columns = new object[series.Length];
        foreach ((int index, string text) in series.Index())
        {
            if (!ChartGroup.TryParse(text, out int? layer, out string name))
            {
                return TypedResults.Problem("series must be a name of a metric, such as accuracy or 0.alignment_loss.",
                    statusCode: StatusCodes.Status400BadRequest);
            }

            try
            {
                var request = new ChartRequest(id, layer, name, axis == "time" ? ChartAxis.Time : ChartAxis.Step, from, to, buckets);
                columns[index] = Columns(text, await store.ReadChartAsync(request, cancellation));
            }
            catch (ArgumentException e)
            {
                return TypedResults.Problem(e.Message, statusCode: StatusCodes.Status400BadRequest);
            }
        }

        return TypedResults.Ok(columns);
    }

    private static object Columns(string series, ChartData data) => new
    {
        series,
        raw = data.RawPoints,
        x = data.Buckets.Select(bucket => bucket.X),
        last = data.Buckets.Select(bucket => bucket.Last),
        // Where every column is one point, there is no band.
        min = data.RawPoints == data.Buckets.Count ? null : data.Buckets.Select(bucket => bucket.Min),
        max = data.RawPoints == data.Buckets.Count ? null : data.Buckets.Select(bucket => bucket.Max),
        gaps = data.Buckets.Index().Where(bucket => bucket.Item.AfterGap).Select(bucket => bucket.Index),
    };
}
