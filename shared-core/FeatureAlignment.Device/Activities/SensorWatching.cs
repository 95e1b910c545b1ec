using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using FeatureAlignment.Checkpoints;
using FeatureAlignment.Device.Commands;
using FeatureAlignment.Device.Detection;
using FeatureAlignment.Device.Platform;
using FeatureAlignment.Device.Sensors;
using FeatureAlignment.Device.Settings;
using FeatureAlignment.Device.Training;
using FeatureAlignment.Kernels;
using FeatureAlignment.Layers;
using FeatureAlignment.Telemetry;
using FeatureAlignment.Training;

namespace FeatureAlignment.Device.Activities;

/// <summary>
/// Reads the sensors once a period, judges each window and learns from those that are normal: anomaly detection, or with the goals
/// reconstruction and classification the same without alarms, and for classification the classes that a person names. A step is one reading
/// of all sensors, and a step of learning when a window is full.
/// </summary>
internal sealed class SensorWatching : IActivity
{
    private const int ExplainedChannels = 3;
    private const string HasFinished =
        "The network has finished learning (Training.SamplesPerLayer, Training.LeastImprovement); reset_model begins anew.";

    private static readonly TimeSpan ReplayReach = TimeSpan.FromDays(1);

    private readonly TimeSpan period;
    private readonly bool raisesAlarms;
    private readonly SensorChannel[] channels;
    private readonly float[] readings;
    private readonly SensorWindows windows;
    private readonly AnomalyMonitor monitor;
    private readonly StreamSamples samples;
    private readonly Trainer trainer;
    private readonly TrainingCheckpoints checkpoints;
    private readonly WindowCoder coder;
    private readonly LayerFinishRule finishRule;
    private readonly MeanLosses losses;
    private readonly IReporter reporter;
    private readonly int[] topChannels;
    private long windowsAtReport;
    private long windowCount;
    private bool isFrozen;

    /// <exception cref="PlacementException">The network does not fit the memory budget.</exception>
    /// <exception cref="InvalidOperationException">There is no sensor of the names that the settings give.</exception>
    /// <exception cref="CheckpointFormatException">There are checkpoints, and none is usable or of these settings.</exception>
    public SensorWatching(
        DeviceSettings settings, IReadOnlyList<ISensor> sensors, CheckpointStore store, KernelSet kernels, IReporter reporter,
        TimeSpan uptime)
    {
        this.reporter = reporter;
        period = settings.SensorPeriod;
        raisesAlarms = settings.Goal == LearningGoal.Anomaly;
        channels = Choose(sensors, settings).Select(sensor => new SensorChannel(sensor, settings.StuckReadings)).ToArray();
        readings = new float[channels.Length];
        topChannels = new int[Math.Min(ExplainedChannels, channels.Length)];
        var scale = new RunningScale(channels.Length, settings.HalfLife / settings.SensorPeriod);
        windows = new SensorWindows(settings.WindowReadings, settings.OverlapReadings, settings.SensorPeriod, scale);
        MonitorOptions options = MonitorOptions.Create(settings, channels.Length);
        monitor = new AnomalyMonitor(raisesAlarms ? options : options with { LearnFor = TimeSpan.MaxValue });
        int inputs = windows.Current.Values.Length;
        ReplayWindow? replay = settings.ReplayWindows == 0 ? null : new ReplayWindow(
            settings.ReplayWindows, inputs, ReplayWindow.Spacing(settings.ReplayWindows, options.WindowStep, ReplayReach),
            settings.Training.Seed);
        samples = new StreamSamples(inputs, replay, settings.Classes);
        finishRule = new LayerFinishRule(settings.SamplesPerLayer, settings.LeastImprovement);

        // Watching needs the whole network at every window, so all of it is in memory.
        DeviceSettings stream = settings with
        {
            Placement = LayerPlacement.Resident,
            Training = settings.Training with { Batch = 1 + (replay is null ? 0 : settings.ReplayPerWindow), Epochs = 1 },
        };
        Plan = PlacementPlan.Create(stream, inputs, samples.Classes, samples.Count, kernels);
        var parts = new List<ICheckpointPart> { scale, monitor, finishRule };
        if (replay is not null)
        {
            parts.Add(replay);
        }

        checkpoints = new TrainingCheckpoints(store, Plan.Options, inputs, samples.Classes) { Parts = parts };
        trainer = Trainer.Create(Plan.Options, samples, kernels, checkpoints);
        try
        {
            IsResumed = checkpoints.Restore(trainer);
        }
        catch
        {
            Dispose();
            throw;
        }

        DenseLayer[] layers = trainer.ResidentLayers.Select(resident => resident.Layer).ToArray();
        coder = new WindowCoder(layers, Plan.Options.Alignment, kernels);
        losses = new MeanLosses(layers.Length);
        NextDue = uptime;
    }

