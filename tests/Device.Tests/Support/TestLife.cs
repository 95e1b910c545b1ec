using System;
using System.Collections.Generic;
using System.Linq;
using FeatureAlignment.Checkpoints;
using FeatureAlignment.Device.Platform;
using FeatureAlignment.Device.Settings;
using FeatureAlignment.Device.Storage;
using FeatureAlignment.Device.Training;
using FeatureAlignment.Kernels;
using FeatureAlignment.Simulation;
using FeatureAlignment.Telemetry;
using NUnit.Framework;

namespace FeatureAlignment.Device.Tests.Support;

/// <summary>One life of a simulated device: what is done to it at which time, and all that arrived from it.</summary>
internal sealed class TestLife : IDisposable
{
    // The watchdog of a board gives about 30 s; the application promises 10.
    public static readonly TimeSpan LongestUnfed = TimeSpan.FromSeconds(10);

    private readonly PriorityQueue<Action, TimeSpan> plan = new();

    public TestLife(SimulatedDeviceOptions options)
    {
        Device = new SimulatedDevice(options with { Pace = _ => DoWhatIsDue(), Kernels = KernelSet.Scalar });
        Device.Network.Arrived = (header, batch) =>
        {
            Received?.Invoke(batch);
            if (!KeepsRecords)
            {
                return;
            }

            Batches.Add((header, batch));
            Events.AddRange(batch.Events.Select(one => new ArrivedEvent(header.Boot, one)));
            Logs.AddRange(batch.Logs);
            Points.AddRange(batch.Points);
            Images.AddRange(batch.Images);
        };
        Device.Network.ArrivedBytes = (header, body) =>
        {
            if (KeepsRecords)
            {
                Bodies[(header.Boot, header.Sequence)] = body.ToArray();
            }
        };
    }

    public SimulatedDevice Device { get; }

    /// <summary>False for a life so long that nothing of it is kept.</summary>
    public bool KeepsRecords { get; init; } = true;

    /// <summary>Told of each batch.</summary>
    public Action<TelemetryBatch>? Received { get; set; }

    public List<(BatchHeader Header, TelemetryBatch Batch)> Batches { get; } = new();

    /// <summary>What arrived, byte by byte.</summary>
    public Dictionary<(int Boot, int Sequence), byte[]> Bodies { get; } = new();

    public List<ArrivedEvent> Events { get; } = new();

    public List<TelemetryLog> Logs { get; } = new();

    public List<TelemetryPoint> Points { get; } = new();

    public List<TelemetryImage> Images { get; } = new();

    /// <summary>Lights that were on, by the whole second of their time.</summary>
    public SortedDictionary<int, IndicatorState> Lights { get; } = new();

    /// <summary>Three sensors of a quiet room, a reading a second, windows of four, a tiny network, no benchmark.</summary>
    public static SimulatedDeviceOptions Watching(TimeSpan duration, params (string Key, string Text)[] settings) => new()
    {
        Duration = duration,
        Sensors = time => new ISensor[] { new RoomSensor("a", 1, time), new RoomSensor("b", 2, time), new RoomSensor("c", 3, time) },
        Settings = Settings(
            new[]
            {
                ("Sensors.Period", "1s"), ("Sensors.Window", "4"), ("Sensors.Overlap", "2"), ("Sensors.Stuck", "20"),
                    ("Network.Layers", "6,3"),
                ("Training.Optimizer", "sgd"), ("Training.LearningRate", "0.005"), ("Replay.Windows", "8"), ("Replay.PerWindow", "2"),
                ("Anomaly.LearnFor", "20m"), ("Storage.CheckpointPeriod", "2m"), ("Storage.Spool", "32KB"),
                ("Benchmark.AtFirstStart", "false"),
            },
            settings),
    };

    /// <summary>Sixty drawn digits of 7 x 7 pixels, two layers, two epochs; too little memory is a matter of the settings.</summary>
    public static SimulatedDeviceOptions Learning(TimeSpan duration, params (string Key, string Text)[] settings) => new()
    {
        Duration = duration,
        Data = DigitFiles.Create(training: 60, test: 20),
        Settings = Settings(
            new[]
            {
                ("Goal", "classification"), ("Source", "files"), ("Training.Labels", "completed"), ("Training.Optimizer", "sgd"),
                    ("Training.LearningRate", "0.02"),
                ("Training.Epochs", "2"), ("Training.Batch", "3"), ("Network.Layers", "8,6"), ("Storage.CheckpointPeriod", "1s"),
                ("Storage.Spool", "32KB"), ("Benchmark.AtFirstStart", "false"),
            },
            settings),
    };

