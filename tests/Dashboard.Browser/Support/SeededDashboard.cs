using System;
using System.Collections.Generic;
using System.Linq;
using System.Net.Http;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Devices;
using FeatureAlignment.Dashboard.Storage;
using FeatureAlignment.Dashboard.Tests.Support;
using FeatureAlignment.Telemetry;
using Microsoft.Extensions.DependencyInjection;

namespace FeatureAlignment.Dashboard.Browser.Support;

/// <summary>A dashboard whose clock stands still, and boards that report to it through the batch door.</summary>
internal sealed class SeededDashboard : IAsyncDisposable
{
    private readonly Dictionary<string, int> sequences = [];
    private readonly TestDashboard dashboard;
    private readonly AdjustableTime time;

    private SeededDashboard(TestDashboard dashboard, AdjustableTime time)
    {
        this.dashboard = dashboard;
        this.time = time;
    }

    public Uri Address => dashboard.Client.BaseAddress!;

    public HttpClient Client => dashboard.Client;

    public ITelemetryStore Store => dashboard.Store;

    public DeviceKeys Keys => dashboard.Keys;

    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>Starts one without boards.</summary>
    public static async Task<SeededDashboard> StartEmptyAsync()
    {
        var time = new AdjustableTime();
        return new SeededDashboard(
            await TestDashboard.StartAsync(null, builder => builder.Services.AddSingleton<TimeProvider>(time)), time);
    }

    /// <summary>Starts one with boards in all states, and some whose names and texts try a page's patience.</summary>
    public static async Task<SeededDashboard> StartAsync()
    {
        SeededDashboard seeded = await StartEmptyAsync();
        await SeededFleet.AddAsync(seeded);
        await StrangeBoards.AddAsync(seeded);
        return seeded;
    }

    /// <summary>Lets time pass.</summary>
    public void Advance(TimeSpan by) => time.Advance(by);

    /// <summary>A board reports; each report has the next number.</summary>
    public async Task ReportAsync(string device, TelemetryBatch batch)
    {
        int sequence = sequences[device] = sequences.GetValueOrDefault(device) + 1;
        var header = new BatchHeader(device, boot: 1, sequence, Now.ToUnixTimeMilliseconds());
        using HttpResponseMessage answer = await dashboard.PostAsync(header, Batches.Json(batch));
        if (!answer.IsSuccessStatusCode)
        {
            string text = await answer.Content.ReadAsStringAsync();
            throw new InvalidOperationException($"{device} must be able to report; the answer was {text}");
        }
    }

    /// <summary>Id of a board's only run.</summary>
    public async Task<long> FindRunAsync(string device) => (await Store.ListRunsAsync(device)).Single().Id;

    public ValueTask DisposeAsync() => dashboard.DisposeAsync();
}
