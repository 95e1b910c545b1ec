using System;
using System.Diagnostics.CodeAnalysis;
using System.Threading;
using FeatureAlignment.Device.Platform;
using Microsoft.Extensions.Logging;

namespace FeatureAlignment.DeviceApp.Sensors;

/// <summary>A number that takes its time to read, read on a timer: the newest one, or NaN when reading fails or hangs.</summary>
[SuppressMessage("Design", "CA1001", Justification = "Lives as long as the program.")]
internal sealed class BackgroundReading : ISensor
{
    private readonly object gate = new();
    private readonly Func<float> read;
    private readonly Sampling sampling;
    private Timer? timer;
    private int isReading;
    private float newest;
    private TimeSpan? readAt;

    public BackgroundReading(string name, string unit, Func<float> read, Sampling sampling)
    {
        Name = name;
        Unit = unit;
        this.read = read;
        this.sampling = sampling;
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public string Unit { get; }

    /// <inheritdoc/>
    public float Read()
    {
        lock (gate)
        {
            return readAt is TimeSpan time && sampling.Clock.Uptime - time <= sampling.LongestAge ? newest : float.NaN;
        }
    }

    /// <summary>Reads now and then every period, for as long as the program runs.</summary>
    public void Start() => timer = new Timer(_ => Refresh(), null, TimeSpan.Zero, sampling.Period);

    /// <summary>Reads once; nothing happens while another reading has not come back.</summary>
    public void Refresh()
    {
        if (Interlocked.Exchange(ref isReading, 1) == 1)
        {
            return;
        }

        try
        {
            float value = read();
            lock (gate)
            {
                newest = value;
                readAt = sampling.Clock.Uptime;
            }
        }
#pragma warning disable CA1031 // A driver may throw anything, and on a timer's thread it would end the program.
        catch (Exception e)
#pragma warning restore CA1031
        {
            sampling.Logger.LogDebug(e, "{Name} could not be read.", Name);
        }
        finally
        {
            Volatile.Write(ref isReading, 0);
        }
    }
}
