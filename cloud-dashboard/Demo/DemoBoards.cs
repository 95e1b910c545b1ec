using System;
using System.Collections.Generic;
using System.Linq;
using FeatureAlignment.Device.Commands;
using FeatureAlignment.Device.Platform;
using FeatureAlignment.Simulation.Board;
using FeatureAlignment.Simulation.Faults;
using FeatureAlignment.Simulation.Sensors;

namespace FeatureAlignment.Dashboard.Demo;

/// <summary>The twelve boards of the demo: six watch machines, six learn drawn digits.</summary>
internal static class DemoBoards
{
    /// <summary>Training and test images of the boards that learn digits.</summary>
    public const int TrainingDigits = 2_000, TestDigits = 200;

    // A machine of the demo does in a minute what a real one does in ten: wear of two days takes five hours.
    private const double MachineSpeed = 10;

    // About what the application holds at such settings; twelve boards in one process can't be told apart by measuring.
    private const long WatcherBytes = 140 << 10;

    private static readonly TimeSpan Night = TimeSpan.FromMinutes(726);
    private static readonly TimeSpan MachineMorning = TimeSpan.FromHours(8);
    private static readonly string[] Channels =
        ["current", "vibration_x", "vibration_y", "bearing_temperature", "motor_temperature"];

    /// <summary>All boards, in the order in which they become known.</summary>
    public static IReadOnlyList<DemoPlan> All =>
    [
        Learner("digits-desk", 192, Digits(-42, null, "two-layers", "Two layers learn together, interleaved.", "digits", [])) with
        {
            Presses = [new(Minutes(-11), DeviceButton.PauseOrResume), new(Minutes(-10), DeviceButton.PauseOrResume)],
            Commands = [new(Minutes(-20), CommandCatalog.SendReconstructions, "count", 12), new(Minutes(-6), CommandCatalog.Evaluate)],
        },
        Learner("digits-window", 210, Window(-38, -27), Window(-15, null)),
        Learner("digits-attic", 192,
            Digits(-32, null, "too-fast", "Somebody set the learning rate to 10: the loss was not finite any more, and learning stopped. "
                + "The command Restart goes on from the last checkpoint.", "digits,nan",
                [new("Network.Layers", "48,24"), new("Network.Seed", "3")])) with
        {
            Commands = [new(Minutes(-15), CommandCatalog.Set, "learning_rate", 10)],
        },
        Learner("digits-tower", 256,
            Digits(-40, null, "layer-by-layer", "One layer after the other: the next begins when the one before it has learned enough.",
                "digits,layerwise",
                [
                    new("Network.Layers", "64,48,32"), new("Network.Seed", "4"), new("Training.Placement", "paged"),
                    new("Training.Epochs", "6"),
                ])),
        Learner("digits-sketch", 160,
            Digits(-12, null, "ink-only", "Learns without labels: nothing but feature alignment.", "digits,unlabelled",
                [new("Goal", "reconstruction"), new("Training.Labels", "none"), new("Training.AlignmentWeight", "1")])),
        Learner("digits-lab", 224,
            Digits(-26, -14, "adam", "The same network with Adam.", "digits,comparison",
                [new("Training.Optimizer", "adam"), new("Training.LearningRate", "0.001")]),
            Digits(-13.5, null, "momentum", "The same network with momentum.", "digits,comparison",
                [new("Training.Optimizer", "momentum"), new("Training.LearningRate", "0.005")])) with
        {
            Model = BoardModel.CoreCompute,
        },
        Watcher("pump-hall-1", 1, "A healthy pump, for comparison.") with
        {
            Presses = [new(Minutes(-15), DeviceButton.LabelNormal)],
        },
        Watcher("pump-hall-2", 9, "The bearing of this pump wears and will fail; the board has noticed.", "fault", Wear(-3.3)),
        Watcher("lathe-east", 5, "The sensor bearing_temperature gave NaN for a while; the board went on with the others.", "nan") with
        {
            Faults = [new(FaultKind.SensorNaN, Minutes(-34), Minutes(-22), "bearing_temperature")],
        },
        Watcher("lathe-west", 2, "No network for a quarter of an hour; the board kept its reports and sent them later.", "offline") with
        {
            Faults = [new(FaultKind.NoNetwork, Minutes(-41), Minutes(-26))],
        },
        Watcher("fan-roof-3", 11, "A sensor of the current was off by a constant for ten minutes.", "fault", Step(-52, -42)) with
        {
            Presses = [new(Minutes(-46), DeviceButton.LabelFault)],
        },
        Watcher("mill-north", 13, "Its network is down since a few minutes before the demo began, and comes back.", "offline") with
        {
            Faults = [new(FaultKind.NoNetwork, Minutes(-7), Minutes(3))],
            Commands = [new(Minutes(-30), CommandCatalog.Evaluate), new(Minutes(-28), CommandCatalog.Checkpoint)],
        },
    ];

