using System;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Hosting;
using FeatureAlignment.Dashboard.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace FeatureAlignment.Dashboard.Tests.Hosting;

[TestFixture]
[CancelAfter(Patience.Milliseconds)]
public sealed class HttpConnectionsTests
{
    private const int Most = 4;

    private TestDashboard dashboard = null!;

    [SetUp]
    public async Task StartAsync() => dashboard = await TestDashboard.StartAsync(
        null,
        // This machine may take all places.
        builder => builder.Services.AddSingleton(services => ActivatorUtilities.CreateInstance<HttpConnections>(services, Most, 1)));

    [TearDown]
    public async Task StopAsync() => await dashboard.DisposeAsync();

    [Test]
    public async Task Connection_TooMany_IsToldSo_AndTheOthersGoOn(CancellationToken cancellation)
    {
        using HttpResponseMessage first = await GetAsync(cancellation);
        TcpClient[] silent = [.. await Task.WhenAll(Enumerable.Range(0, Most - 1).Select(_ => ConnectAsync(cancellation)))];
        using HttpClient stranger = new() { BaseAddress = dashboard.Client.BaseAddress };

        for (int i = 0; i < 10; i++)
        {
            using HttpResponseMessage refused = await stranger.GetAsync("/health/live", cancellation);
            Assert.That(refused.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
            Assert.That(refused.Headers.RetryAfter!.Delta, Is.GreaterThan(TimeSpan.Zero));
            Assert.That(await refused.Content.ReadAsStringAsync(cancellation), Does.Contain("too many connections"));
        }

        using HttpResponseMessage again = await GetAsync(cancellation);
        Assert.That((first.StatusCode, again.StatusCode), Is.EqualTo((HttpStatusCode.OK, HttpStatusCode.OK)));
        Assert.That(dashboard.Log.Lines.Single().Text, Does.Contain($"there are {Most} connections already"));
        Array.ForEach(silent, client => client.Dispose());

        // The server hears of their end when it comes over the connections.
        HttpStatusCode status;
        do
        {
            using HttpResponseMessage answer = await stranger.GetAsync("/health/live", cancellation);
            status = answer.StatusCode;
        }
        while (status != HttpStatusCode.OK && !cancellation.IsCancellationRequested);
        Assert.That(status, Is.EqualTo(HttpStatusCode.OK));
    }

    private Task<HttpResponseMessage> GetAsync(CancellationToken cancellation) => dashboard.Client.GetAsync("/health/live", cancellation);

    // Kestrel has it when it answers: the first byte of a request that never ends would not show that.
    private async Task<TcpClient> ConnectAsync(CancellationToken cancellation)
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, dashboard.Client.BaseAddress!.Port, cancellation);
        NetworkStream stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes("GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n"), cancellation);
        using var reader = new StreamReader(stream, leaveOpen: true);
        Assert.That(await reader.ReadLineAsync(cancellation), Does.Contain("200"));
        return client;
    }
}
