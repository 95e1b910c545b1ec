using System;
using FeatureAlignment.Dashboard.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using IPNetwork = System.Net.IPNetwork;

namespace FeatureAlignment.Dashboard.Hosting;

/// <summary>What all features stand on: addresses, errors as problem details, an orderly end.</summary>
internal static partial class HostingFeature
{
    // More than a batch and any form: who sends more without having logged in takes no memory and no disk.
    private const long MostBodyBytes = 128 * 1024;

    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(10);

    public static WebApplicationBuilder CreateBuilder(DashboardOptions options)
    {
        WebApplicationBuilder builder =
            WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseUrls([.. options.Urls]).ConfigureKestrel(server => server.AddServerHeader = false);
        // Why it does not start is for the command line to say, in one line; a service that fails later is told as critical.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
        if (options.LogsJson)
        {
            builder.Logging.AddJsonConsole(console =>
            {
                console.IncludeScopes = true;
                console.UseUtcTimestamp = true;
                console.TimestampFormat = "O";
            });
        }

        return builder;
    }

    public static IServiceCollection AddHosting(this IServiceCollection services, DashboardOptions options) => services
        .AddSingleton(options)
        .AddSingleton(TimeProvider.System)
        .AddProblemDetails()
        .AddExceptionHandler<StoreUnavailableHandler>()
        .AddSingleton<HttpConnections>()
        .Configure<KestrelServerOptions>(server =>
        {
            server.Limits.MaxRequestBodySize = MostBodyBytes;
            server.ConfigureEndpointDefaults(endpoint =>
            {
                HttpConnections connections = endpoint.ApplicationServices.GetRequiredService<HttpConnections>();
                endpoint.Use(next => connection => connections.ServeAsync(connection, next));
            });
        })
        .Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownTimeout);

    public static void UseHosting(this WebApplication app, DashboardOptions options)
    {
        if (options.Proxies.Count > 0)
        {
            var forwarded = new ForwardedHeadersOptions
            {
                ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto,
            };
            // Those that are named and no others: a header from anybody else would be believed too.
            forwarded.KnownProxies.Clear();
            forwarded.KnownIPNetworks.Clear();
            foreach (IPNetwork proxy in options.Proxies)
            {
                forwarded.KnownIPNetworks.Add(proxy);
            }

            app.UseForwardedHeaders(forwarded);
        }

        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            StatusCodeSelector = e => e is StoreUnavailableException ? StatusCodes.Status503ServiceUnavailable
                : StatusCodes.Status500InternalServerError,
        });
    }

    /// <summary>Says where the dashboard listens: in the log if that is for machines, else to the person who started it.</summary>
    public static void Announce(this WebApplication app, DashboardOptions options)
    {
        string addresses = string.Join(", ", app.Urls);
        if (options.LogsJson)
        {
            ILogger logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(HostingFeature));
            LogAddresses(logger, addresses);
        }
        else
        {
            Console.WriteLine($"Dashboard at {addresses}; Ctrl+C stops it.");
        }
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "Dashboard at {Addresses}")]
    private static partial void LogAddresses(ILogger logger, string addresses);
}
