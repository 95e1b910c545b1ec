using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Hosting;
using FeatureAlignment.Dashboard.Storage;
using FeatureAlignment.Dashboard.Storage.Sqlite;
using FeatureAlignment.Dashboard.Tests.Support;
using FeatureAlignment.Telemetry;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace FeatureAlignment.Dashboard.Tests.Ingestion;

[TestFixture]
public sealed class BatchDoorTests
{
    private const string Elsewhere = "203.0.113.7";
    private static readonly BatchHeader Header = new("board-1", boot: 1, sequence: 1, Batches.Noon);
    private static readonly byte[] Body = Batches.Json(Batches.OfPoints(Batches.Counting(0, 3)));

    private TestDashboard dashboard = null!;

    [SetUp]
    public async Task StartAsync() => dashboard = await TestDashboard.StartAsync();

    [TearDown]
    public async Task StopAsync() => await dashboard.DisposeAsync();

    [Test]
    public async Task Batch_FromThisMachineWithoutAnyKey_IsAccepted()
    {
        using HttpResponseMessage answer = await dashboard.PostAsync(Header, Body);

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(answer.Content.Headers.ContentType!.MediaType, Is.EqualTo("application/json"));
        Assert.That(await answer.Content.ReadAsStringAsync(), Is.EqualTo("""{"accepted":3,"quarantined":0,"commands":[]}"""));
        Assert.That((await dashboard.Store.ListSeriesAsync(1)).Single().Points, Is.EqualTo(3));
    }

    [Test]
    public async Task Batch_OfTheContractsExample_IsAccepted()
    {
        const string Example = """
            {"schema":1,"run":"r-20261122-01","app":"1.0.0",
             "points":[{"t":1795350000000,"step":1200,"layer":0,"name":"alignment_loss","value":0.0123}],
             "images":[{"t":1795350000000,"step":1200,"layer":0,"kind":"reconstruction","width":2,"height":1,
                        "input":"AAE=","output":"/wA=","label":7,"predicted":7}],
             "events":[{"t":1795350000000,"step":1200,"kind":"anomaly_start","level":"high","text":"x",
                        "data":{"score":9.1,"threshold":4.2}}],
             "logs":[{"t":1795350000000,"level":"warning","text":"y"}],
             "run_settings":{"optimizer":"adam"}}
            """;

        using HttpResponseMessage answer = await dashboard.PostAsync(Header, Encoding.UTF8.GetBytes(Example));

        Assert.That(BatchReader.ReadAnswer(await answer.Content.ReadAsByteArrayAsync()), Is.EqualTo(new BatchAnswer(4, 0)));
    }

    [Test]
    public async Task Batch_Repeated_GetsTheFirstAnswerByteForByte()
    {
        await dashboard.Store.RegisterDeviceAsync("board-1", Batches.Noon);
        await dashboard.Store.AddCommandAsync("board-1",
            new TelemetryCommand("c-1", "set_learning_rate", new TelemetryFields { { "value", 0.001 } }), Batches.Noon);
        using HttpResponseMessage first = await dashboard.PostAsync(Header, Body);
        await dashboard.PostAsync(
            new BatchHeader("board-1", 1, 2, 0),
            Batches.Json(Batches.OfEvents(
                new TelemetryEvent(0, 0, EventKinds.CommandDone, TelemetryPriority.High, "", new TelemetryFields { { "id", "c-1" } }))));

        using HttpResponseMessage again = await dashboard.PostAsync(Header, Body);

        Assert.That(await first.Content.ReadAsStringAsync(), Does.Contain("\"c-1\""));
        Assert.That(await again.Content.ReadAsStringAsync(), Is.EqualTo(await first.Content.ReadAsStringAsync()));
        Assert.That((await dashboard.Store.ListSeriesAsync(1)).Single().Points, Is.EqualTo(3));
    }

