using System;
using FeatureAlignment.Telemetry;
using NUnit.Framework;

namespace FeatureAlignment.Tests.Telemetry;

/// <summary>What records refuse, and what they make of texts.</summary>
[TestFixture]
public sealed class TelemetryRecordTests
{
    [TestCase(double.NaN, "NaN")]
    [TestCase(double.NegativeInfinity, "-Infinity")]
    public void Point_OfNonFiniteValue_IsRefusedWithAdvice(double value, string named)
    {
        ArgumentException? refused = Assert.Throws<ArgumentOutOfRangeException>(() => _ = new TelemetryPoint(0, 0, null, "x", value));
        Assert.That(refused!.Message, Does.Contain(named).And.Contain("non_finite_loss"));
    }

    [TestCase("alignment_loss_9", true)]
    [TestCase("", false)]
    [TestCase("A", false)]
    [TestCase("a.b", false)]
    [TestCase("ä", false)]
    [TestCase(null, false)]
    public void IsName_FollowsTheRule(string? name, bool expected) => Assert.That(TelemetryNames.IsName(name), Is.EqualTo(expected));

    [TestCase("board-1", true)]
    [TestCase("..a", true)]
    [TestCase(".", false)]
    [TestCase("..", false)]
    [TestCase("...", false)]
    [TestCase("", false)]
    [TestCase("a/b", false)]
    [TestCase(null, false)]
    public void DeviceId_IsAKeyThatIsNotDotsAlone(string? id, bool expected)
    {
        Assert.That(TelemetryNames.IsDeviceId(id), Is.EqualTo(expected));
        Assert.That(() => new BatchHeader(id!, 1, 1, 0), expected ? Throws.Nothing : Throws.ArgumentException);
    }

    [Test]
    public void IsName_EndsAt64() => Assert.That(
        (TelemetryNames.IsName(new string('a', 64)), TelemetryNames.IsName(new string('a', 65))), Is.EqualTo((true, false)));

    [Test]
    public void AllNamesOfTheSchema_AreNames()
    {
        Assert.That(MetricNames.All, Has.Count.EqualTo(22).And.All.Matches<string>(TelemetryNames.IsName));
        Assert.That(EventKinds.All, Has.Count.EqualTo(18).And.Unique.And.All.Matches<string>(TelemetryNames.IsName));
        Assert.That(
            (MetricNames.UnitOf("label_loss"), MetricNames.UnitOf("temperature"), MetricNames.UnitOf("unheard_of")),
            Is.EqualTo(("nats", "°C", (string?)null)));
    }

    [TestCase("a\u0001b\nc\u007F\u0085", "a\u2401b\u240Ac\u2421\uFFFD")]
    public void Clean_MakesControlCharactersVisible(string text, string expected) =>
        Assert.That(TelemetryText.Clean(text), Is.EqualTo(expected));

    // Attributes cannot hold half a pair.
    [Test]
    public void Clean_ReplacesHalvesOfSurrogatePairs() =>
        Assert.That(TelemetryText.Clean("\uD83D\uDE00\uD83D|\uDE00"), Is.EqualTo("\uD83D\uDE00\uFFFD|\uFFFD"));

    [TestCase("abcdef", 4, "abc…")]
    [TestCase("abcd", 4, "abcd")]
    [TestCase("ab😀d", 4, "ab…")]
    public void Clean_ToALength_CutsNoPairInTwo(string text, int length, string expected) =>
        Assert.That(TelemetryText.Clean(text, length), Is.EqualTo(expected));

    [Test]
    public void Fields_OfARecord_CannotBeAddedTo()
    {
        var data = new TelemetryFields { { "a", 1 } };
        _ = new TelemetryEvent(0, 0, "x", TelemetryPriority.Low, "", data);
        Assert.That(() => data.Add("b", 2), Throws.InvalidOperationException);
        Assert.That(() => TelemetryFields.Empty.Add("b", 2), Throws.InvalidOperationException);
    }

    [Test]
    public void Priority_OfABatch_IsTheHighestInIt()
    {
        var points = new TelemetryBatch("r", "1", [new TelemetryPoint(0, 0, null, "x", 1)]);
        var chatter = new TelemetryBatch("r", "1", logs: [new TelemetryLog(0, TelemetryLogLevel.Debug, "")]);
        var failure = new TelemetryBatch("r", "1", points.Points, logs: [new TelemetryLog(0, TelemetryLogLevel.Error, "")]);
        Assert.That(TelemetryLevels.PriorityOf(points), Is.EqualTo(TelemetryPriority.Normal));
        Assert.That(TelemetryLevels.PriorityOf(chatter), Is.EqualTo(TelemetryPriority.Low));
        Assert.That(TelemetryLevels.PriorityOf(failure), Is.EqualTo(TelemetryPriority.High));
    }
}
