using System;
using System.Globalization;
using FeatureAlignment.Device.Activities;
using FeatureAlignment.Device.Commands;
using FeatureAlignment.Device.Platform;
using FeatureAlignment.Device.Screen;
using FeatureAlignment.Device.Settings;
using FeatureAlignment.Device.Storage;
using FeatureAlignment.Kernels;
using FeatureAlignment.Telemetry;
using Microsoft.Extensions.Logging;

namespace FeatureAlignment.Device;

/// <summary>From one start of the device to its stop: the work, and the chores around it.</summary>
internal sealed class DeviceLife : IDisposable
{
    private static readonly TimeSpan ImageDistance = TimeSpan.FromSeconds(5);

    private readonly IDevicePlatform platform;
    private readonly SettingsResult settings;
    private readonly WearLedger ledger;
    private readonly DeviceState state;
    private readonly DeviceReporter reporter;
    private readonly HealthReport health;
    private readonly DeviceWork work;
    private readonly CommandDesk commands;
    private readonly ScreenModel screenModel;
    private readonly ScreenRenderer? renderer;
    private readonly Every report;
    private readonly Every image;
    private readonly Every screen;
    private readonly Action keepWear;
    private TimeSpan imagesDue;
    private int imagesWanted;

    /// <exception cref="System.IO.IOException">The storage cannot even count this start.</exception>
    public DeviceLife(IDevicePlatform platform, SettingsResult settingsResult, KernelSet kernels, ILogger logger)
    {
        this.platform = platform;
        settings = settingsResult;
        DeviceSettings values = settings.Settings;
        ledger = new WearLedger(values.DailyWriteBytes, default);
        var flash = new MeteredStorage(platform.Flash, ledger, platform.Watchdog.Feed);
        state = DeviceState.Start(new StorageArea(flash, "state"), platform.Description.RestartReason);
        ledger.Resume(state.Wear);
        reporter = new DeviceReporter(platform, settings, state.Boot, new StorageArea(flash, "spool"), logger);
        health = new HealthReport(platform, state, ledger, reporter);
        work = new DeviceWork(platform, settings, kernels, state, flash, ledger, reporter);
        commands = new CommandDesk(state, reporter);
        report = new Every(values.ReportPeriod);
        image = new Every(values.ImagePeriod);
        screen = new Every(values.ScreenPeriod, isDueAtOnce: true);
        screenModel = new ScreenModel(values.Goal, values.Training.Layers) { MemoryBudgetBytes = values.MemoryBudgetBytes };
        renderer = platform.Screen is { } display ? new ScreenRenderer(display, screenModel) : null;
        keepWear = () => state.KeepWear(platform.Clock.Uptime, ledger.Totals);
    }

    /// <summary>True once a command has asked for a restart.</summary>
    public bool WantsRestart { get; private set; }

    /// <summary>Tells of the start and of what was found, and begins the work.</summary>
    public void Start()
    {
        DeviceDescription device = platform.Description;
        reporter.Begin(Now(), 0);
        reporter.Event(
            EventKinds.Restarted, TelemetryPriority.High,
            string.Format(CultureInfo.InvariantCulture, "Start {0}: {1}.", state.Boot, device.RestartReason),
            new TelemetryFields
            {
                { "reason", device.RestartReason },
                { "board", device.Board },
                { "firmware", device.Firmware },
                { "application", device.Application },
            });
        reporter.Recovered(state.Rejected);
        foreach (string problem in settings.Problems)
        {
            reporter.Event(EventKinds.SettingsRefused, TelemetryPriority.High, problem);
        }

        work.Start();
    }

    /// <summary>One piece of work and the chores that are due.</summary>
    /// <returns>How long nothing is to be done; zero when there is more work.</returns>
    public TimeSpan Tick()
    {
        Moment now = Look();
        TakeButtons(now);

        // One at a time: each is written to storage first, and the watchdog waits.
        if (commands.TryTake(now, out TelemetryCommand? command))
        {
            commands.Finish(command, Execute(command, now));
        }

        if (work.Continue(now))
        {
            // Work may have taken long, and the chores are dated.
            now = Look();
        }

        DoChores(now);
        TimeSpan next = NextDue();
        return next > now.Uptime ? next - now.Uptime : TimeSpan.Zero;
    }

    /// <summary>Saves everything that has not been.</summary>
    public void Stop()
    {
        Moment now = Now();
        reporter.Begin(now, work.Step);
        work.Stop(now);
        reporter.Flush();
        SaveState();
    }

    public void Dispose() => work.Dispose();

