using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Security.Cryptography;
using System.Text;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.MeadowCloud;
using FeatureAlignment.Dashboard.Storage;
using FeatureAlignment.Dashboard.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using MQTTnet;
using NUnit.Framework;

namespace FeatureAlignment.Dashboard.Tests.MeadowCloud;

[TestFixture]
public sealed class DeviceLoginTests
{
    private const string Elsewhere = "203.0.113.7";
    private const string Board = "AB12CD";
    private static readonly string Event = CapturedBodies.Events[0].Replace("\"d1\"", "\"ab12cd\"", StringComparison.Ordinal);

    private readonly AdjustableTime time = new();
    private RSA privateKey = null!;
    private TestDashboard dashboard = null!;

    [OneTimeSetUp]
    public void MakeKey() => privateKey = RSA.Create(2_048);

    [OneTimeTearDown]
    public void ForgetKey() => privateKey.Dispose();

    [SetUp]
    public async Task StartAsync() =>
        dashboard = await TestDashboard.StartAsync(
            options => options with { MqttPort = 0 }, builder => builder.Services.AddSingleton<TimeProvider>(time),
            ("Ingestion:FailuresPerMinute", "1"));

    [TearDown]
    public async Task StopAsync() => await dashboard.DisposeAsync();

    [Test]
    public async Task Login_AsTheRealBoardDoesIt_OpensBothDoors()
    {
        await Keys.SetAsync(Board, privateKey.ExportRSAPublicKeyPem());

        string token = await MeadowBoard.LogInAsync(dashboard.Client, Board, privateKey);
        await using var board = new MeadowBoard(Board, Port);
        MqttClientConnectResultCode connected = await board.ConnectAsync(Board, token);
        await board.SubscribeAsync("dashboard");
        using HttpResponseMessage posted = await PostAsync("/api/events", Event, token);
        using HttpResponseMessage logged = await PostAsync("/api/logs", CapturedBodies.Logs[0], token);

        Assert.That(connected, Is.EqualTo(MqttClientConnectResultCode.Success));
        Assert.That((posted.StatusCode, logged.StatusCode), Is.EqualTo((HttpStatusCode.OK, HttpStatusCode.OK)));
        Assert.That((await dashboard.Store.ListEventsAsync(new EventFilter(Board))), Has.Count.EqualTo(1));
        Assert.That((await dashboard.Store.ListLogsAsync(new LogFilter(Board))), Has.Count.EqualTo(1));
        Assert.That(await dashboard.Store.ListQuarantineAsync(), Is.Empty);
    }

    [Test]
    public async Task Token_SaysTheOrganizationAsMeadowReadsIt()
    {
        await Keys.SetAsync(Board, privateKey.ExportSubjectPublicKeyInfoPem());

        string token = await MeadowBoard.LogInAsync(dashboard.Client, Board, privateKey);

        string claims = token.Split('.')[1].Replace('-', '+').Replace('_', '/');
        claims += (claims.Length % 4) switch { 2 => "==", 3 => "=", _ => "" };
        Assert.That(Encoding.UTF8.GetString(Convert.FromBase64String(claims)),
            Does.Contain("\"oid\":\"dashboard\"").And.Contain("\"sub\":\"AB12CD\""));
    }

    [Test]
    public async Task Login_OfABoardWithoutKey_IsNotFound_AndToldToWaitWhenRepeated()
    {
        var statuses = new List<HttpStatusCode>();
        for (int i = 0; i < 25; i++)
        {
            statuses.Add((await PostAsync("/api/devices/login", "{\"id\":\"NOBODY\"}")).StatusCode);
        }

        Assert.That(statuses[0], Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(statuses, Does.Contain(HttpStatusCode.TooManyRequests), "one more is looked up every now and then");
    }

    [Test]
    public async Task Board_AtAnAddressWhereOthersFail_ComesInAllTheSame()
    {
        await Keys.SetAsync(Board, privateKey.ExportRSAPublicKeyPem());
        string old = await MeadowBoard.LogInAsync(dashboard.Client, Board, privateKey);
        time.Advance(BoardTokens.Lifetime);
        async Task<HttpStatusCode> PostHereAsync(string token)
        {
            using HttpResponseMessage answer = await MeadowBoard.PostAsync(dashboard.Client, "/api/events", Event, token);
            return answer.StatusCode;
        }

        HttpStatusCode failure = HttpStatusCode.OK;
        for (int i = 0; i < 25; i++)
        {
            failure = await PostHereAsync("guess");
        }

        await using var guesser = new MeadowBoard(Board, Port);
        await using var board = new MeadowBoard(Board, Port);
        Assert.That(failure, Is.EqualTo(HttpStatusCode.TooManyRequests));
        Assert.That(await guesser.ConnectAsync(Board, "guess"), Is.EqualTo(MqttClientConnectResultCode.ConnectionRateExceeded));
        Assert.That(await PostHereAsync(old), Is.EqualTo(HttpStatusCode.Unauthorized), "only that makes Meadow's client log in anew");
        string token = await MeadowBoard.LogInAsync(dashboard.Client, Board, privateKey);
        Assert.That(await PostHereAsync(token), Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await board.ConnectAsync(Board, token), Is.EqualTo(MqttClientConnectResultCode.Success));
    }

    [TestCase("")]
    [TestCase("{\"id\":7}")]
    [TestCase("{\"id\":\"a/b\"}")]
    [TestCase("{}")]
    public async Task Login_Malformed_IsRefused(string body) =>
        Assert.That((await PostAsync("/api/devices/login", body)).StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));

