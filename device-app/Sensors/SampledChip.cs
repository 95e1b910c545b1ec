using System;
using Meadow;
using Meadow.Peripherals.Sensors;
using ISensor = FeatureAlignment.Device.Platform.ISensor;

namespace FeatureAlignment.DeviceApp.Sensors;

/// <summary>
/// What a chip measured last. Meadow reads it in the background, so the application never waits for a bus; when a chip stops answering,
/// Meadow keeps its old value and only logs: therefore values grow old here, and an old one is NaN.
/// </summary>
/// <typeparam name="TUnit">Unit of Meadow that the chip measures.</typeparam>
internal sealed class SampledChip<TUnit> where TUnit : struct
{
    private readonly object gate = new();
    private readonly Sampling sampling;
    private TUnit newest;
    private TimeSpan? measuredAt;

    private SampledChip(Sampling sampling) => this.sampling = sampling;

    /// <summary>Starts the background reading of a chip; one that is missing measures nothing.</summary>
    public static SampledChip<TUnit> Start(ISamplingSensor<TUnit>? chip, Sampling sampling)
    {
        var sampled = new SampledChip<TUnit>(sampling);
        if (chip is not null)
        {
            chip.Updated += sampled.OnUpdated;
            chip.StartUpdating(sampling.Period);
        }

        return sampled;
    }

    /// <summary>One number of the measurement as a sensor.</summary>
    public ISensor Sensor(string name, string unit, Func<TUnit, double> number) => new Reading(this, name, unit, number);

    private void OnUpdated(object? sender, IChangeResult<TUnit> change)
    {
        lock (gate)
        {
            newest = change.New;
            measuredAt = sampling.Clock.Uptime;
        }
    }

    private TUnit? Newest()
    {
        lock (gate)
        {
            return measuredAt is TimeSpan time && sampling.Clock.Uptime - time <= sampling.LongestAge ? newest : null;
        }
    }

    private sealed class Reading : ISensor
    {
        private readonly SampledChip<TUnit> chip;
        private readonly Func<TUnit, double> number;

        public Reading(SampledChip<TUnit> chip, string name, string unit, Func<TUnit, double> number)
        {
            this.chip = chip;
            this.number = number;
            Name = name;
            Unit = unit;
        }

        /// <inheritdoc/>
        public string Name { get; }

        /// <inheritdoc/>
        public string Unit { get; }

        /// <inheritdoc/>
        public float Read() => chip.Newest() is TUnit newest ? (float)number(newest) : float.NaN;
    }
}
