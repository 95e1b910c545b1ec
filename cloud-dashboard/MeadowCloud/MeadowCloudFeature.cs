using System;
using FeatureAlignment.Dashboard.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace FeatureAlignment.Dashboard.MeadowCloud;

/// <summary>Meadow.Cloud's contract, so that a board with Meadow's own cloud client reports here: its routes, login and broker.</summary>
internal static class MeadowCloudFeature
{
    public static IServiceCollection AddMeadowCloud(this IServiceCollection services, DashboardOptions options) => services
        .AddSingleton(provider => new BoardTokens(options, provider.GetRequiredService<TimeProvider>()))
        .AddSingleton<BoardKeys>()
        .AddSingleton(provider => ActivatorUtilities.CreateInstance<BoardAccess>(provider, options))
        .AddSingleton<BoardConnections>()
        .AddSingleton<DeviceLogin>()
        .AddSingleton<CloudTranslator>()
        .AddSingleton<CloudDoor>()
        .AddSingleton(provider => ActivatorUtilities.CreateInstance<MqttBroker>(provider, options))
        .AddHostedService(provider => provider.GetRequiredService<MqttBroker>());

    public static void MapMeadowCloud(this IEndpointRouteBuilder routes)
    {
        DeviceLogin login = routes.ServiceProvider.GetRequiredService<DeviceLogin>();
        CloudDoor door = routes.ServiceProvider.GetRequiredService<CloudDoor>();
        routes.MapPost(DeviceLogin.Route, (HttpContext context) => login.HandleAsync(context));
        foreach ((string route, bool areLogs) in
            new[] { ("/api/events", false), ("/api/bulkevents", false), ("/api/logs", true), ("/api/bulklogs", true) })
        {
            routes.MapPost(route, (HttpContext context) => door.HandleAsync(context, areLogs));
        }
    }
}