    [Test]
    public async Task Token_AfterItsTime_IsRefusedByHttpUntilANewLogin_ButNotByTheBroker()
    {
        await Keys.SetAsync(Board, privateKey.ExportRSAPublicKeyPem());
        string token = await MeadowBoard.LogInAsync(dashboard.Client, Board, privateKey);
        time.Advance(BoardTokens.Lifetime - TimeSpan.FromSeconds(1));
        HttpStatusCode before = await StatusAsync(token);
        time.Advance(TimeSpan.FromSeconds(1));

        Assert.That(before, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await StatusAsync(token), Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(await StatusAsync(await MeadowBoard.LogInAsync(dashboard.Client, Board, privateKey)), Is.EqualTo(HttpStatusCode.OK));
        await using var board = new MeadowBoard(Board, Port);
        Assert.That(await board.ConnectAsync(Board, token), Is.EqualTo(MqttClientConnectResultCode.Success),
            "Meadow's client keeps its first token for the broker until it starts again");
    }

    [Test]
    public async Task Token_OfARevokedOrReplacedKey_IsRefusedEverywhere()
    {
        await Keys.SetAsync(Board, privateKey.ExportRSAPublicKeyPem());
        string first = await MeadowBoard.LogInAsync(dashboard.Client, Board, privateKey);
        await Keys.SetAsync(Board, privateKey.ExportRSAPublicKeyPem());
        string second = await MeadowBoard.LogInAsync(dashboard.Client, Board, privateKey);

        Assert.That(await StatusAsync(first), Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(await StatusAsync(second), Is.EqualTo(HttpStatusCode.OK));
        await Keys.RevokeAsync(Board);
        Assert.That(await StatusAsync(second), Is.EqualTo(HttpStatusCode.Unauthorized));
        await using var board = new MeadowBoard(Board, Port);
        Assert.That(await board.ConnectAsync(Board, second), Is.EqualTo(MqttClientConnectResultCode.NotAuthorized));
        Assert.That((await PostAsync("/api/devices/login", "{\"id\":\"AB12CD\"}")).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [TestCaseSource(nameof(Forgeries))]
    public async Task Token_Forged_IsRefused(string name, Func<string, string> forge)
    {
        await Keys.SetAsync(Board, privateKey.ExportRSAPublicKeyPem());
        string forged = forge(await MeadowBoard.LogInAsync(dashboard.Client, Board, privateKey));
        await using var board = new MeadowBoard(Board, Port);

        Assert.That(await StatusAsync(forged), Is.EqualTo(HttpStatusCode.Unauthorized), name);
        Assert.That(await board.ConnectAsync(Board, forged), Is.EqualTo(MqttClientConnectResultCode.NotAuthorized), name);
        Assert.That(await dashboard.Store.ListRunsAsync(), Is.Empty);
    }

    [Test]
    public async Task Token_OfAnotherBoard_ReachesNothingOfThisOne()
    {
        using var otherKey = RSA.Create(2_048);
        await Keys.SetAsync(Board, privateKey.ExportRSAPublicKeyPem());
        await Keys.SetAsync("OTHER", otherKey.ExportRSAPublicKeyPem());
        string token = await MeadowBoard.LogInAsync(dashboard.Client, "OTHER", otherKey);
        await using var asThis = new MeadowBoard(Board, Port);
        await using var asOther = new MeadowBoard("OTHER", Port);

        HttpStatusCode posted = await StatusAsync(token);
        MqttClientConnectResultCode connected = await asThis.ConnectAsync(Board, token);
        await asOther.ConnectAsync("OTHER", token);
        MqttClientSubscribeResultCode subscribed = await asOther.SubscribeToAsync($"dashboard/commands/{Board}");

        Assert.That(posted, Is.EqualTo(HttpStatusCode.OK), "a board that errs must not be held up");
        Assert.That((await dashboard.Store.ListQuarantineAsync()).Single().DeviceId, Is.EqualTo("OTHER"));
        Assert.That(await dashboard.Store.ListEventsAsync(new EventFilter()), Is.Empty);
        Assert.That(connected, Is.EqualTo(MqttClientConnectResultCode.NotAuthorized));
        Assert.That(subscribed, Is.EqualTo(MqttClientSubscribeResultCode.NotAuthorized));
    }

    [Test]
    public async Task ClientId_OfALoggedInBoard_IsNotGivenToOthers()
    {
        await Keys.SetAsync(Board, privateKey.ExportRSAPublicKeyPem());
        string token = await MeadowBoard.LogInAsync(dashboard.Client, Board, privateKey);
        string client = MeadowBoard.NewClientId();
        await using var board = new MeadowBoard(Board, Port);
        await board.ConnectAsync(Board, token, clientId: client);
        await board.SubscribeAsync("dashboard");
        await using var thief = new MeadowBoard("d1", Port);

        Assert.That(await thief.ConnectAsync(clientId: client), Is.EqualTo(MqttClientConnectResultCode.NotAuthorized));
        await board.PingAsync();
        Assert.That(board.IsConnected);
    }

    [Test]
    public async Task ClientId_OfABoardThatCameAnew_StaysItsOwn_WhenItsOldConnectionIsSeenToEndLater()
    {
        MqttAccess access = dashboard.Services.GetRequiredService<MqttAccess>();
        string client = MeadowBoard.NewClientId();
        var old = new BoardGuest(IPAddress.Loopback, isSameMachine: true, Board, "token");
        var next = new BoardGuest(IPAddress.Loopback, isSameMachine: true, Board, "token");
        access.Take(client, old);
        access.Take(client, next);
        access.Free(client, old);
        await using var thief = new MeadowBoard("d1", Port);
        Assert.That(await thief.ConnectAsync(clientId: client), Is.EqualTo(MqttClientConnectResultCode.NotAuthorized));

        access.Free(client, next);
        await using var another = new MeadowBoard("d1", Port);
        Assert.That(await another.ConnectAsync(clientId: client), Is.EqualTo(MqttClientConnectResultCode.Success));
    }

    [Test]
    public async Task Keys_OfAnotherKind_AreRefusedByName()
    {
        using var small = RSA.Create(1_024);
        using var curve = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        Assert.That(() => Keys.SetAsync(Board, "no key"), Throws.ArgumentException.With.Message.Contains("PEM"));
        Assert.That(() => Keys.SetAsync(Board, small.ExportRSAPublicKeyPem()), Throws.ArgumentException.With.Message.Contains("1024"));
        Assert.That(() => Keys.SetAsync(Board, privateKey.ExportPkcs8PrivateKeyPem()),
            Throws.ArgumentException.With.Message.Contains("private"));
        Assert.That(() => Keys.SetAsync(Board, curve.ExportSubjectPublicKeyInfoPem()), Throws.ArgumentException);
        Assert.That(await dashboard.Store.ListPublicKeysAsync(), Is.Empty);
    }

    private static IEnumerable<TestCaseData> Forgeries()
    {
        yield return Case("Empty", _ => "");
        yield return Case("NoSignature", token => token[..(token.LastIndexOf('.') + 1)]);
        yield return Case("OtherSignature", token => token[..(token.LastIndexOf('.') + 1)] + new string('A', 43));
        yield return Case("AlgorithmNone", token => "eyJhbGciOiJub25lIn0." + token.Split('.')[1] + ".");
        yield return Case("OtherBoard", token => string.Join('.', token.Split('.').Select((part, i) => i == 1 ? Flip(part) : part)));
        yield return Case("SignedWithNothing", token =>
        {
            string signed = token[..token.LastIndexOf('.')];
            byte[] signature = HMACSHA256.HashData(Array.Empty<byte>(), Encoding.UTF8.GetBytes(signed));
            return signed + "." + System.Buffers.Text.Base64Url.EncodeToString(signature);
        });

        static TestCaseData Case(string name, Func<string, string> forge) => new TestCaseData(name, forge).SetArgDisplayNames(name);

        static string Flip(string part) => (part[0] == 'e' ? 'f' : 'e') + part[1..];
    }

    private BoardKeys Keys => dashboard.Services.GetRequiredService<BoardKeys>();

    private int Port => dashboard.Services.GetRequiredService<MqttBroker>().Port!.Value;

    private Task<HttpResponseMessage> PostAsync(string route, string body, string? token = null) =>
        MeadowBoard.PostAsync(dashboard.Client, route, body, token, Elsewhere);

    private async Task<HttpStatusCode> StatusAsync(string token)
    {
        using HttpResponseMessage answer = await PostAsync("/api/events", Event, token);
        return answer.StatusCode;
    }
}
