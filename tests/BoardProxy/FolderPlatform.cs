using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using FeatureAlignment.Checkpoints;
using FeatureAlignment.Device.Platform;
using FeatureAlignment.Telemetry;

namespace FeatureAlignment.BoardProxy;

/// <summary>
/// The least that the device application runs on: a folder, a clock that each piece of work moves on, a dashboard that is away half of the
/// time.
/// </summary>
internal sealed class FolderPlatform : IDevicePlatform, IDeviceClock, IUplink, IIndicator, IButtons, IHealthSource, IWatchdog
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(20);

    private readonly int ticksToPowerCut;
    private readonly CancellationTokenSource idle;
    private bool isWaiting;
    private long allocatedBefore;

    /// <param name="storage">What the lives share.</param>
    /// <param name="idle">Cancelled when the device has nothing more to do.</param>
    /// <param name="ticksToPowerCut">Pieces of work after which the power goes.</param>
    public FolderPlatform(Folder storage, CancellationTokenSource idle, int ticksToPowerCut = int.MaxValue)
    {
        this.idle = idle;
        Flash = storage;
        this.ticksToPowerCut = ticksToPowerCut;
        allocatedBefore = GC.GetAllocatedBytesForCurrentThread();
    }

    /// <summary>Pieces of work.</summary>
    public int Ticks { get; private set; }

    /// <summary>Of these, those in which nothing was allocated, chores included.</summary>
    public int QuietTicks { get; private set; }

    /// <summary>Batches that the dashboard took.</summary>
    public int Batches { get; private set; }

    /// <summary>Most bytes that were alive when anybody looked.</summary>
    public long PeakBytes { get; private set; }

    public DeviceDescription Description { get; } = new("proxy", "BoardProxy", "", "0.1.0", "power");

    public IDeviceStorage Flash { get; }

    public IDeviceStorage? Card => null;

    public IDeviceClock Clock => this;

    public IUplink Uplink => this;

    public IReadOnlyList<ISensor> Sensors { get; } = Array.Empty<ISensor>();

    public IScreen? Screen => null;

    public IIndicator Indicator => this;

    public IButtons Buttons => this;

    public IHealthSource Health => this;

    public IWatchdog Watchdog => this;

    public long UnixMilliseconds => 1_767_225_600_000 + (long)Uptime.TotalMilliseconds;

    public TimeSpan Uptime { get; private set; }

    public bool IsReady => !isWaiting;

    // Away for ten seconds of twenty, so that the spool has something to keep.
    public string Status => Uptime.TotalSeconds % 20 < 10 ? "online" : "offline";

    public long MemoryUsedBytes => GC.GetTotalMemory(false);

    public long MemoryFreeBytes => -1;

    public long LargestFreeBlockBytes => -1;

    public float TemperatureCelsius => float.NaN;

    public void Wait(TimeSpan duration, CancellationToken stopping) => Uptime += duration;

    public void Restart() => throw new NotSupportedException("Nobody asks for a restart here.");

    public void Feed()
    {
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        Ticks++;
        QuietTicks += allocated == allocatedBefore ? 1 : 0;
        Uptime += Tick;
        if (Ticks % 250 == 0)
        {
            PeakBytes = Math.Max(PeakBytes, GC.GetTotalMemory(true));
        }

        if (Ticks >= ticksToPowerCut)
        {
            throw new PowerCutException();
        }

        allocatedBefore = GC.GetAllocatedBytesForCurrentThread();
    }

    public void Show(IndicatorState state)
    {
        if (state == IndicatorState.Paused)
        {
            idle.Cancel();
        }
        else if (state == IndicatorState.Fault)
        {
            throw new InvalidOperationException("The device needs a person; see its files.");
        }
    }

    public bool TryTakePress(out DeviceButton button)
    {
        button = default;
        return false;
    }

    public void Send(in BatchHeader header, ReadOnlyMemory<byte> body) => isWaiting = true;

    public bool TryTakeOutcome(out UplinkOutcome outcome)
    {
        bool isTaken = Status == "online";
        outcome = isTaken
            ? new UplinkOutcome(UplinkResult.Delivered, null, "", TimeSpan.Zero)
            : new UplinkOutcome(UplinkResult.Failed, null, "away", TimeSpan.Zero);
        Batches += isWaiting && isTaken ? 1 : 0;
        bool hasOutcome = isWaiting;
        isWaiting = false;
        return hasOutcome;
    }

    public bool TryTakeCommand(out TelemetryCommand command)
    {
        command = null!;
        return false;
    }

    /// <summary>A folder as a medium that does not say how much room it has.</summary>
    public sealed class Folder : IDeviceStorage
    {
        private readonly FolderStorage folder;

        public Folder(string path) => folder = FolderStorage.OpenOrCreate(path);

        public long FreeBytes => -1;

        public IReadOnlyList<string> ListNames() => folder.ListNames();

        public Stream OpenRead(string name) => folder.OpenRead(name);

        public Stream Create(string name) => folder.Create(name);

        public Stream OpenScratch(string name, long length) => folder.OpenScratch(name, length);

        public void Flush(Stream file) => folder.Flush(file);

        public void Rename(string name, string newName) => folder.Rename(name, newName);

        public void Delete(string name) => folder.Delete(name);
    }

    /// <summary>The power is gone.</summary>
    public sealed class PowerCutException : Exception
    {
    }
}