    private Moment Now() => new(platform.Clock.Uptime, platform.Clock.UnixMilliseconds);

    /// <summary>Looks at the clock. What is reported in this moment is taken down before the moment begins, which dates it.</summary>
    private Moment Look()
    {
        Moment now = Now();
        ledger.Advance(now.Uptime);
        TimeSpan sinceLastReport = report.Since(now.Uptime);
        if (report.TryBegin(now.Uptime))
        {
            if (work.Activity is { } activity)
            {
                activity.Report(reporter, sinceLastReport);
            }
            else
            {
                // Nothing is learned: else the last speed would seem to last.
                reporter.Point(MetricNames.SamplesPerSecond, 0);
            }

            health.Report(now.Uptime);
        }

        reporter.Begin(now, work.Step);
        return now;
    }

    private void DoChores(in Moment now)
    {
        work.SaveWhenDue(now);
        ReportImages(now);
        reporter.TryStorage("save the device's state", keepWear);
        reporter.Upload(now, commands);
        platform.Indicator.Show(work.State);
        if (renderer is not null && screen.TryBegin(now.Uptime))
        {
            Draw(now);
        }
    }

    private TimeSpan NextDue()
    {
        TimeSpan next = commands.IsWaiting ? TimeSpan.Zero : Earlier(work.NextDue, report.Next);
        return renderer is null ? next : Earlier(next, screen.Next);
    }

    private static TimeSpan Earlier(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private void SaveState() => reporter.TryStorage("save the device's state", () => state.Keep(ledger.Totals));

    private void ReportImages(in Moment now)
    {
        if (image.TryBegin(now.Uptime))
        {
            imagesWanted = Math.Max(1, imagesWanted);
        }

        if (imagesWanted == 0 || now.Uptime < imagesDue || work.Activity is not { } activity)
        {
            return;
        }

        imagesDue = now.Uptime + ImageDistance;
        imagesWanted -= TryReportImage(activity) ? 1 : 0;
    }

    // Apart from its caller, which is asked after every piece of work: what a lambda captures is allocated where its scope begins.
    private bool TryReportImage(IActivity activity)
    {
        bool isReported = false;
        reporter.TryStorage("reconstruct a sample", () => isReported = activity.TryReportImage(reporter));
        return isReported;
    }

    private void Draw(in Moment now)
    {
        work.Activity?.Show(screenModel);
        screenModel.State = work.State;
        screenModel.Uptime = now.Uptime;
        screenModel.SpoolBytes = reporter.WaitingBytes;
        screenModel.MemoryUsedBytes = platform.Health.MemoryUsedBytes;
        screenModel.Uplink = reporter.UplinkState;
        screenModel.Message = work.Fault ?? reporter.LastText;
        renderer!.Draw();
    }

    private void TakeButtons(in Moment now)
    {
        while (platform.Buttons.TryTakePress(out DeviceButton button))
        {
            if (button == DeviceButton.NextPage)
            {
                renderer?.NextPage();
                continue;
            }

            CommandResult result = Execute(CommandOf(button), now);
            reporter.Log(TelemetryLogLevel.Information, "Button: " + result.Text);
        }
    }

    private TelemetryCommand CommandOf(DeviceButton button)
    {
        string name = button != DeviceButton.PauseOrResume ? CommandCatalog.Label
            : work.IsPaused ? CommandCatalog.Resume
            : CommandCatalog.Pause;
        var args = new TelemetryFields();
        if (name == CommandCatalog.Label)
        {
            args.Add("as", button == DeviceButton.LabelNormal ? "normal" : "fault");
        }

        return new TelemetryCommand("button", name, args);
    }

    private CommandResult Execute(TelemetryCommand command, in Moment now)
    {
        switch (command.Name)
        {
            case CommandCatalog.Restart:
                WantsRestart = true;
                return CommandResult.Done("Restarting.");
            case CommandCatalog.Set when command.Args.TryGet("report_seconds", out TelemetryValue? seconds):
                report.Period = TimeSpan.FromSeconds(seconds.Number);
                reporter.SetPeriod(report.Period);
                return CommandResult.Done(
                    string.Format(CultureInfo.InvariantCulture, "Reporting every {0} s until the next start.", seconds.Number));
            case CommandCatalog.SendReconstructions when work.Activity is { HasImages: true }:
                imagesWanted = command.Args.TryGet("count", out TelemetryValue? count) ? (int)count.Number : 1;
                imagesDue = now.Uptime;
                return CommandResult.Done("On their way.");
            default:
                return work.Execute(command, now);
        }
    }
}
