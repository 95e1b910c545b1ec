using System;
using FeatureAlignment.Datasets;
using NUnit.Framework;

namespace FeatureAlignment.Tests.Datasets;

[TestFixture]
public sealed class SampleOrderTests
{
    [Test]
    public void Order_VisitsEverySampleOnce([Values(1, 2, 3, 4, 5, 7, 16, 17, 64, 1000, 60000)] int count, [Values(0, 3)] int epochIndex)
    {
        var order = new SampleOrder(9, epochIndex, count);
        var visited = new bool[count];
        for (int position = 0; position < count; position++)
        {
            Assert.That(visited[order[position]], Is.False, $"position {position}");
            visited[order[position]] = true;
        }
    }

    // Computed by a separate implementation in Python.
    [Test]
    public void Order_MatchesIndependentImplementation()
    {
        Assert.That(All(new SampleOrder(1, 0, 7)), Is.EqualTo(new[] { 2, 0, 3, 4, 6, 1, 5 }));
        Assert.That(
            All(new SampleOrder(42, 3, 20)),
            Is.EqualTo(new[] { 8, 7, 9, 0, 11, 6, 13, 14, 17, 3, 10, 2, 1, 15, 18, 19, 5, 4, 16, 12 }));
        Assert.That(
            All(new SampleOrder(2024, 1, 60000))[..8],
            Is.EqualTo(new[] { 23541, 6811, 26129, 38459, 40666, 9811, 53457, 25433 }));
    }

    [Test]
    public void Order_OfAnotherEpochOrSeed_Differs()
    {
        int[] order = All(new SampleOrder(1, 0, 100));
        Assert.That(All(new SampleOrder(1, 1, 100)), Is.Not.EqualTo(order));
        Assert.That(All(new SampleOrder(2, 0, 100)), Is.Not.EqualTo(order));
    }

    [Test]
    public void Order_OfManyEpochs_PutsEverySampleEverywhere([Values(5, 10, 16, 40)] int count)
    {
        const ulong Seed = 77;
        const int Epochs = 4000;
        var visits = new int[count, count];
        for (int epochIndex = 0; epochIndex < Epochs; epochIndex++)
        {
            var order = new SampleOrder(Seed, epochIndex, count);
            for (int position = 0; position < count; position++)
            {
                visits[position, order[position]]++;
            }
        }

        double expected = (double)Epochs / count;
        double chiSquare = 0;
        foreach (int visit in visits)
        {
            chiSquare += (visit - expected) * (visit - expected) / expected;
        }

        // Rows and columns are fixed, which leaves (count - 1)^2 degrees of freedom; five standard deviations above their mean.
        double degrees = (count - 1.0) * (count - 1.0);
        Assert.That(chiSquare, Is.LessThan(degrees + (5 * Math.Sqrt(2 * degrees))), $"seed {Seed}");
    }

    [Test]
    public void Order_SpreadsNeighboursApart()
    {
        const ulong Seed = 78;
        const int Count = 60000;
        var order = new SampleOrder(Seed, 0, Count);
        double sum = 0;
        for (int position = 1; position < Count; position++)
        {
            sum += Math.Abs(order[position] - order[position - 1]);
        }

        // Two independent places lie a third of the range apart on average; the bound is six standard errors.
        Assert.That(sum / (Count - 1) / Count, Is.EqualTo(1.0 / 3).Within(0.006), $"seed {Seed}");
    }

    [Test]
    public void Order_OfLargestCount_ReachesItsEnds()
    {
        var order = new SampleOrder(1, 0, int.MaxValue);
        int first = order[0];
        int last = order[int.MaxValue - 1];
        Assert.That(new[] { first, last }, Has.All.InRange(0, int.MaxValue - 1));
        Assert.That(last, Is.Not.EqualTo(first));
    }

    [Test]
    public void Constructor_OutOfRange_IsRefused()
    {
        Assert.That(() => new SampleOrder(1, -1, 5), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => new SampleOrder(1, 0, 0), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Order_PositionOutside_IsRefused([Values(-1, 5)] int position) =>
        Assert.That(() => new SampleOrder(1, 0, 5)[position], Throws.TypeOf<ArgumentOutOfRangeException>());

    private static int[] All(SampleOrder order)
    {
        var all = new int[order.Count];
        for (int position = 0; position < all.Length; position++)
        {
            all[position] = order[position];
        }

        return all;
    }
}
