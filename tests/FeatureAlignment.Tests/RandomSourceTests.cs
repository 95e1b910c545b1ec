using System;
using NUnit.Framework;

namespace FeatureAlignment.Tests;

[TestFixture]
public sealed class RandomSourceTests
{
    // Computed by a separate implementation in Python of the algorithms as published; those of state 1, 2, 3, 4 are also the
    // test vector of other implementations of xoshiro128++.
    private static readonly uint[] AfterOneTwoThreeFour =
        [641, 1573767, 3222811527, 3517856514, 836907274, 4247214768, 3867114732, 1355841295, 495546011, 621204420];

    [Test]
    public void NextUInt32_OfKnownState_GivesPublishedSequence()
    {
        var random = new RandomSource(0) { State = new RandomState(1, 2, 3, 4) };
        foreach (uint expected in AfterOneTwoThreeFour)
        {
            Assert.That(random.NextUInt32(), Is.EqualTo(expected));
        }
    }

    [TestCase(0ul, 0ul, 1179900579u, 1938959192u, 3089844957u, 3657088315u)]
    [TestCase(42ul, 0ul, 2643743425u, 1762251840u, 1632151183u, 1417845339u)]
    [TestCase(42ul, 7ul, 3372685972u, 3601129634u, 3738368269u, 3952580843u)]
    public void NextUInt32_OfSeedAndStream_MatchesIndependentImplementation(
        ulong seed, ulong stream, uint first, uint second, uint third, uint fourth)
    {
        var random = new RandomSource(seed, stream);
        uint[] drawn = [random.NextUInt32(), random.NextUInt32(), random.NextUInt32(), random.NextUInt32()];
        Assert.That(drawn, Is.EqualTo(new[] { first, second, third, fourth }));
    }

    [Test]
    public void State_OfSeed1234567_HoldsPublishedSplitMix64Outputs()
    {
        RandomState state = new RandomSource(1234567).State;
        Assert.That(((ulong)state.Word1 << 32) | state.Word0, Is.EqualTo(6457827717110365317));
        Assert.That(((ulong)state.Word3 << 32) | state.Word2, Is.EqualTo(3203168211198807973));
    }

    [Test]
    public void Constructor_OfSeedAlone_IsStreamZero() =>
        Assert.That(new RandomSource(5).State, Is.EqualTo(new RandomSource(5, 0).State));

    [Test]
    public void Reseed_AfterDraws_StartsAgain()
    {
        var random = new RandomSource(5, 3);
        random.NextUInt32();
        random.Reseed(5, 3);
        Assert.That(random.State, Is.EqualTo(new RandomSource(5, 3).State));
    }

    [Test]
    public void State_SetBack_RepeatsEveryKindOfDraw()
    {
        var random = new RandomSource(11);
        random.NextNormal();
        RandomState state = random.State;
        var first = (random.NextNormal(), random.NextSingle(), random.NextInt32(1000), random.NextUInt64(), random.NextNormal());
        random.State = state;
        var second = (random.NextNormal(), random.NextSingle(), random.NextInt32(1000), random.NextUInt64(), random.NextNormal());
        Assert.That(second, Is.EqualTo(first));
    }

    [Test]
    public void State_AllZero_IsRefused()
    {
        var random = new RandomSource(1);
        Assert.That(() => random.State = default, Throws.ArgumentException.With.Message.Contains("differ from 0"));
        Assert.That(() => new RandomState(0, 0, 0, 0), Throws.ArgumentException.With.Message.Contains("differ from 0"));
    }

    [Test]
    public void State_DifferingInOneWord_IsNotEqual()
    {
        var state = new RandomState(1, 2, 3, 4);
        RandomState[] others = [new(9, 2, 3, 4), new(1, 9, 3, 4), new(1, 2, 9, 4), new(1, 2, 3, 9)];
        Assert.That(others, Has.None.EqualTo(state));
        Assert.That(state == new RandomState(1, 2, 3, 4));
    }

    [Test]
    public void NextUInt64_IsTwoDrawsHighFirst()
    {
        var random = new RandomSource(0) { State = new RandomState(1, 2, 3, 4) };
        Assert.That(random.NextUInt64(), Is.EqualTo((641ul << 32) | 1573767));
    }

