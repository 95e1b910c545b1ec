using System;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Live;
using FeatureAlignment.Dashboard.Tests.Support;
using FeatureAlignment.Telemetry;
using NUnit.Framework;

namespace FeatureAlignment.Dashboard.Tests.Live;

[TestFixture]
public sealed class LiveLogTests
{
    [Test]
    public void ReadAfter_GivesWhatCameSince()
    {
        var log = new LiveLog();
        Add(log, 3);

        Assert.That(log.ReadAfter(1, out _)!.Select(batch => batch.Number), Is.EqualTo((long[])[2, 3]));
        Assert.That(log.ReadAfter(3, out _), Is.Empty);
    }

    [Test]
    public void ReadAfter_SomethingForgottenOrNeverHeardOf_GivesNull()
    {
        var log = new LiveLog();
        Add(log, LiveLog.Batches + 1);

        Assert.That(log.ReadAfter(0, out _), Is.Null);
        Assert.That(log.ReadAfter(1, out _), Has.Count.EqualTo(LiveLog.Batches));
        Assert.That(log.ReadAfter(LiveLog.Batches + 2, out _), Is.Null);
        Assert.That(log.ReadAfter(-1, out _), Is.Null);
    }

    [Test]
    public void Points_AreBounded()
    {
        var log = new LiveLog();
        int batches = LiveLog.Points / 1_000 + 5;
        Add(log, batches, points: 1_000);

        Assert.That(log.ReadAfter(batches - LiveLog.Points / 1_000, out _), Has.Count.EqualTo(LiveLog.Points / 1_000));
        Assert.That(log.ReadAfter(batches - LiveLog.Points / 1_000 - 1, out _), Is.Null);
    }

    [Test]
    public void WhatPagesAreNotSent_IsNotKept()
    {
        var log = new LiveLog();
        WeakReference content = AddAndForget(log);

        GC.Collect();

        Assert.That(content.IsAlive, Is.False, "thousands of batches full of pictures and log lines would be hundreds of megabytes");
        Assert.That(log.ReadAfter(0, out _)!.Select(batch => (batch.Points.Count, batch.Logs)), Is.EqualTo(new[] { (1, 1) }));
    }

    [Test]
    public async Task Next_EndsWhenABatchComes()
    {
        var log = new LiveLog();
        log.ReadAfter(0, out Task next);
        Assert.That(next.IsCompleted, Is.False);

        Add(log, 1);

        await next;
    }

    // Of its own, so that no variable of the test holds it.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference AddAndForget(LiveLog log)
    {
        var line = new TelemetryLog(0, TelemetryLogLevel.Debug, "text");
        log.Add(Batches.Received(new TelemetryBatch("r-1", "1.0.0", Batches.Counting(0, 1), logs: [line])));
        return new WeakReference(line);
    }

    private static void Add(LiveLog log, int count, int points = 1)
    {
        for (int i = 0; i < count; i++)
        {
            log.Add(Batches.Received(Batches.OfPoints(Batches.Counting(0, points)), sequence: i + 1));
        }
    }
}
