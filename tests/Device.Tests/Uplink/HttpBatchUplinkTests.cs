using System;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Threading;
using FeatureAlignment.Device.Platform;
using FeatureAlignment.Device.Uplink;
using FeatureAlignment.Telemetry;
using NUnit.Framework;

namespace FeatureAlignment.Device.Tests.Uplink;

[TestFixture]
public sealed class HttpBatchUplinkTests
{
    private const string Accepted = """{"accepted":1,"quarantined":0}""";

    private static readonly BatchHeader Header = new("board-7", boot: 17, sequence: 4211, timeMilliseconds: 1795350000000);
    private static readonly byte[] Body = Encoding.UTF8.GetBytes("""{"schema":1,"run":"r-1","app":"1.0.0"}""");

    [Test]
    public void Send_PostsBodyAndNamesItInAddressAndHeaders()
    {
        using BatchDoor door = BatchDoor.Open(BatchDoor.Answers(200, Accepted));
        using var uplink = new HttpBatchUplink(door.Address, "");

        UplinkOutcome outcome = Send(uplink);

        Assert.That(door.Requests.TryDequeue(out var request), Is.True);
        Assert.That(request.Path, Is.EqualTo("/api/telemetry/board-7/batches"));
        Assert.That(request.Body, Is.EqualTo(Body));
        Assert.That(request.Headers["Content-Type"], Is.EqualTo("application/json"));
        Assert.That(request.Headers["X-Boot"], Is.EqualTo("17"));
        Assert.That(request.Headers["X-Seq"], Is.EqualTo("4211"));
        Assert.That(request.Headers["X-Time"], Is.EqualTo("1795350000000"));
        Assert.That(outcome.Result, Is.EqualTo(UplinkResult.Delivered));
        Assert.That(uplink.Status, Is.EqualTo("online"));
    }

    [Test]
    public void Send_OverHttp_SignsAndKeepsTheKeyToItself()
    {
        using BatchDoor door = BatchDoor.Open(BatchDoor.Answers(200, Accepted));
        using var uplink = new HttpBatchUplink(door.Address, "s3cret");

        Send(uplink);

        Assert.That(door.Requests.TryDequeue(out var request), Is.True);
        Assert.That(BatchSignature.Verify(Encoding.UTF8.GetBytes("s3cret"), Header, request.Body, request.Headers["X-Signature"]), Is.True);
        Assert.That(request.Headers.AllKeys.Select(name => request.Headers[name]), Has.None.Contains("s3cret"));
    }

    [Test]
    public void Send_AddressWithPath_KeepsThePath()
    {
        using BatchDoor door = BatchDoor.Open(BatchDoor.Answers(200, Accepted));
        using var uplink = new HttpBatchUplink(new Uri(door.Address, "plant/"), "");

        Send(uplink);

        Assert.That(door.Requests.TryDequeue(out var request), Is.True);
        Assert.That(request.Path, Is.EqualTo("/plant/api/telemetry/board-7/batches"));
    }

    [Test]
    public void Outcome_OfAnAnswerWithCommands_CarriesThem()
    {
        const string Answer = """{"accepted":3,"quarantined":1,"commands":[{"id":"c-1","name":"pause","args":{"minutes":5}}]}""";
        using BatchDoor door = BatchDoor.Open(BatchDoor.Answers(200, Answer));
        using var uplink = new HttpBatchUplink(door.Address, "");

        UplinkOutcome outcome = Send(uplink);

        Assert.That(outcome.Answer!.Accepted, Is.EqualTo(3));
        var expected = new TelemetryCommand("c-1", "pause", new TelemetryFields { { "minutes", 5 } });
        Assert.That(outcome.Answer.Commands.Single(), Is.EqualTo(expected));
    }

