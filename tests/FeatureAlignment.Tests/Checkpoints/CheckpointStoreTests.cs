using System;
using System.IO;
using System.Linq;
using FeatureAlignment.Checkpoints;
using FeatureAlignment.Tests.Support;
using NUnit.Framework;

namespace FeatureAlignment.Tests.Checkpoints;

public class CheckpointStoreTests
{
    [Test]
    public void OpenLatest_EmptyStorage_GivesNone() => Assert.That(new CheckpointStore(new FaultyStorage()).OpenLatest(), Is.Null);

    [Test]
    public void OpenLatest_FilesWithoutCommitRecord_GivesNone()
    {
        var storage = new FaultyStorage();
        new CheckpointStore(storage).Begin().Write("layer-0", "layer", writer => writer.Write("n", 1));
        Assert.That(storage.Names, Is.EqualTo(new[] { "layer-0.000001.lfa" }));
        Assert.That(new CheckpointStore(storage).OpenLatest(), Is.Null);
    }

    [Test]
    public void OpenLatest_AfterEveryStep_GivesThatStep()
    {
        var storage = new FaultyStorage();
        var store = new CheckpointStore(storage);
        for (int step = 1; step <= CheckpointScript.Steps.Length; step++)
        {
            CheckpointScript.Commit(store, step, CheckpointScript.Steps[step - 1]);
            CheckpointGeneration? found = new CheckpointStore(storage).OpenLatest();
            CheckpointScript.AssertHolds(found, step, CheckpointScript.After(step));
            Assert.That(found!.Number, Is.EqualTo(step));
        }
    }

    [Test]
    public void Commit_LeavesTheFilesOfTwoGenerations()
    {
        var storage = new FaultyStorage();
        CommitSteps(storage, 5);
        Assert.That(storage.Names, Is.EquivalentTo(new[]
        {
            "checkpoint.000004.lfa", "checkpoint.000005.lfa", "layer-0.000003.lfa", "layer-0.000005.lfa",
            "layer-1.000004.lfa", "layer-2.000004.lfa",
        }));
    }

    [Test]
    public void Commit_LeavesOtherFilesAlone()
    {
        string[] others =
        {
            "metrics.csv", "layer-0.lfa", "layer-0.1.lfa", "layer-0.000001.bak", "Layer-0.000001.lfa", ".000001.lfa", "a.b.000001.tmp",
            "layer-0.9999999999999999999.lfa",
        };
        var storage = new FaultyStorage();
        foreach (string name in others)
        {
            storage.Overwrite(name, new byte[3]);
        }

        CommitSteps(storage, 3);
        Assert.That(others, Is.SubsetOf(storage.Names));
    }

    [Test]
    public void Commit_KeptFile_IsNotWrittenAgain()
    {
        var storage = new FaultyStorage();
        CheckpointStore store = CommitSteps(storage, 5);
        long before = store.BytesWritten;
        CheckpointScript.Commit(store, 6, CheckpointScript.Steps[5]);
        Assert.That(store.BytesWritten - before, Is.EqualTo(storage.Contents("checkpoint.000006.lfa").Length));
    }

    [Test]
    public void BytesWritten_CountsEveryFile()
    {
        var storage = new FaultyStorage();
        CheckpointStore store = CommitSteps(storage, 1);
        Assert.That(store.BytesWritten, Is.EqualTo(storage.UsedBytes));
    }

    [Test]
    public void Begin_AfterRestart_GoesOnCounting()
    {
        var storage = new FaultyStorage();
        CommitSteps(storage, 3);
        using CheckpointTransaction transaction = new CheckpointStore(storage).Begin();
        Assert.That(transaction.Number, Is.EqualTo(4));
    }

