using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Threading;
using System.Threading.Tasks;
using FeatureAlignment.Device;
using FeatureAlignment.Device.Platform;
using FeatureAlignment.Device.Settings;
using FeatureAlignment.DeviceApp.Board;
using FeatureAlignment.DeviceApp.Logging;
using FeatureAlignment.DeviceApp.Sensors;
using FeatureAlignment.DeviceApp.Uplink;
using Meadow;
using Microsoft.Extensions.Logging;

namespace FeatureAlignment.DeviceApp;

/// <summary>Life of the application within Meadow's: one thread for it, its end, and its failure.</summary>
[SuppressMessage("Design", "CA1001", Justification = "Lives as long as the program.")]
internal sealed class ApplicationHost
{
    // Meadow's update service waits 5 s, its shutdown for ever; a step takes at most 10 s, and the checkpoint comes after it.
    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(20);

    private readonly BoardPlatform platform;
    private readonly Action<CancellationToken> run;
    private readonly ILogger logger;
    private readonly TimeSpan longestStop;
    private readonly CancellationTokenSource stopping = new();
    private readonly TaskCompletionSource<bool> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool isStarted;

    public ApplicationHost(BoardPlatform platform, Action<CancellationToken> run, ILogger logger, TimeSpan? longestStop = null)
    {
        this.platform = platform;
        this.run = run;
        this.logger = logger;
        this.longestStop = longestStop ?? LongestStop;
    }

    /// <summary>Puts the application together: settings under <c>FeatureAlignment.</c> in app.config.yaml, platform, uplink.</summary>
    public static ApplicationHost Create(
        IMeadowDevice device, IReadOnlyDictionary<string, string> settings, Func<Sampling, BoardParts> createParts)
    {
        using var loggers = new MeadowLoggerProvider(Resolver.Log);
        ILogger logger = loggers.CreateLogger("FeatureAlignment");
        IReadOnlyList<KeyValuePair<string, string>> own = AppConfig.Own(settings);

        // Wrong settings are reported by the application; what the head needs of them has a default.
        DeviceSettings read = SettingsReader.Read(own).Settings;
        string data = MeadowOS.FileSystem.DataDirectory;
        DroppedFiles.TakeIn(MeadowOS.FileSystem.UserFileSystemRoot, data, logger);
        var clock = new BoardClock();
        var restarts = new RestartReasons(Resolver.Services.Get<IReliabilityService>(), data, logger);
        BoardParts parts = createParts(Sampling.For(read.SensorPeriod, clock, logger));
        var platform = new BoardPlatform(device, clock, parts, UplinkChoice.Create(read, clock, logger), restarts, logger);
        return new ApplicationHost(platform, stop => new DeviceApplication(platform, own, logger: logger).Run(stop), logger);
    }

    /// <summary>Starts the application. The task ends and fails with it, so that Meadow keeps a crash report and restarts.</summary>
    public Task Run(CancellationToken abort)
    {
        isStarted = true;
        abort.Register(stopping.Cancel);
        new Thread(RunToTheEnd) { IsBackground = true, Name = "FeatureAlignment" }.Start();
        return ended.Task;
    }

    /// <summary>Asks the application to stop and waits for its checkpoint, but not for ever.</summary>
    public async Task StopAsync()
    {
        stopping.Cancel();
        if (isStarted && await Task.WhenAny(ended.Task, Task.Delay(longestStop)).ConfigureAwait(false) != ended.Task)
        {
            logger.LogError("The application must end in {Limit}; it did not. It will go on from its last checkpoint.", longestStop);
        }

        platform.NoteShutdown();
    }

    /// <summary>Says what went wrong, on the log and on the light.</summary>
    public void Report(Exception e)
    {
        logger.LogCritical(e, "The application failed; the board restarts.");
        platform.Indicator.Show(IndicatorState.Fault);
    }

    private void RunToTheEnd()
    {
        try
        {
            run(stopping.Token);
            ended.TrySetResult(true);
        }
#pragma warning disable CA1031 // The top of the thread: the exception goes on to Meadow through the task.
        catch (Exception e)
#pragma warning restore CA1031
        {
            ended.TrySetException(e);
        }
    }
}
