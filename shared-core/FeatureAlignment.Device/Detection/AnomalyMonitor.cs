using System;
using FeatureAlignment.Checkpoints;
using FeatureAlignment.Device.Sensors;

namespace FeatureAlignment.Device.Detection;

/// <summary>
/// Judges windows by two statistics, Q and T², against thresholds that are learned; opens and closes anomalies; says which windows may be
/// learned. docs/anomaly-detection.md explains it. No member but the constructor allocates.
/// </summary>
/// <remarks>Time is observed time: windows are counted, so a board that was off for a month has forgotten nothing.</remarks>
public sealed class AnomalyMonitor : ICheckpointPart
{
    // After the learning phase the network learns from every so many normal windows: eagerly, it would learn a fault that grows for days.
    private const int WindowsPerStep = 10;

    // A latent value that hardly varies may move as the network goes on learning; that is no anomaly.
    private const double LatentRidge = 0.1;

    private readonly MonitorOptions options;
    private readonly ReconstructionError reconstructionError;
    private readonly RunningDistance latentDistance;
    private readonly TailThreshold reconstructionThreshold;
    private readonly TailThreshold latentThreshold;
    private readonly KthLargest recentErrors;
    private readonly KthLargest recentDistances;
    private readonly AlarmRule rule;
    private long windows;

    /// <summary>A monitor that knows nothing yet.</summary>
    /// <param name="options">What to watch, and how sharply.</param>
    public AnomalyMonitor(MonitorOptions options)
    {
        ArgumentChecks.NotNull(options, nameof(options));
        this.options = options;
        reconstructionError = new ReconstructionError(options.Channels, options.HalfLifeWindows);
        latentDistance = new RunningDistance(options.Latents, options.HalfLifeWindows, LatentRidge);
        reconstructionThreshold = NewThreshold();
        latentThreshold = NewThreshold();
        recentErrors = new KthLargest(options.AlarmWindows, options.AlarmOf);
        recentDistances = new KthLargest(options.AlarmWindows, options.AlarmOf);
        rule = NewRule();
        Baseline = new ZScoreBaseline(
            NewThreshold(), new KthLargest(options.AlarmWindows, options.AlarmOf), NewRule(), options.AlarmMargin);
        AlarmMargin = options.AlarmMargin;
        Episode = new AnomalyEpisode(options.Channels);
    }

    /// <inheritdoc/>
    public string Name => "monitor";

    /// <inheritdoc/>
    public string Kind => "monitor";

    /// <summary>Factor on the thresholds for an alarm, 1 or more; not saved: the settings say it at every start.</summary>
    public double AlarmMargin { get; set; }

    /// <summary>The anomaly that is open, or the last one.</summary>
    public AnomalyEpisode Episode { get; }

    /// <summary>The z-score that is computed beside ours.</summary>
    public ZScoreBaseline Baseline { get; }

    /// <summary>The figures of the last window.</summary>
    public MonitorReport Last { get; private set; }

    /// <summary>Of the last window: how far a channel's error is from its running mean, in running standard deviations, squared.</summary>
    public double ChannelError(int channel) => reconstructionError.ChannelError(channel);

    /// <summary>Share of the learning phase that is over, from 0 to 1.</summary>
    public double LearnedShare => Math.Min(1, (double)windows / Math.Max(1, options.LearningWindows));

    /// <summary>Judges the next window.</summary>
    /// <param name="window">The window.</param>
    /// <param name="reconstruction">[inputs], what the network makes of it.</param>
    /// <param name="latents">[latents], the top layer's outputs for it.</param>
    /// <param name="unixMilliseconds">When it ended, for the episode's times alone.</param>
    /// <returns>The figures, also in <see cref="Last"/>.</returns>
    public MonitorReport Observe(
        SensorWindow window, ReadOnlySpan<float> reconstruction, ReadOnlySpan<float> latents, long unixMilliseconds)
    {
        ArgumentChecks.NotNull(window, nameof(window));
        double q = reconstructionError.Measure(window, reconstruction), t = latentDistance.Measure(latents);
        double qThreshold = reconstructionThreshold.Value, tThreshold = latentThreshold.Value;
        double score = Math.Max(q / qThreshold, t / tThreshold);
        bool isLearning = windows < options.LearningWindows, isAnomalous = !isLearning && score > AlarmMargin;
        bool changes = rule.Add(isAnomalous);
        bool mayLearn = !rule.IsSuspicious && !rule.IsAlarm;
        if (mayLearn)
        {
            reconstructionError.Learn();
            latentDistance.Learn(latents);
        }

        // Suspicious windows count here: without the rare normal ones among them the thresholds would sink for ever.
        double qOfRecent = recentErrors.Add(q), tOfRecent = recentDistances.Add(t);
        if (!rule.IsAlarm)
        {
            reconstructionThreshold.Learn(qOfRecent);
            latentThreshold.Learn(tOfRecent);
        }

        Baseline.Observe(window, isLearning);
        windows++;
        Last = new MonitorReport(
            StateNow(isLearning), q, qThreshold, t, tThreshold, score,
            !changes ? EpisodeChange.None : rule.IsAlarm ? EpisodeChange.Started : EpisodeChange.Ended,
            mayLearn, mayLearn && (isLearning || windows % WindowsPerStep == 0), Baseline.Score, Baseline.Threshold, Baseline.IsAlarm);
        Follow(unixMilliseconds);
        return Last;
    }

