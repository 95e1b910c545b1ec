using System;
using System.Collections.Generic;
using System.Linq;
using FeatureAlignment.Device.Detection;
using FeatureAlignment.Device.Sensors;
using FeatureAlignment.Tests.Support;
using NUnit.Framework;

namespace FeatureAlignment.Device.Tests.Detection;

[TestFixture]
public sealed class AnomalyMonitorTests
{
    private const int Learning = 2000;

    // One window a second; alarms at 3 of 5 windows.
    private static readonly MonitorOptions Options = new(
        3, 2, 2, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(Learning), TimeSpan.FromSeconds(10 * Learning), 0.001, 1.2, 3, 5);

    [Test]
    public void Observe_Learning_IsNeverAnAlarm()
    {
        var bench = new Bench(Options);
        for (int i = 0; i < Learning; i++)
        {
            MonitorReport report = bench.Observe(i % 100 == 0 ? 20 : 0, 0);
            Assert.That((report.State, report.MayTrain), Is.EqualTo((MonitorState.Learning, true)));
        }
    }

    [TestCase(3f, 0f, TestName = "Observe_AnErrorThatLasts_IsSeenByQ")]
    [TestCase(0f, 30f, TestName = "Observe_LatentsThatWereNeverThere_AreSeenByT2")]
    public void AnAnomaly_HasStartPeakEndAndExplanation(float error, float latent)
    {
        Bench bench = Bench.Learned(Options);
        AnomalyEpisode episode = bench.Monitor.Episode;
        List<MonitorReport> reports = Enumerable.Range(0, 10)
            .Select(i => bench.Observe(i == 6 ? 2 * error : error, i == 6 ? 2 * latent : latent)).ToList();
        Assert.That(reports[2].Episode, Is.EqualTo(EpisodeChange.Started));
        Assert.That(reports.Skip(1).Select(report => report.MayLearn), Has.None.True);
        Assert.That((episode.IsOpen, episode.Number), Is.EqualTo((true, 1)));
        Assert.That(episode.StartMilliseconds, Is.EqualTo((Learning + 3) * 1000L));
        Assert.That(episode.PeakMilliseconds, Is.EqualTo((Learning + 7) * 1000L));
        Assert.That(episode.PeakScore, Is.EqualTo(reports[6].Score));
        if (error > 0)
        {
            var top = new int[1];
            episode.TopChannels(top);
            Assert.That(top[0], Is.EqualTo(1));
            Assert.That(episode.Share(1), Is.GreaterThan(0.8));
        }

        List<EpisodeChange> after = Enumerable.Range(0, 60).Select(_ => bench.Observe(0, 0).Episode).ToList();
        Assert.That(after.Count(change => change == EpisodeChange.Ended), Is.EqualTo(1));
        Assert.That(episode.EndMilliseconds, Is.EqualTo((Learning + 11 + after.IndexOf(EpisodeChange.Ended)) * 1000L));
    }

    [Test]
    public void Observe_OneAnomalousWindow_IsNoAlarm()
    {
        Bench bench = Bench.Learned(Options);
        Assert.That(Enumerable.Range(0, 8).Select(i => bench.Observe(i == 3 ? 50 : 0, 0).State), Has.None.EqualTo(MonitorState.Alarm));
    }

    [Test]
    public void Observe_AfterLearning_TheNetworkLearnsFromATenth()
    {
        Bench bench = Bench.Learned(Options);
        Assert.That(Enumerable.Range(0, 1000).Count(_ => bench.Observe(0, 0).MayTrain), Is.InRange(95, 100));
    }

    [Test]
    public void LabelNormal_EndsTheAnomalyAndLetsItsLikeBeLearned()
    {
        Bench bench = Bench.Learned(Options);
        for (int i = 0; i < 10; i++)
        {
            bench.Observe(3, 0);
        }

        Assert.That(bench.Monitor.LabelNormal(7), Is.EqualTo(EpisodeChange.Ended));
        Assert.That((bench.Monitor.Episode.IsOpen, bench.Monitor.Episode.EndMilliseconds), Is.EqualTo((false, 7L)));
        for (int i = 0; i < 50; i++)
        {
            Assert.That(bench.Observe(3, 0).State, Is.EqualTo(MonitorState.Normal));
        }
    }

