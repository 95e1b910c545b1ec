using System;
using FeatureAlignment.Checkpoints;
using FeatureAlignment.Device.Sensors;

namespace FeatureAlignment.Device.Detection;

/// <summary>
/// The running quantile of a statistic that only a very small share of normal windows exceeds: too few to be counted, so the tail above a
/// quantile that is easily counted is taken as exponential in the statistic's logarithm ("peaks over threshold": Pickands 1975; on streams:
/// Siffer et al., "Anomaly Detection in Streams with Extreme Value Theory", KDD 2017). Quantile u by stochastic approximation (Robbins and
/// Monro 1951) and the tail's mean excess s forget with a half-life; threshold = e^u · (tail share / false-alarm rate)^s.
/// </summary>
/// <remarks>One value moves u by no more than a fraction of s, however large it is: an anomaly cannot pull the threshold after it.</remarks>
public sealed class TailThreshold
{
    private const double LeastTailShare = 0.05;
    private const double MostWeight = 0.02;
    private const double FirstExcess = 0.2;

    // An excess beyond this many mean excesses counts as one of that size; of an exponential tail only e^-10 lies there.
    private const double MostExcess = 10;

    private readonly double rate;
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
    public TailThreshold(double falseAlarmRate, double halfLife)
    {
        if (!(falseAlarmRate > 0 && falseAlarmRate <= 0.5))
        {
            throw new ArgumentOutOfRangeException(
                nameof(falseAlarmRate), $"The false-alarm rate must be above 0 and at most 0.5; was {falseAlarmRate}.");
        }

        rate = Forgetting.Rate(halfLife);
        tailShare = Math.Max(LeastTailShare, falseAlarmRate);
        logOfRatio = ElementaryFunctions.Log((float)(tailShare / falseAlarmRate));
    }

    /// <summary>The threshold, in the statistic's measure.</summary>
    public double Value => ElementaryFunctions.Exp((float)Math.Min(ceiling, Natural + raised));

    private double Natural => quantile + (excess * logOfRatio);

    /// <summary>Takes a value of a window that is not known to be anomalous.</summary>
    /// <param name="value">Above 0.</param>
    public void Learn(double value)
    {
        double logarithm = LogOf(value);
        if (count == 0)
        {
            quantile = logarithm;
        }

        double weight = Math.Min(MostWeight, Forgetting.RecentWeight(count, rate));
        double above = logarithm - quantile;

        // With an exponential tail the density at u is tailShare / s: the step of Newton's method.
        quantile += weight * excess / tailShare * ((above > 0 ? 1 : 0) - tailShare);
        if (above > 0)
        {
            excess += Math.Min(1, weight / tailShare) * (Math.Min(above, MostExcess * excess) - excess);
        }

        raised *= 1 - rate;
        count++;
    }

    /// <summary>A person says that this value is normal: the threshold is raised to it, and comes down with the half-life.</summary>
    public void Accept(double value)
    {
        double logarithm = LogOf(value);
        raised = Math.Max(raised, logarithm - Natural);
        ceiling = logarithm > ceiling ? double.PositiveInfinity : ceiling;
    }

    /// <summary>A person says that this value is a fault: the threshold never rises above it, unless it is above it already.</summary>
    public void Refuse(double value) => ceiling = Math.Min(ceiling, Math.Max(LogOf(value), Natural));

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

    // A statistic of exactly 0 is possible; its logarithm is not.
    private static double LogOf(double value) => ElementaryFunctions.Log((float)Math.Max(value, 1e-6));
}
