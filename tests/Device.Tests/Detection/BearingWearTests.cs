using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using FeatureAlignment.Device.Detection;
using FeatureAlignment.Device.Settings;
using FeatureAlignment.Simulation.Sensors;
using NUnit.Framework;

namespace FeatureAlignment.Device.Tests.Detection;

/// <summary>
/// What the detection is for, with default settings: four fault-free weeks, then bearing wear that grows over 48 hours. The defaults were
/// chosen on seeds 100 to 219; these are seeds 1 to 20. The table that this prints stands in docs/anomaly-detection.md.
/// </summary>
[TestFixture]
public sealed class BearingWearTests
{
    private const int Seeds = 20;
    private const int HealthyDays = 28;

    [Test]
    public void Wear_OnTwentyMachines_IsDetectedBeforeFailureWithFewFalseAlarms()
    {
        DeviceSettings settings = SettingsReader.Read("").Settings;
        var outcomes = new Outcome[Seeds];
        Parallel.For(0, Seeds, new ParallelOptions { MaxDegreeOfParallelism = 2 }, i => outcomes[i] = Watch((ulong)i + 1, settings));

        double weeks = Seeds * (HealthyDays - settings.LearnFor.TotalDays) / 7;
        foreach (Outcome outcome in outcomes)
        {
            string ours = FormattableString.Invariant($"{outcome.HoursBefore,5:F1} h before, {outcome.FalseAlarms} false");
            string theirs = FormattableString.Invariant($"{outcome.ZHoursBefore,5:F1} h, {outcome.ZFalseAlarms} false");
            TestContext.Out.WriteLine($"seed {outcome.Seed,2}: {ours}; z-score {theirs}");
        }

        int detected = outcomes.Count(outcome => outcome.HoursBefore > 0), zDetected = outcomes.Count(outcome => outcome.ZHoursBefore > 0);
        double falseAWeek = outcomes.Sum(outcome => outcome.FalseAlarms) / weeks;
        double zFalseAWeek = outcomes.Sum(outcome => outcome.ZFalseAlarms) / weeks;
        double median = Median(outcomes.Select(outcome => outcome.HoursBefore));
        double zMedian = Median(outcomes.Select(outcome => outcome.ZHoursBefore));
        TestContext.Out.WriteLine(FormattableString.Invariant(
            $"ours: {detected} of {Seeds}, median {median:F1} h before, {falseAWeek:F2} false alarms a week"));
        TestContext.Out.WriteLine(FormattableString.Invariant(
            $"z-score: {zDetected} of {Seeds}, median {zMedian:F1} h before, {zFalseAWeek:F2} false alarms a week"));
        Assert.That(detected, Is.EqualTo(Seeds));
        Assert.That(falseAWeek, Is.LessThan(1));
        Assert.That(zDetected, Is.LessThan(detected), "what learning adds");
    }

    private static Outcome Watch(ulong seed, DeviceSettings settings)
    {
        TimeSpan start = TimeSpan.FromDays(HealthyDays);
        MachineFault wear = MachineFault.BearingWear(start, start + MachineFault.WearTime + TimeSpan.FromHours(1));
        var machine = new MachineGenerator(seed);
        machine.Order(wear);
        using var watch = new MachineWatch(machine, settings);
        int falseAlarms = 0, zFalseAlarms = 0;
        double hours = double.NaN, zHours = double.NaN;
        bool isZAlarm = false;
        foreach ((TimeSpan time, MonitorReport report) in watch.Run(TimeSpan.Zero, wear.Failure))
        {
            // An alarm that was open before the wear began does not count as having seen it.
            bool starts = report.Episode == EpisodeChange.Started, zStarts = report.IsZScoreAlarm && !isZAlarm;
            isZAlarm = report.IsZScoreAlarm;
            if (time < start)
            {
                falseAlarms += starts ? 1 : 0;
                zFalseAlarms += zStarts ? 1 : 0;
                continue;
            }

            double before = (wear.Failure - time).TotalHours;
            hours = starts && double.IsNaN(hours) ? before : hours;
            zHours = zStarts && double.IsNaN(zHours) ? before : zHours;
        }

        return new Outcome(seed, hours, falseAlarms, zHours, zFalseAlarms);
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] known = values.Where(value => !double.IsNaN(value)).Order().ToArray();
        return known.Length > 0 ? known[known.Length / 2] : double.NaN;
    }

    private sealed record Outcome(ulong Seed, double HoursBefore, int FalseAlarms, double ZHoursBefore, int ZFalseAlarms);
}
