using System;
using System.Collections.Generic;
using System.IO;
using FeatureAlignment.DeviceApp.Logging;
using Meadow;
using Meadow.Cloud;
using Meadow.Devices;
using Meadow.Hardware;
using Meadow.Logging;
using Meadow.Units;
using Meadow.Update;
using ILogger = Microsoft.Extensions.Logging.ILogger;
using LogLevel = Meadow.Logging.LogLevel;

namespace FeatureAlignment.DeviceApp.Tests.Support;

/// <summary>A board as Meadow shows it, with a folder for its flash; registers itself with the Resolver until disposed.</summary>
internal sealed class FakeBoard
    : IPlatformOS, IDeviceInformation, IWatchdogController, IReliabilityService, IUpdateService, ILogProvider, IF7FeatherPinout, IDisposable
{
    public FakeBoard()
    {
        Directory.CreateDirectory(DataDirectory);
        var log = new Logger { LogLevel = LogLevel.Trace };
        log.AddProvider(this);
        Resolver.Services.Clear();
        Resolver.Services.Add(log);
        Resolver.Services.Add<IReliabilityService>(this);
        Resolver.Services.Add<IUpdateService>(this);
        Resolver.Services.Add<IMeadowCloudService>(Cloud);
        Resolver.Services.Add<ICommandService>(Cloud);
        Logger = new MeadowLoggerProvider(log).CreateLogger("test");
        Feather = new F7FeatherV2(this, this, this, this);
        Resolver.Services.Add<IMeadowDevice>(Feather);
    }

    public string Root { get; } = Directory.CreateTempSubdirectory("board-").FullName;

    public string DataDirectory => Path.Combine(Root, "Data");

    public F7FeatherV2 Feather { get; }

    public FakeCloud Cloud { get; } = new();

    public List<string> LogLines { get; } = [];

    public ILogger Logger { get; }

    public List<TimeSpan> WatchdogStarts { get; } = [];

    public int WatchdogResets { get; private set; }

    public int Resets { get; private set; }

    public List<IStorageInformation> Drives { get; } = [new Drive("Internal Flash", 10_000_000)];

    public IPlatformOS.FileSystemInfo FileSystem => new Folders(Root, Drives);

    public MeadowPlatform Platform { get; set; } = MeadowPlatform.F7FeatherV2;

    public string UniqueID { get; set; } = "2A0036000C51383235333836";

    public string OSVersion => "2.5.0.0";

    public string[] CrashReports { get; set; } = [];

    public bool LastBootWasFromCrash => CrashReports.Length > 0;

    public ResetReason LastResetReason { get; set; }

    public UpdateState State { get; set; }

    public float ProcessorCelsius { get; set; } = 41;

    public IPin OnboardLedBlue { get; } = new Pin("PA0");

    public IPin OnboardLedGreen { get; } = new Pin("PA1");

    public IPin OnboardLedRed { get; } = new Pin("PA2");

    public Temperature GetCpuTemperature() => new(ProcessorCelsius);

    public AllocationInfo GetMemoryAllocationInfo() => new() { TotalFree = 6_000_000, LargestFreeBlock = 5_000_000 };

    public void Reset()
    {
        // Meadow's queue is in memory.
        Cloud.Queue.Clear();
        Resets++;
    }

    // The hardware's limit, as in F7MicroBase.IWatchdogController.cs.
    public void WatchdogEnable(TimeSpan timeout) =>
        WatchdogStarts.Add(timeout.TotalMilliseconds < 4096 * 8 ? timeout : throw new ArgumentOutOfRangeException(nameof(timeout)));

    public void WatchdogReset() => WatchdogResets++;

    public string[] GetCrashData() => CrashReports;

    public void ClearCrashData() => CrashReports = [];

    public void Log(LogLevel level, string message, string? messageGroup)
    {
        lock (LogLines)
        {
            LogLines.Add($"{level}: {message}");
        }
    }

    public void Dispose()
    {
        Resolver.Services.Clear();
        Directory.Delete(Root, recursive: true);
    }

    internal sealed record Drive(string Name, double FreeBytes) : IStorageInformation
    {
        public DigitalStorage SpaceAvailable => new(FreeBytes);

        public DigitalStorage Size => new(2 * FreeBytes);
    }

    /// <summary>As F7ExternalStorage: named after its folder under /, and silent about its space.</summary>
    internal sealed record SdCard(string Name) : IExternalStorage
    {
        public DigitalStorage SpaceAvailable => throw new NotSupportedException();

        public DigitalStorage Size => throw new NotSupportedException();

        public void Eject()
        {
        }
    }

    private sealed record Pin(string Name) : IPin;

    private sealed class Folders(string root, IEnumerable<IStorageInformation> drives) : IPlatformOS.FileSystemInfo
    {
        public override IEnumerable<IStorageInformation> Drives { get; } = drives;

        public override string FileSystemRoot { get; } = root;
    }
}
