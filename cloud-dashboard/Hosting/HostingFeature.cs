using System;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace FeatureAlignment.Dashboard.Hosting;

/// <summary>What all features stand on: addresses, errors as problem details, an orderly end.</summary>
internal static class HostingFeature
{
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(10);

    public static WebApplicationBuilder CreateBuilder(DashboardOptions options)
    {
        WebApplicationBuilder builder =
            WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseUrls([.. options.Urls]).ConfigureKestrel(server => server.AddServerHeader = false);
        return builder;
    }

    public static IServiceCollection AddHosting(this IServiceCollection services) => services
        .AddSingleton(TimeProvider.System)
        .AddProblemDetails()
        .Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownTimeout);

    public static void UseHosting(this WebApplication app) => app.UseExceptionHandler();
}