    [Test]
    public async Task Batch_Compressed_IsAcceptedAndSignedAsSent()
    {
        string key = (await dashboard.Keys.CreateAsync("board-1")).Key;
        byte[] sent = Gzip(Body);

        using HttpResponseMessage answer =
            await dashboard.PostAsync(Header, sent, ("Content-Encoding", "gzip"), Signed(key, Header, sent), FromElsewhere());

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Login_ByKey_NeedsTheDevicesOwnValidKey()
    {
        (DeviceKeyRecord record, string key) = await dashboard.Keys.CreateAsync("board-1");
        string other = (await dashboard.Keys.CreateAsync("board-2")).Key;

        Assert.That(await StatusAsync((BatchHeader.KeyHeader, key)), Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await StatusAsync((BatchHeader.KeyHeader, other)), Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(await StatusAsync((BatchHeader.KeyHeader, key + "x")), Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(await StatusAsync(), Is.EqualTo(HttpStatusCode.Unauthorized), "with a key, none is not enough any more");
        string second = (await dashboard.Keys.CreateAsync("board-1")).Key;
        await dashboard.Store.RevokeKeyAsync("board-1", record.Id, 1);
        Assert.That(await StatusAsync((BatchHeader.KeyHeader, key)), Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(await StatusAsync((BatchHeader.KeyHeader, second)), Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Login_BySignature_CoversAllThatIsSent()
    {
        string key = (await dashboard.Keys.CreateAsync("board-1")).Key;
        (string, string?) signature = Signed(key, Header, Body);

        Assert.That(await StatusAsync(signature, FromElsewhere()), Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await StatusAsync(signature, (BatchHeader.SequenceHeader, "2")), Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(await StatusAsync(signature, (BatchHeader.BootHeader, "2")), Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(await StatusAsync(signature, (BatchHeader.TimeHeader, "1")), Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That((await dashboard.PostAsync(Header, [.. Body, (byte)' '], signature)).StatusCode,
            Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That((await dashboard.PostAsync(new BatchHeader("board-2", 1, 1, Batches.Noon), Body, signature)).StatusCode,
            Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(await StatusAsync((BatchHeader.SignatureHeader, "")), Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [Test]
    public async Task Login_FromElsewhere_NeedsAKeyThatIsNotSentInTheClear()
    {
        Assert.That(await StatusAsync(FromElsewhere()), Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(await StatusAsync(("X-Forwarded-For", Elsewhere)), Is.EqualTo(HttpStatusCode.Unauthorized),
            "a proxy on this machine is not this machine");
        string key = (await dashboard.Keys.CreateAsync("board-1")).Key;
        Assert.That(await StatusAsync((BatchHeader.KeyHeader, key), FromElsewhere()), Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(await dashboard.Store.ListRunsAsync(), Is.Empty);
    }

    [TestCase("Host", "rebound.example", Description = "a page of another site whose name was made to point here")]
    [TestCase("Forwarded", "for=203.0.113.7")]
    [TestCase("X-Forwarded-Proto", "https")]
    [TestCase("X-Forwarded-Host", "boards.example")]
    [TestCase("X-Original-For", "127.0.0.1:5", Description = "what is left of X-Forwarded-For where it was believed")]
    [TestCase("X-Real-IP", Elsewhere)]
    [TestCase("Via", "1.1 proxy")]
    public async Task Login_OfARequestFromAnotherSiteOrThroughAProxy_NeedsAKey(string header, string value)
    {
        Assert.That(await StatusAsync((header, value)), Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(await dashboard.Store.ListDevicesAsync(), Is.Empty);
    }

    [Test]
    public async Task Headers_SentTwice_AreRefused()
    {
        string key = (await dashboard.Keys.CreateAsync("board-1")).Key;
        (string Name, string? Value) signature = Signed(key, Header, Body);
        foreach ((string name, string value) in new[] { (BatchHeader.BootHeader, "1"), (BatchHeader.SequenceHeader, "2"),
            (BatchHeader.TimeHeader, "0"), (signature.Name, signature.Value!), ("Content-Encoding", "identity") })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, Header.Path) { Content = new ByteArrayContent(Body) };
            request.Content.Headers.ContentType = new("application/json");
            foreach ((string one, string? of) in ((string, string?)[])[(BatchHeader.BootHeader, "1"), (BatchHeader.SequenceHeader, "1"),
                (BatchHeader.TimeHeader, $"{Batches.Noon}"), signature, ("Content-Encoding", "identity"), (name, value)])
            {
                if (!request.Headers.TryAddWithoutValidation(one, of))
                {
                    request.Content.Headers.TryAddWithoutValidation(one, of);
                }
            }

            using HttpResponseMessage answer = await dashboard.Client.SendAsync(request);
            Assert.That((int)answer.StatusCode, Is.AnyOf(400, 401), name);
        }

        Assert.That(await dashboard.Store.ListRunsAsync(), Is.Empty);
    }

    [Test]
    public async Task DeviceId_InOtherCapitals_IsAnotherDevice_WithoutTheKeysOfTheFirst()
    {
        string key = (await dashboard.Keys.CreateAsync("board-1")).Key;
        var other = new BatchHeader("BOARD-1", 1, 1, Batches.Noon);

        Assert.That((await dashboard.PostAsync(other, Body, Signed(key, Header, Body))).StatusCode,
            Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That((await dashboard.PostAsync(other, Body, (BatchHeader.KeyHeader, key))).StatusCode,
            Is.EqualTo(HttpStatusCode.Forbidden));
    }

    [TestCaseSource(nameof(Malformed))]
    public async Task Batch_Malformed_IsRefusedWholeWithAProblem(byte[] body, (string Name, string? Value)[] headers, string detail)
    {
        using HttpResponseMessage answer = await dashboard.PostAsync(Header, body, headers);
        JsonElement problem = await answer.Content.ReadFromJsonAsync<JsonElement>();

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(answer.Content.Headers.ContentType!.MediaType, Is.EqualTo("application/problem+json"));
        Assert.That(problem.GetProperty("detail").GetString(), Does.Contain(detail));
        Assert.That(await dashboard.Store.ListDevicesAsync(), Is.Empty);
    }

    [Test]
    public async Task Body_TooLarge_IsRefused_AlsoWhenItIsSmallInGzip()
    {
        byte[] large = Encoding.ASCII.GetBytes("{\"schema\":1" + new string(' ', TelemetryLimits.BodyBytes) + "}");
        byte[] bomb = Gzip(new byte[50_000_000]);

        Assert.That(bomb, Has.Length.LessThan(TelemetryLimits.BodyBytes));
        Assert.That((await dashboard.PostAsync(Header, large)).StatusCode, Is.EqualTo(HttpStatusCode.RequestEntityTooLarge));
        Assert.That((await dashboard.PostAsync(Header, bomb, ("Content-Encoding", "gzip"))).StatusCode,
            Is.EqualTo(HttpStatusCode.RequestEntityTooLarge));
    }

    [Test]
    public async Task Body_ExactlyAsLargeAsAllowed_IsAccepted()
    {
        byte[] body = [.. Body, .. Enumerable.Repeat((byte)' ', TelemetryLimits.BodyBytes - Body.Length)];

        Assert.That((await dashboard.PostAsync(Header, body)).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task DeviceId_OfOtherCharacters_IsRefused()
    {
        using HttpResponseMessage answer =
            await dashboard.Client.PostAsync(new Uri("/api/telemetry/a%2Fb/batches", UriKind.Relative), new StringContent("{}"));

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
    }

    [Test]
    public async Task Batch_WhenStopped_IsUnavailable()
    {
        await dashboard.Store.DisposeAsync();

        using HttpResponseMessage answer = await dashboard.PostAsync(Header, Body);
        using HttpResponseMessage ready = await dashboard.Client.GetAsync(new Uri("/health/ready", UriKind.Relative));

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(answer.Headers.RetryAfter!.Delta, Is.GreaterThan(TimeSpan.Zero));
        Assert.That(ready.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
    }

    [TestCase("application/json")]
    [TestCase("text/html")]
    public async Task Request_WhenKeysCantBeRead_IsUnavailable_AndSaysWhenToComeAgain(string accept)
    {
        await dashboard.Store.RegisterDeviceAsync(Header.DeviceId, Batches.Noon);
        using (var other = new SqliteConnection(
            $"Data Source={dashboard.Services.GetRequiredService<DashboardOptions>().Database};Pooling=False"))
        {
            other.Open();
            other.Execute("DROP TABLE keys");
        }

        using var page = new HttpRequestMessage(HttpMethod.Get, "/devices/board-1");
        page.Headers.Accept.ParseAdd(accept);
        using HttpResponseMessage batch = await dashboard.PostAsync(Header, Body, ("Accept", accept));
        using HttpResponseMessage shown = await dashboard.Client.SendAsync(page);

        foreach (HttpResponseMessage answer in (HttpResponseMessage[])[batch, shown])
        {
            Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
            Assert.That(answer.Headers.RetryAfter!.Delta, Is.EqualTo(TimeSpan.FromSeconds(30)));
        }
    }

    [Test]
    public async Task Health_OfARunningDashboard_IsGood()
    {
        Assert.That((await dashboard.Client.GetAsync(new Uri("/health/ready", UriKind.Relative))).StatusCode,
            Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await dashboard.Client.GetAsync(new Uri("/health/live", UriKind.Relative))).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Health_AskedOften_WritesOnce()
    {
        var time = new StoppedTime();
        await using TestDashboard one = await TestDashboard.StartAsync(null, builder => builder.Services.AddSingleton<TimeProvider>(time));
        int commits = 0;
        one.Store.CommitTimed += _ => Interlocked.Increment(ref commits);

        for (int i = 0; i < 20; i++)
        {
            Assert.That((await one.Client.GetAsync(new Uri("/health/ready", UriKind.Relative))).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        }

        Assert.That(commits, Is.EqualTo(1));
        time.Timestamp += time.TimestampFrequency;
        await one.Client.GetAsync(new Uri("/health/ready", UriKind.Relative));
        Assert.That(commits, Is.EqualTo(2));
    }

    private static IEnumerable<TestCaseData> Malformed()
    {
        yield return Case("NotJson", "no"u8.ToArray(), "Byte 0");
        yield return Case("Cut", Body[..^1], "Byte");
        yield return Case("NotANumber", Encoding.UTF8.GetString(Body).Replace("\"value\":0", "\"value\":NaN", StringComparison.Ordinal),
            "Byte");
        yield return Case("OtherSchema", """{"schema":2,"run":"r","app":"1"}""", "schema");
        yield return Case("TooManyPoints", Encoding.UTF8.GetString(
            Batches.Json(Batches.OfPoints(Enumerable.Repeat(new TelemetryPoint(0, 0, null, "q", 1), 1_001)))), "1000");
        yield return Case("NoBoot", Body, "X-Boot", (BatchHeader.BootHeader, null));
        yield return Case("BootZero", Body, "X-Boot", (BatchHeader.BootHeader, "0"));
        yield return Case("SequenceTooLarge", Body, "X-Seq", (BatchHeader.SequenceHeader, "2147483648"));
        yield return Case("SequenceSigned", Body, "X-Seq", (BatchHeader.SequenceHeader, "+1"));
        yield return Case("NoTime", Body, "X-Time", (BatchHeader.TimeHeader, null));
        yield return Case("OtherType", Body, "Content-Type", ("Content-Type", "text/plain"));
        yield return Case("OtherEncoding", Body, "Content-Encoding", ("Content-Encoding", "br"));
        yield return Case("NotGzip", Body, "gzip", ("Content-Encoding", "gzip"));

        static TestCaseData Case(string name, object body, string detail, params (string, string?)[] headers) =>
            new TestCaseData(body as byte[] ?? Encoding.UTF8.GetBytes((string)body), headers, detail).SetArgDisplayNames(name);
    }

    private static byte[] Gzip(byte[] content)
    {
        using var output = new MemoryStream();
        using (var gzip = new GZipStream(output, CompressionLevel.Optimal))
        {
            gzip.Write(content);
        }

        return output.ToArray();
    }

    private static (string Name, string? Value) FromElsewhere() => (TestDashboard.AddressHeader, Elsewhere);

    private static (string Name, string? Value) Signed(string key, BatchHeader header, byte[] body) =>
        (BatchHeader.SignatureHeader, BatchSignature.Create(Encoding.ASCII.GetBytes(key), header, body));

    private async Task<HttpStatusCode> StatusAsync(params (string Name, string? Value)[] headers)
    {
        using HttpResponseMessage answer = await dashboard.PostAsync(Header, Body, headers);
        return answer.StatusCode;
    }

    private sealed class StoppedTime : TimeProvider
    {
        public long Timestamp { get; set; }

        public override long GetTimestamp() => Timestamp;
    }
}
