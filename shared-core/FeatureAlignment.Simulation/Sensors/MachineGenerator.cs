using System;
using System.Collections.Generic;

namespace FeatureAlignment.Simulation.Sensors;

/// <summary>
/// A motor with a bearing in a hall, as eight sensors see it: load on and off, heat that follows, days, weather, slow drift, noise.
/// Every reading is a function of seed, channel, time and ordered faults, however often and in whatever order it is asked for; asking
/// forward in time is fast, going back starts over.
/// </summary>
public sealed class MachineGenerator
{
    // The slow state moves on a grid of its own, so that it does not depend on when it is looked at.
    private const double GridSeconds = 10;

    private readonly ulong seed;
    private readonly RandomSource noise = new(0);
    private readonly LoadCycle loads;
    private readonly SmoothNoise weather, season, airPressure, airMoisture, lubrication, cooling, supply, jitter;
    private readonly List<MachineFault> faults = new();
    private readonly Dictionary<MachineFault, float> stuckValues = new();
    private readonly double[] clean = new double[Channels.Count];
    private TimeSpan cleanTime = TimeSpan.MinValue;
    private long gridStep = -1;
    private double load, motorHeat, bearingHeat;

    /// <summary>A healthy machine.</summary>
    /// <param name="seed">Of its loads, weather and noise.</param>
    public MachineGenerator(ulong seed)
    {
        this.seed = seed;
        loads = new LoadCycle(seed);
        weather = new SmoothNoise(seed, 1, TimeSpan.FromHours(30));
        season = new SmoothNoise(seed, 2, TimeSpan.FromDays(20));
        airPressure = new SmoothNoise(seed, 3, TimeSpan.FromHours(36));
        airMoisture = new SmoothNoise(seed, 4, TimeSpan.FromHours(8));
        lubrication = new SmoothNoise(seed, 5, TimeSpan.FromHours(12));
        cooling = new SmoothNoise(seed, 6, TimeSpan.FromHours(10));
        supply = new SmoothNoise(seed, 7, TimeSpan.FromMinutes(30));
        jitter = new SmoothNoise(seed, 8, TimeSpan.FromMinutes(2));
    }

    /// <summary>The channels, in the order of their index.</summary>
    public static IReadOnlyList<MachineChannel> Channels { get; } = new MachineChannel[]
    {
        new("current", "A", 0.08, 3.2),
        new("vibration_x", "mm/s", 0.05, 0.7),
        new("vibration_y", "mm/s", 0.05, 0.5),
        new("bearing_temperature", "°C", 0.15, 9),
        new("motor_temperature", "°C", 0.2, 14),
        new("ambient_temperature", "°C", 0.1, 4),
        new("humidity", "%", 0.4, 8),
        new("pressure", "hPa", 0.1, 7),
    };

    /// <summary>The faults that were ordered: the truth.</summary>
    public IReadOnlyList<MachineFault> Faults => faults;

    /// <summary>Orders a fault.</summary>
    public void Order(MachineFault fault)
    {
        ArgumentChecks.NotNull(fault, nameof(fault));
        faults.Add(fault);
        Rewind();
    }

    /// <summary>One reading.</summary>
    /// <param name="channel">0-based.</param>
    /// <param name="time">Machine time, 0 or more; its midnight is at whole days.</param>
    public float Read(int channel, TimeSpan time)
    {
        ArgumentChecks.InRange(channel, 0, Channels.Count - 1, "Channel");
        if (time < TimeSpan.Zero)
        {
            throw new ArgumentOutOfRangeException(nameof(time), $"Machine time must be 0 or more; was {time}.");
        }

        foreach (MachineFault fault in faults)
        {
            if (fault.Kind == MachineFaultKind.StuckSensor && fault.Channel == channel && fault.IsPresent(time))
            {
                return StuckValue(fault);
            }
        }

        return Measure(channel, time);
    }

    private float StuckValue(MachineFault fault)
    {
        // Kept, because the way there and back is long.
        if (!stuckValues.TryGetValue(fault, out float value))
        {
            value = Measure(fault.Channel, fault.Start);
            stuckValues.Add(fault, value);
        }

        return value;
    }

    private float Measure(int channel, TimeSpan time)
    {
        if (time != cleanTime)
        {
            MoveTo(time);
        }

        MachineChannel spec = Channels[channel];
        noise.Reseed(seed ^ ((ulong)(channel + 1) << 56), (ulong)time.Ticks);
        double value = clean[channel] + (spec.Noise * noise.NextNormal());
        foreach (MachineFault fault in faults)
        {
            if (fault.Channel == channel && fault.IsPresent(time))
            {
                value += spec.Deviation * Offset(fault);
            }
        }

        return (float)value;
    }

    private double Offset(MachineFault fault) => fault.Kind switch
    {
        MachineFaultKind.Step => fault.Size,
        MachineFaultKind.SpikeTrain => noise.NextInt32(40) switch { 0 => fault.Size, 1 => -fault.Size, _ => 0 },
        _ => 0,
    };

    private void Rewind()
    {
        cleanTime = TimeSpan.MinValue;
        gridStep = -1;
        load = motorHeat = bearingHeat = 0;
        stuckValues.Clear();
        loads.Rewind();
    }

    /// <summary>Brings the machine's state and the values without noise to a time.</summary>
    private void MoveTo(TimeSpan time)
    {
        double seconds = time.TotalSeconds;
        long wanted = (long)Math.Floor(seconds / GridSeconds);
        if (wanted < gridStep)
        {
            Rewind();
        }

        while (gridStep < wanted)
        {
            gridStep++;

            // First-order lags: speed follows in 20 s, the motor's heat in 40 minutes, the bearing's in 15.
            load += (loads.At(gridStep * GridSeconds) - load) * (GridSeconds / 20);
            motorHeat += ((load * load) - motorHeat) * (GridSeconds / 2400);
            bearingHeat += ((load * (0.3 + (0.7 * load)) * (1 + (0.35 * Wear(gridStep)))) - bearingHeat) * (GridSeconds / 900);
        }

        Compute(seconds, WearAt(time));
        cleanTime = time;
    }

    private double Wear(long step) => WearAt(TimeSpan.FromSeconds(step * GridSeconds));

    private double WearAt(TimeSpan time)
    {
        double wear = 0;
        foreach (MachineFault fault in faults)
        {
            wear = Math.Max(wear, fault.Wear(time));
        }

        return wear;
    }

    private void Compute(double seconds, double wear)
    {
        double day = seconds / 86_400;
        double ambient = 21 + (4 * ElementaryFunctions.Sin((float)(2 * Math.PI * ((day % 1) - 0.375))))
            + (1.5 * weather.At(seconds)) + (2 * season.At(seconds));
        double working = load * (1 + (0.03 * jitter.At(seconds)));
        double roughness = 1 + (0.04 * lubrication.At(seconds));
        double warmth = 1 + (0.04 * cooling.At(seconds));
        clean[0] = 0.4 + (8 * working * (1 + (0.02 * supply.At(seconds))) * (1 + (0.05 * wear)));
        clean[1] = 0.15 + (1.9 * working * roughness * (1 + (0.35 * wear)));
        clean[2] = 0.12 + (1.3 * working * roughness * (1 + (0.65 * wear)));
        clean[3] = ambient + (26 * bearingHeat * warmth);
        clean[4] = ambient + (42 * motorHeat * warmth);
        clean[5] = ambient;
        clean[6] = 48 - (1.6 * (ambient - 21)) + (4 * airMoisture.At(seconds));
        clean[7] = 1013 + (7 * airPressure.At(seconds));
    }
}
