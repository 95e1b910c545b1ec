using System;
using System.Threading;
using FeatureAlignment.Checkpoints;
using FeatureAlignment.Evaluation;
using FeatureAlignment.Training;

namespace FeatureAlignment.Simulator.Training;

/// <summary>Steps a training to its end or until it is stopped, and sees to what happens between steps.</summary>
internal sealed class TrainingLoop
{
    private const int EvaluationsPerRun = 10;
    private static readonly TimeSpan ReportInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan CheckpointInterval = TimeSpan.FromMinutes(1);

    private readonly Trainer trainer;
    private readonly TrainingCheckpoints checkpoints;
    private readonly MetricsRecorder metrics;
    private readonly MemoryMeter memory;
    private readonly TimeProvider time;
    private readonly Func<Network, double?> evaluate;
    private long lastReport;
    private long lastCheckpoint;
    private double? accuracy;

    /// <param name="trainer">New, or restored.</param>
    /// <param name="checkpoints">Where it is saved.</param>
    /// <param name="metrics">Gets its losses.</param>
    /// <param name="memory">Reads what it holds.</param>
    /// <param name="time">Measures the steps.</param>
    /// <param name="evaluate">Measures and notes the accuracy of the network as it is; null where it has none.</param>
    public TrainingLoop(
        Trainer trainer, TrainingCheckpoints checkpoints, MetricsRecorder metrics, MemoryMeter memory, TimeProvider time,
        Func<Network, double?> evaluate)
    {
        this.trainer = trainer;
        this.checkpoints = checkpoints;
        this.metrics = metrics;
        this.memory = memory;
        this.time = time;
        this.evaluate = evaluate;
    }

    /// <summary>Seconds spent in steps; evaluations, checkpoints and display are not in it.</summary>
    public double TrainingSeconds { get; private set; }

    /// <summary>Whether each epoch ends with an evaluation; else about ten of the run's do.</summary>
    public bool EvaluatesEveryEpoch { get; init; }

    private bool IsLayerwise => trainer.Options.Schedule == LayerSchedule.Layerwise;

    /// <summary>Takes steps until the training is finished or cancelled; either way the last state is saved.</summary>
    /// <exception cref="NonFiniteLossException">A loss is not finite; the last checkpoint is kept.</exception>
    /// <exception cref="NonFiniteParametersException">As above.</exception>
    /// <exception cref="System.IO.IOException">A checkpoint could not be written; the last one is kept.</exception>
    public void Run(IProgress<ProgressSnapshot> progress, CancellationToken cancellation)
    {
        ProgressMeter meter = new(time, trainer.Position.SamplesSeen, trainer.TotalSamples);
        lastReport = lastCheckpoint = time.GetTimestamp();
        while (!trainer.IsFinished && !cancellation.IsCancellationRequested)
        {
            int layerIndex = trainer.Position.LayerIndex;
            bool endsEpoch = TakeStep(layerIndex);
            if (trainer.Position.LayerIndex != layerIndex)
            {
                memory.Measure();
            }

            if (endsEpoch || metrics.IsRowDue)
            {
                metrics.WriteRow();
            }

            if (endsEpoch || time.GetElapsedTime(lastCheckpoint) >= CheckpointInterval)
            {
                Save();
            }

            if (endsEpoch && IsEvaluationDue())
            {
                accuracy = evaluate(checkpoints.LoadNetwork()!) ?? accuracy;
            }

            if (endsEpoch || time.GetElapsedTime(lastReport) >= ReportInterval)
            {
                progress.Report(Snapshot(meter, layerIndex, endsEpoch));
                lastReport = time.GetTimestamp();
            }
        }

        if (!trainer.IsFinished)
        {
            Save();
        }
    }

    /// <summary>Learns from one batch.</summary>
    /// <returns>Whether it was the last of its pass.</returns>
    private bool TakeStep(int layerIndex)
    {
        long start = time.GetTimestamp();
        int count = trainer.Step();
        double seconds = time.GetElapsedTime(start).TotalSeconds;
        TrainingSeconds += seconds;
        metrics.Add(layerIndex, count, seconds);
        return trainer.Position.SampleIndex == 0;
    }

    /// <summary>Rows and checkpoints end at the same sample, so that a resumed run goes on with both.</summary>
    private void Save()
    {
        metrics.WriteRow();
        checkpoints.Save(trainer);
        lastCheckpoint = time.GetTimestamp();
    }

    /// <summary>Often enough for a curve, without a share of the run's time that would be felt; the end is evaluated by itself.</summary>
    private bool IsEvaluationDue()
    {
        int passes = trainer.Options.Epochs * (IsLayerwise ? trainer.LayerSpecs.Count : 1);
        int interval = EvaluatesEveryEpoch ? 1 : (passes + EvaluationsPerRun - 1) / EvaluationsPerRun;
        return !trainer.IsFinished && MetricsRecorder.FinishedEpochs(trainer) % interval == 0;
    }

    private ProgressSnapshot Snapshot(ProgressMeter meter, int layerIndex, bool endsEpoch)
    {
        TrainingPosition position = trainer.Position;
        (double samplesPerSecond, TimeSpan left) = meter.Measure(position.SamplesSeen);
        int finished = MetricsRecorder.FinishedEpochs(trainer) - (layerIndex * trainer.Options.Epochs);
        return new ProgressSnapshot(
            endsEpoch ? finished : finished + 1,
            trainer.Options.Epochs,
            position.SamplesSeen,
            trainer.TotalSamples,
            endsEpoch,
            metrics.MeanLosses,
            accuracy,
            samplesPerSecond,
            left,
            IsLayerwise ? layerIndex + 1 : null);
    }
}
