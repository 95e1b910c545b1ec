using System;
using FeatureAlignment.Checkpoints;
using FeatureAlignment.Device.Sensors;

namespace FeatureAlignment.Device.Detection;

/// <summary>
/// Q, the squared prediction error (Jackson and Mudholkar 1979), weighted by the inverse of the errors' own running covariance: the mean
/// error of each channel over the window is measured against how these errors usually come together. About 1 for normal windows.
/// </summary>
public sealed class ReconstructionError
{
    // Errors that hardly ever occur tell most.
    private const double Ridge = 1e-3;

    private readonly float[] errors;
    private readonly RunningDistance distance;

    /// <summary>An error measure that knows nothing yet.</summary>
    /// <param name="channels">Channels of a window.</param>
    /// <param name="halfLife">Windows after which a window counts half.</param>
    public ReconstructionError(int channels, double halfLife)
    {
        errors = new float[channels];
        distance = new RunningDistance(channels, halfLife, Ridge);
    }

    /// <summary>Of the last window: how far a channel's error is from its running mean, in running standard deviations, squared.</summary>
    public double ChannelError(int channel) => distance.SquaredDeviation(channel, errors[channel]);

    /// <summary>Q of a window.</summary>
    /// <param name="window">Channels that are left out count as having no error.</param>
    /// <param name="reconstruction">[inputs].</param>
    public double Measure(SensorWindow window, ReadOnlySpan<float> reconstruction)
    {
        for (int channel = 0; channel < window.Channels; channel++)
        {
            float sum = 0;
            int first = channel * window.Readings;
            for (int i = first; i < first + window.Readings; i++)
            {
                sum += window.Values[i] - reconstruction[i];
            }

            errors[channel] = window.IsLeftOut(channel) ? (float)distance.Mean(channel) : sum / window.Readings;
        }

        return distance.Measure(errors);
    }

    /// <summary>Takes the window that was measured last into account: it is normal.</summary>
    public void Learn() => distance.Learn(errors);

    internal void Write(CheckpointWriter writer) => distance.Write(writer);

    internal void Read(CheckpointReader reader) => distance.Read(reader);
}
