using System;
using FeatureAlignment.Checkpoints;

namespace FeatureAlignment.Device.Sensors;

/// <summary>
/// Mean and variance of each channel, so that all channels weigh alike: plain ones over all readings at first, then exponentially
/// forgetting ones (West, "Updating Mean and Variance Estimates", 1979). No member but the constructor allocates.
/// </summary>
public sealed class RunningScale : ICheckpointPart
{
    /// <summary>Scaled values lie within ± this many standard deviations: one spike must not fill a window.</summary>
    public const float Limit = 5;

    // From here on the variance is known well enough to recognise a spike, which then counts as a reading at the limit.
    private const long ReadingsBeforeClipping = 100;

    private readonly double rate;
    private readonly double[] means;
    private readonly double[] variances;
    private readonly double[] counts;

    /// <summary>A scale that knows nothing yet.</summary>
    /// <param name="channels">Channels, 1 or more.</param>
    /// <param name="halfLifeReadings">Readings after which a reading counts half; above 0.</param>
    public RunningScale(int channels, double halfLifeReadings)
    {
        ArgumentChecks.InRange(channels, 1, 1024, "Number of channels");
        rate = Forgetting.Rate(halfLifeReadings);
        means = new double[channels];
        variances = new double[channels];
        counts = new double[channels];
    }

    /// <inheritdoc/>
    public string Name => "scales";

    /// <inheritdoc/>
    public string Kind => "scales";

    /// <summary>Channels.</summary>
    public int Channels => means.Length;

    /// <summary>The mean of a channel, in its unit; 0 before its first reading.</summary>
    public double Mean(int channel) => means[channel];

    /// <summary>The standard deviation of a channel, in its unit; 0 before its second reading.</summary>
    public double Deviation(int channel) => Math.Sqrt(variances[channel]);

    /// <summary>Takes one reading into account.</summary>
    /// <param name="channel">0-based.</param>
    /// <param name="value">Finite; clipped like a scaled value.</param>
    public void Learn(int channel, float value)
    {
        double difference = value - means[channel];
        if (counts[channel] >= ReadingsBeforeClipping)
        {
            double limit = Limit * Deviation(channel);
            difference = Math.Max(-limit, Math.Min(limit, difference));
        }

        double weight = Math.Max(rate, 1 / (counts[channel] + 1));
        means[channel] += weight * difference;
        variances[channel] = (1 - weight) * (variances[channel] + (weight * difference * difference));
        counts[channel]++;
    }

    /// <summary>A reading in standard deviations from the mean, within ± <see cref="Limit"/>; 0 while the deviation is 0.</summary>
    /// <param name="channel">0-based.</param>
    /// <param name="value">Finite.</param>
    public float Scale(int channel, float value)
    {
        double deviation = Deviation(channel);
        return deviation > 0 ? (float)Math.Max(-Limit, Math.Min(Limit, (value - means[channel]) / deviation)) : 0;
    }

    /// <summary>A scaled value in the channel's unit.</summary>
    /// <param name="channel">0-based.</param>
    /// <param name="scaled">In standard deviations from the mean.</param>
    public float Unscale(int channel, float scaled) => (float)(means[channel] + (scaled * Deviation(channel)));

    /// <inheritdoc/>
    public void Write(CheckpointWriter writer)
    {
        ArgumentChecks.NotNull(writer, nameof(writer));
        writer.WriteDoubles("means", means);
        writer.WriteDoubles("variances", variances);
        writer.WriteDoubles("counts", counts);
    }

    /// <inheritdoc/>
    public void Read(CheckpointReader reader)
    {
        ArgumentChecks.NotNull(reader, nameof(reader));
        reader.ReadDoubles("means", means);
        reader.ReadDoubles("variances", variances);
        reader.ReadDoubles("counts", counts);
    }
}
