using System;
using System.Linq;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Hosting;
using FeatureAlignment.Dashboard.Monitoring;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace FeatureAlignment.Dashboard.Access;

/// <summary>
/// Who sees the pages: with a password set, who has logged in; without one, who sits at this machine. The doors of devices have their
/// own locks.
/// </summary>
internal sealed class AccessGate(DashboardOptions options, AdministratorPassword password, MetricsAccess metrics)
{
    public const string LoginPath = "/login";

    /// <summary>Claim that ties a login to the password that it was made with.</summary>
    public const string StampClaim = "stamp";

    private static readonly PathString[] Open = ["/api", "/health", LoginPath];

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        HttpRequest request = context.Request;
        if (Open.Any(path => request.Path.StartsWithSegments(path))
            || (request.Path.StartsWithSegments(MonitoringFeature.Path) && metrics.Allows(context)))
        {
            await next(context);
        }
        else if (await password.IsSetAsync(context.RequestAborted))
        {
            AuthenticateResult login = await context.AuthenticateAsync();
            if (login.Principal?.FindFirst(StampClaim)?.Value is string stamp && stamp == await password.StampAsync(context.RequestAborted))
            {
                // Behind a login nothing is for caches, and the back button shows nothing after logging out.
                context.Response.Headers.CacheControl = "no-store";
                await next(context);
            }
            else if (request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal))
            {
                // What a form sent is lost, but its page is where the login leads back to.
                context.Response.Redirect(LoginPath + QueryString.Create("back", request.Path + request.QueryString));
            }
            else
            {
                await TypedResults.Problem("Log in first.", statusCode: StatusCodes.Status401Unauthorized).ExecuteAsync(context);
            }
        }
        else if (RequestSource.IsSameMachine(context, options))
        {
            await next(context);
        }
        else
        {
            await TypedResults.Problem(
                "Pages are for people at the dashboard's own machine until an administrator password is set: open the settings page there, "
                + "under its loopback address.",
                statusCode: StatusCodes.Status403Forbidden).ExecuteAsync(context);
        }
    }
}
