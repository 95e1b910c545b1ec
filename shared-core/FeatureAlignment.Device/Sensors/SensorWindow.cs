using System;

namespace FeatureAlignment.Device.Sensors;

/// <summary>Scaled readings of all channels over a short time: what the network sees. One buffer, refilled with every window.</summary>
public sealed class SensorWindow
{
    private readonly bool[] isLeftOut;

    /// <summary>Allocates the window.</summary>
    /// <param name="channels">Channels, 1 or more.</param>
    /// <param name="readings">Readings of each, 1 or more.</param>
    public SensorWindow(int channels, int readings)
    {
        ArgumentChecks.InRange(channels, 1, 1024, "Number of channels");
        ArgumentChecks.InRange(readings, 1, 1024, "Readings in a window");
        Readings = readings;
        Values = new float[channels * readings];
        isLeftOut = new bool[channels];
    }

    /// <summary>Channels.</summary>
    public int Channels => isLeftOut.Length;

    /// <summary>Readings of each channel.</summary>
    public int Readings { get; }

    /// <summary>[channels x readings], row-major, in standard deviations from the channel's mean.</summary>
    public float[] Values { get; }

    /// <summary>True when any channel is left out.</summary>
    public bool IsPartial => Array.IndexOf(isLeftOut, true) >= 0;

    /// <summary>The readings of one channel, oldest first.</summary>
    public Span<float> Channel(int channel) => Values.AsSpan(channel * Readings, Readings);

    /// <summary>True when the channel lacks a reading of the window: its values are 0, its mean, and its errors do not count.</summary>
    public bool IsLeftOut(int channel) => isLeftOut[channel];

    /// <summary>Leaves a channel out of this window, or takes it in.</summary>
    public void LeaveOut(int channel, bool leaveOut) => isLeftOut[channel] = leaveOut;
}
