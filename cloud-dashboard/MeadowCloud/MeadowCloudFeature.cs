using System;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Api;
using FeatureAlignment.Dashboard.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace FeatureAlignment.Dashboard.MeadowCloud;

/// <summary>Meadow.Cloud's contract, so that a board with Meadow's own cloud client reports here: its routes, login and broker.</summary>
internal static class MeadowCloudFeature
{
    private const string Tag = "Meadow.Cloud";

    public static IServiceCollection AddMeadowCloud(this IServiceCollection services, DashboardOptions options) => services
        .AddSingleton(provider => new BoardTokens(options, provider.GetRequiredService<TimeProvider>()))
        .AddSingleton<BoardKeys>()
        .AddSingleton<BoardAccess>()
        .AddSingleton<BoardConnections>()
        .AddSingleton<DeviceLogin>()
        .AddSingleton<CloudTranslator>()
        .AddSingleton<CloudDoor>()
        .AddSingleton<MqttAccess>()
        .AddSingleton<CommandDelivery>()
        .AddSingleton<MqttBroker>()
        .AddHostedService(provider => provider.GetRequiredService<MqttBroker>());

    public static void MapMeadowCloud(this IEndpointRouteBuilder routes)
    {
        DeviceLogin login = routes.ServiceProvider.GetRequiredService<DeviceLogin>();
        CloudDoor door = routes.ServiceProvider.GetRequiredService<CloudDoor>();
        routes.MapPost(DeviceLogin.Route, (Delegate)login.HandleAsync)
            .Describe(Tag, "Gives a board a token that only its private key opens", 400, 404, 408, 413, 429)
            .Produces<LoginAnswerBody>()
            .TakesJson<LoginBody>();
        Map(routes, "/api/events", context => door.HandleAsync(context, areLogs: false)).TakesJson<CloudEventBody>();
        Map(routes, "/api/bulkevents", context => door.HandleAsync(context, areLogs: false)).TakesJson<CloudEventBody[]>();
        Map(routes, "/api/logs", context => door.HandleAsync(context, areLogs: true)).TakesJson<CloudLogBody>();
        Map(routes, "/api/bulklogs", context => door.HandleAsync(context, areLogs: true)).TakesJson<CloudLogBody[]>();
    }

    private static RouteHandlerBuilder Map(IEndpointRouteBuilder routes, string route, Func<HttpContext, Task> handle) => routes
        .MapPost(route, (Delegate)handle)
        .Describe(Tag, "Takes what Meadow's cloud client posts; what can't be used goes into quarantine", 401, 408, 415, 429, 503)
        .Produces<CloudAnswerBody>()
        .TakesBoardToken();
}
