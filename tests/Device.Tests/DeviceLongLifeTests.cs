using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using FeatureAlignment.Device.Platform;
using FeatureAlignment.Device.Reporting;
using FeatureAlignment.Device.Storage;
using FeatureAlignment.Device.Tests.Support;
using FeatureAlignment.Simulation;
using FeatureAlignment.Simulation.Faults;
using FeatureAlignment.Simulation.Sensors;
using FeatureAlignment.Simulation.Storage;
using FeatureAlignment.Telemetry;
using NUnit.Framework;

namespace FeatureAlignment.Device.Tests;

/// <summary>Lives of days and months in which everything goes wrong that can, with the settings as they come.</summary>
[TestFixture]
public sealed class DeviceLongLifeTests
{
    [Test]
    public void Everything_ForAWeek() => Live(7, 1);

    /// <summary>
    /// The bar of the device application, about a minute of computing a seed:
    /// <c>dotnet test --project tests/Device.Tests -c Release --filter "FullyQualifiedName~Everything_ForThreeMonths"</c>.
    /// </summary>
    [Test]
    [Explicit("Takes more than a minute.")]
    public void Everything_ForThreeMonths([Values(1, 2, 3)] int seed) => Live(90, seed);

    private static void Live(int days, int seed)
    {
        var machine = new MachineGenerator((ulong)seed);
        TimeSpan duration = TimeSpan.FromDays(days);
        var options = new SimulatedDeviceOptions
        {
            Duration = duration,
            Seed = (ulong)seed,
            Faults = FaultPlan.Create("everything", (ulong)seed, duration, MachineGenerator.Channels.Select(channel => channel.Name)
                .ToArray()),
            IsNetworkUnreliable = true,
            Sensors = time => MachineGenerator.Channels.Select((_, index) => (ISensor)new MachineSensor(machine, index, time)).ToArray(),
        };
        using var life = new TestLife(options) { KeepsRecords = false };
        var promises = new HighPriorityPromises(life);
        var written = new List<long>();
        long dropped = 0;
        for (int day = 1; day < days; day++)
        {
            life.At(TimeSpan.FromDays(day), () => written.Add(life.Device.Flash.Wear.BytesWritten));
        }

        life.Received = batch => dropped += batch.Points.Count(point => point.Name == MetricNames.SpoolDropped && point.Value > 0);
        life.Run();
        SimulatedDevice device = life.Device;
        TestContext.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"""
            {device.Starts} starts
            {device.Network.Batches:N0} batches, {device.Network.Repeated:N0} repeated, {device.Network.Records:N0} records
            {device.PeakMemoryBytes:N0} bytes at most, {device.Flash.Wear.BytesWritten:N0} written
            fed after {device.LongestUnfed.TotalSeconds:F1} s at most
            {promises.Kept:N0} batches of high priority seen in the spool
            """));

        Assert.That(promises.Broken(), Is.Empty, "batches of high priority that were flushed and are lost");
        Assert.That(promises.Kept, Is.GreaterThan(days));
        Assert.That(dropped, Is.Positive, "an outage of four days is more than the spool holds, and that is counted");

        // The budget holds for the days of operation; a power cut forgets up to an hour of the ledger.
        const long DailyBudget = 64 << 20;
        for (int day = 1; day < written.Count; day++)
        {
            Assert.That(written[day] - written[day - 1], Is.LessThan(DailyBudget), $"day {day}");
        }

        Assert.That(life.Device.PeakMemoryBytes, Is.LessThan(2 << 20));
    }

    /// <summary>Batches of high priority that were seen flushed in the spool, once an hour; each must have arrived or still be
    /// there.</summary>
    private sealed class HighPriorityPromises
    {
        private readonly TestLife life;
        private readonly HashSet<(int Boot, int Sequence)> promised = new();

        public HighPriorityPromises(TestLife life)
        {
            this.life = life;
            for (TimeSpan time = TimeSpan.FromHours(1); time < life.Device.World.Duration; time += TimeSpan.FromHours(1))
            {
                life.At(time, () => promised.UnionWith(Waiting()));
            }
        }

        public int Kept => promised.Count;

        public IEnumerable<(int, int)> Broken() =>
            promised.Where(name => !life.Device.Network.HasReceived(name.Boot, name.Sequence)).Except(Waiting());

        private (int, int)[] Waiting()
        {
            SimulatedFlash left = life.Device.Flash.CopyAfter(PowerLoss.Everything);
            return TelemetrySpool.Open(new StorageArea(left, "spool"), boot: int.MaxValue, 256 << 10, TimeSpan.FromMinutes(1)).Records
                .Where(record => record.Priority == TelemetryPriority.High).Select(record => (record.Boot, record.Sequence)).ToArray();
        }
    }
}
