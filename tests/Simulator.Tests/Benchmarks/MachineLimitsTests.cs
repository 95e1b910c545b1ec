using FeatureAlignment.Simulator.Benchmarks;
using NUnit.Framework;

namespace FeatureAlignment.Simulator.Tests.Benchmarks;

/// <summary>The measuring loops do the work that is counted: nothing of it may be left out.</summary>
public sealed class MachineLimitsTests
{
    [TestCase(0)]
    [TestCase(1)]
    [TestCase(100)]
    public void Peak_DoesEveryMultiplyAdd(int turns)
    {
        float sum = 0.001f;
        for (int turn = 0; turn < turns; turn++)
        {
            sum = (sum * 0.999f) + 0.001f;
        }

        // All sums are alike; adding them up and rounding otherwise costs some of the last digits.
        int sums = FusedMultiplyAddPeak.OperationsPerTurn / 2;
        Assert.That(FusedMultiplyAddPeak.Run(turns), Is.EqualTo(sums * sum).Within(0.01).Percent);
    }

    [TestCase(1, 1)]
    [TestCase(1000, 1)]
    [TestCase(1003, 3)]
    public void Triad_FillsTheWholeArray(int length, int shares)
    {
        var triad = new MemoryTriad(length);
        for (int shareIndex = 0; shareIndex < shares; shareIndex++)
        {
            triad.Run(shareIndex, shares);
        }

        Assert.That(triad.Sum.ToArray(), Has.Length.EqualTo(length).And.All.EqualTo(2 + (3 * 4)));
        Assert.That(triad.Bytes, Is.EqualTo(3 * 4 * length));
    }
}
