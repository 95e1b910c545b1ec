// Read from WildernessLabs/Meadow.Contracts, 2.1.0.1 (d83b7ec): Source/Meadow.Contracts/Hardware/Contracts/{IApp,IMeadowDevice,
// IMeadowAppEmbeddedHardware,IMeadowAppEmbeddedHardwareProvider}.cs, Hardware/{Resolver,ServiceCollection}.cs, IReliabilityService.cs,
// Platform OS/{IPlatformOS,IPlatformOS.Storage,IStorageInformation}.cs, Hardware/IPowerController.cs, Update/UpdateState.cs, Color.cs,
// Hardware/IChangeResult.cs.
using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Meadow.Cloud;
using Meadow.Hardware;
using Meadow.Logging;
using Meadow.Units;
using Meadow.Update;

namespace Meadow;

public interface IApp
{
    Dictionary<string, string> Settings { get; }

    CancellationToken CancellationToken { get; }

    Task Initialize();

    Task Run();

    Task OnShutdown();

    Task OnError(Exception e);
}

public interface IMeadowDevice : IWatchdogController
{
    IPlatformOS PlatformOS { get; }

    IDeviceInformation Information { get; }
}

public interface IMeadowAppEmbeddedHardware
{
    IMeadowDevice ComputeModule { get; }
}

public interface IMeadowAppEmbeddedHardwareProvider<H> where H : IMeadowAppEmbeddedHardware
{
    H Create(IMeadowDevice device);
}

public interface IPowerController
{
    void Reset();
}

public partial interface IPlatformOS : IPowerController
{
    FileSystemInfo FileSystem { get; }

    Temperature GetCpuTemperature();

    AllocationInfo GetMemoryAllocationInfo();

    abstract class FileSystemInfo
    {
        public abstract IEnumerable<IStorageInformation> Drives { get; }

        public abstract string FileSystemRoot { get; }

        public string DataDirectory => Path.GetFullPath("Data", FileSystemRoot);
    }
}

public struct AllocationInfo
{
    public int LargestFreeBlock { get; set; }

    public int TotalFree { get; set; }
}

public interface IStorageInformation
{
    string Name { get; }

    DigitalStorage SpaceAvailable { get; }

    DigitalStorage Size { get; }
}

public interface IExternalStorage : IStorageInformation
{
    void Eject();
}

public interface IReliabilityService
{
    bool LastBootWasFromCrash { get; }

    ResetReason LastResetReason { get; }

    string[] GetCrashData();

    void ClearCrashData();
}

public enum CloudConnectionState
{
    Unknown,
    Disconnected,
    Authenticating,
    Connecting,
    Subscribing,
    Connected,
    Paused,
}

public enum UpdateState
{
    Dead,
    Disconnected,
    Connected,
    DownloadingFile,
    UpdateInProgress,
}

public interface IChangeResult<UNIT> where UNIT : struct
{
    UNIT New { get; set; }

    UNIT? Old { get; set; }
}

public struct Color
{
    public Color(byte red, byte green, byte blue, byte alpha = 255)
    {
        R = red;
        G = green;
        B = blue;
        A = alpha;
    }

    public static Color White => new(255, 255, 255);

    public static Color Blue => new(0, 0, 255);

    public static Color Green => new(0, 128, 0);

    public static Color Red => new(255, 0, 0);

    public byte A { get; }

    public byte R { get; }

    public byte G { get; }

    public byte B { get; }
}

public class ServiceCollection
{
    private readonly Dictionary<Type, object> items = [];

    public void Add<TRegisterAs>(TRegisterAs o) where TRegisterAs : class => items.Add(typeof(TRegisterAs), o);

    public TRegisteredType? Get<TRegisteredType>() where TRegisteredType : class =>
        items.TryGetValue(typeof(TRegisteredType), out object? item) ? (TRegisteredType)item : null;

    internal void Clear() => items.Clear();
}

public static class Resolver
{
    public static ServiceCollection Services { get; } = new();

#pragma warning disable CS8603 // As in the original: null before Meadow has started.
    public static IMeadowDevice Device => Services.Get<IMeadowDevice>();

    public static Logger Log => Services.Get<Logger>();

    public static IUpdateService UpdateService => Services.Get<IUpdateService>();

    public static IMeadowCloudService MeadowCloudService => Services.Get<IMeadowCloudService>();

    public static ICommandService CommandService => Services.Get<ICommandService>();
#pragma warning restore CS8603
}