    public PlacementPlan Plan { get; }

    public bool IsResumed { get; }

    public IndicatorState State => !Array.Exists(channels, channel => channel.IsWell) ? IndicatorState.Fault : monitor.Last.State switch
    {
        MonitorState.Alarm => IndicatorState.Alarm,
        MonitorState.Learning => IndicatorState.Learning,
        _ => IndicatorState.Watching,
    };

    public long SamplesSeen => trainer.Position.SamplesSeen;

    public TimeSpan NextDue { get; private set; }

    public bool IsUnsaved { get; private set; }

    public bool WantsCheckpoint { get; private set; }

    // A step touches no storage.
    public bool CanRepeat => false;

    public bool HasImages => windows.Current.Channels <= TelemetryLimits.ImageSide && windows.Current.Readings <= TelemetryLimits.ImageSide;

    private bool IsLearning => !isFrozen && !trainer.IsFinished;

    public void Step(in Moment now)
    {
        // On a grid, so that readings keep their distance; after a gap a new grid begins.
        NextDue = now.Uptime - NextDue > period ? now.Uptime + period : NextDue + period;
        for (int i = 0; i < channels.Length; i++)
        {
            readings[i] = channels[i].Read();
            if (channels[i].HasChanged)
            {
                ReportSensor(channels[i]);
            }
        }

        if (!windows.Add(readings, now.Uptime))
        {
            return;
        }

        windowCount++;
        IsUnsaved = true;
        coder.Run(windows.Current);
        MonitorReport report = monitor.Observe(windows.Current, coder.Reconstruction, coder.Latents, now.UnixMilliseconds);
        if (report.Episode != EpisodeChange.None)
        {
            ReportEpisode(report.Episode);
        }

        if (report.MayLearn && !isFrozen)
        {
            windows.LearnScale();
        }

        if (report.MayTrain)
        {
            Learn();
        }
    }

    public void Save()
    {
        checkpoints.Save(trainer);
        WantsCheckpoint = IsUnsaved = false;
    }

    public void Report(IReporter target, TimeSpan sinceLastReport)
    {
        long count = windowCount - windowsAtReport;
        windowsAtReport = windowCount;
        losses.Report(target);
        if (count == 0)
        {
            return;
        }

        MonitorReport last = monitor.Last;
        Known(target, MetricNames.AnomalyQ, last.ReconstructionError);
        Known(target, MetricNames.AnomalyT2, last.LatentDistance);
        Known(target, MetricNames.AnomalyThresholdQ, last.ReconstructionThreshold);
        Known(target, MetricNames.AnomalyThresholdT2, last.LatentThreshold);
        Known(target, "z_score", last.ZScore);
        Known(target, "z_score_threshold", last.ZScoreThreshold);
        if (coder.PredictedClass >= 0)
        {
            target.Point("predicted_class", coder.PredictedClass);
        }

        target.Point(MetricNames.SamplesPerSecond, sinceLastReport > TimeSpan.Zero ? count / sinceLastReport.TotalSeconds : 0);
        if (IsLearning)
        {
            target.Point(MetricNames.LearningRate, trainer.LastLearningRate);
        }
    }

    public bool TryReportImage(IReporter target)
    {
        SensorWindow window = windows.Current;
        if (windowCount == 0 || !HasImages)
        {
            return false;
        }

        target.Image("window", window.Readings, window.Channels, window.Values, coder.Reconstruction, -1, coder.PredictedClass);
        return true;
    }

