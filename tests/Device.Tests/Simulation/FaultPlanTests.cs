using System;
using System.Linq;
using FeatureAlignment.Simulation.Faults;
using NUnit.Framework;

namespace FeatureAlignment.Device.Tests.Simulation;

[TestFixture]
public sealed class FaultPlanTests
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    [Test]
    public void Parse_EveryKind_InOrderOfTime()
    {
        var plan = FaultPlan.Parse("""
            # a bad week
            no-network 2d 3d
            power-cut 36h   # comment
            bad-flash 90m 2h
            clock-jump 1d 2d -5h
            sensor-throws 10s 20s temperature
            sensor-nan 2.5d 3d humidity
            sensor-stuck 3d 4d humidity

            """);
        Assert.That(
            plan.Faults.Select(fault => fault.Kind),
            Is.EqualTo(new[]
            {
                FaultKind.SensorThrows, FaultKind.BadFlash, FaultKind.ClockJump, FaultKind.PowerCut, FaultKind.NoNetwork,
                    FaultKind.SensorNaN,
                FaultKind.SensorStuck,
            }));
        Assert.That(plan.ClockError(1.5 * Day), Is.EqualTo(TimeSpan.FromHours(-5)));
        Assert.That(plan.NextPowerCut(TimeSpan.Zero), Is.EqualTo(TimeSpan.FromHours(36)));
        Assert.That(plan.NextPowerCut(TimeSpan.FromHours(36)), Is.EqualTo(TimeSpan.MaxValue));
        Assert.That(plan.FaultOf("humidity", 3.5 * Day), Is.EqualTo(FaultKind.SensorStuck));
        Assert.That(plan.FaultOf("temperature", 3.5 * Day), Is.Null);
        Assert.That(plan.IsPresent(FaultKind.NoNetwork, 2 * Day), Is.True);
        Assert.That(plan.IsPresent(FaultKind.NoNetwork, 3 * Day), Is.False, "over at its end");
    }

    [TestCase("meteor 1d")]
    [TestCase("power-cut")]
    [TestCase("power-cut 1d 2d")]
    [TestCase("no-network 2d 1d")]
    [TestCase("no-network 2d 2x")]
    [TestCase("no-network 2d NaNd")]
    [TestCase("bad-flash 1d 1e300d")]
    [TestCase("clock-jump 1d 2d")]
    [TestCase("sensor-nan 1d 2d")]
    public void Parse_WrongLine_NamesIt(string line) =>
        Assert.That(() => FaultPlan.Parse("power-cut 1d\n" + line), Throws.InstanceOf<FormatException>().With.Message.Contains("Line 2")
            .And.Message.Contains(line));

    [Test]
    public void Create_EveryName_FillsTheTime([ValueSource(typeof(FaultPlan), nameof(FaultPlan.Names))] string name)
    {
        var plan = FaultPlan.Create(name, 1, 30 * Day, ["a"]);
        Assert.That(plan.Faults, name == "none" ? Is.Empty : Is.Not.Empty);
        Assert.That(plan.Faults.Select(fault => fault.From), Is.Ordered.And.All.InRange(TimeSpan.Zero, 30 * Day));
        Assert.That(plan.Faults, Is.EqualTo(FaultPlan.Create(name, 1, 30 * Day, ["a"]).Faults), "same seed, same plan");
        if (name == "everything")
        {
            Assert.That(plan.Faults.Select(fault => fault.Kind).Distinct().Count(), Is.EqualTo(7));
        }
    }

    [Test]
    public void Create_UnknownName_SaysWhichThereAre() => Assert.That(
        () => FaultPlan.Create("flood", 1, Day, []), Throws.ArgumentException.With.Message.Contains("power-cuts")
            .And.Message.Contains("flood"));

    [Test]
    public void Clock_IsSetByTheFirstMomentOfNetwork_AlsoWithOutagesThatOverlap()
    {
        var plan = FaultPlan.Parse("no-network 1d 2d\nno-network 36h 3d");
        Assert.That(plan.IsClockSet(TimeSpan.Zero, TimeSpan.Zero), Is.True);
        Assert.That(plan.IsClockSet(1.2 * Day, 2.5 * Day), Is.False);
        Assert.That(plan.IsClockSet(1.2 * Day, 3 * Day), Is.True);
    }
}
