using System;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Access;
using FeatureAlignment.Dashboard.Api;
using FeatureAlignment.Dashboard.Demo;
using FeatureAlignment.Dashboard.Devices;
using FeatureAlignment.Dashboard.Fleet;
using FeatureAlignment.Dashboard.Hosting;
using FeatureAlignment.Dashboard.Ingestion;
using FeatureAlignment.Dashboard.Layout;
using FeatureAlignment.Dashboard.Live;
using FeatureAlignment.Dashboard.MeadowCloud;
using FeatureAlignment.Dashboard.Monitoring;
using FeatureAlignment.Dashboard.Runs;
using FeatureAlignment.Dashboard.Samples;
using FeatureAlignment.Dashboard.Settings;
using FeatureAlignment.Dashboard.Storage;
using Microsoft.AspNetCore.Builder;

namespace FeatureAlignment.Dashboard;

/// <summary>The dashboard's table of contents: a line for what a feature adds, a line for what it maps.</summary>
public static class Program
{
    public static Task<int> Main(string[] args) => DashboardCommandLine.RunAsync(args);

    /// <summary>Puts the dashboard together; it does not listen yet.</summary>
    /// <param name="options">What the command line says.</param>
    /// <param name="configure">What tests change.</param>
    public static WebApplication Build(DashboardOptions options, Action<WebApplicationBuilder>? configure = null)
    {
        WebApplicationBuilder builder = HostingFeature.CreateBuilder(options);
        builder.Services.AddHosting(options);
        builder.Services.AddStorage(options);
        builder.Services.AddDemo(options);
        builder.Services.AddDevices(options);
        builder.Services.AddIngestion();
        builder.Services.AddPages();
        builder.Services.AddLive();
        builder.Services.AddFleet();
        builder.Services.AddMeadowCloud(options);
        builder.Services.AddSettings();
        builder.Services.AddAccess();
        builder.Services.AddMonitoring();
        builder.Services.AddApi();
        configure?.Invoke(builder);

        WebApplication app = builder.Build();
        app.UseHosting(options);
        app.UsePages();
        app.UseAccess(options);
        app.MapStorage();
        app.MapIngestion();
        app.MapPages();
        app.MapLive();
        app.MapFleet();
        app.MapDevices();
        app.MapRuns();
        app.MapSamples();
        app.MapMeadowCloud();
        app.MapMonitoring();
        app.MapApi();
        return app;
    }
}
