using System;
using System.Collections.Generic;
using FeatureAlignment.Telemetry;
using FeatureAlignment.Telemetry.Json;

namespace FeatureAlignment.Device.Reporting;

/// <summary>The values of one series in a period, as the one value that is reported.</summary>
internal sealed class PointSeries(int? layer, string name)
{
    // What is noisy from sample to sample is averaged; of all others the newest value says most.
    private static readonly HashSet<string> Averaged = new()
    {
        MetricNames.AlignmentLoss,
        MetricNames.LabelLoss,
        MetricNames.AnomalyQ,
        MetricNames.AnomalyT2,
        MetricNames.SamplesPerSecond,
    };

    private readonly bool isAveraged = Averaged.Contains(name);
    private double sum;
    private double newest;
    private int count;

    /// <summary>True when the series has a value in this period.</summary>
    public bool HasValue => count > 0;

    public void Add(double value)
    {
        newest = value;
        sum += value;
        count++;
    }

    /// <summary>The value of the period; a new period begins. A sum that overflows gives way to the newest value.</summary>
    public TelemetryPoint Take(long unixMilliseconds, long step)
    {
        double value = isAveraged && !float.IsInfinity((float)sum) ? (float)(sum / count) : newest;
        sum = 0;
        count = 0;
        return new TelemetryPoint(unixMilliseconds, step, layer, name, WithFewDigits(value));
    }

    // A float keeps its few digits on the wire; counts of bytes, which floats would round, stay as they are.
    private static double WithFewDigits(double value)
    {
        var single = (float)value;
        return single == value && value != Math.Floor(value) ? DecimalNumber.FromSingle(single) : value;
    }
}
