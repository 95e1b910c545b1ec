using System;

namespace FeatureAlignment.Simulator.Training;

/// <summary>Measures how fast samples go by, and how long the rest will take.</summary>
/// <param name="time">Clock to measure by.</param>
/// <param name="samplesBefore">Samples of the run that were trained on before now, by the process that is resumed.</param>
/// <param name="totalSamples">Samples of the whole run.</param>
internal sealed class ProgressMeter(TimeProvider time, long samplesBefore, long totalSamples)
{
    private readonly long start = time.GetTimestamp();

    /// <summary>Speed since the meter was made, and the time left at that speed; zero and no time before there is any.</summary>
    public (double SamplesPerSecond, TimeSpan Left) Measure(long samplesSeen)
    {
        double seconds = time.GetElapsedTime(start).TotalSeconds;
        long samples = samplesSeen - samplesBefore;
        if (seconds <= 0 || samples <= 0)
        {
            return (0, TimeSpan.Zero);
        }

        double samplesPerSecond = samples / seconds;
        return (samplesPerSecond, TimeSpan.FromSeconds((totalSamples - samplesSeen) / samplesPerSecond));
    }
}
