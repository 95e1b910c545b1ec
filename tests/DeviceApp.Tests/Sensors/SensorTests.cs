using System;
using System.Collections.Generic;
using System.Linq;
using FeatureAlignment.Device.Platform;
using FeatureAlignment.DeviceApp.Sensors;
using FeatureAlignment.DeviceApp.Tests.Support;
using FeatureAlignment.Telemetry;
using Meadow.Units;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;

namespace FeatureAlignment.DeviceApp.Tests.Sensors;

[TestFixture]
public sealed class SensorTests
{
    private FakeClock clock = null!;
    private Sampling sampling = null!;

    [SetUp]
    public void Start()
    {
        clock = new FakeClock();
        sampling = Sampling.For(TimeSpan.FromSeconds(10), clock, NullLogger.Instance);
    }

    [TestCase(0.01, 0.1)]
    [TestCase(1, 0.5)]
    [TestCase(3600, 10)]
    public void Sampling_IsTwiceAReadingWithinBounds(double period, double sampled) =>
        Assert.That(
            Sampling.For(TimeSpan.FromSeconds(period), clock, NullLogger.Instance).Period, Is.EqualTo(TimeSpan.FromSeconds(sampled)));

    [Test]
    public void Chip_IsReadInTheBackground()
    {
        var chip = new FakeThermometer();
        ISensor sensor = SampledChip<Temperature>.Start(chip, sampling).Sensor("temperature", "°C", value => value.Celsius);
        Assert.That(sensor.Read(), Is.NaN, "nothing is measured yet");

        chip.Measure(new Temperature(21.5));

        Assert.That(chip.Interval, Is.EqualTo(TimeSpan.FromSeconds(5)));
        Assert.That(sensor.Read(), Is.EqualTo(21.5f));
    }

    [Test]
    public void Chip_ThatStopsAnswering_BecomesNaNAndComesBack()
    {
        var chip = new FakeThermometer();
        ISensor sensor = SampledChip<Temperature>.Start(chip, sampling).Sensor("temperature", "°C", value => value.Celsius);
        chip.Measure(new Temperature(21.5));

        clock.Uptime += sampling.LongestAge;
        Assert.That(sensor.Read(), Is.EqualTo(21.5f), "not too old yet");
        clock.Uptime += TimeSpan.FromMilliseconds(1);
        Assert.That(sensor.Read(), Is.NaN);

        chip.Measure(new Temperature(22));
        Assert.That(sensor.Read(), Is.EqualTo(22));
    }

    [Test]
    public void ProjectLab_HasTheSameSensorsWhateverIsBroken()
    {
        using var board = new FakeBoard();
        var lab = new FakeProjectLab(board);

        IReadOnlyList<ISensor> sensors = ProjectLabSensors.Create(lab, sampling);

        Assert.That(sensors.Select(sensor => sensor.Name), Is.Unique.And.All.Matches<string>(TelemetryNames.IsName));
        Assert.That(sensors, Has.Count.EqualTo(11));
        Assert.That(sensors.Single(sensor => sensor.Name == "gas_resistance").Read(), Is.NaN, "this one is missing");
        lab.Thermometer.Measure(new Temperature(19));
        Assert.That(sensors.Single(sensor => sensor.Name == "temperature").Read(), Is.EqualTo(19));
    }

    [Test]
    public void ProjectLab_MotionHasItsAxes()
    {
        using var board = new FakeBoard();
        var lab = new FakeProjectLab(board);
        IReadOnlyList<ISensor> sensors = ProjectLabSensors.Create(lab, sampling);

        ((FakeAccelerometer)lab.Accelerometer!).Measure(new Acceleration3D(new Acceleration(1), new Acceleration(2), new Acceleration(3)));
        ((FakeGyroscope)lab.Gyroscope!).Measure(
            new AngularVelocity3D(new AngularVelocity(4), new AngularVelocity(5), new AngularVelocity(6)));

        float[] axes = [.. sensors.Where(sensor => sensor.Name[^2] == '_').Select(sensor => sensor.Read())];
        Assert.That(axes, Is.EqualTo(new[] { 1f, 2, 3, 4, 5, 6 }));
    }

    [Test]
    public void Background_ReadingThatFails_KeepsTheLastUntilItIsOld()
    {
        float next = 40;
        var reading = new BackgroundReading(
            "processor_temperature", "°C", () => float.IsNaN(next) ? throw new InvalidOperationException() : next, sampling);
        reading.Refresh();
        next = float.NaN;
        reading.Refresh();
        Assert.That(reading.Read(), Is.EqualTo(40));

        clock.Uptime += sampling.LongestAge + TimeSpan.FromMilliseconds(1);
        Assert.That(reading.Read(), Is.NaN);
    }

    [Test]
    public void Background_ReadingThatHangs_IsNotStartedAgain()
    {
        int started = 0;
        BackgroundReading reading = null!;
        reading = new BackgroundReading(
            "x", "", () =>
            {
                started++;
                reading.Refresh(); // as the timer does while this one has not come back
                return 1;
            },
            sampling);
        reading.Refresh();
        Assert.That(started, Is.EqualTo(1));
    }
}
