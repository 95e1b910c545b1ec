using System;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Api;
using FeatureAlignment.Dashboard.Storage;
using FeatureAlignment.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace FeatureAlignment.Dashboard.Runs;

/// <summary>Runs: their charts, their numbers as CSV, what people write about them.</summary>
internal static class RunsFeature
{
    private const string Tag = "Runs";

    public const int TitleLength = 100;
    public const int TagsLength = 200;
    public const int NotesLength = 10_000;

    public static void MapRuns(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder run = routes.MapGroup("/runs/{id:long}");
        run.MapGet("/charts", ChartEndpoint.ReadAsync)
            .Describe(Tag, "Series of a run for charts, in as many buckets as asked for", 400, 401, 403)
            .Produces<ChartBody[]>()
            .TakesLogin();
        run.MapGet("/annotations", async Task<IResult> (long id, ITelemetryStore store, CancellationToken cancellation) =>
            await store.FindRunAsync(id, cancellation) is RunRecord found
                ? TypedResults.Ok(RunAnnotations.Of(
                    await store.ListEventsAsync(new EventFilter(RunId: id), cancellation),
                    await store.ListConnectionsAsync(found.DeviceId, cancellation: cancellation)))
                : TypedResults.NotFound());
        run.MapGet("/data.csv", (long id, ITelemetryStore store, CancellationToken cancellation) =>
            ExportAsync(id, "data", store, RunExport.WritePointsAsync, cancellation))
            .Describe(Tag, "Every point of a run as CSV", 401, 403, 404)
            .Produces<string>(StatusCodes.Status200OK, "text/csv")
            .TakesLogin();
        run.MapGet("/events.csv", (long id, ITelemetryStore store, CancellationToken cancellation) =>
            ExportAsync(id, "events", store, RunExport.WriteEventsAsync, cancellation))
            .Describe(Tag, "Every event of a run as CSV", 401, 403, 404)
            .Produces<string>(StatusCodes.Status200OK, "text/csv")
            .TakesLogin();
        run.MapGet("/facts", async Task<IResult> (long id, ITelemetryStore store, CancellationToken cancellation) =>
            await store.FindRunAsync(id, cancellation) is RunRecord found
                ? new RazorComponentResult<RunFacts>(new { Run = found, Series = await store.ListSeriesAsync(id, cancellation) })
                : TypedResults.NotFound());
        run.MapGet("/events", async (long id, ITelemetryStore store, CancellationToken cancellation) =>
            new RazorComponentResult<EventList>(new
            {
                Events = await store.ListEventsAsync(new EventFilter(RunId: id), cancellation),
                Id = "run-events",
                Label = "Events, newest first",
            }));
        run.MapGet("/confusion", async (long id, ITelemetryStore store, CancellationToken cancellation) =>
            new RazorComponentResult<ConfusionCard>(new
            {
                Evaluation = await FindEvaluationAsync(id, store, cancellation),
            }));
        // A run that somebody else deleted meanwhile: its address says that it is gone.
        run.MapPost("", async (
            long id, [FromForm] string? title, [FromForm] string? tags, [FromForm] string? notes, ITelemetryStore store) =>
        {
            await store.EditRunAsync(id, new RunEdit(Clean(title, TitleLength), CleanLines(notes), Clean(tags, TagsLength)));
            return TypedResults.LocalRedirect($"/runs/{id}");
        });
        run.MapPost("/delete", async (long id, [FromForm] bool sure, ITelemetryStore store, CancellationToken cancellation) =>
        {
            RunRecord? found = await store.FindRunAsync(id, cancellation);
            return TypedResults.LocalRedirect(
                found is not null && sure && await store.DeleteRunAsync(id) ? $"/devices/{found.DeviceId}" : $"/runs/{id}");
        });
    }

    /// <summary>The newest evaluation of a run; null before the first.</summary>
    public static async Task<EventRecord?> FindEvaluationAsync(long id, ITelemetryStore store, CancellationToken cancellation)
    {
        var newest = new EventFilter(RunId: id, Kind: EventKinds.Evaluation, Limit: 1);
        return (await store.ListEventsAsync(newest, cancellation)).SingleOrDefault();
    }

    private static string Clean(string? text, int length) => TelemetryText.Clean((text ?? "").Trim(), length);

    // Notes have lines; all else that is not a character goes.
    private static string CleanLines(string? notes)
    {
        string[] lines = (notes ?? "").Trim().ReplaceLineEndings("\n").Split('\n');
        string text = string.Join('\n', Array.ConvertAll(lines, TelemetryText.Clean));
        return text.Length > NotesLength ? text[..NotesLength] : text;
    }

    private static async Task<IResult> ExportAsync(
        long id, string name, ITelemetryStore store, Func<Stream, ITelemetryStore, RunRecord, CancellationToken, Task> write,
        CancellationToken cancellation) =>
        await store.FindRunAsync(id, cancellation) is RunRecord run
            ? TypedResults.Stream(
                output => write(output, store, run, cancellation), "text/csv; charset=utf-8", $"{run.DeviceId}-{run.Name}-{name}.csv")
            : TypedResults.NotFound();
}
