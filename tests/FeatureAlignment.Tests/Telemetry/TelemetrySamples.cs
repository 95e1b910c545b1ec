using System;
using System.Buffers;
using System.Linq;
using FeatureAlignment.Telemetry;
using FeatureAlignment.Telemetry.MeadowCloud;

namespace FeatureAlignment.Tests.Telemetry;

/// <summary>Random batches, commands and bodies within the limits, with awkward texts and numbers.</summary>
internal static class TelemetrySamples
{
    private static readonly string[] Texts =
    [
        "", "plain", "\"quoted\" \\ back", "line\nfeed\ttab", "é 😀 °C", "\uD83D alone", "50 % {}[],:", "\u0001\u007F\u0085",
    ];
    private static readonly string[] Names = ["alignment_loss", "accuracy", "seq", "step", "boot", "app", "time", "part", "network", "x_9"];

    public static BatchHeader Header(RandomSource random) =>
        new("board-7", 1 + random.NextInt32(99), 1 + random.NextInt32(9999), Time(random));

    public static TelemetryBatch Batch(RandomSource random) => new(
        "r-1", "1.0.0",
        Many(random, 12, () => new TelemetryPoint(
            1_000 + random.NextInt32(2), random.NextInt32(2), Layer(random), Pick(random, Names), Number(random))),
        Many(random, 3, () => Image(random)),
        Many(random, 4, () => new TelemetryEvent(
            Time(random), random.NextInt32(9999), Pick(random, [.. EventKinds.All]), (TelemetryPriority)random.NextInt32(3),
            Pick(random, Texts), Fields(random, booleans: false))),
        Many(random, 4, () => new TelemetryLog(Time(random), (TelemetryLogLevel)random.NextInt32(6), Pick(random, Texts))),
        random.NextInt32(2) == 0 ? null : Fields(random, booleans: false));

    public static BatchAnswer Answer(RandomSource random) => new(
        random.NextInt32(99), random.NextInt32(9),
        Many(random, 3, () => new TelemetryCommand("c-" + random.NextInt32(99), "pause", Fields(random, booleans: true), Time(random))));

    /// <summary>The bytes of a batch, an answer or an event of Meadow.Cloud.</summary>
    public static byte[] Body(RandomSource random)
    {
        var buffer = new ArrayBufferWriter<byte>();
        switch (random.NextInt32(3))
        {
            case 0: BatchWriter.Write(buffer, Batch(random)); break;
            case 1: BatchWriter.Write(buffer, Answer(random)); break;
            default: MeadowCloudJson.Write(buffer, MeadowCloudEvents.Encode(Header(random), Batch(random))[0]); break;
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static TelemetryImage Image(RandomSource random)
    {
        int width = 1 + random.NextInt32(5), height = 1 + random.NextInt32(5);
        byte[] Pixels() => [.. Enumerable.Range(0, width * height).Select(_ => (byte)random.NextUInt32())];
        return new TelemetryImage(
            Time(random), 5, Layer(random), "reconstruction", width, height, Pixels(), Pixels(), Layer(random), Layer(random));
    }

    private static TelemetryFields Fields(RandomSource random, bool booleans)
    {
        var fields = new TelemetryFields();
        for (int count = random.NextInt32(5); count > 0; count--)
        {
            string name = "Field-" + random.NextInt32(9) + ".x";
            switch (random.NextInt32(booleans ? 4 : 3))
            {
                case 0: fields.Add(name, Pick(random, Texts)); break;
                case 1: fields.Add(name, Number(random)); break;
                case 2: fields.Add(name, Many(random, 5, () => Number(random))); break;
                default: fields.Add(name, random.NextInt32(2) == 0); break;
            }
        }

        return fields;
    }

    private static double Number(RandomSource random)
    {
        double value = BitConverter.UInt64BitsToDouble(random.NextUInt64());
        return random.NextInt32(2) == 0 && double.IsFinite(value) ? value : random.NextInt32(100) / 8.0;
    }

    private static long Time(RandomSource random) => random.NextInt32(5) == 0 ? 0 : 1_795_350_000_000 + random.NextInt32(1_000_000);

    private static int? Layer(RandomSource random) => random.NextInt32(3) is var layer && layer < 2 ? layer : null;

    private static T[] Many<T>(RandomSource random, int most, Func<T> create) =>
        [.. Enumerable.Range(0, random.NextInt32(most + 1)).Select(_ => create())];

    private static string Pick(RandomSource random, string[] among) => among[random.NextInt32(among.Length)];
}
