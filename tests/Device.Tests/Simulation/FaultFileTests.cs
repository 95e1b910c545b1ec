using System;
using System.Linq;
using FeatureAlignment.Simulation.Faults;
using FeatureAlignment.Simulation.Sensors;
using NUnit.Framework;

namespace FeatureAlignment.Device.Tests.Simulation;

[TestFixture]
public sealed class FaultFileTests
{
    [Test]
    public void Parse_LinesOfBoardAndMachine_KeepsThemApart()
    {
        var file = FaultFile.Parse(
            """
            # a week
            power-cut 36h
            bearing-wear 2d        # fails at day 4
            step 1d 2d humidity -3.5
            no-network 12h 13h
            spike-train 1h 2h current 4
            stuck-sensor 3h 4h pressure
            """);

        Assert.That(file.Plan.Faults.Select(fault => fault.Kind), Is.EqualTo(new[] { FaultKind.NoNetwork, FaultKind.PowerCut }));
        Assert.That(
            file.Machine.Select(fault => (fault.Kind, fault.Channel, fault.Size)),
            Is.EqualTo(new[]
            {
                (MachineFaultKind.BearingWear, -1, 0d), (MachineFaultKind.Step, 6, -3.5), (MachineFaultKind.SpikeTrain, 0, 4d),
                (MachineFaultKind.StuckSensor, 7, 0d),
            }));
        Assert.That(file.Machine[0].Failure, Is.EqualTo(TimeSpan.FromDays(4)));
    }

    [TestCase("power-cut 1h\nstep 2h 1h humidity 3\n", "Line 2 must be 'bearing-wear 8d'", Description = "ends before it begins")]
    [TestCase("step 1h 2h moisture 3\n", "humidity, pressure; was 'step 1h 2h moisture 3'.")]
    [TestCase("bearing-wear 8\n", "was 'bearing-wear 8'.")]
    [TestCase("step 1h 2h humidity NaN\n", "Line 1 must be")]
    [TestCase("bearing-wear 2d\nno-network 2d\n", "Line 2 must be 'power-cut 36h'", Description = "the number of the whole text")]
    public void Parse_BadLine_NamesItsNumberAndWhatWouldBeRight(string text, string expected) =>
        Assert.That(() => FaultFile.Parse(text), Throws.InstanceOf<FormatException>().With.Message.Contains(expected));

    [Test]
    public void After_SomeTime_LeavesOutWhatIsOverAndMovesTheRest()
    {
        FaultPlan plan = FaultPlan.Parse("power-cut 1h\npower-cut 5h\nno-network 1h 4h\nbad-flash 1h 2h\n").After(TimeSpan.FromHours(3));

        Assert.That(plan.NextPowerCut(TimeSpan.Zero), Is.EqualTo(TimeSpan.FromHours(2)));
        Assert.That(plan.IsPresent(FaultKind.NoNetwork, TimeSpan.FromMinutes(59)), Is.True);
        Assert.That(plan.IsPresent(FaultKind.NoNetwork, TimeSpan.FromMinutes(60)), Is.False);
        Assert.That(plan.Faults, Has.Count.EqualTo(2));
    }
}
