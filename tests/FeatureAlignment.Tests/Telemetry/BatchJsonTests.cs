using System.Buffers;
using System.Linq;
using System.Text;
using System.Text.Json;
using FeatureAlignment.Telemetry;
using NUnit.Framework;

namespace FeatureAlignment.Tests.Telemetry;

[TestFixture]
public sealed class BatchJsonTests
{
    [Test]
    public void Write_OfSmallBatch_IsTheTextOfTheSchema()
    {
        var batch = new TelemetryBatch(
            "r-1", "1.0.0",
            [
                TelemetryPoint.OfSingle(1795350000000, 1200, 0, MetricNames.AlignmentLoss, 0.0123f),
                new TelemetryPoint(1, 2, null, "accuracy", 1),
            ],
            [new TelemetryImage(1, 2, null, "reconstruction", 2, 1, [0, 255], [1, 2], label: 7)],
            [
                new TelemetryEvent(
                    1, 2, "anomaly_start", TelemetryPriority.High, "a \"b\"",
                    new TelemetryFields { { "score", 9.1 }, { "all", [1.5, 2] } }),
            ],
            [new TelemetryLog(1, TelemetryLogLevel.Warning, "x\n")], new TelemetryFields { { "layers", "128" } });
        Assert.That(Text(batch), Is.EqualTo(
            """{"schema":1,"run":"r-1","app":"1.0.0","points":["""
            + """{"t":1795350000000,"step":1200,"layer":0,"name":"alignment_loss","value":0.0123},"""
            + """{"t":1,"step":2,"name":"accuracy","value":1}],"images":[{"t":1,"step":2,"kind":"reconstruction","width":2,"height":1,"""
            + "\"input\":\"AP8=\",\"output\":\"AQI=\",\"label\":7}"
            + """],"events":[{"t":1,"step":2,"kind":"anomaly_start","level":"high","text":"a \"b\"","data":{"score":9.1,"all":[1.5,2]}}],"""
            + "\"logs\":[{\"t\":1,\"level\":\"warning\",\"text\":\"x\u240A\"}],\"run_settings\":{\"layers\":\"128\"}}"));
    }

    [Test]
    public void RandomBatches_ComeBackEqual_AndAreJsonToAnotherParser()
    {
        const ulong Seed = 74;
        var random = new RandomSource(Seed);
        var buffer = new ArrayBufferWriter<byte>();
        for (int i = 0; i < 300; i++)
        {
            TelemetryBatch batch = TelemetrySamples.Batch(random);
            buffer.Clear();
            BatchWriter.Write(buffer, batch);
            Assert.That(BatchReader.ReadBatch(buffer.WrittenSpan), Is.EqualTo(batch), $"seed {Seed}, batch {i}");
            using JsonDocument theirs = JsonDocument.Parse(buffer.WrittenMemory);
            if (batch.Points.Count > 0)
            {
                double[] values =
                [
                    .. theirs.RootElement.GetProperty("points").EnumerateArray().Select(point => point.GetProperty("value").GetDouble()),
                ];
                Assert.That(values, Is.EqualTo(batch.Points.Select(point => point.Value)), $"seed {Seed}, batch {i}");
            }
        }
    }

    [Test]
    public void RandomAnswers_ComeBackEqual()
    {
        const ulong Seed = 75;
        var random = new RandomSource(Seed);
        var buffer = new ArrayBufferWriter<byte>();
        for (int i = 0; i < 300; i++)
        {
            BatchAnswer answer = TelemetrySamples.Answer(random);
            buffer.Clear();
            BatchWriter.Write(buffer, answer);
            Assert.That(BatchReader.ReadAnswer(buffer.WrittenSpan), Is.EqualTo(answer), $"seed {Seed}, answer {i}");
        }
    }

    [Test]
    public void ReadBatch_PassesOverUnknownMembers_AndTakesTheLastOfRepeatedOnes()
    {
        TelemetryBatch batch = BatchReader.ReadBatch("""{"new":[{"x":[null]}],"run":"a","app":"1","run":"b","schema":1}"""u8);
        Assert.That(batch, Is.EqualTo(new TelemetryBatch("b", "1")));
    }

    [TestCase("""{"schema":2,"run":"a","app":"1"}""", "schema")]
    [TestCase("""{"run":"a","app":"1"}""", "schema")]
    [TestCase("""{"schema":1,"app":"1"}""", "run")]
    [TestCase("""{"schema":1,"run":"a","app":"1","points":[{"name":"x","value":1},{"name":"A b","value":1}]}""", "points[1]")]
    [TestCase("""{"schema":1,"run":"a","app":"1","points":[{"name":"x"}]}""", "value")]
    [TestCase("""{"schema":1,"run":"a","app":"1","points":[{"name":"x","value":null}]}""", "number")]
    [TestCase("""{"schema":1,"run":"a","app":"1","points":[{"name":"x","value":1,"layer":-1}]}""", "layer")]
    [TestCase(
        """{"schema":1,"run":"a","app":"1","events":[{"kind":"x","level":"loud"}]}""",
        "level must be low, normal or high; was 'loud'")]
    [TestCase("""{"schema":1,"run":"a","app":"1","logs":[{"text":"x","level":"fatal\n"}]}""", "error or critical; was 'fatal␊'")]
    [TestCase(
        """{"schema":1,"run":"a","app":"1","logs":[{"level":"0123456789012345678901234567890123456789!"}]}""",
        "was '012345678901234567890123456789012345678…'")]
    [TestCase("""{"schema":1,"run":"a","app":"1","images":[{"kind":"x","width":2,"height":2,"input":"AAAA","output":"AAAA"}]}""", "2 x 2")]
    [TestCase("""{"schema":1,"run":"a","app":"1","images":[{"kind":"x","width":1,"height":1,"input":"?","output":"AA=="}]}""", "Base64")]
    [TestCase("""{"schema":1,"run":"a","app":"1","run_settings":{"x":true}}""", "Boolean")]
    [TestCase("""{"schema":1,"run":"a","app":"1","run_settings":{"x":{}}}""", "flat")]
    public void ReadBatch_OfWrongContent_SaysWhatIsWrong(string body, string named) =>
        Assert.That(
            () => BatchReader.ReadBatch(Encoding.UTF8.GetBytes(body)),
            Throws.TypeOf<TelemetryFormatException>().With.Message.Contains(named));

    [Test]
    public void ReadBatch_OfTooManyBytes_NamesTheLimit() => Assert.That(
        () => BatchReader.ReadBatch(new byte[TelemetryLimits.BodyBytes + 1]),
        Throws.TypeOf<TelemetryFormatException>().With.Message.Contains("65536"));

    private static string Text(TelemetryBatch batch)
    {
        var buffer = new ArrayBufferWriter<byte>();
        BatchWriter.Write(buffer, batch);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
