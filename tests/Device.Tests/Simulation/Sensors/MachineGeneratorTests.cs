using System;
using System.Collections.Generic;
using System.Linq;
using FeatureAlignment.Simulation.Sensors;
using NUnit.Framework;

namespace FeatureAlignment.Device.Tests.Simulation.Sensors;

[TestFixture]
public sealed class MachineGeneratorTests
{
    private const int VibrationX = 1;
    private const int VibrationY = 2;
    private const int Ambient = 5;

    private static readonly TimeSpan Month = TimeSpan.FromDays(28);

    [Test]
    public void Read_InAnyOrder_GivesTheSameValues()
    {
        var forward = new MachineGenerator(3);
        var random = new MachineGenerator(3);
        TimeSpan[] times = Enumerable.Range(0, 200).Select(i => TimeSpan.FromSeconds(i * 1237.5)).ToArray();
        Dictionary<TimeSpan, float> expected = times.ToDictionary(time => time, time => forward.Read(3, time));
        foreach (TimeSpan time in times.OrderBy(time => (time.Ticks * 7919) % 100_003))
        {
            Assert.That(random.Read(3, time), Is.EqualTo(expected[time]));
        }
    }

    [Test]
    public void Read_OtherSeeds_GiveOtherMachines() =>
        Assert.That(
            new MachineGenerator(1).Read(0, TimeSpan.FromHours(9)), Is.Not.EqualTo(new MachineGenerator(2).Read(0, TimeSpan.FromHours(9))));

    [Test]
    public void Read_OnePeriod_HasDaysAndLoads()
    {
        var machine = new MachineGenerator(5);
        double afternoons = Enumerable.Range(0, 20).Average(day => machine.Read(Ambient, TimeSpan.FromHours((24 * day) + 15)));
        double nights = Enumerable.Range(0, 20).Average(day => machine.Read(Ambient, TimeSpan.FromHours((24 * day) + 3)));
        Assert.That(afternoons - nights, Is.InRange(6, 10));

        double[] current = Series(machine, 0, TimeSpan.Zero, 1000), vibration = Series(machine, VibrationX, TimeSpan.Zero, 1000);
        Assert.That(current.Count(value => value < 1), Is.InRange(100, 700), "off at times");
        Assert.That(Correlation(current, vibration), Is.GreaterThan(0.97));
    }

    [Test]
    public void BearingWear_UntilTheFailure_KeepsEveryChannelWithinFourDeviations([Range(1, 20)] int number)
    {
        // The machines of BearingWearTests.
        var machine = new MachineGenerator((ulong)number);
        MachineFault wear = MachineFault.BearingWear(Month, Month + TimeSpan.FromHours(60));
        machine.Order(wear);
        const int Minutes = 28 * 24 * 60;
        for (int channel = 0; channel < MachineGenerator.Channels.Count; channel++)
        {
            double[] healthy = Series(machine, channel, TimeSpan.Zero, Minutes);
            double mean = healthy.Average(), deviation = Math.Sqrt(healthy.Average(value => (value - mean) * (value - mean)));
            double largest = Series(machine, channel, wear.Start, 48 * 60).Max(value => Math.Abs(value - mean) / deviation);
            Assert.That(largest, Is.LessThan(4), MachineGenerator.Channels[channel].Name);
        }
    }

    [Test]
    public void BearingWear_ChangesVibrationAtTheSameLoadAndIsRepaired()
    {
        var worn = new MachineGenerator(7);
        var healthy = new MachineGenerator(7);
        MachineFault wear = MachineFault.BearingWear(TimeSpan.FromDays(2), TimeSpan.FromDays(5));
        worn.Order(wear);
        double Ratio(TimeSpan time) => Series(worn, VibrationY, time, 300).Sum() / Series(healthy, VibrationY, time, 300).Sum();
        Assert.That(Ratio(TimeSpan.FromDays(1)), Is.EqualTo(1));
        Assert.That(Ratio(wear.Failure), Is.InRange(1.5, 1.9));
        Assert.That(Ratio(wear.End), Is.EqualTo(1));
        Assert.That((wear.Wear(wear.Start), wear.Wear(wear.Failure)), Is.EqualTo((0.0, 1.0)));
        Assert.That(wear.Wear(wear.Start + TimeSpan.FromHours(24)), Is.InRange(0.2, 0.35));
    }

    [Test]
    public void SensorFaults_AreThereFromStartToEnd()
    {
        TimeSpan start = TimeSpan.FromHours(10), end = TimeSpan.FromHours(20);
        var healthy = new MachineGenerator(9);
        var machine = new MachineGenerator(9);
        machine.Order(MachineFault.StuckSensor(0, start, end));
        machine.Order(MachineFault.Step(Ambient, start, end, 2));
        machine.Order(MachineFault.SpikeTrain(VibrationX, start, end, 5));

        Assert.That(Series(machine, 0, start, 600).Distinct().Count(), Is.EqualTo(1));
        float step = machine.Read(Ambient, start) - healthy.Read(Ambient, start);
        Assert.That(step, Is.EqualTo(2 * MachineGenerator.Channels[Ambient].Deviation).Within(1e-3));
        int spikes = Series(machine, VibrationX, start, 600).Zip(Series(healthy, VibrationX, start, 600))
            .Count(pair => pair.First != pair.Second);
        Assert.That(spikes, Is.InRange(15, 50), "one reading in twenty of 600");
        foreach (int channel in new[] { 0, VibrationX, Ambient })
        {
            Assert.That(machine.Read(channel, end), Is.EqualTo(healthy.Read(channel, end)));
            TimeSpan before = start - TimeSpan.FromSeconds(1);
            Assert.That(machine.Read(channel, before), Is.EqualTo(healthy.Read(channel, before)));
        }
    }

    [Test]
    public void MachineSensor_ReadsTheMachineAtItsTime()
    {
        TimeSpan now = TimeSpan.FromHours(3);
        var machine = new MachineGenerator(1);
        var sensor = new MachineSensor(machine, 7, () => now);
        Assert.That((sensor.Name, sensor.Unit), Is.EqualTo(("pressure", "hPa")));
        Assert.That(sensor.Read(), Is.EqualTo(new MachineGenerator(1).Read(7, now)));
    }

    // One reading a minute.
    private static double[] Series(MachineGenerator machine, int channel, TimeSpan start, int count) =>
        Enumerable.Range(0, count).Select(i => (double)machine.Read(channel, start + TimeSpan.FromMinutes(i))).ToArray();

    private static double Correlation(double[] a, double[] b)
    {
        double ma = a.Average(), mb = b.Average();
        double ab = a.Zip(b).Sum(pair => (pair.First - ma) * (pair.Second - mb));
        return ab / Math.Sqrt(a.Sum(x => (x - ma) * (x - ma)) * b.Sum(x => (x - mb) * (x - mb)));
    }
}
