using System;
using System.Collections.Generic;
using FeatureAlignment.Alignment;
using FeatureAlignment.Telemetry;

namespace FeatureAlignment.Device.Activities;

/// <summary>Means of each layer's losses from one report to the next; single samples jump too much to be told.</summary>
internal sealed class MeanLosses
{
    private readonly double[] alignment;
    private readonly double[] label;
    private readonly float[] lastAlignment;
    private int samples;

    public MeanLosses(int layers)
    {
        alignment = new double[layers];
        label = new double[layers];
        lastAlignment = new float[layers];
    }

    public void Add(IReadOnlyList<AlignmentLoss> losses, int count)
    {
        samples += count;
        for (int i = 0; i < alignment.Length; i++)
        {
            alignment[i] += count * (double)losses[i].Alignment;
            label[i] += count * (double)losses[i].Label;
            lastAlignment[i] = losses[i].Alignment;
        }
    }

    /// <summary>Reports the means of the layers that have learned, and starts anew.</summary>
    public void Report(IReporter reporter)
    {
        for (int i = 0; i < alignment.Length && samples > 0; i++)
        {
            if (lastAlignment[i] != 0)
            {
                reporter.Point(MetricNames.AlignmentLoss, alignment[i] / samples, i);
            }

            if (label[i] != 0)
            {
                reporter.Point(MetricNames.LabelLoss, label[i] / samples, i);
            }
        }

        samples = 0;
        Array.Clear(alignment, 0, alignment.Length);
        Array.Clear(label, 0, label.Length);
    }
}
