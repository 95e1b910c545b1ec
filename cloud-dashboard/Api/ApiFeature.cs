using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Monitoring;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace FeatureAlignment.Dashboard.Api;

/// <summary><c>/openapi/v1.json</c>: what programs can send and ask, as OpenAPI.</summary>
internal static class ApiFeature
{
    private const string Health = "Health", Metrics = "Metrics";

    public static IServiceCollection AddApi(this IServiceCollection services) => services.AddOpenApi(api =>
    {
        api.ShouldInclude = description => description.ActionDescriptor.EndpointMetadata.OfType<ITagsMetadata>().Any();
        api.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "FeatureAlignment dashboard",
                Version = "1",
                Description = "Doors for devices, numbers for programs. Problems are answered as RFC 9457 says.",
            };
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes = ApiSecurity.Schemes();
            AddPlainRoutes(document);
            return Task.CompletedTask;
        });
    });

    public static void MapApi(this IEndpointRouteBuilder routes) => routes.MapOpenApi();

    // Health checks and metrics are not mapped as handlers, from which ASP.NET Core could tell what they answer.
    private static void AddPlainRoutes(OpenApiDocument document)
    {
        document.Tags ??= new HashSet<OpenApiTag>();
        document.Tags.Add(new OpenApiTag { Name = Health });
        document.Tags.Add(new OpenApiTag { Name = Metrics });
        document.Paths["/health/live"] = ApiDescriptions.Get(
            document, Health, "Whether the process answers", "text/plain", null, StatusCodes.Status200OK);
        document.Paths["/health/ready"] = ApiDescriptions.Get(
            document, Health, "Whether batches can be stored", "text/plain", null, StatusCodes.Status200OK,
            StatusCodes.Status503ServiceUnavailable);
        document.Paths[MonitoringFeature.Path] = ApiDescriptions.Get(
            document, Metrics, "How the dashboard is doing, for Prometheus", "text/plain", [ApiSecurity.MetricsToken, ApiSecurity.Login],
            StatusCodes.Status200OK, StatusCodes.Status401Unauthorized, StatusCodes.Status403Forbidden);
    }
}
