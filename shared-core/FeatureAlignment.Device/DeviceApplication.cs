using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using FeatureAlignment.Device.Platform;
using FeatureAlignment.Device.Settings;
using FeatureAlignment.Kernels;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace FeatureAlignment.Device;

/// <summary>
/// The device application: load settings, plan memory, resume, then learn or watch, one piece of work after the other; between two pieces
/// it writes checkpoints, reports, obeys commands and draws. It runs on one thread, for ever, above a platform that it does not know.
/// </summary>
/// <remarks>
/// Nothing that fails here ends it: storage, sensors, network and settings may all be broken, and it still says so. What cannot be cured
/// without a person leaves it in <see cref="IndicatorState.Fault"/>, from where commands still work. The watchdog is fed between two
/// pieces of work and after each block of rows in storage, nowhere else.
/// </remarks>
public sealed class DeviceApplication
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    private readonly IDevicePlatform platform;
    private readonly SettingsResult settings;
    private readonly KernelSet kernels;
    private readonly ILogger logger;

    /// <summary>Reads the settings; nothing else happens before <see cref="Run"/>.</summary>
    /// <param name="platform">The board, real or simulated.</param>
    /// <param name="settings">Flat keys and texts, as in docs/device-settings.md; wrong ones are reported, not thrown.</param>
    /// <param name="kernels">The arithmetic; null for the best that the runtime has.</param>
    /// <param name="logger">Where the head wants the application's log besides telemetry; null for nowhere.</param>
    public DeviceApplication(
        IDevicePlatform platform, IEnumerable<KeyValuePair<string, string>> settings, KernelSet? kernels = null, ILogger? logger = null)
    {
        ArgumentChecks.NotNull(platform, nameof(platform));
        this.platform = platform;
        this.settings = SettingsReader.Read(settings);
        this.kernels = kernels ?? KernelSet.Best;
        this.logger = logger ?? NullLogger.Instance;
    }

    /// <summary>Runs until stopping is asked for or a command restarts the device; saves before it returns.</summary>
    /// <param name="stopping">Asks for the end.</param>
    /// <exception cref="IOException">The storage cannot even count this start; nothing was sent or learned.</exception>
    public void Run(CancellationToken stopping)
    {
        platform.Indicator.Show(IndicatorState.Starting);
        using var life = new DeviceLife(platform, settings, kernels, logger);
        life.Start();
        while (!stopping.IsCancellationRequested && !life.WantsRestart)
        {
            platform.Watchdog.Feed();
            TimeSpan idle = life.Tick();
            if (idle > TimeSpan.Zero && !life.WantsRestart)
            {
                platform.Clock.Wait(idle < LongestWait ? idle : LongestWait, stopping);
            }
        }

        life.Stop();
        if (life.WantsRestart)
        {
            platform.Restart();
        }
    }
}
