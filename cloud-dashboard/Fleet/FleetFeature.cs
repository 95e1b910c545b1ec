using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace FeatureAlignment.Dashboard.Fleet;

/// <summary>The first page: all boards at a glance.</summary>
internal static class FleetFeature
{
    public static IServiceCollection AddFleet(this IServiceCollection services) => services.AddSingleton<FleetReader>();

    /// <summary>Parts of the page, for bringing it up to date.</summary>
    public static void MapFleet(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/fleet/rows", async (string[] id, FleetReader reader, CancellationToken cancellation) =>
            new RazorComponentResult<FleetRows>(new { Rows = await reader.ReadAsync([.. id.Take(FleetQuery.PageSize)], cancellation) }));
        routes.MapGet("/fleet/page", async (HttpRequest request, FleetReader reader, CancellationToken cancellation) =>
        {
            FleetQuery query = FleetQuery.Read(request.Query);
            IReadOnlyList<FleetRow> rows = query.Apply(await reader.ReadAsync(cancellation: cancellation));
            return new RazorComponentResult<FleetRows>(new { query.TakePage(rows).Rows });
        });
        routes.MapGet("/fleet/counts", async (HttpRequest request, FleetReader reader, CancellationToken cancellation) =>
            new RazorComponentResult<FleetCounts>(new
            {
                Rows = await reader.ReadAsync(cancellation: cancellation),
                Query = FleetQuery.Read(request.Query),
            }));
    }
}
