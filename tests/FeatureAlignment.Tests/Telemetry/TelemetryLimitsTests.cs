using System.Collections.Generic;
using System.Linq;
using FeatureAlignment.Telemetry;
using NUnit.Framework;

namespace FeatureAlignment.Tests.Telemetry;

[TestFixture]
public sealed class TelemetryLimitsTests
{
    private static IEnumerable<TestCaseData> Batches()
    {
        yield return Case("points", 1_000, n => new TelemetryBatch("r", "1", Repeat(n, _ => new TelemetryPoint(0, 0, null, "x", 1))));
        yield return Case("series", 512, n => new TelemetryBatch("r", "1", Repeat(n, i => new TelemetryPoint(0, 0, i, "x", 1))));
        yield return Case("images", 16, n => new TelemetryBatch("r", "1", images: Repeat(n, _ => Image(1))));
        yield return Case("images[0].width", 64, n => new TelemetryBatch("r", "1", images: [Image(n)]));
        yield return Case("events", 100, n => new TelemetryBatch("r", "1", events: Repeat(n, _ => Event("", 0))));
        yield return Case("events[0].text length", 512, n => new TelemetryBatch("r", "1", events: [Event(new string('x', n), 0)]));
        yield return Case("events[0].data.a count", 400, n => new TelemetryBatch("r", "1", events: [Event("", n)]));
        yield return Case("logs", 200, n => new TelemetryBatch("r", "1", logs: Repeat(n, _ => Log(""))));
        yield return Case("logs[0].text length", 512, n => new TelemetryBatch("r", "1", logs: [Log(new string('x', n))]));
        yield return Case(
            "run_settings.a length", 512,
            n => new TelemetryBatch("r", "1", runSettings: new TelemetryFields { { "a", new string('x', n) } }));
    }

    [TestCaseSource(nameof(Batches))]
    public void Check_AtTheLimitAndOneAbove(string what, int limit, System.Func<int, TelemetryBatch> create)
    {
        Assert.That(TelemetryLimits.Check(create(limit)), Is.Null);
        Assert.That(
            TelemetryLimits.Check(create(limit + 1))?.ToString(), Is.EqualTo($"{what} must be at most {limit}; found {limit + 1}."));
    }

    private static TestCaseData Case(string what, int limit, System.Func<int, TelemetryBatch> create) => new(what, limit, create);

    private static IEnumerable<T> Repeat<T>(int count, System.Func<int, T> create) => Enumerable.Range(0, count).Select(create);

    private static TelemetryImage Image(int width) => new(0, 0, null, "x", width, 1, new byte[width], new byte[width]);

    private static TelemetryEvent Event(string text, int numbers) =>
        new(0, 0, "x", TelemetryPriority.Low, text, new TelemetryFields { { "a", new double[numbers] } });

    private static TelemetryLog Log(string text) => new(0, TelemetryLogLevel.Debug, text);
}
