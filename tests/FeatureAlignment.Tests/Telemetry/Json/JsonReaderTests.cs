using System;
using System.Collections.Generic;
using System.Text;
using FeatureAlignment.Telemetry;
using FeatureAlignment.Telemetry.Json;
using FeatureAlignment.Telemetry.MeadowCloud;
using NUnit.Framework;

namespace FeatureAlignment.Tests.Telemetry.Json;

[TestFixture]
public sealed class JsonReaderTests
{
    [TestCase("")]
    [TestCase("{")]
    [TestCase("[1,]")]
    [TestCase("[,1]")]
    [TestCase("[1 2]")]
    [TestCase("{\"a\":1,}")]
    [TestCase("{\"a\" 1}")]
    [TestCase("{a:1}")]
    [TestCase("[1]]")]
    [TestCase("\"a\u0001b\"")]
    [TestCase("\"\\x\"")]
    [TestCase("\"\\u12g4\"")]
    [TestCase("\"\\u12\"")]
    [TestCase("\"abc")]
    [TestCase("\"abc\\")]
    [TestCase("NaN")]
    [TestCase("[Infinity]")]
    [TestCase("tru")]
    [TestCase("nul")]
    [TestCase("\uFEFF{}")]
    public void Skip_OfWhatIsNotJson_Throws(string text) => Assert.That(
        () => SkipAll(Encoding.UTF8.GetBytes(text), tolerant: false), Throws.TypeOf<TelemetryFormatException>());

    [Test]
    public void ReadString_OfInvalidUtf8_Throws() =>
        Assert.That(() => SkipAll([(byte)'"', 0xC3, 0x28, (byte)'"'], tolerant: false), Throws.TypeOf<TelemetryFormatException>());

    [Test]
    public void ReadString_OfShortTexts_GivesEachAsItIs()
    {
        // Alike in length, first and last character, so that all want the same place among the names that are kept; and é as one byte,
        // which is no é, behind é as two.
        byte[] body = [.. """["loss_a1","loss_b1","loss_a1","loss_b1","é","""u8, (byte)'"', 0xE9, (byte)'"', (byte)']'];
        var json = new JsonReader(body, tolerant: true);
        json.BeginArray();
        var read = new List<string>();
        while (json.NextElement())
        {
            read.Add(json.ReadString());
        }

        Assert.That(read, Is.EqualTo((string[])["loss_a1", "loss_b1", "loss_a1", "loss_b1", "é", "\uFFFD"]));
    }

    [Test]
    public void ReadString_OfEscapes_UndoesThem()
    {
        var json = new JsonReader(@"""\""\\\/\b\f\n\r\tä\u00e4\ud83d\ude00\ud83dx"""u8);
        Assert.That(json.ReadString(), Is.EqualTo("\"\\/\b\f\n\r\tää😀\uFFFDx"));
    }

    [Test]
    public void Fault_Names_PositionAndWhatWasFound()
    {
        TelemetryFormatException? fault = Assert.Throws<TelemetryFormatException>(
            () => SkipAll(Encoding.UTF8.GetBytes("{\"a\": ?}"), tolerant: false));
        Assert.That(fault!.Position, Is.EqualTo(6));
        Assert.That(fault.Message, Does.Contain("'?'"));
    }

    [Test]
    public void Skip_OfDeepNesting_ThrowsAtTheBound()
    {
        Assert.That(() => SkipAll(Encoding.ASCII.GetBytes(new string('[', 16) + new string(']', 16)), tolerant: false), Throws.Nothing);
        Assert.That(
            () => SkipAll(Encoding.ASCII.GetBytes(new string('[', 60_000)), tolerant: false),
            Throws.TypeOf<TelemetryFormatException>());
    }

    [Test]
    public void Tolerant_TakesMicroJsonsFaults()
    {
        var json = new JsonReader("[NaN,Infinity,-Infinity,\"a\u0001b\"]"u8, tolerant: true);
        json.BeginArray();
        json.NextElement();
        Assert.That(json.ReadDouble(), Is.NaN);
        json.NextElement();
        Assert.That(json.ReadDouble(), Is.EqualTo(double.PositiveInfinity));
        json.NextElement();
        Assert.That(json.ReadDouble(), Is.EqualTo(double.NegativeInfinity));
        json.NextElement();
        Assert.That(json.ReadString(), Is.EqualTo("a\u0001b"));
        Assert.That(json.NextElement(), Is.False);
        json.End();
    }

    [Test]
    public void AnyBytes_LetOnlyTelemetryFormatExceptionEscape([Values(1ul, 2ul, 3ul)] ulong seed)
    {
        var random = new RandomSource(seed);
        byte[] alphabet = Encoding.UTF8.GetBytes("{}[]\",:\\u0019-+.eEtrfalsnNI \u0001é");
        int refused = 0, taken = 0;
        for (int i = 0; i < 4_000; i++)
        {
            byte[] bytes = i % 2 == 0 ? Noise(random, alphabet) : Mutated(random, TelemetrySamples.Body(random), alphabet);
            foreach (Action read in new Action[]
            {
                () => BatchReader.ReadBatch(bytes), () => BatchReader.ReadAnswer(bytes),
                () => SkipAll(bytes, tolerant: false), () => SkipAll(bytes, tolerant: true),
                () => { foreach (MeadowCloudEvent one in MeadowCloudJson.Read(bytes)) { MeadowCloudEvents.Decode(one); } },
            })
            {
                try
                {
                    read();
                    taken++;
                }
                catch (TelemetryFormatException)
                {
                    refused++;
                }
            }
        }

        Assert.That(refused, Is.GreaterThan(1_000), $"seed {seed}");
        Assert.That(taken, Is.GreaterThan(100), $"seed {seed}");
    }

    private static void SkipAll(byte[] bytes, bool tolerant)
    {
        var json = new JsonReader(bytes, tolerant);
        json.Skip();
        json.End();
    }

    private static byte[] Noise(RandomSource random, byte[] alphabet)
    {
        var bytes = new byte[random.NextInt32(40)];
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] = alphabet[random.NextInt32(alphabet.Length)];
        }

        return bytes;
    }

    private static byte[] Mutated(RandomSource random, byte[] bytes, byte[] alphabet)
    {
        for (int changes = random.NextInt32(3); changes >= 0; changes--)
        {
            bytes[random.NextInt32(bytes.Length)] = random.NextInt32(2) == 0
                ? (byte)random.NextUInt32()
                : alphabet[random.NextInt32(alphabet.Length)];
        }

        return random.NextInt32(4) == 0 ? bytes[..random.NextInt32(bytes.Length)] : bytes;
    }
}