    [TestCase(400, UplinkResult.Refused, "online")]
    [TestCase(413, UplinkResult.Refused, "online")]
    [TestCase(401, UplinkResult.Failed, "refused")]
    [TestCase(403, UplinkResult.Failed, "refused")]
    [TestCase(404, UplinkResult.Failed, "offline")]
    [TestCase(429, UplinkResult.Failed, "online")]
    [TestCase(500, UplinkResult.Failed, "offline")]
    [TestCase(503, UplinkResult.Failed, "offline")]
    public void Outcome_OfACode_IsWhatTheDoorMeans(int code, UplinkResult result, string status)
    {
        using BatchDoor door = BatchDoor.Open(BatchDoor.Answers(code, """{"title":"because"}"""));
        using var uplink = new HttpBatchUplink(door.Address, "");

        UplinkOutcome outcome = Send(uplink);

        Assert.That(outcome.Result, Is.EqualTo(result));
        Assert.That(outcome.Answer, Is.Null);
        Assert.That(outcome.Reason, Does.StartWith(FormattableString.Invariant($"HTTP {code} ")).And.Contain("because"));
        Assert.That(uplink.Status, Is.EqualTo(status));
    }

    [Test]
    public void RetryAfter_InSeconds_IsReported()
    {
        using BatchDoor door = BatchDoor.Open(BatchDoor.Answers(429, "", ("Retry-After", "17")));
        using var uplink = new HttpBatchUplink(door.Address, "");
        Assert.That(Send(uplink).RetryAfter, Is.EqualTo(TimeSpan.FromSeconds(17)));
    }

    [Test]
    public void RetryAfter_AsDate_CountsFromTheServersClock()
    {
        var then = new DateTimeOffset(2031, 1, 1, 0, 0, 0, TimeSpan.Zero);
        using BatchDoor door = BatchDoor.Open(BatchDoor.Answers(
            503, "", ("Date", then.ToString("R", CultureInfo.InvariantCulture)),
            ("Retry-After", then.AddSeconds(90).ToString("R", CultureInfo.InvariantCulture))));
        using var uplink = new HttpBatchUplink(door.Address, "");
        Assert.That(Send(uplink).RetryAfter, Is.EqualTo(TimeSpan.FromSeconds(90)));
    }

    [TestCase("-5", 0)]
    [TestCase("99999999", 86_400)]
    [TestCase("soon", 0)]
    public void RetryAfter_OutOfReason_IsBounded(string value, int seconds)
    {
        using BatchDoor door = BatchDoor.Open(BatchDoor.Answers(503, "", ("Retry-After", value)));
        using var uplink = new HttpBatchUplink(door.Address, "");
        Assert.That(Send(uplink).RetryAfter, Is.EqualTo(TimeSpan.FromSeconds(seconds)));
    }

    [Test]
    public void Outcome_OfALoginPage_IsFailed()
    {
        using BatchDoor door = BatchDoor.Open(BatchDoor.Answers(200, "<html>Welcome to our hotel</html>"));
        using var uplink = new HttpBatchUplink(door.Address, "");

        Assert.That(Send(uplink).Result, Is.EqualTo(UplinkResult.Failed));
        Assert.That(uplink.Status, Is.EqualTo("offline"));
    }

    [Test]
    public void Outcome_OfARedirect_IsFailedAndGoesNowhere()
    {
        using BatchDoor other = BatchDoor.Open(BatchDoor.Answers(200, Accepted));
        using BatchDoor door = BatchDoor.Open(BatchDoor.Answers(307, "", ("Location", other.Address.ToString())));
        using var uplink = new HttpBatchUplink(door.Address, "s3cret");

        Assert.That(Send(uplink).Result, Is.EqualTo(UplinkResult.Failed));
        Assert.That(other.Requests, Is.Empty);
    }

    [Test]
    public void Outcome_OfAnEndlessAnswer_IsFailed()
    {
        using BatchDoor door = BatchDoor.Open(BatchDoor.Answers(200, new string(' ', TelemetryLimits.BodyBytes + 1)));
        using var uplink = new HttpBatchUplink(door.Address, "");
        Assert.That(Send(uplink).Result, Is.EqualTo(UplinkResult.Failed));
    }

