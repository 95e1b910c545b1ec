using System;
using System.IO;
using System.Linq;
using FeatureAlignment.Checkpoints;
using FeatureAlignment.Tests.Support;
using NUnit.Framework;

namespace FeatureAlignment.Tests.Checkpoints;

/// <summary>A storage that is full after any byte, or fails at any operation.</summary>
public class CheckpointStoreFaultTests
{
    private const string LargeStep = "=layer-0 +layer-1 +layer-2";

    // Layers 1 and 2 and the record: create, write, flush, rename each, one write more for layer 2; then the deletions.
    private const int OperationsBeforeDeletions = 13;

    // Every byte of a small checkpoint; for one of several blocks a step that meets every part of its files.
    [Test, Combinatorial]
    public void Commit_DiskFullAfterAnyByte_KeepsThePreviousAndSaysSo(
        [Values("+layer-0 =layer-1", LargeStep)] string actions, [Values] bool isDisposed)
    {
        long needed = BytesOf(actions);
        for (long room = 0; room < needed; room += actions == LargeStep ? 41 : 1)
        {
            FaultyStorage storage = AfterThreeSteps(out CheckpointStore store);
            storage.Capacity = storage.UsedBytes + room;
            AssertFails(store, actions, isDisposed, "No space left on device");
            Assert.That(storage.Names.Any(name => name.EndsWith(".tmp", StringComparison.Ordinal)), Is.EqualTo(!isDisposed));
            CheckpointScript.AssertHolds(new CheckpointStore(storage).OpenLatest(), 3, CheckpointScript.After(3));

            storage.Capacity = long.MaxValue;
            AssertSucceeds(storage, store, actions);
        }
    }

    [Test]
    public void Commit_DiskHasJustTheRoom_Succeeds()
    {
        FaultyStorage storage = AfterThreeSteps(out CheckpointStore store);
        storage.Capacity = storage.UsedBytes + BytesOf(LargeStep);
        AssertSucceeds(storage, store, LargeStep);
    }

    [Test]
    public void Commit_AgainAfterRestartOnAFullDisk_GetsTheRoomOfTheFailedAttempt()
    {
        FaultyStorage storage = AfterThreeSteps(out CheckpointStore store);
        storage.Capacity = storage.UsedBytes + BytesOf(LargeStep);
        storage.FailureAfter = storage.Operations + 12;
        AssertFails(store, LargeStep, isDisposed: false, "Input/output error");
        AssertSucceeds(storage, new CheckpointStore(storage), LargeStep);
    }

    [Test]
    public void Commit_AnyOperationFails_KeepsThePreviousOrSucceeds([Values] bool isDisposed)
    {
        FaultyStorage whole = AfterThreeSteps(out CheckpointStore wholeStore);
        int first = whole.Operations;
        CheckpointScript.Commit(wholeStore, 4, LargeStep);
        int writing = whole.Operations - first;
        int failed = 0;
        for (int operation = 0; operation < writing; operation++)
        {
            FaultyStorage storage = AfterThreeSteps(out CheckpointStore store);
            storage.FailureAfter = first + operation;
            if (operation >= OperationsBeforeDeletions)
            {
                CheckpointScript.Commit(store, 4, LargeStep);
                Assert.That(store.Undeleted, Has.Count.EqualTo(1));
            }
            else
            {
                AssertFails(store, LargeStep, isDisposed, "Input/output error");
                CheckpointScript.AssertHolds(new CheckpointStore(storage).OpenLatest(), 3, CheckpointScript.After(3));
                failed++;
            }
            AssertSucceeds(storage, store, LargeStep);
        }
        Assert.That(failed, Is.EqualTo(OperationsBeforeDeletions));
    }

    private static FaultyStorage AfterThreeSteps(out CheckpointStore store)
    {
        var storage = new FaultyStorage();
        store = new CheckpointStore(storage);
        for (int step = 1; step <= 3; step++)
        {
            CheckpointScript.Commit(store, step, CheckpointScript.Steps[step - 1]);
        }

        return storage;
    }

    private static long BytesOf(string actions)
    {
        AfterThreeSteps(out CheckpointStore store);
        long before = store.BytesWritten;
        CheckpointScript.Commit(store, 4, actions);
        return store.BytesWritten - before;
    }

    private static void AssertFails(CheckpointStore store, string actions, bool isDisposed, string reason)
    {
        CheckpointTransaction transaction = store.Begin();
        var fault = Assert.Throws<IOException>(() =>
        {
            CheckpointScript.Apply(transaction, 4, actions);
            transaction.Commit(writer => writer.Write("step", 4));
        });
        Assert.That(fault!.Message, Does.StartWith("Checkpoint 4 could not be written: ").And.Contain(reason + ". ")
            .And.Contain("Checkpoint 3 remains usable"));
        Assert.That(() => transaction.Commit(_ => { }), Throws.InvalidOperationException);
        if (isDisposed)
        {
            transaction.Dispose();
        }
    }

    private static void AssertSucceeds(FaultyStorage storage, CheckpointStore store, string actions)
    {
        CheckpointScript.Commit(store, 4, actions);
        CheckpointScript.AssertHolds(
            new CheckpointStore(storage).OpenLatest(), 4, CheckpointScript.Next(CheckpointScript.After(3), 4, actions));
        Assert.That(storage.Names, Has.None.EndsWith(".tmp"));
    }
}