    [Test]
    public void Number_OverSixDigits_GoesOn()
    {
        var storage = new FaultyStorage();
        storage.Overwrite("layer-0.999999.lfa", new byte[3]);
        var store = new CheckpointStore(storage);
        CheckpointScript.Commit(store, 1, "+layer-0");
        CheckpointScript.Commit(store, 2, "=layer-0");
        Assert.That(storage.Names, Is.EquivalentTo(new[] { "checkpoint.1000000.lfa", "checkpoint.1000001.lfa", "layer-0.1000000.lfa" }));
        Assert.That(new CheckpointStore(storage).OpenLatest()!.Number, Is.EqualTo(1000001));
    }

    [Test]
    public void Dispose_WithoutCommit_LeavesNothing()
    {
        var storage = new FaultyStorage();
        CheckpointStore store = CommitSteps(storage, 3);
        string[] before = storage.Names.ToArray();
        using (CheckpointTransaction transaction = store.Begin())
        {
            CheckpointScript.Apply(transaction, 4, "+layer-0");
        }

        Assert.That(storage.Names, Is.EquivalentTo(before));
        CheckpointScript.AssertHolds(store.OpenLatest(), 3, CheckpointScript.After(3));
    }

    [Test]
    public void Begin_EndsTheTransactionInProgress()
    {
        var store = new CheckpointStore(new FaultyStorage());
        CheckpointTransaction first = store.Begin();
        store.Begin();
        Assert.That(() => first.Write("layer-0", "layer", _ => { }), Throws.InvalidOperationException);
    }

    [Test]
    public void Commit_AfterContentThrew_IsRefused()
    {
        var store = new CheckpointStore(new FaultyStorage());
        CheckpointTransaction transaction = store.Begin();
        Assert.That(
            () => transaction.Write("layer-0", "layer", _ => throw new NotSupportedException()),
            Throws.TypeOf<NotSupportedException>());
        Assert.That(() => transaction.Commit(_ => { }), Throws.InvalidOperationException);
    }

    [TestCase("")]
    [TestCase("Layer")]
    [TestCase("layer.0")]
    [TestCase("../layer")]
    [TestCase("checkpoint")]
    public void Write_NameOutsideTheRules_Throws(string name)
    {
        using CheckpointTransaction transaction = new CheckpointStore(new FaultyStorage()).Begin();
        Assert.That(() => transaction.Write(name, "layer", _ => { }), Throws.ArgumentException);
    }

    [Test]
    public void Write_NameTwice_Throws()
    {
        using CheckpointTransaction transaction = new CheckpointStore(new FaultyStorage()).Begin();
        transaction.Write("layer-0", "layer", _ => { });
        Assert.That(() => transaction.Write("layer-0", "layer", _ => { }), Throws.ArgumentException);
    }

    [Test]
    public void Keep_UnknownName_Throws()
    {
        using CheckpointTransaction transaction = CommitSteps(new FaultyStorage(), 1).Begin();
        Assert.That(() => transaction.Keep("layer-7"), Throws.ArgumentException.With.Message.Contains("layer-7"));
    }

    [Test]
    public void Read_WithinWrite_Works()
    {
        var store = new CheckpointStore(new FaultyStorage());
        CheckpointGeneration first = CheckpointScript.Commit(store, 1, "+layer-2");
        using CheckpointTransaction transaction = store.Begin();
        transaction.Write("layer-2", "layer", writer =>
        {
            var values = new float[1100];
            first.Read("layer-2", "layer", reader => reader.ReadFloats("weights", values));
            writer.Write("weights", values);
        });
        CheckpointGeneration second = transaction.Commit(writer => writer.Write("step", 2));
        CheckpointScript.AssertHolds(second, 2, CheckpointScript.Next(CheckpointScript.After(0), 1, "+layer-2"));
    }

    [Test]
    public void Read_OtherKind_Throws()
    {
        CheckpointGeneration generation = CommitSteps(new FaultyStorage(), 1).OpenLatest()!;
        Assert.That(
            () => generation.Read("layer-0", "readout", _ => { }),
            Throws.TypeOf<CheckpointFormatException>().With.Message.Contains("kind 'readout' expected, 'layer' found"));
    }

