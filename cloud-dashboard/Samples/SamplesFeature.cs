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
    public static void MapSamples(this IEndpointRouteBuilder routes) => routes.MapGet(
        "/runs/{id:long}/samples/tiles", async Task<IResult> (long id, long? step, ITelemetryStore store, CancellationToken cancellation) =>
        {
            SampleView view = await SampleView.ReadAsync(store, id, step, cancellation);
            return view.Steps.Count == 0 ? TypedResults.NotFound() : new RazorComponentResult<SampleTiles>(new { View = view });
        });
}
