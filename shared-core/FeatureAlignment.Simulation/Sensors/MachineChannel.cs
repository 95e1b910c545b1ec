using System;
using FeatureAlignment.Device.Platform;

namespace FeatureAlignment.Simulation.Sensors;

/// <summary>One series of the machine.</summary>
/// <param name="Name">Its name in telemetry.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Noise">Standard deviation of the sensor's own noise, in the unit.</param>
/// <param name="Deviation">About the standard deviation of the channel over days, in the unit: the measure of a fault's size.</param>
public sealed record MachineChannel(string Name, string Unit, double Noise, double Deviation);

/// <summary>One channel of a machine as the platform's sensor.</summary>
public sealed class MachineSensor : ISensor
{
    private readonly MachineGenerator machine;
    private readonly int channel;
    private readonly Func<TimeSpan> machineTime;

    /// <summary>A sensor on a machine.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="channel">0-based.</param>
    /// <param name="machineTime">The machine's time, which goes on while the board that reads the sensor is off.</param>
    public MachineSensor(MachineGenerator machine, int channel, Func<TimeSpan> machineTime)
    {
        ArgumentChecks.NotNull(machine, nameof(machine));
        ArgumentChecks.NotNull(machineTime, nameof(machineTime));
        ArgumentChecks.InRange(channel, 0, MachineGenerator.Channels.Count - 1, "Channel");
        this.machine = machine;
        this.channel = channel;
        this.machineTime = machineTime;
    }

    /// <inheritdoc/>
    public string Name => MachineGenerator.Channels[channel].Name;

    /// <inheritdoc/>
    public string Unit => MachineGenerator.Channels[channel].Unit;

    /// <inheritdoc/>
    public float Read() => machine.Read(channel, machineTime());
}
