using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Tests.Support;

namespace FeatureAlignment.Dashboard.Load;

/// <summary>A dashboard in a process of its own, and boards in this one that report to it at their ordinary rate.</summary>
internal sealed class OrdinaryFleet : IAsyncDisposable
{
    private const string HeapMetric = "dotnet_gc_last_collection_heap_size_bytes{";

    private readonly CancellationTokenSource stop = new();
    private readonly HttpClient client = SignedSender.CreateClient();
    private readonly IReadOnlyList<OrdinaryBoard> boards;
    private readonly Task reports;

    private OrdinaryFleet(DashboardProcess dashboard, IReadOnlyList<OrdinaryBoard> boards, IReadOnlyList<SignedSender> others)
    {
        Dashboard = dashboard;
        Others = others;
        this.boards = boards;
        reports = Task.WhenAll(boards.Select(board => board.RunAsync(client, dashboard.Address, stop.Token)));
    }

    public DashboardProcess Dashboard { get; }

    /// <summary>Senders of further devices that the tool itself speaks for.</summary>
    public IReadOnlyList<SignedSender> Others { get; }

    public int Acknowledged => boards.Sum(board => board.Acknowledged);

    public int Failures => boards.Sum(board => board.Failures);

    /// <summary>Makes the devices, starts the dashboard on their database and lets the boards report.</summary>
    /// <param name="database">A new file.</param>
    /// <param name="count">Boards.</param>
    /// <param name="seed">Of their values and of their places in the period.</param>
    /// <param name="others">Ids of further devices that do not report by themselves.</param>
    public static async Task<OrdinaryFleet> StartAsync(string database, int count, int seed, params string[] others)
    {
        IReadOnlyList<SignedSender> senders = await LoadFleet.CreateSendersAsync(database,
            [.. others, .. Enumerable.Range(0, count).Select(i => string.Create(CultureInfo.InvariantCulture, $"board-{i:0000}"))]);
        var random = new Random(seed);
        return new OrdinaryFleet(
            await DashboardProcess.StartAsync(database),
            [.. senders.Skip(others.Length).Select(sender => new OrdinaryBoard(sender, new Random(random.Next())))],
            [.. senders.Take(others.Length)]);
    }

    /// <summary>Bytes that were left in the dashboard's managed heap by its last collection, all generations.</summary>
    public async Task<long> ReadHeapAsync()
    {
        string text = await client.GetStringAsync(new Uri(Dashboard.Address, "/metrics"));
        return text.Split('\n').Where(line => line.StartsWith(HeapMetric, StringComparison.Ordinal))
            .Sum(line => (long)double.Parse(line[(line.LastIndexOf('}') + 1)..].Trim().Split(' ')[0], CultureInfo.InvariantCulture));
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await reports;
        Dashboard.Dispose();
        client.Dispose();
        stop.Dispose();
    }
}
