using System;

namespace FeatureAlignment.Simulation.Sensors;

/// <summary>What can be wrong with the machine, or with one of its sensors.</summary>
public enum MachineFaultKind
{
    /// <summary>A bearing wears until it fails: vibration and friction heat grow more with load than they should.</summary>
    BearingWear,

    /// <summary>A sensor repeats its last value.</summary>
    StuckSensor,

    /// <summary>A sensor is off by a constant amount.</summary>
    Step,

    /// <summary>A sensor gives wild values now and then.</summary>
    SpikeTrain,
}

/// <summary>One fault to order, which is also the truth about it: nothing is wrong before the start and after the end.</summary>
public sealed record MachineFault
{
    /// <summary>Time from the first sign of wear to the failure.</summary>
    public static readonly TimeSpan WearTime = TimeSpan.FromHours(48);

    private MachineFault(MachineFaultKind kind, TimeSpan start, TimeSpan failure, TimeSpan end, int channel, double size)
    {
        if (end <= start)
        {
            throw new ArgumentOutOfRangeException(nameof(end), $"A fault must end after its start, {start}; was to end at {end}.");
        }

        Kind = kind;
        Start = start;
        Failure = failure;
        End = end;
        Channel = channel;
        Size = size;
    }

    /// <summary>What is wrong.</summary>
    public MachineFaultKind Kind { get; }

    /// <summary>When it begins, as machine time.</summary>
    public TimeSpan Start { get; }

    /// <summary>When the machine fails; a fault of a sensor never fails: its end.</summary>
    public TimeSpan Failure { get; }

    /// <summary>When it is repaired.</summary>
    public TimeSpan End { get; }

    /// <summary>The channel of a sensor's fault; −1 when the machine itself is ill.</summary>
    public int Channel { get; }

    /// <summary>Of a step and of spikes: how far off, in the channel's usual standard deviations.</summary>
    public double Size { get; }

    /// <summary>Wear that grows over <see cref="WearTime"/> to the failure.</summary>
    /// <param name="start">First sign.</param>
    /// <param name="repair">When the bearing is replaced.</param>
    public static MachineFault BearingWear(TimeSpan start, TimeSpan repair) =>
        new(MachineFaultKind.BearingWear, start, start + WearTime, repair, -1, 0);

    /// <summary>A sensor that repeats its value at the start.</summary>
    public static MachineFault StuckSensor(int channel, TimeSpan start, TimeSpan end) =>
        new(MachineFaultKind.StuckSensor, start, end, end, channel, 0);

    /// <summary>A sensor that is off by a constant amount.</summary>
    public static MachineFault Step(int channel, TimeSpan start, TimeSpan end, double size) =>
        new(MachineFaultKind.Step, start, end, end, channel, size);

    /// <summary>A sensor of which about one reading in twenty is off, up or down.</summary>
    public static MachineFault SpikeTrain(int channel, TimeSpan start, TimeSpan end, double size) =>
        new(MachineFaultKind.SpikeTrain, start, end, end, channel, size);

    /// <summary>True from the start up to the end.</summary>
    public bool IsPresent(TimeSpan time) => time >= Start && time < End;

    /// <summary>Of bearing wear: from 0 at the start exponentially to 1 at the failure, 1 from then on; 0 when it is not present.</summary>
    public double Wear(TimeSpan time)
    {
        if (Kind != MachineFaultKind.BearingWear || !IsPresent(time))
        {
            return 0;
        }

        // Two powers of e in 48 h: damage makes damage.
        const float Growth = 2;
        double passed = Math.Min(1, (time - Start) / (Failure - Start));
        return (ElementaryFunctions.Exp(Growth * (float)passed) - 1) / (ElementaryFunctions.Exp(Growth) - 1);
    }
}
