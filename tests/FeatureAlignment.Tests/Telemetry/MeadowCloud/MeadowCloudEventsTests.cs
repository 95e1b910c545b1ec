using System.Buffers;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using FeatureAlignment.Telemetry;
using FeatureAlignment.Telemetry.MeadowCloud;
using NUnit.Framework;

namespace FeatureAlignment.Tests.Telemetry.MeadowCloud;

[TestFixture]
public sealed class MeadowCloudEventsTests
{
    [Test]
    public void Encode_OfPoints_FlattensThem()
    {
        var batch = new TelemetryBatch("r-1", "1.0.0",
            [
                new TelemetryPoint(1000, 7, 0, "alignment_loss", 0.5), new TelemetryPoint(1000, 7, null, "accuracy", 1),
                new TelemetryPoint(1000, 7, null, "seq", 3),
            ]);
        MeadowCloudEvent one = MeadowCloudEvents.Encode(new BatchHeader("d", 2, 3, 4), batch).Single();
        Assert.That((one.EventId, one.Timestamp), Is.EqualTo((1000, "1970-01-01T00:00:01.0000000+00:00")));
        Assert.That(one.Measurements.Select(field => $"{field.Key}={field.Value}"), Is.EqualTo(new[]
        {
            "deviceId=d", "runId=r-1", "boot=2", "seq=3", "schema=1", "step=7", "part=0", "parts=1", "app=1.0.0", "time=4",
            "0.alignment_loss=0.5", "accuracy=1", "network.seq=3",
        }));
    }

    [Test]
    public void RandomBatches_ComeBackEqual_AlsoOverTheWireInAnyOrder()
    {
        const ulong Seed = 76;
        var random = new RandomSource(Seed);
        for (int i = 0; i < 200; i++)
        {
            BatchHeader header = TelemetrySamples.Header(random);
            TelemetryBatch batch = TelemetrySamples.Batch(random);
            IReadOnlyList<MeadowCloudEvent> events = MeadowCloudEvents.Encode(header, batch);
            MeadowCloudContent content = MeadowCloudEvents.Decode([.. events.Select(Sent).Reverse()]);
            Assert.That((content.Header, content.Parts), Is.EqualTo((header, events.Count)), $"seed {Seed}, batch {i}");
            Assert.That(content.Batch, Is.EqualTo(batch), $"seed {Seed}, batch {i}");
            Assert.That(content.Unusable, Is.Empty);
        }
    }

    [Test]
    public void Encode_LetsNothingOutThatMicroJsonWouldNotEscape()
    {
        const ulong Seed = 77;
        var random = new RandomSource(Seed);
        IEnumerable<MeadowCloudEvent> all = Enumerable.Range(0, 200)
            .SelectMany(_ => MeadowCloudEvents.Encode(TelemetrySamples.Header(random), TelemetrySamples.Batch(random)));
        foreach (MeadowCloudEvent one in all)
        {
            Assert.That(
                one.Measurements.Select(field => field.Key),
                Has.All.Matches<string>(key => Regex.IsMatch(key!, @"\A[A-Za-z0-9_.-]+\z")),
                $"seed {Seed}");
            Assert.That(
                one.Measurements.Where(field => field.Value.Kind == TelemetryValueKind.Text).SelectMany(field => field.Value.Text),
                Has.None.Matches<char>(char.IsControl));
        }
    }

    [Test]
    public void Decode_OfCommandAnswerAndLog_TellsThemFromEvents()
    {
        var batch = new TelemetryBatch("r", "1", events: [new TelemetryEvent(0, 0, EventKinds.CommandDone, TelemetryPriority.High, "")],
            logs: [new TelemetryLog(0, TelemetryLogLevel.Error, "x")]);
        Assert.That(
            MeadowCloudEvents.Encode(new BatchHeader("d", 1, 1, 0), batch).Select(one => one.EventId),
            Is.EqualTo(new[] { 1004, 1002 }));
    }

    // Captured from Meadow's own client.
    [TestCase(
        """{"measurements":{"deviceId":"d1","loss":NaN},"eventId":1001"""
        + ""","description":"nan","timestamp":"2026-11-22T13:31:14.4457863+00:00"}""",
        "deviceId=d1", "loss")]
    [TestCase(
        """{"measurements":{"deviceId":"d1","loss":Infinity},"eventId":1002"""
        + ""","description":"inf","timestamp":"2026-11-22T13:31:14.4458080+00:00"}""",
        "deviceId=d1", "loss")]
    [TestCase(
        """{"measurements":{"deviceId":"d1","x":1E-09},"eventId":1003"""
        + ""","description":"tiny","timestamp":"2026-11-22T13:31:14.4458092+00:00"}""",
        "deviceId=d1 x=1e-9", "")]
    [TestCase(
        """{"measurements":{"deviceId":"d1","x":null},"eventId":1005"""
        + ""","description":"null","timestamp":"2026-11-22T13:31:14.4458114+00:00"}""",
        "deviceId=d1", "x")]
    [TestCase(
        """{"measurements":{"deviceId":"d1","x":{"A b":1}},"eventId":1007"""
        + ""","description":"nested","timestamp":"2026-11-22T13:31:14.4458265+00:00"}""",
        "deviceId=d1", "x.A b")]
    [TestCase(
        "{\"measurements\":{\"deviceId\":\"d1\",\"x\":\"a\u0001b\"},\"eventId\":1014"
        + ",\"description\":\"ctrl\",\"timestamp\":\"2026-11-22T13:31:14.4458590+00:00\"}",
        "deviceId=d1 x=a\u2401b", "")]
    [TestCase(
        """{"measurements":{"deviceId":"d1","x":{"kelvin":294.65,"celsius":21.5}},"eventId":1018"""
        + ""","description":"unit","timestamp":"2026-11-22T13:31:14.4467142+00:00"}""",
        "deviceId=d1 x.kelvin=294.65 x.celsius=21.5", "")]
    [TestCase("""{"measurements":null,"eventId":1019,"description":"nullmeas","timestamp":"2026-11-22T13:31:14.4467229+00:00"}""", "", "")]
    public void Read_OfCapturedBody_KeepsWhatIsUsable(string body, string usable, string unusable)
    {
        MeadowCloudEvent one = MeadowCloudJson.Read(Encoding.UTF8.GetBytes(body)).Single();
        Assert.That(string.Join(' ', one.Measurements.Select(field => $"{field.Key}={field.Value}")), Is.EqualTo(usable));
        Assert.That(string.Join(' ', one.Unusable), Is.EqualTo(unusable));
        Assert.That(one.Timestamp, Does.StartWith("2026-11-22T13:31:14.44"));
    }

    [TestCase(
        """{"measurements":{"deviceId":"d1","a"b":1},"eventId":1013"""
        + ""","description":"keyquote","timestamp":"2026-11-22T13:31:14.4458412+00:00"}""")]
    public void Read_OfUnescapedKey_Throws(string body) =>
        Assert.That(() => MeadowCloudJson.Read(Encoding.UTF8.GetBytes(body)), Throws.TypeOf<TelemetryFormatException>());

    private static MeadowCloudEvent Sent(MeadowCloudEvent one)
    {
        var buffer = new ArrayBufferWriter<byte>();
        MeadowCloudJson.Write(buffer, one);
        return MeadowCloudJson.Read(buffer.WrittenSpan).Single();
    }
}
