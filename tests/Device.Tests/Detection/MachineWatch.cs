using System;
using System.Collections.Generic;
using System.Linq;
using FeatureAlignment.Device.Detection;
using FeatureAlignment.Device.Sensors;
using FeatureAlignment.Device.Settings;
using FeatureAlignment.Kernels;
using FeatureAlignment.Simulation.Sensors;
using FeatureAlignment.Training;

namespace FeatureAlignment.Device.Tests.Detection;

/// <summary>All that watches and learns a machine, put together as the device application does, without storage and uplink.</summary>
internal sealed class MachineWatch : IDisposable
{
    private readonly MachineGenerator machine;
    private readonly DeviceSettings settings;
    private readonly SensorChannel[] channels;
    private readonly float[] readings;
    private readonly StreamSamples samples;
    private readonly WindowCoder coder;
    private TimeSpan time;

    public MachineWatch(MachineGenerator machine, DeviceSettings settings)
    {
        this.machine = machine;
        this.settings = settings;
        channels = Enumerable.Range(0, MachineGenerator.Channels.Count)
            .Select(index => new SensorChannel(new MachineSensor(machine, index, () => time), settings.StuckReadings)).ToArray();
        readings = new float[channels.Length];
        Scale = new RunningScale(channels.Length, settings.HalfLife / settings.SensorPeriod);
        Windows = new SensorWindows(settings.WindowReadings, settings.OverlapReadings, settings.SensorPeriod, Scale);
        MonitorOptions options = MonitorOptions.Create(settings, channels.Length);
        Monitor = new AnomalyMonitor(options);
        int inputs = Windows.Current.Values.Length;
        Replay = new ReplayWindow(
            settings.ReplayWindows, inputs, ReplayWindow.Spacing(settings.ReplayWindows, options.WindowStep, settings.LearnFor),
            settings.Training.Seed);
        samples = new StreamSamples(inputs, Replay);
        Trainer = Trainer.Create(settings.Training with { Batch = 1 + settings.ReplayPerWindow }, samples, KernelSet.Best);
        coder = new WindowCoder(
            Trainer.ResidentLayers.Select(resident => resident.Layer).ToArray(), settings.Training.Alignment, KernelSet.Best);
    }

    public RunningScale Scale { get; }

    public SensorWindows Windows { get; }

    public ReplayWindow Replay { get; }

    public AnomalyMonitor Monitor { get; }

    public Trainer Trainer { get; }

    /// <summary>Reads the sensors once each period from one time up to another.</summary>
    public IEnumerable<(TimeSpan Time, MonitorReport Report)> Run(TimeSpan from, TimeSpan to)
    {
        for (time = from; time < to; time += settings.SensorPeriod)
        {
            for (int i = 0; i < channels.Length; i++)
            {
                readings[i] = channels[i].Read();
            }

            if (Windows.Add(readings, time))
            {
                coder.Run(Windows.Current);
                MonitorReport report = Monitor.Observe(
                    Windows.Current, coder.Reconstruction, coder.Latents, (long)time.TotalMilliseconds);
                if (report.MayLearn)
                {
                    Windows.LearnScale();
                }

                if (report.MayTrain)
                {
                    samples.Offer(Windows.Current.Values);
                    Trainer.Step();
                }

                yield return (time, report);
            }
        }
    }

    public void Dispose() => Trainer.Dispose();
}
