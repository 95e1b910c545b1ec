using System;
using FeatureAlignment.Checkpoints;
using FeatureAlignment.Device.Sensors;

namespace FeatureAlignment.Device.Detection;

/// <summary>
/// Q, the squared prediction error (Jackson and Mudholkar 1979), with each input's error in its own standard deviations: the mean over all
/// inputs that count of e² / v, where v is the running mean of e². About 1 for normal windows.
/// </summary>
public sealed class ReconstructionError
{
    // Keeps an input that never erred from dividing by 0; inputs have a variance of about 1.
    private const double LeastVariance = 1e-6;

    private readonly double[] variances;
    private readonly double[] channelErrors;
    private readonly double rate;
    private long count;

    /// <summary>An error measure that knows nothing yet.</summary>
    /// <param name="channels">Channels of a window.</param>
    /// <param name="readings">Readings of each.</param>
    /// <param name="halfLife">Windows after which a window counts half.</param>
    public ReconstructionError(int channels, int readings, double halfLife)
    {
        variances = new double[channels * readings];
        variances.AsSpan().Fill(1);
        channelErrors = new double[channels];
        rate = Forgetting.Rate(halfLife);
    }

    /// <summary>Of the last window, for each channel: the mean of e² / v; 0 for channels that were left out.</summary>
    public ReadOnlySpan<double> ChannelErrors => channelErrors;

    /// <summary>Q of a window; 0 when all channels are left out.</summary>
    /// <param name="window">The window.</param>
    /// <param name="reconstruction">[inputs].</param>
    public double Measure(SensorWindow window, ReadOnlySpan<float> reconstruction)
    {
        double sum = 0;
        int counted = 0;
        for (int channel = 0; channel < window.Channels; channel++)
        {
            double channelSum = 0;
            int first = channel * window.Readings;
            for (int i = first; i < first + window.Readings && !window.IsLeftOut(channel); i++)
            {
                double error = window.Values[i] - reconstruction[i];
                channelSum += error * error / Math.Max(variances[i], LeastVariance);
            }

            channelErrors[channel] = channelSum / window.Readings;
            sum += channelErrors[channel];
            counted += window.IsLeftOut(channel) ? 0 : 1;
        }

        return counted > 0 ? sum / counted : 0;
    }

    /// <summary>Takes a normal window into account.</summary>
    public void Learn(SensorWindow window, ReadOnlySpan<float> reconstruction)
    {
        double weight = Forgetting.RecentWeight(count++, rate);
        for (int i = 0; i < variances.Length; i++)
        {
            if (!window.IsLeftOut(i / window.Readings))
            {
                double error = window.Values[i] - reconstruction[i];
                variances[i] += weight * ((error * error) - variances[i]);
            }
        }
    }

    internal void Write(CheckpointWriter writer)
    {
        writer.WriteDoubles("errorVariances", variances);
        writer.Write("errorCount", count);
    }

    internal void Read(CheckpointReader reader)
    {
        reader.ReadDoubles("errorVariances", variances);
        count = reader.ReadLong("errorCount");
    }
}
