using System;
using System.Collections.Generic;
using FeatureAlignment.Device.Sensors;
using FeatureAlignment.Device.Tests.Detection;
using NUnit.Framework;

namespace FeatureAlignment.Device.Tests.Sensors;

[TestFixture]
public sealed class StreamSamplesTests
{
    [Test]
    public void Read_GivesTheNewestFirstThenKeptOnes()
    {
        var samples = new StreamSamples(1, new ReplayWindow(2, 1, 1, 1));
        foreach (float value in new float[] { 1, 2, 3 })
        {
            samples.Offer([value]);
        }

        var buffer = new float[1];
        Assert.That(samples.Read(77, buffer), Is.EqualTo(-1));
        Assert.That(buffer[0], Is.EqualTo(3));
        var replayed = new HashSet<float>();
        for (int i = 0; i < 40; i++)
        {
            samples.Read(i, buffer);
            replayed.Add(buffer[0]);
        }

        // The ring holds two: the first one is gone.
        Assert.That(replayed, Is.EquivalentTo(new float[] { 2, 3 }));
    }

    [Test]
    public void Read_WithoutReplay_RepeatsTheNewest()
    {
        var samples = new StreamSamples(1, null);
        samples.Offer([5]);
        var buffer = new float[1];
        samples.Read(0, buffer);
        buffer[0] = 0;
        samples.Read(0, buffer);
        Assert.That(buffer[0], Is.EqualTo(5));
    }

    [Test]
    public void Offer_KeepsEveryThird()
    {
        var replay = new ReplayWindow(10, 1, 3, 1);
        for (int i = 0; i < 7; i++)
        {
            replay.Offer([i]);
        }

        // 0, 3 and 6.
        Assert.That(replay.Count, Is.EqualTo(3));
        var buffer = new float[1];
        for (int i = 0; i < 20; i++)
        {
            replay.Choose(buffer);
            Assert.That(buffer[0] % 3, Is.Zero);
        }
    }

    [Test]
    public void Offer_AWindowWithALabel_IsAlwaysKept_BeforeOthers()
    {
        var replay = new ReplayWindow(3, 1, 2, 1);
        replay.Offer([0]);
        replay.Offer([10], 0);
        replay.Offer([11], 1);
        for (int i = 1; i <= 6; i++)
        {
            replay.Offer([i]);
        }

        // Of the others each second has its turn, 0, 2, 4 and 6, and all of them share one place.
        Assert.That(Chosen(replay), Is.EquivalentTo(new[] { (10f, 0), (11f, 1), (6f, -1) }));
        replay.Offer([12], 1);
        replay.Offer([7]);
        replay.Offer([8]);
        Assert.That(Chosen(replay), Is.EquivalentTo(new[] { (10f, 0), (11f, 1), (12f, 1) }), "no place is left for others");
        replay.Offer([13], 0);
        Assert.That(Chosen(replay), Has.Count.EqualTo(3).And.Contains((13f, 0)));
    }

    [Test]
    public void Choose_TakesOneWithALabelHalfOfTheTime()
    {
        const int Draws = 1_000;
        var replay = new ReplayWindow(50, 1, 1, 1);
        for (int i = 0; i < 49; i++)
        {
            replay.Offer([i]);
        }

        replay.Offer([49], 2);
        int labelled = 0;
        for (int i = 0; i < Draws; i++)
        {
            labelled += replay.Choose(new float[1]) == 2 ? 1 : 0;
        }

        // A half and a fiftieth of the other half, within four standard deviations of a binomial share.
        Assert.That((double)labelled / Draws, Is.EqualTo(0.51).Within(4 * 0.5 / Math.Sqrt(Draws)));
    }

    [Test]
    public void Read_GivesTheLabelOfTheNewestAndOfKeptOnes()
    {
        var samples = new StreamSamples(1, new ReplayWindow(2, 1, 1, 1), classes: 3);
        samples.Offer([1], 2);
        Assert.That(samples.Read(0, new float[1]), Is.EqualTo(2));
        samples.Offer([2]);
        Assert.That(samples.Read(0, new float[1]), Is.EqualTo(-1));
        var buffer = new float[1];
        for (int i = 0; i < 20; i++)
        {
            Assert.That(samples.Read(0, buffer), Is.EqualTo(buffer[0] == 1 ? 2 : -1));
        }

        Assert.That(() => samples.Offer([3], 3), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Spacing_LetsTheRingReachBack()
    {
        Assert.That(ReplayWindow.Spacing(96, TimeSpan.FromMinutes(1), TimeSpan.FromDays(7)), Is.EqualTo(105));
        Assert.That(ReplayWindow.Spacing(96, TimeSpan.FromDays(1), TimeSpan.FromDays(7)), Is.EqualTo(1));
    }

    [Test]
    public void Replay_Restored_ChoosesTheSame()
    {
        var whole = new ReplayWindow(4, 2, 2, 9);
        var resumed = new ReplayWindow(4, 2, 2, 9);
        float[] expected = new float[2], actual = new float[2];
        for (int i = 0; i < 30; i++)
        {
            if (i == 13)
            {
                CheckpointBytes.Restore(CheckpointBytes.Save(whole), resumed);
            }

            int label = i % 7 == 3 ? i % 3 : -1;
            whole.Offer([i, -i], label);
            resumed.Offer([i, -i], label);
            int expectedLabel = whole.Choose(expected), actualLabel = resumed.Choose(actual);
            Assert.That(actual, i < 13 ? Is.Not.Null : Is.EqualTo(expected));
            Assert.That(actualLabel, i < 13 ? Is.Not.Null : Is.EqualTo(expectedLabel));
        }
    }

    /// <summary>What many draws bring, each once.</summary>
    private static HashSet<(float Value, int Label)> Chosen(ReplayWindow replay)
    {
        var chosen = new HashSet<(float, int)>();
        var buffer = new float[1];
        for (int i = 0; i < 100; i++)
        {
            int label = replay.Choose(buffer);
            chosen.Add((buffer[0], label));
        }

        return chosen;
    }
}
