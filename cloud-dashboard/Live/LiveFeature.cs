using System.Threading;
using FeatureAlignment.Dashboard.Monitoring;
using FeatureAlignment.Dashboard.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace FeatureAlignment.Dashboard.Live;

/// <summary><c>/live</c>: what comes in, pushed to open pages as server-sent events.</summary>
internal static class LiveFeature
{
    public static IServiceCollection AddLive(this IServiceCollection services) =>
        services.AddSingleton<LiveLog>().AddSingleton<LiveStream>().AddSingleton<OpenStreams>();

    public static void MapLive(this IEndpointRouteBuilder routes)
    {
        routes.ServiceProvider.GetRequiredService<ITelemetryStore>().Committed += routes.ServiceProvider.GetRequiredService<LiveLog>().Add;
        CancellationToken stopping = routes.ServiceProvider.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        OpenStreams open = routes.ServiceProvider.GetRequiredService<OpenStreams>();
        routes.ServiceProvider.GetRequiredService<DashboardMetrics>().Observe(
            "dashboard.live_streams", () => open.Count, "{stream}", "Open pages that follow what comes in.");
        routes.MapGet("/live", IResult (HttpContext context, LiveStream stream, string? device, string? run, string? after) =>
        {
            if (open.Refuse(context) is IResult refusal)
            {
                return refusal;
            }

            // A stream has no end of its own: without this the dashboard's stop would wait for every open page.
            var stop = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
            context.Response.RegisterForDispose(stop);
            // Proxies must pass events on as they come.
            context.Response.Headers["X-Accel-Buffering"] = "no";
            context.Response.Headers.CacheControl = "no-store";
            // The browser names the last event when it comes again by itself; a page that opens the stream anew does so in the address.
            string? last = context.Request.Headers["Last-Event-ID"] is [{ Length: > 0 } id] ? id : after;
            return TypedResults.ServerSentEvents(stream.FollowAsync(new LiveWish(device, run), last, stop.Token));
        }).DisableHttpMetrics();
    }
}
