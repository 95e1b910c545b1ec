using FeatureAlignment.Simulator.Benchmarks;
using NUnit.Framework;

namespace FeatureAlignment.Simulator.Tests.Benchmarks;

public sealed class RepeatsTests
{
    [Test]
    public void Of_OddNumber_TakesTheMiddleOne() => Assert.That(Repeats.Of([9, 1, 4]), Is.EqualTo(new Repeats(4, 1, 9)));

    [Test]
    public void Of_EvenNumber_TakesTheMeanOfTheMiddle() => Assert.That(Repeats.Of([8, 1, 4, 2]), Is.EqualTo(new Repeats(3, 1, 8)));

    [Test]
    public void OfRatio_DividesWithinRounds() =>
        Assert.That(Repeats.OfRatio([2, 40, 6], [1, 10, 2]), Is.EqualTo(new Repeats(3, 2, 4)));
}
