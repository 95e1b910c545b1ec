using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using FeatureAlignment.Checkpoints;
using FeatureAlignment.Device.Platform;
using FeatureAlignment.Simulation.Storage;

namespace FeatureAlignment.Simulation.Board;

/// <summary>One start of a simulated board: the platform that the device application runs on, and cannot tell from a real one.</summary>
internal sealed class SimulatedBoard : IDevicePlatform
{
    private readonly SimulatedDevice device;

    public SimulatedBoard(SimulatedDevice device, string restartReason)
    {
        this.device = device;
        Clock = new SimulatedClock(device.World, device.Faults);
        Description = new DeviceDescription(device.Options.DeviceId, device.Options.Model.Board, "simulated", "0.1.0", restartReason);
        Flash = new DataFiles(device.Flash, device.Options.Data);
        Card = device.Card is null ? null : new DataFiles(device.Card, device.Options.Data);
        Uplink = device.Options.Uplink ?? device.Network.Connect();
        Sensors = device.Options.Sensors(() => device.World.Now)
            .Select(sensor => (ISensor)new SimulatedSensor(sensor, device.Faults, device.World)).ToArray();
        Indicator = new Lamp(device);
        Buttons = new PressedButtons(device);
        Health = new MemoryHealth(device);
        Watchdog = new SimulatedWatchdog(device);
    }

    public DeviceDescription Description { get; }

    public IDeviceStorage Flash { get; }

    public IDeviceStorage? Card { get; }

    public IDeviceClock Clock { get; }

    public IUplink Uplink { get; }

    public IReadOnlyList<ISensor> Sensors { get; }

    public IScreen? Screen => device.Options.Screen;

    public IIndicator Indicator { get; }

    public IButtons Buttons { get; }

    public IHealthSource Health { get; }

    public IWatchdog Watchdog { get; }

    public void Restart()
    {
    }

    private sealed class Lamp(SimulatedDevice device) : IIndicator
    {
        public void Show(IndicatorState state)
        {
            // Another state is other memory: a training that was taken up, an evaluation.
            if (state != device.Light)
            {
                device.Memory.LookSoon();
            }

            device.Light = state;
        }
    }

    private sealed class PressedButtons(SimulatedDevice device) : IButtons
    {
        public bool TryTakePress(out DeviceButton button) => device.Buttons.TryDequeue(out button);
    }

    private sealed class MemoryHealth(SimulatedDevice device) : IHealthSource
    {
        public long MemoryUsedBytes => device.Memory.Used;

        public long MemoryFreeBytes => Math.Max(0, device.Options.Model.HeapBytes - device.Memory.Used);

        public long LargestFreeBlockBytes => -1;

        public float TemperatureCelsius => float.NaN;
    }

    /// <summary>Fed too late, it would have restarted a real board: then it is a fault of the application.</summary>
    private sealed class SimulatedWatchdog(SimulatedDevice device) : IWatchdog
    {
        private TimeSpan last = device.World.Now;

        public void Feed()
        {
            TimeSpan now = device.World.Now;
            device.LongestUnfed = now - last > device.LongestUnfed ? now - last : device.LongestUnfed;
            last = now;

            // Nothing takes no time: the work since the last feeding took this.
            device.World.Advance(device.Options.TickTime);
        }
    }

    /// <summary>The data files of a desktop folder, read-only beside what is on the medium: they need not be copied to be tried.</summary>
    private sealed class DataFiles(SimulatedFlash medium, IStorage? data) : IDeviceStorage
    {
        public long FreeBytes => medium.FreeBytes;

        public IReadOnlyList<string> ListNames() => medium.ListNames();

        public Stream OpenRead(string name) =>
            data is not null && !medium.ListNames().Contains(name) && data.ListNames().Contains(name)
                ? data.OpenRead(name)
                : medium.OpenRead(name);

        public Stream Create(string name) => medium.Create(name);

        public Stream OpenScratch(string name, long length) => medium.OpenScratch(name, length);

        public void Flush(Stream file) => medium.Flush(file);

        public void Rename(string name, string newName) => medium.Rename(name, newName);

        public void Delete(string name) => medium.Delete(name);
    }
}
