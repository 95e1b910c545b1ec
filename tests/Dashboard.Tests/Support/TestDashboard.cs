using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Devices;
using FeatureAlignment.Dashboard.Hosting;
using FeatureAlignment.Dashboard.Storage;
using FeatureAlignment.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FeatureAlignment.Dashboard.Tests.Support;

/// <summary>The whole dashboard in this process, on a free loopback port, with a database of its own; and a client.</summary>
internal sealed class TestDashboard : IAsyncDisposable
{
    /// <summary>A request with this header seems to come from the address in it.</summary>
    public const string AddressHeader = "Test-Address";

    private readonly string folder = Directory.CreateTempSubdirectory("dashboard-").FullName;
    private readonly WebApplication app;

    private TestDashboard(
        Dictionary<string, string?> settings, Func<DashboardOptions, DashboardOptions>? change, Action<WebApplicationBuilder>? configure)
    {
        var options = new DashboardOptions { Database = Path.Combine(folder, "dashboard.db"), Urls = ["http://127.0.0.1:0"] };
        app = Program.Build(change is null ? options : change(options), builder =>
        {
            builder.Configuration.AddInMemoryCollection(settings);
            builder.Logging.ClearProviders().AddProvider(Log);
            builder.Services.AddSingleton<IStartupFilter, AddressFilter>();
            configure?.Invoke(builder);
        });
    }

    public HttpClient Client { get; private set; } = null!;

    /// <summary>What it has warned of.</summary>
    public LogCounter Log { get; } = new();

    public ITelemetryStore Store => app.Services.GetRequiredService<ITelemetryStore>();

    public DeviceKeys Keys => app.Services.GetRequiredService<DeviceKeys>();

    /// <summary>What features add.</summary>
    public IServiceProvider Services => app.Services;

    public static Task<TestDashboard> StartAsync(params (string Name, string Value)[] settings) => StartAsync(null, null, settings);

    /// <summary>Starts one with other options or services.</summary>
    public static async Task<TestDashboard> StartAsync(
        Func<DashboardOptions, DashboardOptions>? change, Action<WebApplicationBuilder>? configure,
        params (string Name, string Value)[] settings)
    {
        var dashboard = new TestDashboard(
            settings.ToDictionary(setting => setting.Name, setting => (string?)setting.Value), change, configure);
        await dashboard.app.StartAsync();
        dashboard.Client = new HttpClient { BaseAddress = new Uri(dashboard.app.Urls.Single()) };
        return dashboard;
    }

    /// <summary>Posts a batch with whatever headers; a header without a value is left out.</summary>
    public Task<HttpResponseMessage> PostAsync(BatchHeader header, byte[] body, params (string Name, string? Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, header.Path) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        foreach ((string name, string? value) in ((string, string?)[])[
            (BatchHeader.BootHeader, header.Boot.ToString(CultureInfo.InvariantCulture)),
                (BatchHeader.SequenceHeader, header.Sequence.ToString(CultureInfo.InvariantCulture)),
            (BatchHeader.TimeHeader, header.TimeMilliseconds.ToString(CultureInfo.InvariantCulture)), .. headers])
        {
            HttpHeaders target = name.StartsWith("Content-", StringComparison.Ordinal) ? request.Content.Headers : request.Headers;
            target.Remove(name);
            if (value is not null)
            {
                target.TryAddWithoutValidation(name, value);
            }
        }

        return Client.SendAsync(request);
    }

    /// <summary>Stops listening and finishes what is under way.</summary>
    public Task StopAsync() => app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        // As the program does: without it nobody waits for requests and services under way, which may still make files in the folder.
        await app.StopAsync();
        await app.DisposeAsync();
        Log.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private sealed class AddressFilter : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((context, rest) =>
            {
                if (context.Request.Headers.TryGetValue(AddressHeader, out Microsoft.Extensions.Primitives.StringValues address))
                {
                    context.Connection.RemoteIpAddress = IPAddress.Parse(address.ToString());
                }

                return rest(context);
            });
            next(app);
        };
    }
}
