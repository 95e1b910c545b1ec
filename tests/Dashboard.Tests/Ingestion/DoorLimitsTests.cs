using System;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Text;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Ingestion;
using FeatureAlignment.Dashboard.Tests.Support;
using FeatureAlignment.Telemetry;
using NUnit.Framework;

namespace FeatureAlignment.Dashboard.Tests.Ingestion;

[TestFixture]
public sealed class DoorLimitsTests
{
    private static readonly byte[] Body = Batches.Json(Batches.OfPoints(Batches.Counting(0, 1)));

    [Test]
    public async Task Device_ThatSendsTooMuch_WaitsAloneAndAsTold()
    {
        await using TestDashboard dashboard =
            await TestDashboard.StartAsync(("Ingestion:BatchBurst", "2"), ("Ingestion:BatchesPerSecond", "1"));
        for (int sequence = 1; sequence <= 2; sequence++)
        {
            Assert.That((await dashboard.PostAsync(new BatchHeader("board-1", 1, sequence, 0), Body)).StatusCode,
                Is.EqualTo(HttpStatusCode.OK));
        }

        // Posted until refused: on a slow machine a token may have come back in between.
        HttpResponseMessage answer;
        int next = 3;
        do
        {
            answer = await dashboard.PostAsync(new BatchHeader("board-1", 1, next++, 0), Body);
        }
        while (answer.StatusCode == HttpStatusCode.OK && next < 1_000);

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.TooManyRequests));
        Assert.That(answer.Headers.RetryAfter!.Delta, Is.GreaterThan(TimeSpan.Zero));
        Assert.That((await dashboard.PostAsync(new BatchHeader("board-2", 1, 1, 0), Body)).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await dashboard.Store.HasBatchAsync("board-1", 1, next - 1), Is.False);
    }

    [Test]
    public async Task Address_ThatFailsTooOften_IsToldToWait_ButWhoIsRightThereGetsThrough()
    {
        await using TestDashboard dashboard =
            await TestDashboard.StartAsync(("Ingestion:FailureBurst", "3"), ("Ingestion:FailuresPerMinute", "1"));
        string key = (await dashboard.Keys.CreateAsync("board-1")).Key;
        var header = new BatchHeader("board-1", 1, 1, 0);
        var next = new BatchHeader("board-1", 1, 2, 0);
        (string, string?) wrong = (BatchHeader.SignatureHeader, BatchSignature.Create([1], header, Body));
        for (int i = 0; i < 3; i++)
        {
            Assert.That((await dashboard.PostAsync(header, Body, wrong)).StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        }

        using HttpResponseMessage again = await dashboard.PostAsync(header, Body, wrong);
        using HttpResponseMessage unknown = await dashboard.PostAsync(new BatchHeader("nobody", 1, 1, 0), Body, wrong);
        using HttpResponseMessage bySignature = await dashboard.PostAsync(
            header, Body, (BatchHeader.SignatureHeader, BatchSignature.Create(Encoding.ASCII.GetBytes(key), header, Body)));
        using HttpResponseMessage byKey = await dashboard.PostAsync(next, Body, (BatchHeader.KeyHeader, key));
        using HttpResponseMessage withoutKey = await dashboard.PostAsync(new BatchHeader("board-2", 1, 1, 0), Body);
        using HttpResponseMessage elsewhere = await dashboard.PostAsync(header, Body, wrong, (TestDashboard.AddressHeader, "127.0.0.2"));

        Assert.That(again.StatusCode, Is.EqualTo(HttpStatusCode.TooManyRequests));
        Assert.That(again.Headers.RetryAfter!.Delta, Is.GreaterThan(TimeSpan.Zero));
        Assert.That(again.Content.Headers.ContentType!.MediaType, Is.EqualTo("application/problem+json"));
        Assert.That(unknown.StatusCode, Is.EqualTo(HttpStatusCode.TooManyRequests));
        Assert.That(
            (bySignature.StatusCode, byKey.StatusCode, withoutKey.StatusCode),
            Is.EqualTo((HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.OK)), "as each would be without the others' failures");
        Assert.That(elsewhere.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [Test]
    public void Failures_OfANetworkOfIPv6_CountTogether()
    {
        using var limits = new DoorLimits(new IngestionOptions { FailureBurst = 3, FailuresPerMinute = 1 });

        bool[] refused = [.. Enumerable.Range(1, 4).Select(i => limits.CountFailure(IPAddress.Parse($"2001:db8::{i}")) is not null)];

        Assert.That(refused, Is.EqualTo(new[] { false, false, false, true }));
        Assert.That(limits.CountFailure(IPAddress.Parse("2001:db8:0:1::1")), Is.Null);
    }

    [TestCase("/api/telemetry/board-1/batches")]
    [TestCase("/api/events")]
    [TestCase("/api/logs")]
    [TestCase("/api/devices/login")]
    public async Task Address_ThatFailsAndGoesOn_FillsNoLog(string route)
    {
        await using TestDashboard dashboard = await TestDashboard.StartAsync(
            ("Ingestion:FailureBurst", "1"), ("Ingestion:FailuresPerMinute", "1"));
        await dashboard.Keys.CreateAsync("board-1");
        await dashboard.PostAsync(new BatchHeader("board-1", 1, 1, 0), Body, (BatchHeader.KeyHeader, "guess"));

        for (int i = 0; i < 30; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, route)
            {
                Content = new StringContent("{\"id\":\"NOBODY\"}", Encoding.UTF8, "application/json"),
            };
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "guess");
            foreach (string name in new[] { BatchHeader.BootHeader, BatchHeader.SequenceHeader, BatchHeader.TimeHeader })
            {
                request.Headers.Add(name, "1");
            }

            using HttpResponseMessage refused = await dashboard.Client.SendAsync(request);
            Assert.That(refused.StatusCode, Is.EqualTo(HttpStatusCode.TooManyRequests));
        }

        Assert.That(dashboard.Log.Lines.Select(line => line.Text), Has.Exactly(1).Contains("failed to log in too often"));
        Assert.That(dashboard.Log.Lines, Has.Count.EqualTo(2), "and the failure itself");
    }

    [Test]
    public async Task Device_ThatSendsTooMuch_FillsNoLog_AndHidesNoOther()
    {
        await using TestDashboard dashboard = await TestDashboard.StartAsync(
            ("Ingestion:BatchBurst", "1"), ("Ingestion:BatchesPerSecond", "1"));
        int refused = 0;
        for (int sequence = 1; refused < 30; sequence++)
        {
            foreach (string device in new[] { "board-1", "board-2" })
            {
                using HttpResponseMessage answer = await dashboard.PostAsync(new BatchHeader(device, 1, sequence, 0), Body);
                refused += answer.StatusCode == HttpStatusCode.TooManyRequests ? 1 : 0;
            }
        }

        Assert.That(dashboard.Log.Lines.Select(line => line.Text), Has.Exactly(1).Contains("board-1").And.Exactly(1).Contains("board-2"));
        Assert.That(dashboard.Log.Lines, Has.Count.EqualTo(2));
    }

    [Test]
    public void Options_OfZero_AreRefusedByName() =>
        Assert.That(() => new DoorLimits(new IngestionOptions { BatchBurst = 0 }),
            Throws.InvalidOperationException.With.Message.Contains("Ingestion:BatchBurst"));
}