    /// <summary>The settings of the first list, and of the second, which come instead of those of the same key.</summary>
    public static KeyValuePair<string, string>[] Settings(
        IEnumerable<(string Key, string Text)> defaults, IReadOnlyCollection<(string Key, string Text)> changes) =>
        defaults.Where(one => changes.All(change => change.Key != one.Key)).Concat(changes)
            .Select(one => new KeyValuePair<string, string>(one.Key, one.Text)).ToArray();

    /// <summary>Digest of the newest whole checkpoint; null when there is none.</summary>
    public static string? LearnedDigest(IStorage storage, SimulatedDeviceOptions options, string area = "model0")
    {
        DeviceSettings settings = SettingsReader.Read(options.Settings).Settings;
        bool isWatching = settings.Source == SampleOrigin.Sensors;
        int inputs = isWatching ? 3 * settings.WindowReadings : DigitFiles.Inputs, classes = isWatching ? settings.Classes : 10;
        if (isWatching)
        {
            settings = settings with { Training = settings.Training with { Batch = 1 + settings.ReplayPerWindow, Epochs = 1 } };
        }

        var plan = PlacementPlan.Create(settings, inputs, classes, isWatching ? 1 << 30 : 60, KernelSet.Scalar);
        using var checkpoints = new TrainingCheckpoints(new CheckpointStore(new StorageArea(storage, area)), plan.Options, inputs, classes);
        return checkpoints.LoadNetwork()?.ComputeDigest();
    }

    public TestLife At(TimeSpan time, Action action)
    {
        plan.Enqueue(action, time);
        return this;
    }

    public TestLife At(double minutes, Action action) => At(TimeSpan.FromMinutes(minutes), action);

    public TestLife Command(double minutes, string id, string name, TelemetryFields? args = null, long expires = 0) =>
        At(minutes, () => Device.Network.Command(new TelemetryCommand(id, name, args, expires)));

    /// <summary>Lives to the end, and holds what must hold in every life.</summary>
    public TestLife Run()
    {
        Device.Run();
        Assert.That(plan.Count, Is.Zero, "what is planned happens");
        Assert.That(Device.Network.Violations, Is.Zero, Device.Network.LastViolation);
        Assert.That(Device.LongestUnfed, Is.LessThanOrEqualTo(LongestUnfed));
        return this;
    }

    public IEnumerable<TelemetryEvent> Of(string kind) => Events.Where(one => one.Event.Kind == kind).Select(one => one.Event);

    public string Text(string kind) => string.Join(" | ", Of(kind).Select(one => one.Text));

    /// <summary>The answers to a command.</summary>
    public IReadOnlyList<TelemetryEvent> AnswersTo(string id) => Events.Select(one => one.Event)
        .Where(one => one.Kind is EventKinds.CommandDone or EventKinds.CommandRefused && one.Data.TryGet("id", out TelemetryValue? value)
            && value.Text == id)
        .ToArray();

    public TelemetryEvent AnswerTo(string id)
    {
        IReadOnlyList<TelemetryEvent> answers = AnswersTo(id);
        Assert.That(answers, Has.Count.EqualTo(1), $"answers to {id}");
        return answers[0];
    }

    public IReadOnlyList<TelemetryPoint> Series(string name) => Points.Where(point => point.Name == name).ToArray();

    public void Dispose() => Device.Dispose();

    private void DoWhatIsDue()
    {
        if (KeepsRecords)
        {
            Lights[(int)Device.World.Now.TotalSeconds] = Device.Light;
        }

        while (plan.TryPeek(out _, out TimeSpan time) && time <= Device.World.Now)
        {
            plan.Dequeue()();
        }
    }

    public readonly record struct ArrivedEvent(int Boot, TelemetryEvent Event);

    /// <summary>A slow wave with a little noise: a function of the time alone.</summary>
    private sealed class RoomSensor(string name, int number, Func<TimeSpan> time) : ISensor
    {
        private readonly RandomSource random = new(0);

        public string Name => name;

        public string Unit => "";

        public float Read()
        {
            TimeSpan now = time();
            random.Reseed((ulong)number, (ulong)now.Ticks);
            return (float)((20 * number) + Math.Sin(now.TotalSeconds / (50 * number)) + (0.05 * random.NextNormal()));
        }
    }
}
