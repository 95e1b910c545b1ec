using System;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Live;
using FeatureAlignment.Dashboard.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace FeatureAlignment.Dashboard.Tests.Live;

[TestFixture]
[CancelAfter(Patience.Milliseconds)]
public sealed class OpenStreamsTests
{
    private const string Password = "correct horse battery";
    private const string One = "203.0.113.7", Other = "203.0.113.8", Third = "203.0.113.9";

    private TestDashboard dashboard = null!;

    // Three in total, two of one address.
    [SetUp]
    public async Task StartAsync()
    {
        dashboard = await TestDashboard.StartAsync(
            null,
            builder => builder.Services.AddSingleton(services => ActivatorUtilities.CreateInstance<OpenStreams>(services, 3, 2)));
        (await dashboard.Client.SetPasswordAsync(Password)).Dispose();
        (await dashboard.Client.SubmitAsync("/login", "_handler\" value=\"login", ("Given", Password))).Dispose();
    }

    [TearDown]
    public async Task StopAsync() => await dashboard.DisposeAsync();

    [Test]
    public async Task Stream_TooMany_IsToldWhenToComeAgain_AndPagesAreServed(CancellationToken cancellation)
    {
        using HttpResponseMessage first = await OpenAsync(One, cancellation), second = await OpenAsync(One, cancellation);
        using HttpResponseMessage third = await OpenAsync(One, cancellation);
        using HttpResponseMessage other = await OpenAsync(Other, cancellation), beyond = await OpenAsync(Third, cancellation);
        using HttpResponseMessage page = await GetAsync("/", One, cancellation);

        Assert.That(new[] { first, second, other, page }.Select(answer => answer.StatusCode), Is.All.EqualTo(HttpStatusCode.OK));
        foreach ((HttpResponseMessage refused, string why) in
            new[] { (third, "2 live streams from its address"), (beyond, "3 live streams") })
        {
            Assert.That(refused.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
            Assert.That(refused.Headers.RetryAfter!.Delta, Is.GreaterThan(TimeSpan.Zero));
            Assert.That(refused.Content.Headers.ContentType!.MediaType, Is.EqualTo("application/problem+json"));
            Assert.That(await refused.Content.ReadAsStringAsync(cancellation), Does.Contain(why));
        }

        Assert.That(dashboard.Log.Lines.Select(line => line.Text), Has.Exactly(1).Contains(One).And.Exactly(1).Contains(Third));
        Assert.That(await MetricsAsync(cancellation), Does.Match(@"dashboard_live_streams\{?.*\}? 3\b"));
    }

    [Test]
    public async Task Streams_RefusedAgainAndAgain_FillNoLog(CancellationToken cancellation)
    {
        using HttpResponseMessage first = await OpenAsync(One, cancellation), second = await OpenAsync(One, cancellation);
        for (int i = 0; i < 20; i++)
        {
            (await OpenAsync(One, cancellation)).Dispose();
        }

        Assert.That(dashboard.Log.Lines, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Place_OfAPageThatHasGone_IsFree(CancellationToken cancellation)
    {
        using HttpResponseMessage first = await OpenAsync(One, cancellation);
        (await OpenAsync(One, cancellation)).Dispose();

        // The server hears of the end when it comes over the connection.
        HttpStatusCode status;
        do
        {
            using HttpResponseMessage next = await OpenAsync(One, cancellation);
            status = next.StatusCode;
        }
        while (status == HttpStatusCode.ServiceUnavailable && !cancellation.IsCancellationRequested);

        Assert.That(status, Is.EqualTo(HttpStatusCode.OK));
    }

    private Task<HttpResponseMessage> OpenAsync(string address, CancellationToken cancellation) => GetAsync("/live", address, cancellation);

    private Task<HttpResponseMessage> GetAsync(string path, string address, CancellationToken cancellation)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add(TestDashboard.AddressHeader, address);
        return dashboard.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
    }

    private Task<string> MetricsAsync(CancellationToken cancellation) => dashboard.Client.GetStringAsync("/metrics", cancellation);
}