    [Test]
    public void Read_UnknownName_Throws()
    {
        CheckpointGeneration generation = CommitSteps(new FaultyStorage(), 1).OpenLatest()!;
        Assert.That(
            () => generation.Read("layer-7", "layer", _ => { }),
            Throws.TypeOf<CheckpointFormatException>().With.Message.Contains("layer-7"));
    }

    [Test]
    public void Read_FieldLeft_Throws()
    {
        CheckpointGeneration generation = CommitSteps(new FaultyStorage(), 1).OpenLatest()!;
        Assert.That(() => generation.Read("layer-0", "layer", _ => { }), Throws.TypeOf<CheckpointFormatException>());
    }

    [Test]
    public void OpenLatest_AnyByteOfTheNewestDamaged_GivesThePreviousAndSaysWhy()
    {
        var storage = new FaultyStorage();
        CommitSteps(storage, 3);
        foreach (string name in storage.Names.Where(name => name.Contains("000003", StringComparison.Ordinal)).ToArray())
        {
            byte[] bytes = storage.Contents(name);
            for (int i = 0; i < bytes.Length; i++)
            {
                bytes[i] ^= 0x10;
                storage.Overwrite(name, bytes);
                var store = new CheckpointStore(storage);
                CheckpointScript.AssertHolds(store.OpenLatest(), 2, CheckpointScript.After(2));
                Assert.That(store.Rejected, Has.Count.EqualTo(1));
                Assert.That(store.Rejected[0], Does.StartWith("Checkpoint 3 is not usable: " + name));
                bytes[i] ^= 0x10;
            }
            storage.Overwrite(name, bytes);
        }
    }

    [Test]
    public void OpenLatest_FileOfTheNewestMissing_GivesThePreviousAndSaysWhy()
    {
        var storage = new FaultyStorage();
        CommitSteps(storage, 3);
        storage.Delete("layer-1.000003.lfa");
        var store = new CheckpointStore(storage);
        CheckpointScript.AssertHolds(store.OpenLatest(), 2, CheckpointScript.After(2));
        Assert.That(store.Rejected, Has.One.Contains("layer-1.000003.lfa"));
    }

    [Test]
    public void OpenLatest_WholeFileOfAnotherGenerationUnderTheName_IsRejected()
    {
        var storage = new FaultyStorage();
        CommitSteps(storage, 3);
        storage.Overwrite("layer-0.000003.lfa", storage.Contents("layer-0.000002.lfa"));
        storage.Overwrite("checkpoint.000007.lfa", storage.Contents("checkpoint.000003.lfa"));
        var store = new CheckpointStore(storage);
        CheckpointScript.AssertHolds(store.OpenLatest(), 2, CheckpointScript.After(2));
        Assert.That(store.Rejected[0], Does.Contain("generation 7 expected, 3 found"));
        Assert.That(store.Rejected[1], Does.Contain("it is another file under this name"));
    }

    [Test]
    public void OpenLatest_EveryGenerationDamaged_NamesEachFault()
    {
        var storage = new FaultyStorage();
        CommitSteps(storage, 3);
        storage.Overwrite("layer-0.000003.lfa", new byte[10]);
        storage.Delete("checkpoint.000002.lfa");
        storage.Overwrite("checkpoint.000002.lfa", new byte[50]);
        Assert.That(
            () => new CheckpointStore(storage).OpenLatest(),
            Throws.TypeOf<CheckpointFormatException>()
                .With.Message.Contains("layer-0.000003.lfa").And.Message.Contains("checkpoint.000002.lfa: a checkpoint must begin"));
    }