    public void Show(Screen.ScreenModel model)
    {
        MonitorReport last = monitor.Last;
        model.State = State;
        model.SampleCount = SamplesSeen;
        if (windowCount == 0)
        {
            return;
        }

        model.AddLoss(trainer.LastLosses[0].Alignment);
        model.AddScore((float)last.Score);
        model.ZScore = (float)last.ZScore;
        model.Threshold = (float)last.ReconstructionThreshold;
        model.AnomalyCount = monitor.Episode.Number;
        model.PredictedClass = coder.PredictedClass;
        model.ReconstructionError = (float)last.ReconstructionError;
        if (monitor.Episode.IsOpen)
        {
            monitor.Episode.TopChannels(topChannels);
            model.Explanation = channels[topChannels[0]].Name;
        }

        const float Deviations = 3;
        model.Input.SetWindow(windows.Current.Values, channels.Length, windows.Current.Readings, -Deviations, Deviations);
        model.Reconstruction.SetWindow(coder.Reconstruction, channels.Length, windows.Current.Readings, -Deviations, Deviations);
    }

    public CommandResult Execute(TelemetryCommand command, in Moment now)
    {
        switch (command.Name)
        {
            case CommandCatalog.Train when trainer.IsFinished:
                return CommandResult.Refused(HasFinished);
            case CommandCatalog.Train:
                isFrozen = false;
                return CommandResult.Done("Learning from normal windows.");
            case CommandCatalog.Detect:
                isFrozen = true;
                return CommandResult.Done("Watching without learning, until the command train or the next start.");
            case CommandCatalog.Label when windowCount == 0:
                return CommandResult.Refused("A label needs a window; there has been none since the start.");
            case CommandCatalog.Label when command.Args.TryGet("class", out TelemetryValue? number):
                return LabelClass((int)number.Number);
            case CommandCatalog.Label:
                return Label(isFault: command.Args.TryGet("as", out TelemetryValue? kind) && kind.Text == "fault", now);
            case CommandCatalog.Set when command.Args.TryGet("threshold", out TelemetryValue? margin):
                monitor.AlarmMargin = margin.Number;
                return CommandResult.Done(string.Format(CultureInfo.InvariantCulture, "Alarm above {0} thresholds.", margin.Number));
            case CommandCatalog.Set when command.Args.TryGet("learning_rate", out TelemetryValue? rate):
                trainer.LearningRateOverride = (float)rate.Number;
                return CommandResult.Done(string.Format(CultureInfo.InvariantCulture, "Learning rate {0}.", rate.Number));
            case CommandCatalog.SendReconstructions:
                return CommandResult.Refused("Pictures need at most 64 sensors and 64 readings in a window; see Sensors.Window.");
            case CommandCatalog.Evaluate:
                return CommandResult.Refused("Evaluating needs test files; this device watches sensors.");
            default:
                return CommandResult.Refused($"There is no command {command.Name} here.");
        }
    }

    public void Dispose()
    {
        trainer?.Dispose();
        checkpoints?.Dispose();
    }

    // A threshold is infinite until enough windows have been seen.
    private static void Known(IReporter target, string name, double value)
    {
        if (!double.IsInfinity(value))
        {
            target.Point(name, value);
        }
    }

    private static List<ISensor> Choose(IReadOnlyList<ISensor> sensors, DeviceSettings settings)
    {
        var chosen = sensors.Where(sensor => settings.SensorNames.Count == 0 || settings.SensorNames.Contains(sensor.Name)).ToList();
        string[] missing = settings.SensorNames.Where(name => sensors.All(sensor => sensor.Name != name)).ToArray();
        string has = sensors.Count == 0 ? "none" : string.Join(", ", sensors.Select(sensor => sensor.Name));
        return missing.Length > 0
            ? throw new InvalidOperationException(
                $"Sensors.Names must name sensors of this board ({has}); {string.Join(", ", missing)} is none.")
            : chosen.Count > 0 ? chosen
            : throw new InvalidOperationException(
                "Source sensors needs a sensor; this board has none. Connect one, or set Source to files.");
    }

