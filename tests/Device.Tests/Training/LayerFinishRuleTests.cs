using System.IO;
using System.Linq;
using FeatureAlignment.Checkpoints;
using FeatureAlignment.Device.Training;
using NUnit.Framework;

namespace FeatureAlignment.Device.Tests.Training;

[TestFixture]
public sealed class LayerFinishRuleTests
{
    [Test]
    public void IsFinishedAfter_SoManySamples()
    {
        var rule = new LayerFinishRule(mostSamples: 10, leastImprovement: 0);
        Assert.That(
            Enumerable.Range(0, 6).Select(_ => rule.IsFinishedAfter(4, 1)),
            Is.EqualTo(new[] { false, false, true, false, false, true }));
    }

    [Test]
    public void IsFinishedAfter_ThePeriodThatImprovesTooLittle()
    {
        // Of three periods of a thousand the first does not count; the fourth is 3 % below the third, 5 % are asked for.
        var rule = new LayerFinishRule(0, leastImprovement: 0.05f);
        Assert.That(new[] { 10, 5, 4, 3.88 }.Select(loss => Period(rule, loss)), Is.EqualTo(new[] { false, false, false, true }));

        // The next layer starts anew.
        Assert.That(new[] { 10.0, 10, 10 }.Select(loss => Period(rule, loss)), Is.EqualTo(new[] { false, false, true }));
    }

    [Test]
    public void IsFinishedAfter_WithoutAnyEnd_IsNever()
    {
        var rule = new LayerFinishRule(0, 0);
        Assert.That(Enumerable.Range(0, 5).Any(_ => Period(rule, 1)), Is.False);
    }

    [Test]
    public void Restored_GoesOnWhereItWas()
    {
        var rule = new LayerFinishRule(0, 0.05f);
        Period(rule, 10);
        Period(rule, 5);
        rule.IsFinishedAfter(500, 4.9);
        var stream = new MemoryStream();
        var writer = new CheckpointWriter(stream, rule.Kind);
        rule.Write(writer);
        writer.Complete();

        var restored = new LayerFinishRule(0, 0.05f);
        stream.Position = 0;
        restored.Read(CheckpointReader.Open(stream, "finish", rule.Kind));
        Assert.That(restored.IsFinishedAfter(500, 4.9), Is.True);
    }

    private static bool Period(LayerFinishRule rule, double loss) =>
        Enumerable.Range(0, LayerFinishRule.PeriodSamples / 10)
            .Aggregate(false, (isFinished, _) => isFinished | rule.IsFinishedAfter(10, loss));
}
