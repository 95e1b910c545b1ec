using System;
using System.Collections.Generic;
using System.Linq;
using FeatureAlignment.Device.Platform;
using FeatureAlignment.Device.Tests.Support;
using FeatureAlignment.Simulation;
using FeatureAlignment.Simulation.Faults;
using FeatureAlignment.Telemetry;
using NUnit.Framework;

namespace FeatureAlignment.Device.Tests.Sensors;

/// <summary>Lives with sensors that fail and come back, with a clock that is wrong, and without a network.</summary>
[TestFixture]
public sealed class DeviceSensorTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Test]
    public void OneSensor_ThatFails_IsLeftOut_AndComesBackByItself(
        [Values(FaultKind.SensorThrows, FaultKind.SensorNaN, FaultKind.SensorStuck)] FaultKind kind)
    {
        using TestLife life = new TestLife(With(TestLife.Watching(Hour), new Fault(kind, 0.5 * Hour, 0.75 * Hour, "b"))).Run();
        Assert.That(life.Of(EventKinds.SensorLost).Count(), Is.EqualTo(1));
        Assert.That(life.Text(EventKinds.SensorLost), Does.StartWith("b "));
        Assert.That(life.Of(EventKinds.SensorBack).Count(), Is.EqualTo(1));
        Assert.That(life.Lights[40 * 60], Is.Not.EqualTo(IndicatorState.Fault), "two others are well");
        Assert.That(life.Of(EventKinds.AnomalyStart), Is.Empty, "a dead sensor is no anomaly of the machine");
    }

    [Test]
    public void AllSensors_Dead_IsAFault_UntilOneIsBack()
    {
        var faults = new[] { "a", "b", "c" }.Select(name => new Fault(FaultKind.SensorThrows, 0.5 * Hour, 0.75 * Hour, name));
        using TestLife life = new TestLife(With(TestLife.Watching(Hour), faults.ToArray())).Run();
        Assert.That(life.Lights[40 * 60], Is.EqualTo(IndicatorState.Fault));
        Assert.That(life.Device.Light, Is.EqualTo(IndicatorState.Watching));
        Assert.That(life.Device.Starts, Is.EqualTo(1));
    }

    [Test]
    public void SensorOfTheSettings_ThatIsNotThere_IsAFaultWithTheNamesThereAre()
    {
        using TestLife life = new TestLife(TestLife.Watching(Hour / 6, ("Sensors.Names", "a,pressure"))).Run();
        Assert.That(life.Device.Light, Is.EqualTo(IndicatorState.Fault));
        Assert.That(life.Logs.Select(log => log.Text), Has.Some.Contains("(a, b, c)").And.Some.Contains("pressure is none"));
    }

    [Test]
    public void Step_InASensor_IsAnAnomalyWithStartPeakAndEnd()
    {
        SimulatedDeviceOptions options = TestLife.Watching(2 * Hour);
        using TestLife life = new TestLife(
            options with { Sensors = time => options.Sensors(time).Select(one => (ISensor)new Stepping(one, time)).ToArray() })
            .Run();
        TelemetryEvent start = life.Of(EventKinds.AnomalyStart).First(one => one.Text.EndsWith("most in b.", StringComparison.Ordinal));
        Assert.That(start.Level, Is.EqualTo(TelemetryPriority.High));
        Assert.That(start.TimeMilliseconds - life.Device.Options.StartMilliseconds, Is.InRange(60 * 60_000, 62 * 60_000));
        Assert.That(life.Lights[65 * 60], Is.EqualTo(IndicatorState.Alarm));
        TelemetryEvent end = life.Of(EventKinds.AnomalyEnd).First(one => one.TimeMilliseconds > start.TimeMilliseconds);
        Assert.That(end.Data.TryGet("peak_score", out TelemetryValue? peak) && peak.Number > 1.1, Is.True);
        Assert.That(end.TimeMilliseconds - life.Device.Options.StartMilliseconds, Is.InRange(70 * 60_000, 75 * 60_000));
    }

    [Test]
    public void Clock_NotSetUntilTheNetworkComes_CostsNothing()
    {
        using TestLife life = new TestLife(
            With(TestLife.Watching(Hour, ("Storage.Spool", "256KB")), new Fault(FaultKind.NoNetwork, TimeSpan.Zero, 0.5 * Hour))).Run();
        IReadOnlyList<TelemetryPoint> uptimes = life.Series(MetricNames.Uptime);
        Assert.That(uptimes, Has.Count.EqualTo(59).Within(1), "all reports arrive once there is a network");
        Assert.That(uptimes.Count(point => point.TimeMilliseconds == 0), Is.EqualTo(29).Within(1));
        Assert.That(uptimes.Where(point => point.TimeMilliseconds != 0).Select(point => point.Value), Has.All.GreaterThan(1_790));
    }

    [Test]
    public void Clock_ThatJumps_ChangesNeitherThePeriodsNorWhatIsLearned([Values(-2, 2)] int hours)
    {
        using TestLife well = new TestLife(TestLife.Watching(Hour)).Run();
        var jump = new Fault(FaultKind.ClockJump, 0.3 * Hour, 0.6 * Hour, Amount: hours * Hour);
        using TestLife life = new TestLife(With(TestLife.Watching(Hour), jump)).Run();
        Assert.That(life.Series(MetricNames.Uptime).Select(point => point.Value),
            Is.EqualTo(well.Series(MetricNames.Uptime).Select(point => point.Value)));
        Assert.That(
            life.Series(MetricNames.AnomalyQ).Select(point => point.Value),
                Is.EqualTo(well.Series(MetricNames.AnomalyQ).Select(point => point.Value)));
    }

    [Test]
    public void SameSeed_SameLife()
    {
        SimulatedDeviceOptions options = TestLife.Watching(2 * Hour) with
        {
            Faults = FaultPlan.Create("everything", 3, 2 * Hour, ["a", "b", "c"]),
            IsNetworkUnreliable = true,
        };
        using TestLife first = new TestLife(options).Run();
        using TestLife second = new TestLife(options).Run();

        // The memory in use is the host's, not the simulation's.
        Assert.That(
            first.Points.Where(point => !point.Name.StartsWith("memory", StringComparison.Ordinal)),
            Is.EqualTo(second.Points.Where(point => !point.Name.StartsWith("memory", StringComparison.Ordinal))).And.Not.Empty);
        Assert.That(first.Events.Select(one => one.Event.Text), Is.EqualTo(second.Events.Select(one => one.Event.Text)));
    }

    private static SimulatedDeviceOptions With(SimulatedDeviceOptions options, params Fault[] faults) =>
        options with { Faults = new FaultPlan(faults) };

    /// <summary>Off by ten for ten minutes after an hour, when it is b.</summary>
    private sealed class Stepping(ISensor sensor, Func<TimeSpan> time) : ISensor
    {
        public string Name => sensor.Name;

        public string Unit => sensor.Unit;

        public float Read() => sensor.Read() + (Name == "b" && time().TotalMinutes is >= 60 and < 70 ? 10 : 0);
    }
}
