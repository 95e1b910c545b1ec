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

            whole.Offer([i, -i]);
            resumed.Offer([i, -i]);
            whole.Choose(expected);
            resumed.Choose(actual);
            Assert.That(actual, i < 13 ? Is.Not.Null : Is.EqualTo(expected));
        }
    }
}
