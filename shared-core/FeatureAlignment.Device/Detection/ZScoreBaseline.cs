using System;
using FeatureAlignment.Checkpoints;
using FeatureAlignment.Device.Sensors;

namespace FeatureAlignment.Device.Detection;

/// <summary>
/// What can be had without learning: the largest distance of a channel's mean over the window from its running mean, in running standard
/// deviations, with the same threshold and alarm rule as ours. It stands beside it so that everybody sees what learning adds.
/// </summary>
public sealed class ZScoreBaseline
{
    private readonly TailThreshold threshold;
    private readonly KthLargest recent;
    private readonly AlarmRule rule;
    private readonly double margin;

    internal ZScoreBaseline(TailThreshold threshold, KthLargest recent, AlarmRule rule, double margin)
    {
        this.threshold = threshold;
        this.recent = recent;
        this.rule = rule;
        this.margin = margin;
    }

    /// <summary>The score of the last window.</summary>
    public double Score { get; private set; }

    /// <summary>The running quantile of scores.</summary>
    public double Threshold => threshold.Value;

    /// <summary>True while its alarm lasts.</summary>
    public bool IsAlarm => rule.IsAlarm;

    /// <summary>Takes the next window.</summary>
    /// <param name="window">Its values are in standard deviations.</param>
    /// <param name="isLearning">True in the learning phase, which has no alarms.</param>
    /// <returns>True when its alarm begins or ends.</returns>
    public bool Observe(SensorWindow window, bool isLearning)
    {
        ArgumentChecks.NotNull(window, nameof(window));
        Score = Measure(window);
        bool changes = !isLearning && rule.Add(Score > Threshold * margin);
        double ofRecent = recent.Add(Score);
        if (!rule.IsAlarm)
        {
            threshold.Learn(ofRecent);
        }

        return changes;
    }

    internal void Write(CheckpointWriter writer)
    {
        threshold.Write(writer);
        recent.Write(writer);
        rule.Write(writer);
    }

    internal void Read(CheckpointReader reader)
    {
        threshold.Read(reader);
        recent.Read(reader);
        rule.Read(reader);
    }

    internal static double Measure(SensorWindow window)
    {
        double largest = 0;
        for (int channel = 0; channel < window.Channels; channel++)
        {
            double sum = 0;
            foreach (float value in window.Channel(channel))
            {
                sum += value;
            }

            largest = window.IsLeftOut(channel) ? largest : Math.Max(largest, Math.Abs(sum) / window.Readings);
        }

        return largest;
    }
}
