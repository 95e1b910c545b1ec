using System;
using System.IO;
using FeatureAlignment.Device.Platform;
using FeatureAlignment.Simulation.Faults;

namespace FeatureAlignment.Simulation.Board;

/// <summary>A sensor that can fail by plan.</summary>
internal sealed class SimulatedSensor : ISensor
{
    private readonly ISensor sensor;
    private readonly FaultPlan faults;
    private readonly SimulatedWorld world;
    private float last;

    public SimulatedSensor(ISensor sensor, FaultPlan faults, SimulatedWorld world)
    {
        this.sensor = sensor;
        this.faults = faults;
        this.world = world;
    }

    public string Name => sensor.Name;

    public string Unit => sensor.Unit;

    public float Read() => faults.FaultOf(Name, world.Now) switch
    {
        FaultKind.SensorThrows => throw new IOException("the bus gives no answer"),
        FaultKind.SensorNaN => float.NaN,
        FaultKind.SensorStuck => last,
        _ => last = sensor.Read(),
    };
}

/// <summary>A sensor whose readings stand in a table, a row a period; after the last row it is silent (NaN).</summary>
public sealed class TableSensor : ISensor
{
    private readonly float[] values;
    private readonly TimeSpan period;
    private readonly Func<TimeSpan> time;

    /// <summary>A column of a table.</summary>
    /// <param name="name">Name of its series.</param>
    /// <param name="values">A value a period; NaN where there is none.</param>
    /// <param name="period">Time between two rows.</param>
    /// <param name="time">The time since the first row.</param>
    public TableSensor(string name, float[] values, TimeSpan period, Func<TimeSpan> time)
    {
        ArgumentChecks.NotNull(values, nameof(values));
        ArgumentChecks.NotNull(time, nameof(time));
        Name = name;
        this.values = values;
        this.period = period;
        this.time = time;
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public string Unit => "";

    /// <inheritdoc/>
    public float Read()
    {
        long row = time().Ticks / period.Ticks;
        return row < values.Length ? values[row] : float.NaN;
    }
}
