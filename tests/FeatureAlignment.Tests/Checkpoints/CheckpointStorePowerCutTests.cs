using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using FeatureAlignment.Checkpoints;
using FeatureAlignment.Tests.Support;
using NUnit.Framework;

namespace FeatureAlignment.Tests.Checkpoints;

/// <summary>The power goes before and after every storage operation of a script, with everything a medium may then have lost.</summary>
public class CheckpointStorePowerCutTests
{
    private const ulong All = ulong.MaxValue;
    private const int RecoveryStep = 50;

    [Test]
    public void OpenLatest_AfterPowerCutAnywhere_GivesTheNewestOrThePrevious()
    {
        int operations = RunScript(int.MaxValue).Operations;
        Assert.That(operations, Is.GreaterThan(60));
        for (int cut = 0; cut <= operations; cut++)
        {
            FaultyStorage storage = RunScript(cut);
            ulong combinations = 1ul << storage.UnflushedOperations;
            for (ulong survivors = 0; survivors < combinations; survivors++)
            {
                foreach (TornTail tail in Enum.GetValues<TornTail>())
                {
                    AssertRecovers(storage, storage.AfterPowerCut(survivors, 0, tail), $"cut {cut}, survivors {survivors:X}, {tail}");
                }
            }
        }
    }

    [Test]
    public void OpenLatest_AfterTornWriteOfEveryLength_GivesTheNewestOrThePrevious()
    {
        int operations = RunScript(int.MaxValue).Operations;
        int torn = 0;
        for (int cut = 0; cut <= operations; cut++)
        {
            FaultyStorage storage = RunScript(cut);
            for (int bytes = 1; bytes <= storage.UnflushedBytes; bytes++)
            {
                TornTail tail = bytes % 2 == 0 ? TornTail.Missing : TornTail.Zeros;
                AssertRecovers(storage, storage.AfterPowerCut(All, bytes, tail), $"cut {cut}, {bytes} bytes, {tail}");
                torn++;
            }
        }
        Assert.That(torn, Is.GreaterThan(4400));
    }

    [Test]
    public void Commit_AfterPowerCutDuringRecovery_Succeeds()
    {
        int operations = RunScript(int.MaxValue).Operations;
        for (int cut = 0; cut <= operations; cut += 3)
        {
            FaultyStorage first = RunScript(cut).AfterPowerCut(All, 0, TornTail.Missing);
            for (int secondCut = 0; ; secondCut++)
            {
                FaultyStorage storage = first.AfterPowerCut(0, 0, TornTail.Missing);
                storage.PowerCutAfter = secondCut;
                bool isCut = !TryRecover(new CheckpointStore(storage));
                AssertRecovers(storage, storage.AfterPowerCut(All, 1, TornTail.Zeros), $"cuts {cut} and {secondCut}");
                if (!isCut)
                {
                    break;
                }
            }
        }
    }

    private static FaultyStorage RunScript(int powerCutAfter)
    {
        var storage = new FaultyStorage { PowerCutAfter = powerCutAfter };
        try
        {
            var store = new CheckpointStore(storage);
            for (int step = 1; step <= CheckpointScript.Steps.Length; step++)
            {
                CheckpointScript.Commit(store, step, CheckpointScript.Steps[step - 1]);
            }
        }
        catch (PowerCutException)
        {
        }
        return storage;
    }

    private static bool TryRecover(CheckpointStore store)
    {
        try
        {
            CheckpointScript.Commit(store, RecoveryStep, "+layer-0");
            return true;
        }
        catch (PowerCutException)
        {
            return false;
        }
    }

    // The step in the position says what the content must be; the step of the recovery is not one of the script's.
    private static void AssertRecovers(FaultyStorage before, FaultyStorage after, string situation)
    {
        List<long> committed = RecordNumbers(before);
        var store = new CheckpointStore(after);
        CheckpointGeneration? found = store.OpenLatest();
        Assert.That(store.Rejected, Is.Empty, situation);
        if (found is null)
        {
            Assert.That(committed, Has.Count.LessThan(2), situation);
        }
        else
        {
            Assert.That(committed.Take(2), Has.Member(found.Number), situation);
            AssertHolds(found);
        }
        Assert.That(found?.Number ?? 0, Is.EqualTo(RecordNumbers(after).FirstOrDefault()), situation);

        CheckpointScript.Commit(store, RecoveryStep + 1, "+layer-1");
        CheckpointScript.AssertHolds(
            new CheckpointStore(after).OpenLatest(), RecoveryStep + 1, new Dictionary<string, int> { ["layer-1"] = RecoveryStep + 1 });
        Assert.That(after.Names, Has.None.EndsWith(".tmp"), situation);
        Assert.That(RecordNumbers(after), Has.Count.EqualTo(found is null ? 1 : 2), situation);
    }

    private static void AssertHolds(CheckpointGeneration generation)
    {
        int step = 0;
        generation.ReadPosition(reader => step = reader.ReadInt("step"));
        CheckpointScript.AssertHolds(
            generation, step, step == RecoveryStep ? new Dictionary<string, int> { ["layer-0"] = step } : CheckpointScript.After(step));
    }

    // Newest first.
    private static List<long> RecordNumbers(FaultyStorage storage) => storage.Names
        .Where(name => name.StartsWith("checkpoint.", StringComparison.Ordinal) && name.EndsWith(".lfa", StringComparison.Ordinal))
        .Select(name => long.Parse(name.Split('.')[1], CultureInfo.InvariantCulture))
        .OrderDescending().ToList();
}
