using System;
using System.Collections.Generic;
using System.Linq;
using FeatureAlignment.Device.Platform;
using FeatureAlignment.Simulation;
using FeatureAlignment.Simulation.Faults;
using FeatureAlignment.Simulation.Sensors;
using FeatureAlignment.Telemetry;
using Microsoft.Extensions.Logging;

namespace FeatureAlignment.Simulator.Devices;

/// <summary>An alarm with the truth beside it.</summary>
/// <param name="Start">When it was raised, since the device's life began.</param>
/// <param name="Text">What the device said.</param>
/// <param name="Truth">What was really wrong then; empty for nothing.</param>
internal sealed record ObservedAlarm(TimeSpan Start, string Text, string Truth)
{
    public bool IsFalse => Truth.Length == 0;

    /// <summary>When the device called it over; null while it has not.</summary>
    public TimeSpan? End { get; set; }
}

/// <summary>
/// Looks at a simulated device from outside: what it says at once through its log, its figures as they arrive, and what is true.
/// </summary>
internal sealed class DeviceObserver(MachineGenerator? machine, IReadOnlyList<string> sensors, TimeSpan elapsed) : ILogger
{
    private readonly Dictionary<(int? Layer, string Name), double> latest = [];
    private readonly List<ObservedAlarm> alarms = [];
    private SimulatedDevice? device;

    /// <summary>Told of what a person would want to see at once.</summary>
    public Action<string>? Noticed { get; set; }

    public IReadOnlyList<ObservedAlarm> Alarms => alarms;

    public int LayersSeen => latest.Keys.Max(key => key.Layer) + 1 ?? 0;

    /// <summary>What the device last said; with <see cref="IndicatorState.Fault"/>, what it needs a person for.</summary>
    public string LastFault { get; private set; } = "";

    /// <summary>Batches that arrived, each counted once.</summary>
    public long Batches { get; private set; }

    /// <summary>Points, images, events and lines of the log that arrived.</summary>
    public long Records { get; private set; }

    /// <summary>Samples seen, by the newest record.</summary>
    public long Samples { get; private set; }

    /// <summary>Of the last evaluation that arrived; null before the first.</summary>
    public double? Accuracy { get; private set; }

    /// <summary>Time since the device's life began, over all calls.</summary>
    public TimeSpan Now => elapsed + (device?.World.Now ?? TimeSpan.Zero);

    /// <summary>Records that did not find room in the spool, or were no use to the other side.</summary>
    public long Dropped => (long)(Latest(MetricNames.SpoolDropped) + Latest(MetricNames.RecordsDropped));

    public void Attach(SimulatedDevice simulated) => device = simulated;

    /// <summary>The newest value of a series; NaN when none has arrived.</summary>
    public double Value(string name, int? layer = null) => latest.GetValueOrDefault((layer, name), double.NaN);

    /// <summary>Takes a batch that has arrived for the first time.</summary>
    public void Take(TelemetryBatch batch)
    {
        Batches++;
        Records += batch.Points.Count + batch.Images.Count + batch.Events.Count + batch.Logs.Count;
        foreach (TelemetryPoint point in batch.Points)
        {
            latest[(point.Layer, point.Name)] = point.Value;
            Samples = Math.Max(Samples, point.Step);
        }

        foreach (TelemetryEvent one in batch.Events)
        {
            Samples = Math.Max(Samples, one.Step);
            if (one.Kind == EventKinds.Evaluation && one.Data.TryGet("accuracy", out TelemetryValue? accuracy))
            {
                Accuracy = accuracy.Number;
            }
        }
    }

    /// <summary>What is really wrong now with machine and sensors; empty for nothing.</summary>
    public string Truth()
    {
        TimeSpan now = Now;
        IEnumerable<string> ofMachine = machine?.Faults.Where(fault => fault.IsPresent(now)).Select(fault => Text(fault, now)) ?? [];
        IEnumerable<string> ofSensors = device is null ? [] : sensors
            .Where(sensor => device.Faults.FaultOf(sensor, device.World.Now) is not null)
            .Select(sensor => $"{sensor}: {Text(device.Faults.FaultOf(sensor, device.World.Now)!.Value)}");
        return string.Join(", ", ofMachine.Concat(ofSensors));
    }

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        string text = formatter(state, exception);
        if (logLevel == LogLevel.Critical)
        {
            LastFault = text;
            Noticed?.Invoke(text);
            return;
        }

        int colon = text.IndexOf(": ", StringComparison.Ordinal);
        string said = colon < 0 ? text : text[(colon + 2)..];
        switch (colon < 0 ? "" : text[..colon])
        {
            case EventKinds.AnomalyStart:
                alarms.Add(new ObservedAlarm(Now, said, Truth()));
                Noticed?.Invoke($"{said} Truth: {(alarms[^1].IsFalse ? "nothing is wrong" : alarms[^1].Truth)}.");
                break;
            case EventKinds.AnomalyEnd:
                if (alarms.Count > 0)
                {
                    alarms[^1].End = Now;
                }

                Noticed?.Invoke(said);
                break;
            case EventKinds.RunStarted or EventKinds.Evaluation or EventKinds.LayerFinished or EventKinds.RunFinished
                or EventKinds.NonFiniteLoss or EventKinds.Resumed when device is null or { Starts: 1 }:
                Noticed?.Invoke(said);
                break;
        }
    }

    private double Latest(string name) => latest.GetValueOrDefault((null, name));

    private static string Text(MachineFault fault, TimeSpan now) => fault.Kind switch
    {
        MachineFaultKind.BearingWear => FormattableString.Invariant($"bearing wear at {100 * fault.Wear(now):0} %"),
        MachineFaultKind.StuckSensor => $"{MachineGenerator.Channels[fault.Channel].Name}: stuck",
        MachineFaultKind.Step => $"{MachineGenerator.Channels[fault.Channel].Name}: step",
        _ => $"{MachineGenerator.Channels[fault.Channel].Name}: spikes",
    };

    private static string Text(FaultKind kind) => kind switch
    {
        FaultKind.SensorStuck => "stuck",
        FaultKind.SensorNaN => "NaN",
        _ => "dead",
    };
}