    /// <summary>
    /// "This is fine": the last window and the open anomaly are normal. The anomaly ends, the thresholds rise to its peak and come down
    /// with the half-life; until then windows like it are learned.
    /// </summary>
    /// <param name="unixMilliseconds">Now, the end of the anomaly.</param>
    /// <returns>Whether an anomaly ended; the last window may then be learned.</returns>
    public EpisodeChange LabelNormal(long unixMilliseconds)
    {
        reconstructionThreshold.Accept(Math.Max(Last.ReconstructionError, Episode.IsOpen ? Episode.LargestReconstructionError : 0));
        latentThreshold.Accept(Math.Max(Last.LatentDistance, Episode.IsOpen ? Episode.LargestLatentDistance : 0));
        rule.Clear();
        Last = Last with { MayLearn = true, MayTrain = true };
        if (!Episode.IsOpen)
        {
            return EpisodeChange.None;
        }

        Episode.End(unixMilliseconds);
        return EpisodeChange.Ended;
    }

    /// <summary>"This is a fault": the last window opens an anomaly if none is open, and thresholds never rise above its figures.</summary>
    /// <param name="unixMilliseconds">Now, the start of the anomaly.</param>
    /// <returns>Whether an anomaly started.</returns>
    public EpisodeChange LabelFault(long unixMilliseconds)
    {
        reconstructionThreshold.Refuse(Last.ReconstructionError);
        latentThreshold.Refuse(Last.LatentDistance);
        rule.Raise();
        Last = Last with { State = MonitorState.Alarm, MayLearn = false, MayTrain = false };
        EpisodeChange change = EpisodeChange.None;
        if (!Episode.IsOpen)
        {
            Episode.Start(unixMilliseconds);
            Episode.Add(unixMilliseconds, Last, reconstructionError);
            change = EpisodeChange.Started;
        }

        Episode.IsLabelledFault = true;
        return change;
    }

    /// <inheritdoc/>
    public void Write(CheckpointWriter writer)
    {
        ArgumentChecks.NotNull(writer, nameof(writer));
        writer.Write("windowsSeen", windows);
        reconstructionError.Write(writer);
        latentDistance.Write(writer);
        reconstructionThreshold.Write(writer);
        latentThreshold.Write(writer);
        recentErrors.Write(writer);
        recentDistances.Write(writer);
        rule.Write(writer);
        Baseline.Write(writer);
        Episode.Write(writer);
    }

    /// <inheritdoc/>
    public void Read(CheckpointReader reader)
    {
        ArgumentChecks.NotNull(reader, nameof(reader));
        windows = reader.ReadLong("windowsSeen");
        reconstructionError.Read(reader);
        latentDistance.Read(reader);
        reconstructionThreshold.Read(reader);
        latentThreshold.Read(reader);
        recentErrors.Read(reader);
        recentDistances.Read(reader);
        rule.Read(reader);
        Baseline.Read(reader);
        Episode.Read(reader);
    }

    private MonitorState StateNow(bool isLearning) =>
        isLearning ? MonitorState.Learning
        : rule.IsAlarm ? MonitorState.Alarm
        : rule.IsSuspicious ? MonitorState.Suspicious
        : MonitorState.Normal;

    private void Follow(long unixMilliseconds)
    {
        if (Last.Episode == EpisodeChange.Started)
        {
            Episode.Start(unixMilliseconds);
        }

        if (Last.Episode == EpisodeChange.Ended)
        {
            Episode.End(unixMilliseconds);
        }
        else if (Episode.IsOpen)
        {
            Episode.Add(unixMilliseconds, Last, reconstructionError);
        }
    }

    private TailThreshold NewThreshold() => new(options.FalseAlarmRate, options.HalfLifeWindows, options.LearningWindows);

    private AlarmRule NewRule() => new(options.AlarmWindows, options.AlarmOf);
}
