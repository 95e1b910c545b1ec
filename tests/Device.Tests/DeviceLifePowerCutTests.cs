using System;
using System.Collections.Generic;
using System.Linq;
using FeatureAlignment.Device.Reporting;
using FeatureAlignment.Device.Storage;
using FeatureAlignment.Device.Tests.Support;
using FeatureAlignment.Simulation;
using FeatureAlignment.Simulation.Storage;
using FeatureAlignment.Telemetry;
using NUnit.Framework;

namespace FeatureAlignment.Device.Tests;

/// <summary>
/// Power cuts before and after every operation of the storage in the life of the whole application: whatever is lost of what was not
/// flushed,
/// it resumes, from a state that was saved, and sends nothing twice with another content.
/// </summary>
[TestFixture]
public sealed class DeviceLifePowerCutTests
{
    // Two layers, the first in storage while the second learns, which begins in the middle of the run.
    private static readonly SimulatedDeviceOptions Learning = TestLife.Learning(
        TimeSpan.FromSeconds(20), ("Training.Placement", "paged"), ("Training.Epochs", "1"), ("Network.Layers", "5,4"),
            ("Training.Batch", "10"));

    private static readonly SimulatedDeviceOptions Watching = TestLife.Watching(
        TimeSpan.FromSeconds(75), ("Storage.CheckpointPeriod", "20s"), ("Report.Period", "15s"), ("Network.Layers", "4,2"),
            ("Replay.Windows", "4"));

    [Test]
    public void Learning_CutAtEveryOperation_ResumesFromWhatWasSaved_AndEndsAsWithoutTheCut() =>
        CutAtEveryOperation(Learning, endsEqual: true, EveryOperation);

    [Test]
    public void Watching_CutAtEveryOperation_ResumesFromWhatWasSaved() => CutAtEveryOperation(Watching, endsEqual: false, EveryOperation);

    [Test]
    public void Learning_CutInAFile_AtEveryLengthOfIt_ResumesFromWhatWasSaved() =>
        CutAtEveryOperation(Learning, endsEqual: true, EveryLength);

    [Test]
    public void Learning_CutAgainAndAgain_GetsToItsEnd([Values(17, 23, 29)] int distance)
    {
        using var life = new TestLife(Learning with { Duration = TimeSpan.FromHours(1) });
        life.Device.Flash.PowerCutAfter = distance;
        life.Device.PowerRestored = () => life.Device.Flash.PowerCutAfter = life.Device.Flash.Operations + distance + life.Device.PowerCuts;
        life.At(30, () => life.Device.PowerRestored = null).Run();
        Assert.That(life.Device.PowerCuts, Is.GreaterThan(2));
        using TestLife well = new TestLife(Learning).Run();
        Assert.That(TestLife.LearnedDigest(life.Device.Flash, Learning), Is.EqualTo(TestLife.LearnedDigest(well.Device.Flash, Learning)));
    }

    private static IEnumerable<PowerLoss> EveryOperation(SimulatedFlash flash, FlashOperation operation)
    {
        var random = new RandomSource((ulong)operation.Number);
        yield return PowerLoss.Nothing;
        yield return PowerLoss.Everything;
        yield return PowerLoss.Random(random, flash.UnflushedBytes);
    }

    // Before a flush all of the file is at stake: of small files every length, of larger ones every 29th.
    private static IEnumerable<PowerLoss> EveryLength(SimulatedFlash flash, FlashOperation operation)
    {
        int step = flash.UnflushedBytes < 300 ? 1 : 29;
        for (int length = 0; operation.Kind == FlashOperationKind.Flush && length <= Math.Min(flash.UnflushedBytes, 4096); length += step)
        {
            yield return new PowerLoss(ulong.MaxValue, length, (TornTail)(length / step % 2));
        }
    }

    private static void CutAtEveryOperation(
        SimulatedDeviceOptions options, bool endsEqual, Func<SimulatedFlash, FlashOperation, IEnumerable<PowerLoss>> losses)
    {
        using TestLife well = new TestLife(options).Run();
        string? end = endsEqual ? TestLife.LearnedDigest(well.Device.Flash, options) : null;
        using var life = new TestLife(options);
        var saved = new List<string?> { null };
        int outcomes = 0, promises = 0;
        life.Device.Flash.Fails = operation =>
        {
            if (operation.Kind == FlashOperationKind.Read)
            {
                return false;
            }

            SimulatedFlash flash = life.Device.Flash;
            string? newest = TestLife.LearnedDigest(flash.CopyAfter(PowerLoss.Nothing), options);
            if (newest != saved[^1])
            {
                saved.Add(newest);
            }

            (int, int)[] promised = DurableHigh(flash.CopyAfter(PowerLoss.Everything)).Where(name => !life.Bodies.ContainsKey(name))
                .ToArray();
            promises += promised.Length;
            foreach (PowerLoss loss in losses(flash, operation))
            {
                string where = $"{operation}, {loss}";
                SimulatedFlash left = flash.CopyAfter(loss);
                int found = saved.IndexOf(TestLife.LearnedDigest(left, options));
                Assert.That(found, Is.GreaterThanOrEqualTo(saved.Count - 2), $"a checkpoint that was saved, at most one ago: {where}");
                CheckRestart(options with { FlashMedium = left }, found > 0, life.Bodies, promised, where);
                Assert.That(end is null || TestLife.LearnedDigest(left, options) == end, Is.True, $"the end of the run: {where}");
                outcomes++;
            }

            return false;
        };
        life.Run();
        TestContext.Out.WriteLine($"{life.Device.Flash.Operations} operations, {outcomes} outcomes, {saved.Count - 1} checkpoints");
        Assert.That(saved, Has.Count.GreaterThan(3), "checkpoints");
        Assert.That(promises, Is.Positive, "batches of high priority that wait");
    }

    private static void CheckRestart(
        SimulatedDeviceOptions options, bool isResume, Dictionary<(int Boot, int Sequence), byte[]> arrived,
        IEnumerable<(int Boot, int Sequence)> promised, string where)
    {
        using var life = new TestLife(options with { Duration = TimeSpan.FromSeconds(20) });
        try
        {
            life.Run();
        }
        catch (Exception e) when (e is not ResultStateException)
        {
            Assert.Fail($"{where}: {e}");
        }

        Assert.That(life.Of(isResume ? EventKinds.Resumed : EventKinds.RunStarted).Count(), Is.EqualTo(1), where);
        int newestBoot = life.Bodies.Keys.Max(name => name.Boot);
        Assert.That(arrived.Keys.Select(name => name.Boot), Has.All.LessThan(newestBoot), $"a boot of its own: {where}");
        foreach (((int Boot, int Sequence) name, byte[] body) in life.Bodies)
        {
            Assert.That(arrived.TryGetValue(name, out byte[]? before) && !before.AsSpan().SequenceEqual(body), Is.False,
                $"{name} again, different: {where}");
        }

        Assert.That(promised.Where(name => !life.Bodies.ContainsKey(name)), Is.Empty, $"high priority, flushed and lost: {where}");
    }

    private static (int Boot, int Sequence)[] DurableHigh(SimulatedFlash flash) => TelemetrySpool
        .Open(new StorageArea(flash, "spool"), boot: 1000, 32 << 10, TimeSpan.FromMinutes(1)).Records
        .Where(record => record.Priority == TelemetryPriority.High).Select(record => (record.Boot, record.Sequence)).ToArray();
}
