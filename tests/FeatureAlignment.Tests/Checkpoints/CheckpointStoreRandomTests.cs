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
            run.DoOne();
    }

    /// <summary>A generation of the model: its number, and which step wrote each file.</summary>
    private sealed record Generation(long Number, int Step, Dictionary<string, int> Writers);

    private sealed class Run
    {
        private readonly Random _random;

        // Newest first, at most two. After damage one; the next commit builds on it.
        private readonly List<Generation> _generations = new();

        // Damaged or superseded. Their deletion may fail or be undone in part, so that they are found and rejected.
        private readonly HashSet<long> _dropped = new();

        private FaultyStorage _storage = new();
        private CheckpointStore _store;
        private int _step;

        public Run(Random random)
        {
            _random = random;
            _store = new CheckpointStore(_storage);
        }

        public void DoOne()
        {
            switch (_random.Next(7))
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
            AssertAgrees(new CheckpointStore(_storage).OpenLatest());
            if (_random.Next(4) == 0)
                _store = new CheckpointStore(_storage);
        }

        private bool TryCommit()
        {
            (string actions, Dictionary<string, int> writers) = Plan();
            try
            {
                CheckpointGeneration committed = CheckpointScript.Commit(_store, _step, actions);
                Push(new Generation(committed.Number, _step, writers));
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
            CheckpointTransaction transaction = _store.Begin();
            CheckpointScript.Apply(transaction, _step, actions);
            if (_random.Next(2) == 0)
                transaction.Dispose();
        }

        private void FillDisk()
        {
            _storage.Capacity = _storage.UsedBytes + _random.Next(500);
            TryCommit();
            _storage.Capacity = long.MaxValue;
        }

        private void FailOperation()
        {
            _storage.FailureAfter = _storage.Operations + _random.Next(25);
            TryCommit();
            _storage.FailureAfter = int.MaxValue;
        }

        private void CutPower()
        {
            (string actions, Dictionary<string, int> writers) = Plan();
            var interrupted = new Generation(0, _step, writers);
            _storage.PowerCutAfter = _storage.Operations + _random.Next(25);
            try
            {
                CheckpointGeneration committed = CheckpointScript.Commit(_store, _step, actions);
                Push(interrupted with { Number = committed.Number });
            }
            catch (PowerCutException)
            {
            }
            _storage = _storage.AfterPowerCut((ulong)_random.NextInt64(), _random.Next(300), (TornTail)_random.Next(2));
            _store = new CheckpointStore(_storage);

            // Which generations survived is the storage's to say, within the promise: the one in progress, the newest, or the one before.
            CheckpointGeneration? found = _store.OpenLatest();
            IEnumerable<long> rejected = _store.Rejected.Select(message => long.Parse(message.Split(' ')[1], CultureInfo.InvariantCulture));
            Assert.That(rejected, Is.SubsetOf(_dropped));
            if (found is null)
            {
                Assert.That(_generations, Has.Count.LessThan(2));
                _generations.Clear();
            }
            else if (_generations.Count == 0 || found.Number > _generations[0].Number)
            {
                Push(interrupted with { Number = found.Number });
            }
            else if (found.Number != _generations[0].Number)
            {
                Assert.That(_generations, Has.Count.EqualTo(2));
                Assert.That(found.Number, Is.EqualTo(_generations[1].Number));
                _generations.RemoveAt(0);
            }
        }

        private void DamageNewest()
        {
            if (_generations.Count < 2)
                return;
            Generation newest = _generations[0];
            var names = newest.Writers.Keys
                .Where(name => newest.Writers[name] == newest.Step)
                .Append("checkpoint")
                .Select(name => $"{name}.{newest.Number:D6}.lfa").ToList();
            string damaged = names[_random.Next(names.Count)];
            byte[] bytes = _storage.Contents(damaged);
            bytes[_random.Next(bytes.Length)] ^= (byte)(1 << _random.Next(8));
            _storage.Overwrite(damaged, bytes);
            _store = new CheckpointStore(_storage);
            _store.OpenLatest();
            Assert.That(_store.Rejected[0], Does.Contain(damaged));
            _dropped.Add(newest.Number);
            _generations.RemoveAt(0);
        }

        private void Push(Generation generation)
        {
            _generations.Insert(0, generation);
            if (_generations.Count > 2)
            {
                _dropped.Add(_generations[2].Number);
                _generations.RemoveAt(2);
            }
        }

        // Each layer is written, kept if the newest generation has it, or left out; at least one is written.
        private (string Actions, Dictionary<string, int> Writers) Plan()
        {
            _step++;
            Dictionary<string, int> writers = _generations.Count > 0 ? _generations[0].Writers : new();
            var actions = new List<string> { "+" + Layers[_random.Next(Layers.Length)] };
            foreach (string layer in Layers)
            {
                int choice = _random.Next(3);
                if (choice != 0 && actions[0][1..] != layer)
                    actions.Add((choice == 1 || !writers.ContainsKey(layer) ? "+" : "=") + layer);
            }
            string joined = string.Join(" ", actions);
            return (joined, CheckpointScript.Next(writers, _step, joined));
        }

        private void AssertAgrees(CheckpointGeneration? found)
        {
            if (_generations.Count == 0)
            {
                Assert.That(found, Is.Null);
                return;
            }
            Assert.That(found?.Number, Is.EqualTo(_generations[0].Number));
            CheckpointScript.AssertHolds(found, _generations[0].Step, _generations[0].Writers);
        }
    }
}
