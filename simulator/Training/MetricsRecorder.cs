using System;
using System.Collections.Generic;
using System.Linq;
using FeatureAlignment.Alignment;
using FeatureAlignment.Evaluation;
using FeatureAlignment.Simulator.Reports;
using FeatureAlignment.Training;

namespace FeatureAlignment.Simulator.Training;

/// <summary>Turns the losses of steps into rows of <c>metrics.csv</c>: about two hundred a run, each the mean since the last one.</summary>
internal sealed class MetricsRecorder
{
    private const int RowsPerRun = 200;

    private readonly MetricsCsv csv;
    private readonly Trainer trainer;
    private readonly TrainingReport? report;
    private readonly bool isLayerwise;
    private readonly double[] alignmentSums;
    private readonly double[] labelSums;
    private readonly long[] counts;
    private readonly float[] meanLosses;
    private long samples;
    private double seconds;

    /// <param name="csv">Gets the rows.</param>
    /// <param name="trainer">Whose losses they are.</param>
    /// <param name="report">Gets them too; null for nobody.</param>
    public MetricsRecorder(MetricsCsv csv, Trainer trainer, TrainingReport? report = null)
    {
        this.report = report;
        this.csv = csv;
        this.trainer = trainer;
        isLayerwise = trainer.Options.Schedule == LayerSchedule.Layerwise;
        int layers = trainer.LayerSpecs.Count;
        alignmentSums = new double[layers];
        labelSums = new double[layers];
        counts = new long[layers];
        meanLosses = new float[layers];
        Array.Fill(meanLosses, float.NaN);
    }

    /// <summary>What each layer minimises, in the last row's interval; NaN for a layer that did not learn in it.</summary>
    public IReadOnlyList<float> MeanLosses => meanLosses;

    /// <summary>Whether enough samples have passed since the last row for another one.</summary>
    public bool IsRowDue => samples * RowsPerRun >= trainer.TotalSamples;

    /// <summary>Notes the step that has just been taken.</summary>
    /// <param name="layerIndex">0-based layer in training in that step; for the layerwise schedule.</param>
    /// <param name="count">Samples of the step.</param>
    /// <param name="stepSeconds">Time it took.</param>
    public void Add(int layerIndex, int count, double stepSeconds)
    {
        for (int i = 0; i < counts.Length; i++)
        {
            if (!isLayerwise || i == layerIndex)
            {
                AlignmentLoss loss = trainer.LastLosses[i];
                alignmentSums[i] += (double)count * loss.Alignment;
                labelSums[i] += (double)count * loss.Label;
                counts[i] += count;
            }
        }

        samples += count;
        seconds += stepSeconds;
    }

    /// <summary>Writes what has come together since the last row, if anything.</summary>
    public void WriteRow()
    {
        if (samples == 0)
        {
            return;
        }

        MetricRow row = new(trainer.Position.SamplesSeen, FinishedEpochs(trainer));
        for (int i = 0; i < counts.Length; i++)
        {
            meanLosses[i] = counts[i] == 0 || !Learns(i) ? float.NaN : WriteLayer(row, i);
            alignmentSums[i] = labelSums[i] = counts[i] = 0;
        }

        Append(row with { LearningRate = trainer.LastLearningRate, SamplesPerSecond = seconds > 0 ? samples / seconds : null });
        samples = 0;
        seconds = 0;
    }

    /// <summary>Writes an evaluation of the network as it is now; per layer too where several classify.</summary>
    public void WriteEvaluation(EvaluationResult result, bool isValidation)
    {
        MetricRow row = new(trainer.Position.SamplesSeen, FinishedEpochs(trainer));
        bool hasSeveral = result.LayerAccuracies.Count(accuracy => accuracy is not null) > 1;
        for (int i = 0; i < result.LayerAccuracies.Count && hasSeveral; i++)
        {
            WriteAccuracy(row with { Layer = i }, result.LayerAccuracies[i]);
        }

        WriteAccuracy(row, result.Accuracy);

        void WriteAccuracy(MetricRow of, double? accuracy)
        {
            if (accuracy is not null)
            {
                Append(isValidation ? of with { ValidationAccuracy = accuracy } : of with { TestAccuracy = accuracy });
            }
        }
    }

    /// <summary>Seconds of the training loop that the rows of a run add up to.</summary>
    public static double TrainingSeconds(IEnumerable<MetricRow> rows)
    {
        double sum = 0;
        long step = 0;
        foreach (MetricRow row in rows.Where(row => row is { Layer: null, SamplesPerSecond: > 0 }))
        {
            sum += (row.Step - step) / row.SamplesPerSecond!.Value;
            step = row.Step;
        }

        return sum;
    }

    /// <summary>Passes over the samples that are complete; layerwise, those of all layers together.</summary>
    public static int FinishedEpochs(Trainer trainer) =>
        (trainer.Position.LayerIndex * trainer.Options.Epochs) + trainer.Position.EpochIndex;

    private void Append(MetricRow row)
    {
        csv.Append(row);
        report?.Add(row);
    }

    // Backpropagation has one loss, that of its head.
    private bool Learns(int layerIndex) => trainer.Options.Rule == LearningRule.Alignment || layerIndex == counts.Length - 1;

    private float WriteLayer(MetricRow row, int layerIndex)
    {
        double alignment = alignmentSums[layerIndex] / counts[layerIndex];
        double label = labelSums[layerIndex] / counts[layerIndex];
        if (trainer.Options.Rule == LearningRule.Backpropagation)
        {
            Append(row with { LabelLoss = label });
            return (float)label;
        }

        bool hasLabels = trainer.LayerSpecs[layerIndex].LabelInputs > 0;
        Append(row with { Layer = layerIndex, AlignmentLoss = alignment, LabelLoss = hasLabels ? label : null });
        AlignmentOptions weights = trainer.Options.Alignment;
        return (float)((weights.AlignmentWeight * alignment) + (hasLabels ? weights.LabelWeight * label : 0));
    }
}
