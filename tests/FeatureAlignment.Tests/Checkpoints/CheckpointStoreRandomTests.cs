using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using FeatureAlignment.Checkpoints;
using FeatureAlignment.Tests.Support;
using NUnit.Framework;

namespace FeatureAlignment.Tests.Checkpoints;

/// <summary>Random commits, failures, power cuts, restarts and damage, beside a model that is a list of what was committed.</summary>
public class CheckpointStoreRandomTests
{
    private const int Operations = 60;

    private static readonly string[] Layers = { "layer-0", "layer-1", "layer-3" };

    [Test]
    public void RandomOperations_AgreeWithAModel([Range(1, 40)] int seed)
    {
        TestContext.Out.WriteLine($"seed {seed}");
        var run = new Run(new Random(seed));
        for (int operation = 0; operation < Operations; operation++)
        {
            run.DoOne();
        }
    }

    /// <summary>A generation of the model: its number, and which step wrote each file.</summary>
    private sealed record Generation(long Number, int Step, Dictionary<string, int> Writers);

    private sealed class Run
    {
        private readonly Random random;

        // Newest first, at most two. After damage one; the next commit builds on it.
        private readonly List<Generation> generations = new();

        // Damaged or superseded. Their deletion may fail or be undone in part, so that they are found and rejected.
        private readonly HashSet<long> dropped = new();

        private FaultyStorage storage = new();
        private CheckpointStore store;
        private int step;

        public Run(Random random)
        {
            this.random = random;
            store = new CheckpointStore(storage);
        }

        public void DoOne()
        {
            switch (random.Next(7))
            {
                case 0 or 1:
                    Assert.That(TryCommit(), Is.True);
                    break;
                case 2:
                    Abandon();
                    break;
                case 3:
                    FillDisk();
                    break;
                case 4:
                    FailOperation();
                    break;
                case 5:
                    CutPower();
                    break;
                default:
                    DamageNewest();
                    break;
            }
            AssertAgrees(new CheckpointStore(storage).OpenLatest());
            if (random.Next(4) == 0)
            {
                store = new CheckpointStore(storage);
            }
        }

        private bool TryCommit()
        {
            (string actions, Dictionary<string, int> writers) = Plan();
            try
            {
                CheckpointGeneration committed = CheckpointScript.Commit(store, step, actions);
                Push(new Generation(committed.Number, step, writers));
                return true;
            }
            catch (IOException e)
            {
                Assert.That(e.Message, Does.Contain("could not be written"));
                return false;
            }
        }

        private void Abandon()
        {
            (string actions, _) = Plan();
            CheckpointTransaction transaction = store.Begin();
            CheckpointScript.Apply(transaction, step, actions);
            if (random.Next(2) == 0)
            {
                transaction.Dispose();
            }
        }

        private void FillDisk()
        {
            storage.Capacity = storage.UsedBytes + random.Next(500);
            TryCommit();
            storage.Capacity = long.MaxValue;
        }

        private void FailOperation()
        {
            storage.FailureAfter = storage.Operations + random.Next(25);
            TryCommit();
            storage.FailureAfter = int.MaxValue;
        }

        private void CutPower()
        {
            (string actions, Dictionary<string, int> writers) = Plan();
            var interrupted = new Generation(0, step, writers);
            storage.PowerCutAfter = storage.Operations + random.Next(25);
            try
            {
                CheckpointGeneration committed = CheckpointScript.Commit(store, step, actions);
                Push(interrupted with { Number = committed.Number });
            }
            catch (PowerCutException)
            {
            }
            storage = storage.AfterPowerCut((ulong)random.NextInt64(), random.Next(300), (TornTail)random.Next(2));
            store = new CheckpointStore(storage);

            // Which generations survived is the storage's to say, within the promise: the one in progress, the newest, or the one before.
            CheckpointGeneration? found = store.OpenLatest();
            IEnumerable<long> rejected = store.Rejected.Select(message => long.Parse(message.Split(' ')[1], CultureInfo.InvariantCulture));
            Assert.That(rejected, Is.SubsetOf(dropped));
            if (found is null)
            {
                Assert.That(generations, Has.Count.LessThan(2));
                generations.Clear();
            }
            else if (generations.Count == 0 || found.Number > generations[0].Number)
            {
                Push(interrupted with { Number = found.Number });
            }
            else if (found.Number != generations[0].Number)
            {
                Assert.That(generations, Has.Count.EqualTo(2));
                Assert.That(found.Number, Is.EqualTo(generations[1].Number));
                generations.RemoveAt(0);
            }
        }

        private void DamageNewest()
        {
            if (generations.Count < 2)
            {
                return;
            }

            Generation newest = generations[0];
            var names = newest.Writers.Keys
                .Where(name => newest.Writers[name] == newest.Step)
                .Append("checkpoint")
                .Select(name => $"{name}.{newest.Number:D6}.lfa").ToList();
            string damaged = names[random.Next(names.Count)];
            byte[] bytes = storage.Contents(damaged);
            bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            storage.Overwrite(damaged, bytes);
            store = new CheckpointStore(storage);
            store.OpenLatest();
            Assert.That(store.Rejected[0], Does.Contain(damaged));
            dropped.Add(newest.Number);
            generations.RemoveAt(0);
        }

        private void Push(Generation generation)
        {
            generations.Insert(0, generation);
            if (generations.Count > 2)
            {
                dropped.Add(generations[2].Number);
                generations.RemoveAt(2);
            }
        }

        // Each layer is written, kept if the newest generation has it, or left out; at least one is written.
        private (string Actions, Dictionary<string, int> Writers) Plan()
        {
            step++;
            Dictionary<string, int> writers = generations.Count > 0 ? generations[0].Writers : new();
            var actions = new List<string> { "+" + Layers[random.Next(Layers.Length)] };
            foreach (string layer in Layers)
            {
                int choice = random.Next(3);
                if (choice != 0 && actions[0][1..] != layer)
                {
                    actions.Add((choice == 1 || !writers.ContainsKey(layer) ? "+" : "=") + layer);
                }
            }
            string joined = string.Join(" ", actions);
            return (joined, CheckpointScript.Next(writers, step, joined));
        }

        private void AssertAgrees(CheckpointGeneration? found)
        {
            if (generations.Count == 0)
            {
                Assert.That(found, Is.Null);
                return;
            }
            Assert.That(found?.Number, Is.EqualTo(generations[0].Number));
            CheckpointScript.AssertHolds(found, generations[0].Step, generations[0].Writers);
        }
    }
}
