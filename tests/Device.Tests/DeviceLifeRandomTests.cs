using System;
using System.Collections.Generic;
using System.Linq;
using FeatureAlignment.Device.Platform;
using FeatureAlignment.Device.Tests.Support;
using FeatureAlignment.Simulation.Storage;
using FeatureAlignment.Telemetry;
using NUnit.Framework;

namespace FeatureAlignment.Device.Tests;

/// <summary>Random commands, power cuts and failures of the storage, and beside the device a model of a few fields that says what must come
/// of it.</summary>
[TestFixture]
public sealed class DeviceLifeRandomTests
{
    private const double SlotMinutes = 5;
    private const int Slots = 50;

    [Test]
    public void RandomLife_DoesWhatTheModelSays([Range(1, 4)] int seed)
    {
        TestContext.Out.WriteLine($"seed {seed}");
        var random = new RandomSource((ulong)seed);

        // No alarms, which stop learning too.
        using var life = new TestLife(TestLife.Watching(
            TimeSpan.FromMinutes((Slots * SlotMinutes) + 10), ("Report.Period", "15s"), ("Report.Images", "0s"),
                ("Anomaly.LearnFor", "1d")));
        var model = new Model();
        for (int slot = 1; slot <= Slots; slot++)
        {
            double start = slot * SlotMinutes;
            string id = $"c{slot}";
            life.At(start, () => model.Act(life, random, id));
            long step = 0;
            life.At(start + 2.5, () => step = life.Points[^1].Step);
            life.At(start + 4.9, () => model.Check(life, step, id));
        }

        life.Run();
        foreach ((string id, string kind) in model.Answers)
        {
            Assert.That(life.AnswersTo(id).Select(one => one.Kind), Is.EqualTo(new[] { kind }), id);
        }

        Assert.That(life.Of(EventKinds.RunStarted).Count(), Is.EqualTo(1 + model.Resets));
        Assert.That(life.Of(EventKinds.Benchmark).Count(), Is.EqualTo(model.Benchmarks));
        Assert.That(life.Device.Starts, Is.EqualTo(1 + model.Restarts));
    }

    /// <summary>What the device should be at.</summary>
    private sealed class Model
    {
        private bool isPaused;
        private bool isFrozen;
        private bool hasWindow = true;

        public Dictionary<string, string> Answers { get; } = new();

        public int Resets { get; private set; }

        public int Benchmarks { get; private set; }

        public int Restarts { get; private set; }

        public void Act(TestLife life, RandomSource random, string id)
        {
            switch (random.NextInt32(16))
            {
                case 0 or 1:
                    Send(life, id, "pause", isDone: true);
                    isPaused = true;
                    break;
                case 2 or 3:
                    Send(life, id, "resume", isDone: true);
                    isPaused = false;
                    break;
                case 4:
                    Send(life, id, "detect", isDone: true);
                    isFrozen = true;
                    break;
                case 5:
                    Send(life, id, "train", isDone: true);
                    isFrozen = false;
                    break;
                case 6:
                    Send(life, id, "restart", isDone: true);
                    Restart();
                    break;
                case 7:
                    Send(life, id, "reset_model", isDone: true);
                    Resets++;
                    isPaused = hasWindow = false;
                    break;
                case 8:
                    Send(life, id, "benchmark", isDone: true);
                    Benchmarks++;
                    hasWindow = false;
                    break;
                case 9:
                    Send(life, id, "label", hasWindow, new TelemetryFields { { "as", random.NextInt32(2) == 0 ? "normal" : "fault" } });
                    break;
                case 10:
                    int threshold = random.NextInt32(3);
                    Send(life, id, "set", threshold > 0, new TelemetryFields { { "threshold", threshold } });
                    break;
                case 11:
                    Send(life, id, random.NextInt32(2) == 0 ? "evaluate" : "dance", isDone: false);
                    break;
                case 12 when Answers.Count > 0:
                    // Known already: neither done nor answered again.
                    life.Device.Network.Command(new TelemetryCommand(Answers.Keys.ElementAt(random.NextInt32(Answers.Count)), "pause"));
                    break;
                case 13 when !isPaused:
                    // A paused device does nothing with its storage, and so would notice nothing.
                    life.Device.Flash.PowerCutAfter = life.Device.Flash.Operations + random.NextInt32(12);
                    Restart();
                    break;
                case 14:
                    TimeSpan end = life.Device.World.Now + TimeSpan.FromSeconds(30 + random.NextInt32(40));
                    life.Device.Flash.Fails = operation => operation.Kind != FlashOperationKind.Read && life.Device.World.Now < end;
                    break;
                default:
                    Send(life, id, "checkpoint", isDone: true);
                    break;
            }
        }

        public void Check(TestLife life, long step, string id)
        {
            IndicatorState light = life.Device.Light;
            Assert.That(light == IndicatorState.Paused, Is.EqualTo(isPaused), $"{id}: {light}");
            Assert.That(light, Is.Not.EqualTo(IndicatorState.Fault).And.Not.EqualTo(IndicatorState.Starting), id);

            long now = life.Points[^1].Step;
            Assert.That(now, isPaused || isFrozen ? Is.EqualTo(step) : Is.GreaterThan(step), $"{id}: learned");
            hasWindow |= !isPaused;
        }

        private void Restart()
        {
            Restarts++;
            isPaused = isFrozen = hasWindow = false;
        }

        private void Send(TestLife life, string id, string name, bool isDone, TelemetryFields? args = null)
        {
            Answers.Add(id, isDone ? EventKinds.CommandDone : EventKinds.CommandRefused);
            life.Device.Network.Command(new TelemetryCommand(id, name, args));
        }
    }
}
