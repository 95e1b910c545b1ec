using System.Threading;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace FeatureAlignment.Dashboard.Samples;

/// <summary>What a network makes of its inputs, in the course of a run.</summary>
internal static class SamplesFeature
{
    // A picture never changes; only who may see it can keep it.
    private const string KeptByTheBrowser = "private, max-age=31536000, immutable";

    public static void MapSamples(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder samples = routes.MapGroup("/runs/{id:long}/samples");
        samples.MapGet("/tiles", async Task<IResult> (
            long id, long? step, int? place, ITelemetryStore store, CancellationToken cancellation) =>
            await SampleView.ReadAsync(store, id, step, place, cancellation) is SampleView view
                ? new RazorComponentResult<SampleTiles>(new { View = view })
                : TypedResults.NotFound());
        samples.MapGet("/{image:long}.png", async Task<IResult> (
            long id, long image, ITelemetryStore store, HttpResponse response, CancellationToken cancellation) =>
        {
            if (await store.FindImageAsync(id, image, cancellation) is not ImageRecord found)
            {
                return TypedResults.NotFound();
            }

            response.Headers.CacheControl = KeptByTheBrowser;
            return TypedResults.Bytes(SampleStrip.Draw(found.Content), "image/png");
        });
    }
}
