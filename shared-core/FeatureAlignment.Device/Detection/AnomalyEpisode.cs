using System;
using FeatureAlignment.Checkpoints;
using FeatureAlignment.Device.Sensors;

namespace FeatureAlignment.Device.Detection;

/// <summary>One anomaly: when it began, was at its worst and ended, and which channels explain it. Refilled by the next one.</summary>
public sealed class AnomalyEpisode
{
    private readonly double[] errors;

    internal AnomalyEpisode(int channels) => errors = new double[channels];

    /// <summary>Number of the anomaly, from 1; 0 before the first.</summary>
    public int Number { get; private set; }

    /// <summary>True between start and end.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>True when a person said that it is a fault.</summary>
    public bool IsLabelledFault { get; internal set; }

    /// <summary>Unix milliseconds of the window that made the alarm.</summary>
    public long StartMilliseconds { get; private set; }

    /// <summary>Unix milliseconds of the window with the highest score.</summary>
    public long PeakMilliseconds { get; private set; }

    /// <summary>Unix milliseconds of the end; 0 while it is open.</summary>
    public long EndMilliseconds { get; private set; }

    /// <summary>The highest score, in thresholds.</summary>
    public double PeakScore { get; private set; }

    /// <summary>The largest Q.</summary>
    public double LargestReconstructionError { get; private set; }

    /// <summary>The largest T² / d.</summary>
    public double LargestLatentDistance { get; private set; }

    /// <summary>Windows from start to now, or to the end.</summary>
    public int Windows { get; private set; }

    /// <summary>Share of a channel in all errors of the episode, from 0 to 1.</summary>
    public double Share(int channel)
    {
        double sum = 0;
        foreach (double error in errors)
        {
            sum += error;
        }

        return sum > 0 ? errors[channel] / sum : 0;
    }

    /// <summary>The channels that explain the anomaly most, the first one most.</summary>
    /// <param name="channels">As many as are wanted, at most all; overwritten with their indices.</param>
    public void TopChannels(Span<int> channels)
    {
        ArgumentChecks.InRange(channels.Length, 0, errors.Length, "Number of channels");
        for (int place = 0; place < channels.Length; place++)
        {
            int best = -1;
            for (int channel = 0; channel < errors.Length; channel++)
            {
                bool isTaken = channels.Slice(0, place).IndexOf(channel) >= 0;
                best = !isTaken && (best < 0 || errors[channel] > errors[best]) ? channel : best;
            }

            channels[place] = best;
        }
    }

    internal void Start(long milliseconds)
    {
        Number++;
        IsOpen = true;
        IsLabelledFault = false;
        StartMilliseconds = PeakMilliseconds = milliseconds;
        EndMilliseconds = 0;
        PeakScore = LargestReconstructionError = LargestLatentDistance = 0;
        Windows = 0;
        Array.Clear(errors, 0, errors.Length);
    }

    internal void Add(long milliseconds, in MonitorReport report, ReconstructionError error)
    {
        Windows++;
        for (int channel = 0; channel < errors.Length; channel++)
        {
            errors[channel] += error.ChannelError(channel);
        }

        LargestReconstructionError = Math.Max(LargestReconstructionError, report.ReconstructionError);
        LargestLatentDistance = Math.Max(LargestLatentDistance, report.LatentDistance);
        if (report.Score > PeakScore)
        {
            PeakScore = report.Score;
            PeakMilliseconds = milliseconds;
        }
    }

    internal void End(long milliseconds)
    {
        IsOpen = false;
        EndMilliseconds = milliseconds;
    }

    internal void Write(CheckpointWriter writer)
    {
        writer.Write("episode", Number);
        writer.Write("isOpen", IsOpen ? 1 : 0);
        writer.Write("isLabelledFault", IsLabelledFault ? 1 : 0);
        writer.Write("start", StartMilliseconds);
        writer.Write("peak", PeakMilliseconds);
        writer.Write("end", EndMilliseconds);
        writer.WriteDouble("peakScore", PeakScore);
        writer.WriteDouble("largestReconstructionError", LargestReconstructionError);
        writer.WriteDouble("largestLatentDistance", LargestLatentDistance);
        writer.Write("windows", Windows);
        writer.WriteDoubles("errors", errors);
    }

    internal void Read(CheckpointReader reader)
    {
        Number = reader.ReadInt("episode");
        IsOpen = reader.ReadInt("isOpen") != 0;
        IsLabelledFault = reader.ReadInt("isLabelledFault") != 0;
        StartMilliseconds = reader.ReadLong("start");
        PeakMilliseconds = reader.ReadLong("peak");
        EndMilliseconds = reader.ReadLong("end");
        PeakScore = reader.ReadDouble("peakScore");
        LargestReconstructionError = reader.ReadDouble("largestReconstructionError");
        LargestLatentDistance = reader.ReadDouble("largestLatentDistance");
        Windows = reader.ReadInt("windows");
        reader.ReadDoubles("errors", errors);
    }
}
