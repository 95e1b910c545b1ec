using System;
using FeatureAlignment.Checkpoints;
using FeatureAlignment.Device.Sensors;

namespace FeatureAlignment.Device.Detection;

/// <summary>
/// The running quantile of a statistic that only a very small share of normal windows exceeds: too few to be counted, so the tail above a
/// quantile that is easily counted is taken as exponential ("peaks over threshold": Pickands 1975; on streams: Siffer et al., "Anomaly
/// Detection in Streams with Extreme Value Theory", KDD 2017). The quantile u, by stochastic approximation (Robbins and Monro 1951),
/// and the tail's mean excess s forget with a half-life; threshold = u + s ln(tail share / false-alarm rate).
/// </summary>
/// <remarks>
/// One value moves u by no more than a fraction of s, however large it is, and after the learning phase s counts its few values no more
/// than u counts all: a fault that grows for days cannot pull the threshold after it.
/// </remarks>
public sealed class TailThreshold
{
    private const double LeastTailShare = 0.05;
    private const double MostWeight = 0.02;
    private const double FirstExcess = 0.5;

    // The statistics are about 1 for what is normal; before anything has been learned they may be millions.
    private const double MostValue = 100;

    // After this part of the learning phase, a quarter, it starts anew: what a network that knew little gave is no measure.
    private const int PoorPart = 4;

    // An excess beyond this many mean excesses counts as one of that size: an exponential tail loses 6 % by it, a burst nearly all.
    private const double MostExcess = 3;

    private readonly double rate;
    private readonly long learningValues;
    private readonly double tailShare;
    private readonly double logOfRatio;
    private double quantile;
    private double excess = FirstExcess;
    private double raised;
    private double ceiling = double.PositiveInfinity;
    private long count;

    /// <summary>A threshold that knows nothing yet.</summary>
    /// <param name="falseAlarmRate">Share of normal values that may exceed it, above 0 and at most 0.5.</param>
    /// <param name="halfLife">Values after which a value counts half, above 0.</param>
    /// <param name="learningValues">Values of the learning phase, in which it converges as fast as it can.</param>
    public TailThreshold(double falseAlarmRate, double halfLife, long learningValues)
    {
        if (!(falseAlarmRate > 0 && falseAlarmRate <= 0.5))
        {
            throw new ArgumentOutOfRangeException(
                nameof(falseAlarmRate), $"The false-alarm rate must be above 0 and at most 0.5; was {falseAlarmRate}.");
        }

        this.learningValues = learningValues;
        rate = Forgetting.Rate(halfLife);
        tailShare = Math.Max(LeastTailShare, falseAlarmRate);
        logOfRatio = ElementaryFunctions.Log((float)(tailShare / falseAlarmRate));
    }

    /// <summary>The threshold, in the statistic's measure.</summary>
    public double Value => Math.Min(ceiling, Natural + raised);

    private double Natural => quantile + (excess * logOfRatio);

    /// <summary>Takes a value of a window that is not known to be anomalous.</summary>
    /// <param name="value">0 or more.</param>
    public void Learn(double value)
    {
        double bounded = Math.Min(value, MostValue);
        if (count == 0 || count == learningValues / PoorPart)
        {
            quantile = bounded;
            excess = FirstExcess;
        }

        bool isLearning = count < learningValues;
        double weight = isLearning ? Math.Min(MostWeight, Forgetting.RecentWeight(count, rate)) : rate;
        double above = bounded - quantile;

        // With an exponential tail the density at u is tailShare / s: the step of Newton's method.
        quantile += weight * excess / tailShare * ((above > 0 ? 1 : 0) - tailShare);
        if (above > 0)
        {
            double tailWeight = isLearning ? Math.Min(1, weight / tailShare) : weight;
            excess += tailWeight * (Math.Min(above, MostExcess * excess) - excess);
        }

        raised *= 1 - rate;
        count++;
    }

    /// <summary>A person says that this value is normal: the threshold is raised to it, and comes down with the half-life.</summary>
    public void Accept(double value)
    {
        raised = Math.Max(raised, value - Natural);
        ceiling = value > ceiling ? double.PositiveInfinity : ceiling;
    }

    /// <summary>A person says that this value is a fault: the threshold never rises above it, unless it is above it already.</summary>
    public void Refuse(double value) => ceiling = Math.Min(ceiling, Math.Max(value, Natural));

    internal void Write(CheckpointWriter writer)
    {
        writer.WriteDouble("quantile", quantile);
        writer.WriteDouble("excess", excess);
        writer.WriteDouble("raised", raised);
        writer.WriteDouble("ceiling", ceiling);
        writer.Write("count", count);
    }

    internal void Read(CheckpointReader reader)
    {
        quantile = reader.ReadDouble("quantile");
        excess = reader.ReadDouble("excess");
        raised = reader.ReadDouble("raised");
        ceiling = reader.ReadDouble("ceiling");
        count = reader.ReadLong("count");
    }
}