    private static DemoStretch Window(double fromMinutes, double? toMinutes) => Digits(
        fromMinutes, toMinutes, "first-light", "Without power for a while: nothing was learned, nothing is shown.", "digits,offline",
        [new("Network.Layers", "72,24"), new("Network.Seed", "2")]);

    private static TimeSpan Minutes(double minutes) => TimeSpan.FromMinutes(minutes);

    private static TimeSpan MachineTime(TimeSpan demoTime) => MachineMorning + (MachineSpeed * (demoTime + Night));

    private static MachineFault Wear(double startHours) => MachineFault.BearingWear(
        MachineTime(TimeSpan.FromHours(startHours)), MachineTime(TimeSpan.FromHours(startHours + 6)));

    private static MachineFault Step(double fromMinutes, double toMinutes) =>
        MachineFault.Step(channel: 0, MachineTime(Minutes(fromMinutes)), MachineTime(Minutes(toMinutes)), size: 0.6);

    private static DemoPlan Watcher(string deviceId, ulong seed, string notes, string tags = "", MachineFault? fault = null)
    {
        DemoStretch Stretch(TimeSpan from, TimeSpan? to, string reportPeriod) => new(
            from, to,
            [
                new("Run", "day-shift"), new("Sensors.Names", string.Join(',', Channels)), new("Sensors.Period", "1s"),
                new("Anomaly.LearnFor", "10h"), new("Anomaly.HalfLife", "70h"), new("Anomaly.Margin", "1.25"), new("Replay.Windows", "512"),
                new("Training.LearningRate", "0.002"), new("Benchmark.AtFirstStart", "false"), new("Report.Period", reportPeriod),
                new("Report.Images", "5m"),
            ],
            notes, tags.Length == 0 ? "machine" : "machine," + tags);

        IReadOnlyList<ISensor> CreateSensors(Func<TimeSpan> time)
        {
            var machine = new MachineGenerator(seed);
            if (fault is not null)
            {
                machine.Order(fault);
            }

            return [.. MachineGenerator.Channels.Index().Where(channel => Channels.Contains(channel.Item.Name))
                .Select(channel => (ISensor)new MachineSensor(machine, channel.Index, () => MachineTime(time())))];
        }

        // It learned the machine for a night before anybody connected it.
        TimeSpan connected = Minutes(-62);
        return new DemoPlan
        {
            DeviceId = deviceId,
            Stretches = [Stretch(-Night, connected, "1d") with { IsConnected = false }, Stretch(connected, null, "15s")],
            Sensors = CreateSensors,
            MemoryBytes = WatcherBytes,
            TickTime = TimeSpan.FromMilliseconds(20),
        };
    }

    private static DemoPlan Learner(string deviceId, int kilobytes, params IReadOnlyList<DemoStretch> stretches) => new()
    {
        DeviceId = deviceId,
        Stretches = stretches,
        MemoryBytes = kilobytes << 10,
        TickTime = TimeSpan.FromMilliseconds(250),
    };

    private static DemoStretch Digits(
        double fromMinutes, double? toMinutes, string run, string notes, string tags, IReadOnlyList<KeyValuePair<string, string>> settings)
    {
        KeyValuePair<string, string>[] usual =
        [
            new("Run", run), new("Goal", "classification"), new("Source", "files"), new("Network.Layers", "64,32"),
            new("Network.Activation", "relu"), new("Training.Labels", "completed"), new("Training.Optimizer", "sgd"),
            new("Training.LearningRate", "0.02"), new("Training.AlignmentWeight", "0.01"), new("Training.Batch", "4"),
            new("Training.Epochs", "100000"), new("Benchmark.AtFirstStart", "false"), new("Report.Period", "15s"),
            new("Report.Images", "1m"),
        ];
        return new DemoStretch(
            Minutes(fromMinutes), toMinutes is double to ? Minutes(to) : null,
            [.. settings, .. usual.Where(one => settings.All(other => other.Key != one.Key))], notes, tags);
    }
}
