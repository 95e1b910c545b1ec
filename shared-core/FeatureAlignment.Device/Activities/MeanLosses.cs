using System.Collections.Generic;
using FeatureAlignment.Alignment;
using FeatureAlignment.Telemetry;

namespace FeatureAlignment.Device.Activities;

/// <summary>Means of each layer's losses from one report to the next; single samples jump too much to be told.</summary>
internal sealed class MeanLosses
{
    private readonly double[] alignment;
    private readonly double[] label;
    private readonly int[] samples;

    public MeanLosses(int layers)
    {
        alignment = new double[layers];
        label = new double[layers];
        samples = new int[layers];
    }

    /// <summary>Takes the losses of a step.</summary>
    /// <param name="losses">Of all layers.</param>
    /// <param name="count">Samples of the step.</param>
    /// <param name="onlyLayer">Index of the one layer that learned in it; null for all.</param>
    public void Add(IReadOnlyList<AlignmentLoss> losses, int count, int? onlyLayer = null)
    {
        int first = onlyLayer ?? 0, last = onlyLayer ?? samples.Length - 1;
        for (int i = first; i <= last; i++)
        {
            samples[i] += count;
            alignment[i] += count * (double)losses[i].Alignment;
            label[i] += count * (double)losses[i].Label;
        }
    }

    /// <summary>Reports the means of the layers that have learned, and starts anew.</summary>
    public void Report(IReporter reporter)
    {
        for (int i = 0; i < samples.Length; i++)
        {
            if (samples[i] == 0)
            {
                continue;
            }

            reporter.Point(MetricNames.AlignmentLoss, alignment[i] / samples[i], i);
            if (label[i] != 0)
            {
                reporter.Point(MetricNames.LabelLoss, label[i] / samples[i], i);
            }

            alignment[i] = label[i] = samples[i] = 0;
        }
    }
}
