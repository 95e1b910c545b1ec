using FeatureAlignment.Dashboard.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace FeatureAlignment.Dashboard.Ingestion;

/// <summary>Doors that devices report through.</summary>
internal static class IngestionFeature
{
    public static IServiceCollection AddIngestion(this IServiceCollection services) => services
        .AddSingleton(provider => provider.GetRequiredService<IConfiguration>().GetSection("Ingestion").Get<IngestionOptions>()
            ?? new IngestionOptions())
        .AddSingleton<DoorLimits>()
        .AddSingleton<BatchLogin>()
        .AddSingleton<BatchIntake>()
        .AddSingleton<BatchDoor>();

    public static void MapIngestion(this IEndpointRouteBuilder routes)
    {
        BatchDoor door = routes.ServiceProvider.GetRequiredService<BatchDoor>();
        routes.MapPost(BatchDoor.Route, (HttpContext context, string deviceId) => door.HandleAsync(context, deviceId))
            .Describe("Batch door", "Stores a batch of a device, once; answers when it is on the disk", 400, 401, 403, 408, 413, 429, 503)
            .Produces<BatchAnswerBody>()
            .TakesJson<BatchBody>()
            .TakesBatchHeaders();
    }
}
