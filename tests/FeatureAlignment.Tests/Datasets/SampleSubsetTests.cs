using System;
using System.Collections.Generic;
using System.Linq;
using FeatureAlignment.Datasets;
using FeatureAlignment.Tests.Support;
using NUnit.Framework;

namespace FeatureAlignment.Tests.Datasets;

public class SampleSubsetTests
{
    [Test]
    public void Read_GivesTheSourceFromItsFirstPosition()
    {
        var subset = new SampleSubset(Numbered(10), 4, 3);

        Assert.That(Contents(subset), Is.EqualTo(new[] { 4, 5, 6 }));
        Assert.That((subset.Count, subset.Inputs, subset.Classes), Is.EqualTo((3, 1, 2)));
    }

    [Test]
    public void Read_GivesTheLabelOfTheSource()
    {
        var subset = new SampleSubset(Numbered(10), 3, 2);

        Assert.That(subset.Read(0, new float[1]), Is.EqualTo(1));
        Assert.That(subset.Read(1, new float[1]), Is.Zero);
    }

    [Test]
    public void Read_WithOrder_FollowsTheOrder()
    {
        var order = new SampleOrder(5, 2, 10);

        var subset = new SampleSubset(Numbered(10), 1, 3, order);

        Assert.That(Contents(subset), Is.EqualTo(new[] { order[1], order[2], order[3] }));
    }

    [TestCase(2, 1)]
    [TestCase(10, 3)]
    [TestCase(1000, 83)]
    [TestCase(1000, 999)]
    public void Split_PartsAreDisjointAndCoverTheSource(int count, int validationCount)
    {
        (SampleSubset training, SampleSubset validation) = SampleSubset.Split(Numbered(count), validationCount, seed: 7);

        Assert.That((training.Count, validation.Count), Is.EqualTo((count - validationCount, validationCount)));
        Assert.That(Contents(training).Concat(Contents(validation)).Order(), Is.EqualTo(Enumerable.Range(0, count)));
    }

    [Test]
    public void Split_SeedDecides()
    {
        int[] first = Contents(SampleSubset.Split(Numbered(1000), 100, seed: 1).Validation);

        Assert.That(Contents(SampleSubset.Split(Numbered(1000), 100, seed: 1).Validation), Is.EqualTo(first));
        Assert.That(Contents(SampleSubset.Split(Numbered(1000), 100, seed: 2).Validation), Is.Not.EqualTo(first));
    }

    [Test]
    public void Split_MixesTheSource()
    {
        int[] validation = Contents(SampleSubset.Split(Numbered(1000), 100, seed: 1).Validation);

        // Of 100 samples drawn from 1000, about 50 come from the first half; 20 to 80 is six standard deviations.
        Assert.That(validation.Count(sample => sample < 500), Is.InRange(20, 80));
    }

    [TestCase(0)]
    [TestCase(10)]
    public void Split_PartWouldBeEmpty_Throws(int validationCount) =>
        Assert.That(
            () => SampleSubset.Split(Numbered(10), validationCount, seed: 1),
            Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("From 1 to 9"));

    [TestCase(3, 3)]
    [TestCase(10, 10)]
    [TestCase(11, 10)]
    public void Take_GivesTheFirstSamplesOrAll(int count, int expected) =>
        Assert.That(Contents(SampleSubset.Take(Numbered(10), count)), Is.EqualTo(Enumerable.Range(0, expected)));

    [Test]
    public void Take_None_Throws() =>
        Assert.That(() => SampleSubset.Take(Numbered(10), 0), Throws.TypeOf<ArgumentOutOfRangeException>());

    [TestCase(-1, 1)]
    [TestCase(0, 0)]
    [TestCase(8, 3)]
    [TestCase(10, 1)]
    [TestCase(1, int.MaxValue)]
    public void Constructor_PartBeyondTheSource_Throws(int first, int count) =>
        Assert.That(() => new SampleSubset(Numbered(10), first, count), Throws.TypeOf<ArgumentOutOfRangeException>());

    [Test]
    public void Constructor_OrderOfAnotherCount_SaysBoth() =>
        Assert.That(
            () => new SampleSubset(Numbered(10), 0, 5, new SampleOrder(1, 0, 9)),
            Throws.ArgumentException.With.Message.Contains("10 samples; it is of 9"));

    [TestCase(-1)]
    [TestCase(3)]
    public void Read_IndexOutsideThePart_Throws(int sampleIndex) =>
        Assert.That(
            () => new SampleSubset(Numbered(10), 4, 3).Read(sampleIndex, new float[1]),
            Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("from 0 to 2"));

    [Test]
    public void Read_AllocatesNothing()
    {
        (SampleSubset training, _) = SampleSubset.Split(Numbered(10), 3, seed: 1);
        var features = new float[1];
        training.Read(0, features);

        Assert.That(Allocation.Of(() => training.Read(1, features)), Is.Zero);
    }

    /// <summary>One feature, the sample's own index; the label is its parity.</summary>
    private static InMemoryDataset Numbered(int count) =>
        new([.. Enumerable.Range(0, count).Select(i => (float)i)], 1, [.. Enumerable.Range(0, count).Select(i => i % 2)], 2);

    private static int[] Contents(ISampleSource source)
    {
        var contents = new List<int>();
        var features = new float[1];
        for (int i = 0; i < source.Count; i++)
        {
            source.Read(i, features);
            contents.Add((int)features[0]);
        }

        return [.. contents];
    }
}