    [Test]
    public void Outcome_OfALostAnswer_IsFailedAndTheSameBatchCanBeSentAgain()
    {
        int count = 0;
        using BatchDoor door = BatchDoor.Open(response =>
        {
            if (Interlocked.Increment(ref count) == 1)
            {
                response.Abort();
            }
            else
            {
                BatchDoor.Answers(200, Accepted)(response);
            }
        });
        using var uplink = new HttpBatchUplink(door.Address, "");

        Assert.That(Send(uplink).Result, Is.EqualTo(UplinkResult.Failed));
        Assert.That(Send(uplink).Result, Is.EqualTo(UplinkResult.Delivered));
        Assert.That(door.Requests.Select(request => request.Headers["X-Seq"]), Is.EqualTo(new[] { "4211", "4211" }));
    }

    [Test]
    public void Outcome_WithoutAServer_IsFailed()
    {
        Uri address;
        using (BatchDoor door = BatchDoor.Open(BatchDoor.Answers(200)))
        {
            address = door.Address;
        }

        using var uplink = new HttpBatchUplink(address, "");
        UplinkOutcome outcome = Send(uplink);
        Assert.That(outcome.Result, Is.EqualTo(UplinkResult.Failed));
        Assert.That(outcome.Reason, Is.Not.Empty);
    }

    [Test]
    public void Outcome_WithoutAnAnswerInTime_IsFailed()
    {
        using var neverAnswers = new ManualResetEventSlim();
        using BatchDoor door = BatchDoor.Open(_ => neverAnswers.Wait());
        using var uplink = new HttpBatchUplink(door.Address, "", TimeSpan.FromMilliseconds(50));

        UplinkOutcome outcome = Send(uplink);
        neverAnswers.Set();

        Assert.That(outcome.Result, Is.EqualTo(UplinkResult.Failed));
        Assert.That(outcome.Reason, Does.Contain("no answer"));
    }

    [Test]
    public void Send_WhileTheDoorHesitates_ReturnsAndIsNotReady()
    {
        using var mayAnswer = new ManualResetEventSlim();
        using BatchDoor door = BatchDoor.Open(response =>
        {
            mayAnswer.Wait();
            BatchDoor.Answers(200, Accepted)(response);
        });
        using var uplink = new HttpBatchUplink(door.Address, "");

        uplink.Send(Header, Body);
        Assert.That(uplink.IsReady, Is.False);
        Assert.That(uplink.TryTakeOutcome(out _), Is.False);
        Assert.That(() => uplink.Send(Header, Body), Throws.InvalidOperationException);

        mayAnswer.Set();
        Assert.That(Outcome(uplink).Result, Is.EqualTo(UplinkResult.Delivered));
        Assert.That(uplink.IsReady, Is.True);
    }

    [Test]
    public void Outcome_IsTakenOnce()
    {
        using BatchDoor door = BatchDoor.Open(BatchDoor.Answers(200, Accepted));
        using var uplink = new HttpBatchUplink(door.Address, "");
        Send(uplink);
        Assert.That(uplink.TryTakeOutcome(out _), Is.False);
    }

    [TestCase("ftp://host/")]
    [TestCase("/only/a/path")]
    public void Address_OfAnotherKind_IsRefused(string address) =>
        Assert.That(
            () => new HttpBatchUplink(new Uri(address, UriKind.RelativeOrAbsolute), ""),
            Throws.ArgumentException.With.Message.Contains("http://"));

    private static UplinkOutcome Send(HttpBatchUplink uplink)
    {
        uplink.Send(Header, Body);
        return Outcome(uplink);
    }

    // The outcome comes from another thread; a minute is for a machine that is very busy, not what is expected.
    private static UplinkOutcome Outcome(HttpBatchUplink uplink)
    {
        UplinkOutcome? outcome = null;
        Assert.That(SpinWait.SpinUntil(() => uplink.TryTakeOutcome(out outcome), TimeSpan.FromMinutes(1)), Is.True, "no outcome");
        return outcome!;
    }
}