    [Test]
    public void Begin_EveryGenerationDamaged_ThrowsAndDeletesNothing()
    {
        var storage = new FaultyStorage();
        CommitSteps(storage, 1);
        storage.Overwrite("layer-0.000001.lfa", new byte[10]);
        string[] before = storage.Names.ToArray();
        var store = new CheckpointStore(storage);
        Assert.That(store.Begin, Throws.TypeOf<CheckpointFormatException>());
        Assert.That(store.Begin, Throws.TypeOf<CheckpointFormatException>());
        Assert.That(storage.Names, Is.EquivalentTo(before));
    }

    [Test]
    public void Commit_OnThePreviousAfterDamage_DeletesTheDamagedAndKeepsThePrevious()
    {
        var storage = new FaultyStorage();
        CommitSteps(storage, 3);
        storage.Overwrite("layer-0.000003.lfa", new byte[10]);
        CheckpointScript.Commit(new CheckpointStore(storage), 4, "+layer-0 =layer-1");
        Assert.That(storage.Names, Is.EquivalentTo(new[]
        {
            "checkpoint.000002.lfa", "layer-0.000002.lfa", "layer-1.000001.lfa", "checkpoint.000004.lfa", "layer-0.000004.lfa",
        }));
    }

    [Test]
    public void Clear_DamagedGenerations_StartsAnewWithAnUnusedNumber()
    {
        var storage = new FaultyStorage();
        CommitSteps(storage, 2);
        storage.Overwrite("layer-1.000001.lfa", new byte[10]);
        var store = new CheckpointStore(storage);
        Assert.That(store.OpenLatest, Throws.TypeOf<CheckpointFormatException>());
        store.Clear();
        Assert.That(storage.Names, Is.Empty);
        Assert.That(CheckpointScript.Commit(store, 1, "+layer-0").Number, Is.EqualTo(3));
    }

    [Test]
    public void Commit_FileCannotBeDeleted_SucceedsAndReportsUntilItCan()
    {
        var storage = new FaultyStorage();
        CheckpointStore store = CommitSteps(storage, 2);
        storage.Undeletable = "checkpoint.000001.lfa";
        CheckpointScript.Commit(store, 3, CheckpointScript.Steps[2]);
        Assert.That(store.Undeleted, Is.EqualTo(new[] { "checkpoint.000001.lfa: The file checkpoint.000001.lfa is in use." }));
        CheckpointScript.AssertHolds(new CheckpointStore(storage).OpenLatest(), 3, CheckpointScript.After(3));

        storage.Undeletable = null;
        CheckpointScript.Commit(store, 4, CheckpointScript.Steps[3]);
        Assert.That(store.Undeleted, Is.Empty);
        Assert.That(storage.Names, Has.None.EqualTo("checkpoint.000001.lfa"));
    }

    [Test]
    public void Commit_AllocatesNoCopyOfALayer()
    {
        var store = new CheckpointStore(FolderStorage.OpenOrCreate(TestFolder.New()));
        var weights = new float[750_000];
        CommitWeights(store, weights);
        long before = GC.GetAllocatedBytesForCurrentThread();
        CommitWeights(store, weights);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(64 * 1024));
    }

    [Test]
    public void FolderStorage_AfterRestart_GivesTheLatest()
    {
        string folder = TestFolder.New();
        CommitSteps(FolderStorage.OpenOrCreate(folder), 5);
        Assert.That(Directory.GetFiles(folder), Has.Length.EqualTo(6));
        CheckpointScript.AssertHolds(
            new CheckpointStore(FolderStorage.OpenExisting(folder)).OpenLatest(), 5, CheckpointScript.After(5));
    }

    private static void CommitWeights(CheckpointStore store, float[] weights)
    {
        using CheckpointTransaction transaction = store.Begin();
        transaction.Write("layer-0", "layer", writer => writer.Write("weights", weights));
        transaction.Commit(_ => { });
    }

    private static CheckpointStore CommitSteps(IStorage storage, int steps)
    {
        var store = new CheckpointStore(storage);
        for (int step = 1; step <= steps; step++)
        {
            CheckpointScript.Commit(store, step, CheckpointScript.Steps[step - 1]);
        }

        return store;
    }
}
