using System;
using System.Globalization;
using FeatureAlignment.Device.Platform;

namespace FeatureAlignment.Device.Sensors;

/// <summary>
/// One sensor, and whether it can be believed. A reading that throws, is not finite or has been the same for too long is no reading; a few
/// of them in a row make the sensor ill, a few good ones make it well again.
/// </summary>
public sealed class SensorChannel
{
    // A single bad reading of a bus is common; three in a row are not.
    private const int ReadingsToChange = 3;

    private readonly ISensor sensor;
    private readonly int stuckReadings;
    private float last = float.NaN;
    private int equalReadings;
    private int contraryReadings;

    /// <summary>Wraps a sensor, which counts as well until it shows otherwise.</summary>
    /// <param name="sensor">The sensor.</param>
    /// <param name="stuckReadings">Equal readings in a row after which it counts as stuck, 2 or more.</param>
    public SensorChannel(ISensor sensor, int stuckReadings)
    {
        ArgumentChecks.NotNull(sensor, nameof(sensor));
        ArgumentChecks.InRange(stuckReadings, 2, int.MaxValue, "Equal readings of a stuck sensor");
        this.sensor = sensor;
        this.stuckReadings = stuckReadings;
    }

    /// <summary>Name of its series.</summary>
    public string Name => sensor.Name;

    /// <summary>Unit of its values.</summary>
    public string Unit => sensor.Unit;

    /// <summary>True unless its readings have been bad for a while and not yet good again for a while.</summary>
    public bool IsWell { get; private set; } = true;

    /// <summary>True when the last reading changed <see cref="IsWell"/>: the time to report it.</summary>
    public bool HasChanged { get; private set; }

    /// <summary>What the last bad reading was, such as <c>threw TimeoutException: no answer</c>; empty when there has been none.</summary>
    public string LastFault { get; private set; } = "";

    /// <summary>Reads the sensor. Never throws; allocates only when the sensor throws or a fault is new.</summary>
    /// <returns>The value; NaN when the reading is bad or the sensor is ill.</returns>
    public float Read()
    {
        bool isStuckNow = false;
        string? fault = null;
        float value = float.NaN;
        try
        {
            value = sensor.Read();
        }
        catch (Exception e)
        {
            fault = $"threw {e.GetType().Name}: {e.Message}";
        }

        if (fault is null && (float.IsNaN(value) || float.IsInfinity(value)))
        {
            fault = "is not a finite number";
        }
        else if (fault is null)
        {
            equalReadings = value == last ? equalReadings + 1 : 1;
            last = value;
            isStuckNow = equalReadings >= stuckReadings;
        }

        Judge(fault, isStuckNow);
        return IsWell && fault is null && !isStuckNow ? value : float.NaN;
    }

    private void Judge(string? fault, bool isStuckNow)
    {
        bool isGood = fault is null && !isStuckNow;
        if (!isGood)
        {
            LastFault = fault ?? (equalReadings == stuckReadings ? DescribeStuck() : LastFault);
        }

        // Being stuck took many readings to show; it needs no further proof.
        int needed = isStuckNow && IsWell ? 1 : ReadingsToChange;
        contraryReadings = isGood == IsWell ? 0 : contraryReadings + 1;
        HasChanged = contraryReadings >= needed;
        if (HasChanged)
        {
            IsWell = isGood;
            contraryReadings = 0;
        }
    }

    private string DescribeStuck() => string.Format(CultureInfo.InvariantCulture, "gave {0} for {1} readings", last, equalReadings);
}
