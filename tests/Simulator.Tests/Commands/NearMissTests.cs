using FeatureAlignment.Simulator.Commands;
using NUnit.Framework;

namespace FeatureAlignment.Simulator.Tests.Commands;

[TestFixture]
internal sealed class NearMissTests
{
    [TestCase("mnst", "mnist")]
    [TestCase("fashon-mnist", "fashion-mnist")]
    [TestCase("MNIST", "mnist")]
    [TestCase("digit", "digits")]
    [TestCase("cifar", null)]
    [TestCase("", null)]
    public void Find_Word_GivesNearestCandidate(string word, string? expected) =>
        Assert.That(NearMiss.Find(word, ["digits", "mnist", "fashion-mnist"]), Is.EqualTo(expected));
}
