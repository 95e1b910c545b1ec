// Read from WildernessLabs/Meadow.Core, develop 724db610: Source/Meadow.Core/Bases/App.cs, App_D.cs, App_D_P_H.cs, MeadowOS.FileSystem.cs;
// setters that Meadow sets by reflection are open to the tests here.
using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using System.Threading.Tasks;

namespace Meadow;

public abstract class AppBase : IApp
{
    public CancellationToken CancellationToken { get; internal set; }

    public Dictionary<string, string> Settings { get; internal set; } = default!;

    public virtual Task Run() => Task.CompletedTask;

    public virtual Task Initialize() => Task.CompletedTask;

    public virtual Task OnShutdown() => Task.CompletedTask;

    public virtual Task OnError(Exception e) => Task.CompletedTask;
}

public abstract class App<D> : AppBase where D : class, IMeadowDevice
{
    protected App() => Device = Resolver.Device as D ?? throw new ArgumentException($"Current device is not {typeof(D).Name}");

    public static D Device { get; protected set; } = default!;
}

public abstract class App<D, P, H> : AppBase
    where D : class, IMeadowDevice
    where P : IMeadowAppEmbeddedHardwareProvider<H>
    where H : IMeadowAppEmbeddedHardware
{
    public static H Hardware { get; internal set; } = default!;
}

public static class MeadowOS
{
    public static class FileSystem
    {
        public static string UserFileSystemRoot => Resolver.Device?.PlatformOS?.FileSystem?.FileSystemRoot ?? "/meadow0/";

        public static string DataDirectory => Path.GetFullPath("Data", UserFileSystemRoot);
    }
}