    private void Learn(int label = -1)
    {
        if (!IsLearning)
        {
            return;
        }

        samples.Offer(windows.Current.Values, label);
        windows.LearnScale();
        int count = trainer.Step();
        losses.Add(trainer.LastLosses, count);
        if (finishRule.IsFinishedAfter(count, trainer.LastLosses[0].Alignment) && !trainer.IsFinished)
        {
            trainer.EndPhase();
        }

        if (trainer.IsFinished)
        {
            WantsCheckpoint = true;
            reporter.Event(
                EventKinds.RunFinished, TelemetryPriority.High,
                string.Format(CultureInfo.InvariantCulture, "The network has learned enough after {0:N0} samples; it watches on.",
                    SamplesSeen));
        }
    }

    private CommandResult LabelClass(int label)
    {
        if (label >= samples.Classes)
        {
            return CommandResult.Refused(samples.Classes == 0
                ? "Classes are for Goal classification; set it, Training.Labels to completed and Network.Classes to theirs, and restart."
                : string.Format(
                    CultureInfo.InvariantCulture, "class must be less than Network.Classes, {0}; was {1}.", samples.Classes, label));
        }

        if (!IsLearning)
        {
            return CommandResult.Refused(
                trainer.IsFinished ? HasFinished : "Nothing is learned just now; send train, then the label again.");
        }

        Learn(label);
        IsUnsaved = WantsCheckpoint = true;
        return CommandResult.Done(string.Format(CultureInfo.InvariantCulture, "The current window is of class {0}; it is learned.", label));
    }

    private CommandResult Label(bool isFault, in Moment now)
    {
        EpisodeChange change = isFault ? monitor.LabelFault(now.UnixMilliseconds) : monitor.LabelNormal(now.UnixMilliseconds);
        if (change != EpisodeChange.None)
        {
            ReportEpisode(change);
        }

        if (!isFault)
        {
            Learn();
        }

        IsUnsaved = WantsCheckpoint = true;
        return CommandResult.Done(
            isFault ? "The current window is a fault; it is not learned."
            : IsLearning ? "The current window is normal; it is learned."
            : "The current window is normal; nothing is learned just now.");
    }

    private void ReportSensor(SensorChannel channel)
    {
        var data = new TelemetryFields { { "sensor", channel.Name } };
        if (channel.IsWell)
        {
            reporter.Event(EventKinds.SensorBack, TelemetryPriority.High, $"{channel.Name} works again.", data);
            return;
        }

        reporter.Event(EventKinds.SensorLost, TelemetryPriority.High,
            $"{channel.Name} {channel.LastFault}; it is left out until it works again.", data);
    }

    private void ReportEpisode(EpisodeChange change)
    {
        AnomalyEpisode episode = monitor.Episode;
        MonitorReport last = monitor.Last;
        monitor.Episode.TopChannels(topChannels);
        var data = new TelemetryFields
        {
            { "episode", episode.Number },
            { "score", last.Score },
            { "threshold", monitor.AlarmMargin },
            { "q", last.ReconstructionError },
            { "threshold_q", last.ReconstructionThreshold },
            { "t2", last.LatentDistance },
            { "threshold_t2", last.LatentThreshold },
            { "z_score", last.ZScore },
            { "z_score_threshold", last.ZScoreThreshold },
            { "channels", string.Join(",", topChannels.Select(channel => channels[channel].Name)) },
            { "shares", topChannels.Select(channel => episode.Share(channel)).ToArray() },
        };
        if (change == EpisodeChange.Started)
        {
            reporter.Event(
                EventKinds.AnomalyStart, TelemetryPriority.High,
                string.Format(
                    CultureInfo.InvariantCulture, "Anomaly {0}: {1:F1} times the threshold, most in {2}.", episode.Number, last.Score,
                    channels[topChannels[0]].Name),
                data);
            return;
        }

        data.Add("start", episode.StartMilliseconds);
        data.Add("peak", episode.PeakMilliseconds);
        data.Add("peak_score", episode.PeakScore);
        data.Add("windows", episode.Windows);
        reporter.Event(
            EventKinds.AnomalyEnd, TelemetryPriority.High,
            string.Format(
                CultureInfo.InvariantCulture, "Anomaly {0} is over after {1} windows; at its worst {2:F1} times the threshold.",
                episode.Number, episode.Windows, episode.PeakScore),
            data);
    }
}
