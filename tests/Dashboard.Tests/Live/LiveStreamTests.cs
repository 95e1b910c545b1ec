using System;
using System.Collections.Generic;
using System.IO;
using System.Net.Http;
using System.Net.ServerSentEvents;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NUnit.Framework;

namespace FeatureAlignment.Dashboard.Tests.Live;

[TestFixture]
[CancelAfter(Patience.Milliseconds)]
public sealed class LiveStreamTests
{
    private TestDashboard dashboard = null!;
    private int sequence;

    [OneTimeSetUp]
    public async Task StartAsync() => dashboard = await TestDashboard.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await dashboard.DisposeAsync();

    [Test]
    public async Task Fleet_HearsWhoReported(CancellationToken cancellation)
    {
        await using Listener listener = await Listener.OpenAsync(dashboard.Client, "/live", null, cancellation);
        SseItem<string> ping = await listener.NextAsync();
        await ReportAsync("board-1", 1);

        SseItem<string> heard = await listener.NextAsync();

        Assert.That(ping.EventType, Is.EqualTo("ping"));
        Assert.That((heard.EventType, heard.Data), Is.EqualTo(("devices", "[\"board-1\"]")));
    }

    [Test]
    public async Task Run_HearsItsPoints_NotThoseOfOthers(CancellationToken cancellation)
    {
        await using Listener listener = await Listener.OpenAsync(dashboard.Client, "/live?device=board-1&run=r-1", null, cancellation);
        await listener.NextAsync();
        await ReportAsync("board-2", 1);
        await ReportAsync("board-1", 1);

        SseItem<string> heard = await listener.NextAsync();

        JsonElement points = JsonDocument.Parse(heard.Data).RootElement.GetProperty("points");
        Assert.That(heard.EventType, Is.EqualTo("batch"));
        Assert.That(points.GetRawText(), Is.EqualTo($"[[0,\"alignment_loss\",1,{Batches.Noon + 1_000},1]]"));
    }

    [Test]
    public async Task Stream_Resumed_GivesWhatWasMissed_Once([Values] bool byAddress, CancellationToken cancellation)
    {
        string? last;
        await using (Listener first = await Listener.OpenAsync(dashboard.Client, "/live", null, cancellation))
        {
            await first.NextAsync();
            await ReportAsync("board-1", 1);
            last = (await first.NextAsync()).EventId;
        }

        await ReportAsync("board-2", 1);
        await using Listener second = byAddress
            ? await Listener.OpenAsync(dashboard.Client, "/live?after=" + last, null, cancellation)
            : await Listener.OpenAsync(dashboard.Client, "/live", last, cancellation);
        await second.NextAsync();

        Assert.That((await second.NextAsync()).Data, Is.EqualTo("[\"board-2\"]"));
    }

    [Test]
    public async Task Page_NamesItsPlace_FromWhichTheStreamTellsWhatCameWhileItLoaded(CancellationToken cancellation)
    {
        await ReportAsync("board-1", 1);
        string page = await dashboard.Client.GetStringAsync("/", cancellation);
        string place = Regex.Match(page, "<body data-live=\"([^\"]+)\"").Groups[1].Value;
        await ReportAsync("board-2", 1);

        await using Listener listener = await Listener.OpenAsync(dashboard.Client, "/live?after=" + place, null, cancellation);
        await listener.NextAsync();

        Assert.That((await listener.NextAsync()).Data, Is.EqualTo("[\"board-2\"]"));
    }

    [TestCase("0123456789ab-7")]
    [TestCase("nonsense")]
    public async Task Stream_ResumedAtAnotherDashboard_SaysReset(string last, CancellationToken cancellation)
    {
        await ReportAsync("board-1", 1);
        await using Listener listener = await Listener.OpenAsync(dashboard.Client, "/live", last, cancellation);
        await listener.NextAsync();

        Assert.That((await listener.NextAsync()).EventType, Is.EqualTo("reset"));
    }

    [Test]
    public async Task Stop_DoesNotWaitForOpenPages(CancellationToken cancellation)
    {
        // Its patience would end what it waits for.
        await using TestDashboard own = await TestDashboard.StartAsync(null, builder =>
            builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = Timeout.InfiniteTimeSpan));
        await using Listener listener = await Listener.OpenAsync(own.Client, "/live", null, cancellation);
        await listener.NextAsync();

        await own.StopAsync().WaitAsync(cancellation);
    }

    private async Task ReportAsync(string device, int step) =>
        await dashboard.Store.AppendAsync(Batches.Received(Batches.OfPoints(Batches.Counting(step, 1)), ++sequence, device: device));

    private sealed class Listener : IAsyncDisposable
    {
        private readonly HttpResponseMessage answer;
        private readonly IAsyncEnumerator<SseItem<string>> events;

        private Listener(HttpResponseMessage answer, Stream stream, CancellationToken cancellation)
        {
            this.answer = answer;
            events = SseParser.Create(stream).EnumerateAsync(cancellation).GetAsyncEnumerator(cancellation);
        }

        public static async Task<Listener> OpenAsync(HttpClient client, string address, string? lastEventId, CancellationToken cancellation)
        {
            var request = new HttpRequestMessage(HttpMethod.Get, address);
            request.Headers.TryAddWithoutValidation("Last-Event-ID", lastEventId ?? "");
            HttpResponseMessage answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            return new Listener(answer, await answer.Content.ReadAsStreamAsync(cancellation), cancellation);
        }

        public async Task<SseItem<string>> NextAsync() =>
            await events.MoveNextAsync() ? events.Current : throw new InvalidOperationException("The stream must go on; it ended.");

        public async ValueTask DisposeAsync()
        {
            answer.Dispose();
            await events.DisposeAsync();
        }
    }
}