    [Test]
    public void LabelFault_OpensAnAnomalyThatIsNotLearned()
    {
        Bench bench = Bench.Learned(Options);
        bench.Observe(0, 0);
        Assert.That(bench.Monitor.LabelFault(5), Is.EqualTo(EpisodeChange.Started));
        Assert.That(bench.Monitor.LabelFault(6), Is.EqualTo(EpisodeChange.None));
        AnomalyEpisode episode = bench.Monitor.Episode;
        Assert.That((episode.IsOpen, episode.IsLabelledFault, episode.StartMilliseconds), Is.EqualTo((true, true, 5L)));
        Assert.That((bench.Monitor.Last.MayLearn, bench.Observe(0, 0).MayLearn), Is.EqualTo((false, false)));
    }

    [Test]
    public void LabelFault_ThenLabelledHigherAsNormal_IsAccepted()
    {
        Bench bench = Bench.Learned(Options);
        bench.Observe(3, 0);
        bench.Monitor.LabelFault(0);
        double ceiling = bench.Monitor.Last.ReconstructionError;
        bench.Observe(6, 0);
        bench.Monitor.LabelNormal(0);
        Assert.That(bench.Observe(0, 0).ReconstructionThreshold, Is.GreaterThan(ceiling));
    }

    [TestCase(500, TestName = "Restore_WhileLearning_GoesOnToTheBit")]
    [TestCase(Learning + 60, TestName = "Restore_DuringAnAlarm_GoesOnToTheBit")]
    public void RestoreAt(int cut)
    {
        var whole = new Bench(Options);
        Bench? resumed = null;
        for (int i = 0; i < Learning + 200; i++)
        {
            if (i == cut)
            {
                resumed = whole.Resume();
            }

            float error = i is >= Learning + 50 and < Learning + 90 ? 3 : 0;
            MonitorReport expected = whole.Observe(error, 0);
            Assert.That(resumed?.Observe(error, 0) ?? expected, Is.EqualTo(expected));
        }

        Assert.That(whole.Monitor.Episode.Number, Is.EqualTo(1));
        Assert.That(CheckpointBytes.Save(resumed!.Monitor), Is.EqualTo(CheckpointBytes.Save(whole.Monitor)));
    }

    [Test]
    public void Observe_AllocatesNothing()
    {
        Bench bench = Bench.Learned(Options);
        bench.Observe(3, 0);

        long allocated = Allocation.Of(() =>
        {
            for (int i = 0; i < 100; i++)
            {
                bench.Observe(i < 50 ? 3 : 0, 0);
            }
        });

        Assert.That(allocated, Is.Zero);
    }

    /// <summary>Feeds a monitor with windows of noise, whose channel 1 is reconstructed badly on demand.</summary>
    private sealed class Bench(MonitorOptions options)
    {
        private readonly SensorWindow window = new(options.Channels, options.Readings);
        private readonly float[] reconstruction = new float[options.Channels * options.Readings];
        private readonly float[] latents = new float[options.Latents];
        private readonly RandomSource random = new(8);
        private long seconds;

        public AnomalyMonitor Monitor { get; } = new(options);

        public static Bench Learned(MonitorOptions options)
        {
            var bench = new Bench(options);
            for (int i = 0; i < options.LearningWindows; i++)
            {
                bench.Observe(0, 0);
            }

            return bench;
        }

        public MonitorReport Observe(float error, float latent)
        {
            for (int i = 0; i < reconstruction.Length; i++)
            {
                window.Values[i] = random.NextNormal();
                reconstruction[i] = window.Values[i] + (0.3f * random.NextNormal());
            }

            for (int reading = 0; reading < options.Readings; reading++)
            {
                reconstruction[options.Readings + reading] += error;
            }

            latents[0] = random.NextNormal() + latent;
            latents[1] = random.NextNormal();
            return Monitor.Observe(window, reconstruction, latents, ++seconds * 1000);
        }

        public Bench Resume()
        {
            var resumed = new Bench(options) { seconds = seconds };
            resumed.random.State = random.State;
            CheckpointBytes.Restore(CheckpointBytes.Save(Monitor), resumed.Monitor);
            return resumed;
        }
    }
}
