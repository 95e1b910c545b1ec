using System.Collections.Generic;
using System.Linq;
using FeatureAlignment.Device.Platform;
using FeatureAlignment.Telemetry;
using Meadow;
using Meadow.Peripherals.Displays;
using Meadow.Peripherals.Leds;
using Microsoft.Extensions.Logging;

namespace FeatureAlignment.DeviceApp.Board;

/// <summary>What differs between boards.</summary>
internal sealed record BoardParts(IRgbPwmLed? Led, IPixelDisplay? Display, IReadOnlyList<ISensor> Sensors, BoardButtons Buttons);

/// <summary>The seam on a Meadow F7.</summary>
internal sealed class BoardPlatform : IDevicePlatform
{
    private readonly IMeadowDevice device;
    private readonly RestartReasons restarts;

    public BoardPlatform(
        IMeadowDevice device, IDeviceClock clock, BoardParts parts, IUplink uplink, RestartReasons restarts, ILogger logger)
    {
        this.device = device;
        this.restarts = restarts;
        Clock = clock;
        Uplink = uplink;
        Sensors = parts.Sensors;
        Buttons = parts.Buttons;
        Screen = parts.Display is null ? null : new DisplayScreen(parts.Display);
        Indicator = new LedIndicator(parts.Led, logger);
        Health = new BoardHealth(device, clock, logger);
        Watchdog = new BoardWatchdog(device);
        Flash = BoardStorage.OfFlash(device.PlatformOS.FileSystem, MeadowOS.FileSystem.DataDirectory);
        Card = BoardStorage.OfCard(device.PlatformOS.FileSystem);
        Description = new DeviceDescription(
            DeviceIdOf(device.Information.UniqueID),
            device.Information.Platform.ToString(),
            device.Information.OSVersion ?? "",
            typeof(BoardPlatform).Assembly.GetName().Version!.ToString(3),
            restarts.Take());
    }

    /// <inheritdoc/>
    public DeviceDescription Description { get; }

    /// <inheritdoc/>
    public IDeviceStorage Flash { get; }

    /// <inheritdoc/>
    public IDeviceStorage? Card { get; }

    /// <inheritdoc/>
    public IDeviceClock Clock { get; }

    /// <inheritdoc/>
    public IUplink Uplink { get; }

    /// <inheritdoc/>
    public IReadOnlyList<ISensor> Sensors { get; }

    /// <inheritdoc/>
    public IScreen? Screen { get; }

    /// <inheritdoc/>
    public IIndicator Indicator { get; }

    /// <inheritdoc/>
    public IButtons Buttons { get; }

    /// <inheritdoc/>
    public IHealthSource Health { get; }

    /// <inheritdoc/>
    public IWatchdog Watchdog { get; }

    /// <inheritdoc/>
    public void Restart()
    {
        restarts.Record("command");
        device.PlatformOS.Reset();
    }

    /// <summary>Meadow shuts the application down: where that is for an update, the next start shall know.</summary>
    public void NoteShutdown()
    {
        if (Resolver.UpdateService?.State == UpdateState.UpdateInProgress)
        {
            restarts.Record("update");
        }
    }

    private static string DeviceIdOf(string uniqueId)
    {
        string id = string.Concat(uniqueId.Where(c => TelemetryNames.IsKey(c.ToString())));
        return TelemetryNames.IsDeviceId(id) ? id : "unnamed-board";
    }
}