    [Test]
    public void NextSingle_IsDrawCutTo24Bits()
    {
        var random = new RandomSource(0) { State = new RandomState(1, 2, 3, 4) };
        random.NextUInt32();
        random.NextUInt32();
        Assert.That((double)random.NextSingle(), Is.EqualTo((3222811527u >> 8) / 16777216.0));
    }

    [Test]
    public void NextSingle_StaysBelowOne()
    {
        // A state whose first output is 0xFFFFFFFF: word0 = 0xFFFFFFFF and word0 + word3 = 0.
        var random = new RandomSource(0) { State = new RandomState(uint.MaxValue, 0, 0, 1) };
        Assert.That(random.NextSingle(), Is.EqualTo(1f - (1f / (1 << 24))));
    }

    [Test]
    public void NextInt32_FillsItsRangeEvenly([Values(1, 2, 3, 10, 1000)] int bound)
    {
        const ulong Seed = 20;
        var random = new RandomSource(Seed);
        int draws = 200 * bound;
        var counts = new int[bound];
        for (int i = 0; i < draws; i++)
        {
            counts[random.NextInt32(bound)]++;
        }

        double chiSquare = 0;
        foreach (int count in counts)
        {
            chiSquare += (count - 200.0) * (count - 200.0) / 200;
        }

        Assert.That(chiSquare, Is.LessThan(ChiSquareLimit(bound - 1)), $"seed {Seed}");
    }

    [Test]
    public void NextInt32_OfThreeQuartersOfTheRange_IsUnbiased()
    {
        // Without rejection, a bound of 3 · 2^29 would give every third value twice as often as the others.
        const ulong Seed = 21;
        const int Bound = 3 << 29;
        const int Draws = 90_000;
        var random = new RandomSource(Seed);
        var counts = new int[3];
        for (int i = 0; i < Draws; i++)
        {
            counts[random.NextInt32(Bound) % 3]++;
        }

        Assert.That(counts, Has.All.InRange(29_300, 30_700), $"seed {Seed}");
    }

    [Test]
    public void NextInt32_BoundBelowOne_IsRefused([Values(0, -1)] int bound) =>
        Assert.That(() => new RandomSource(1).NextInt32(bound), Throws.TypeOf<ArgumentOutOfRangeException>());

    [Test]
    public void NextNormal_HasMomentsOfTheStandardNormal()
    {
        const ulong Seed = 22;
        const int Draws = 400_000;
        var random = new RandomSource(Seed);
        double sum = 0, squares = 0, cubes = 0, fourths = 0, products = 0, last = 0;
        int beyondTwo = 0;
        for (int i = 0; i < Draws; i++)
        {
            double value = random.NextNormal();
            sum += value;
            squares += value * value;
            cubes += value * value * value;
            fourths += value * value * value * value;
            products += value * last;
            beyondTwo += Math.Abs(value) > 2 ? 1 : 0;
            last = value;
        }

        // Five standard errors of each moment: variances 1, 2, 15, 96, 1 over the number of draws.
        double error = 5 / Math.Sqrt(Draws);
        Assert.Multiple(() =>
        {
            Assert.That(sum / Draws, Is.EqualTo(0).Within(error), $"mean, seed {Seed}");
            Assert.That(squares / Draws, Is.EqualTo(1).Within(error * Math.Sqrt(2)), $"variance, seed {Seed}");
            Assert.That(cubes / Draws, Is.EqualTo(0).Within(error * Math.Sqrt(15)), $"skewness, seed {Seed}");
            Assert.That(fourths / Draws, Is.EqualTo(3).Within(error * Math.Sqrt(96)), $"kurtosis, seed {Seed}");
            Assert.That(products / Draws, Is.EqualTo(0).Within(error), $"correlation of neighbours, seed {Seed}");
            Assert.That((double)beyondTwo / Draws, Is.EqualTo(0.0455).Within(error * 0.21), $"beyond 2, seed {Seed}");
        });
    }

    // Mean plus five standard deviations, and a little for the skew of few degrees of freedom.
    private static double ChiSquareLimit(int degrees) => degrees + (5 * Math.Sqrt(2.0 * degrees)) + 10;
}
