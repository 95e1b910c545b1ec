using System;

namespace FeatureAlignment.Device.Sensors;

/// <summary>
/// Collects readings into windows that overlap. After a gap in time it starts over, so that no window holds readings from both sides of it.
/// What has been collected is not saved: a restart is a gap.
/// </summary>
public sealed class SensorWindows
{
    // Of two readings that are further apart than this many periods the second begins a new window.
    private const double LongestStepPeriods = 1.5;

    private readonly RunningScale scale;
    private readonly int stride;
    private readonly TimeSpan longestStep;
    private readonly float[] collected;
    private TimeSpan lastTime;
    private int count;
    private int unlearned;

    /// <summary>Allocates the buffers.</summary>
    /// <param name="windowReadings">Readings of each channel in a window, 1 or more.</param>
    /// <param name="overlapReadings">Readings that a window shares with the one before it, from 0 to one less than the window.</param>
    /// <param name="period">Time between two readings, above 0.</param>
    /// <param name="scale">Scales the channels; learned by <see cref="LearnScale"/>.</param>
    public SensorWindows(int windowReadings, int overlapReadings, TimeSpan period, RunningScale scale)
    {
        ArgumentChecks.NotNull(scale, nameof(scale));
        ArgumentChecks.InRange(overlapReadings, 0, windowReadings - 1, "Readings of the overlap");
        if (period <= TimeSpan.Zero)
        {
            throw new ArgumentOutOfRangeException(nameof(period), $"Time between two readings must be greater than 0; was {period}.");
        }

        this.scale = scale;
        stride = windowReadings - overlapReadings;
        longestStep = TimeSpan.FromTicks((long)(period.Ticks * LongestStepPeriods));
        Current = new SensorWindow(scale.Channels, windowReadings);
        collected = new float[windowReadings * scale.Channels];
    }

    /// <summary>The newest window; refilled when <see cref="Add"/> returns true.</summary>
    public SensorWindow Current { get; }

    /// <summary>Takes one reading of every channel.</summary>
    /// <param name="readings">[channels]; NaN where there is none.</param>
    /// <param name="uptime">When, by a clock that never goes back and that a pause does not stop.</param>
    /// <returns>True when <see cref="Current"/> is a new window.</returns>
    public bool Add(ReadOnlySpan<float> readings, TimeSpan uptime)
    {
        int channels = Current.Channels, length = Current.Readings;
        ArgumentChecks.SameLength(readings.Length, channels, nameof(readings));
        if (count == length)
        {
            // Only now, so that LearnScale finds the readings of the window that was handed out.
            Array.Copy(collected, stride * channels, collected, 0, (length - stride) * channels);
            count -= stride;
            unlearned = 0;
        }

        if (uptime - lastTime > longestStep || uptime < lastTime)
        {
            count = unlearned = 0;
        }

        lastTime = uptime;
        readings.CopyTo(collected.AsSpan(count * channels));
        count++;
        unlearned++;
        if (count < length)
        {
            return false;
        }

        Fill();
        return true;
    }

    /// <summary>Learns the scale from the readings that no window before the newest one has had: for normal windows only.</summary>
    public void LearnScale()
    {
        int channels = Current.Channels;
        for (int i = (count - unlearned) * channels; i < count * channels; i++)
        {
            if (!float.IsNaN(collected[i]))
            {
                scale.Learn(i % channels, collected[i]);
            }
        }

        unlearned = 0;
    }

    private void Fill()
    {
        for (int channel = 0; channel < Current.Channels; channel++)
        {
            Span<float> values = Current.Channel(channel);
            bool isWhole = true;
            for (int reading = 0; reading < values.Length; reading++)
            {
                float value = collected[(reading * Current.Channels) + channel];
                isWhole &= !float.IsNaN(value);
                values[reading] = scale.Scale(channel, value);
            }

            Current.LeaveOut(channel, !isWhole);
            if (!isWhole)
            {
                values.Clear();
            }
        }
    }
}
