using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using FeatureAlignment.Checkpoints;
using FeatureAlignment.Datasets;
using FeatureAlignment.Device.Activities;
using FeatureAlignment.Device.Benchmark;
using FeatureAlignment.Device.Commands;
using FeatureAlignment.Device.Platform;
using FeatureAlignment.Device.Screen;
using FeatureAlignment.Device.Settings;
using FeatureAlignment.Device.Storage;
using FeatureAlignment.Device.Training;
using FeatureAlignment.Kernels;
using FeatureAlignment.Telemetry;
using FeatureAlignment.Training;
using Microsoft.Extensions.Logging;

namespace FeatureAlignment.Device;

/// <summary>From one start of the device to its stop: the activity and the chores around it.</summary>
internal sealed class DeviceLife : IDisposable
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan BenchmarkPart = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ImageDistance = TimeSpan.FromSeconds(5);

    private readonly IDevicePlatform platform;
    private readonly DeviceSettings settings;
    private readonly MeteredStorage flash;
    private readonly SettingsResult settingsResult;
    private readonly KernelSet kernels;
    private readonly DeviceState state;
    private readonly WearLedger ledger;
    private readonly ModelArea model;
    private readonly DeviceReporter reporter;
    private readonly CommandDesk commands;
    private readonly CheckpointSchedule checkpoints;
    private readonly ScreenModel screenModel;
    private readonly ScreenRenderer? renderer;
    private readonly Every report;
    private readonly Every image;
    private readonly Every screen;
    private readonly Every stateSave = new(TimeSpan.FromHours(1));
    private IActivity? activity;
    private BoardBenchmark? benchmark;
    private TimeSpan retryAt = TimeSpan.MaxValue;
    private TimeSpan retryDelay = FirstRetry;
    private TimeSpan imagesDue;
    private TimeSpan saveRetryAt;
    private long lastCheckpointBytes;
    private string? fault;
    private int imagesWanted;
    private bool isPaused;
    private bool isCheckpointDemanded;

    public DeviceLife(IDevicePlatform platform, SettingsResult settingsResult, KernelSet kernels, ILogger logger)
    {
        this.platform = platform;
        this.settingsResult = settingsResult;
        this.kernels = kernels;
        settings = settingsResult.Settings;

        state = DeviceState.Start(new StorageArea(platform.Flash, "state"), platform.Description.RestartReason);
        ledger = new WearLedger(settings.DailyWriteBytes, state.Wear);
        flash = new MeteredStorage(platform.Flash, ledger);
        reporter = new DeviceReporter(platform, settingsResult, state.Boot, new StorageArea(flash, "spool"), logger);
        model = new ModelArea(settings.UseCard && platform.Card is not null ? platform.Card : flash, state, settings.Run);
        commands = new CommandDesk(state, reporter);
        checkpoints = new CheckpointSchedule(settings.CheckpointPeriod);
        report = new Every(settings.ReportPeriod);
        image = new Every(settings.ImagePeriod);
        screen = new Every(settings.ScreenPeriod, isDueAtOnce: true);
        screenModel = new ScreenModel(settings.Goal, settings.Training.Layers) { MemoryBudgetBytes = settings.MemoryBudgetBytes };
        renderer = platform.Screen is { } display ? new ScreenRenderer(display, screenModel) : null;
    }

    /// <summary>True once a command has asked for a restart and everything is ready for it.</summary>
    public bool WantsRestart { get; private set; }

    private Moment Now => new(platform.Clock.Uptime, platform.Clock.UnixMilliseconds);

    private long Step => activity?.SamplesSeen ?? 0;

    /// <summary>Tells of the start, measures the board the first time, and takes up the activity.</summary>
    public void Start()
    {
        Moment now = Now;
        reporter.Begin(now, 0);
        reporter.Event(
            EventKinds.Restarted, TelemetryPriority.High,
            string.Format(CultureInfo.InvariantCulture, "Start {0}: {1}.", state.Boot, platform.Description.RestartReason),
            new TelemetryFields
            {
                { "reason", platform.Description.RestartReason },
                { "board", platform.Description.Board },
                { "firmware", platform.Description.Firmware },
                { "application", platform.Description.Application },
            });
        ReportRecovered(state.Rejected);
        foreach (string problem in settingsResult.Problems)
        {
            reporter.Event(EventKinds.SettingsRefused, TelemetryPriority.High, problem);
        }

        if (settingsResult.Problems.Count > 0)
        {
            // Never on with other settings than the person wanted: it waits for right ones, and says so.
            Fail("Settings are refused: " + settingsResult.Problems[0]);
            return;
        }

        // Measured before the training takes its memory.
        retryAt = TimeSpan.Zero;
        if (settings.BenchmarkAtFirstStart && !state.IsFirstStartCompleted)
        {
            BeginBenchmark();
        }
    }

    /// <summary>One piece of work and the chores that are due.</summary>
    /// <returns>How long nothing is to be done; zero when there is more work.</returns>
    public TimeSpan Tick()
    {
        Moment now = Now;
        reporter.Begin(now, Step);
        ledger.Advance(now.Uptime);
        TakeButtons(now);
        while (commands.TryTake(now, out TelemetryCommand? command))
        {
            commands.Finish(command, Execute(command, now));
        }

        bool hasWorked = Work(now);
        if (hasWorked)
        {
            // Work may have taken long, and the chores are dated.
            now = Now;
            reporter.Begin(now, Step);
        }

        DoChores(now);
        TimeSpan next = NextDue();
        return next > now.Uptime ? next - now.Uptime : TimeSpan.Zero;
    }

    /// <summary>Saves everything that has not been.</summary>
    public void Stop()
    {
        reporter.Begin(Now, Step);
        if (activity is not null && fault is null)
        {
            Save(Now, CheckpointOccasion.Demanded);
        }

        reporter.Flush();
        TryStorage("save the device's state", () => state.Keep(ledger.Totals));
    }

    public void Dispose()
    {
        benchmark?.Dispose();
        activity?.Dispose();
    }

    /// <returns>True when something was done that may have taken long.</returns>
    private bool Work(in Moment now)
    {
        if (benchmark is not null)
        {
            benchmark.Step();
            if (benchmark.IsFinished)
            {
                FinishBenchmark();
            }

            return true;
        }

        if (activity is null)
        {
            if (now.Uptime < retryAt)
            {
                return false;
            }

            TakeUpActivity(now);
            return true;
        }

        if (isPaused || now.Uptime < activity.NextDue)
        {
            return false;
        }

        try
        {
            activity.Step(now);
            retryDelay = FirstRetry;
        }
        catch (NonFiniteLossException e)
        {
            // The parameters in memory are lost; the last good checkpoint is not touched.
            reporter.Event(EventKinds.NonFiniteLoss, TelemetryPriority.High, e.Message);
            Fail("Learning has stopped: " + e.Message + " Choose a smaller Training.LearningRate and restart, or reset_model.");
        }
        catch (Exception e) when (IsStorageFailure(e))
        {
            Retry(now, e);
        }

        return true;
    }

    private void DoChores(in Moment now)
    {
        SaveWhenDue(now);
        if (report.TryBegin(now.Uptime))
        {
            activity?.Report(reporter, report.Period);
            ReportHealth(now);
        }

        if (image.TryBegin(now.Uptime) || (imagesWanted > 0 && now.Uptime >= imagesDue))
        {
            imagesWanted = Math.Max(0, imagesWanted - 1);
            imagesDue = now.Uptime + ImageDistance;
            activity?.ReportImage(reporter);
        }

        if (stateSave.TryBegin(now.Uptime))
        {
            TryStorage("save the device's state", () => state.Keep(ledger.Totals));
            TryStorage("delete files of forgotten models", model.DeleteForgotten);
        }

        reporter.Upload(now, commands);
        platform.Indicator.Show(Shown);
        if (renderer is not null && screen.TryBegin(now.Uptime))
        {
            Draw(now);
        }
    }

    private IndicatorState Shown => fault is not null ? IndicatorState.Fault
        : activity is null || benchmark is not null ? IndicatorState.Starting
        : isPaused ? IndicatorState.Paused
        : activity.State;

    private TimeSpan NextDue()
    {
        TimeSpan next = benchmark is not null ? TimeSpan.Zero
            : activity is null ? retryAt
            : isPaused ? TimeSpan.MaxValue
            : activity.NextDue;
        next = Earlier(next, report.Next);
        return renderer is null ? next : Earlier(next, screen.Next);
    }

    private static TimeSpan Earlier(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private void TakeUpActivity(in Moment now)
    {
        retryAt = TimeSpan.MaxValue;
        CheckpointStore store = model.OpenCheckpoints();
        try
        {
            if (settings.Source == SampleOrigin.Files)
            {
                var learning = new FileLearning(settings, model.Storage, store, kernels, reporter, platform.Watchdog.Feed);
                activity = learning;
                ReportTakenUp(learning.Plan, learning.IsResumed);
            }
            else
            {
                var watching = new SensorWatching(settings, platform.Sensors, store, kernels, reporter, now.Uptime);
                activity = watching;
                ReportTakenUp(watching.Plan, watching.IsResumed);
            }

            ReportRecovered(store.Rejected);
        }
        catch (Exception e) when (e is PlacementException or InvalidOperationException or ArgumentException or DataFormatException)
        {
            Fail(e.Message);
        }
        catch (CheckpointFormatException e)
        {
            ReportRecovered(store.Rejected);
            Fail(e.Message + " Put the settings back, give the Run another name, or send reset_model.");
        }
        catch (Exception e) when (IsStorageFailure(e))
        {
            Retry(now, e);
        }
    }

    private void ReportTakenUp(PlacementPlan plan, bool isResumed)
    {
        string text = string.Format(
            CultureInfo.InvariantCulture, "{0} {1} {2:N0} samples seen.", plan.Reason, isResumed ? "Resumed:" : "New run:", Step);
        var data = new TelemetryFields
        {
            { "placement", plan.Placement.ToString() },
            { "bytes_planned", plan.Use.Total },
            { "bytes_budget", settings.MemoryBudgetBytes },
            { "bytes_written", plan.WrittenBytes },
        };
        reporter.Begin(Now, Step);
        reporter.Event(isResumed ? EventKinds.Resumed : EventKinds.RunStarted, TelemetryPriority.High, text, data);
        if (!isResumed)
        {
            reporter.RunSettings();
        }

        // From the start on there is a checkpoint: files of other settings are told apart from none.
        isCheckpointDemanded = !isResumed;
    }

    private void Retry(in Moment now, Exception failure)
    {
        activity?.Dispose();
        activity = null;
        retryAt = now.Uptime + retryDelay;
        reporter.Log(
            TelemetryLogLevel.Error,
            string.Format(CultureInfo.InvariantCulture, "{0} Tried again in {1:N0} s.", failure.Message, retryDelay.TotalSeconds));
        retryDelay = Earlier(retryDelay + retryDelay, LongestRetry);
    }

    /// <summary>Gives up until a person does something.</summary>
    private void Fail(string message)
    {
        activity?.Dispose();
        activity = null;
        retryAt = TimeSpan.MaxValue;
        fault = message;
        reporter.Log(TelemetryLogLevel.Critical, message);
    }

    private void SaveWhenDue(in Moment now)
    {
        if (activity is null || fault is not null)
        {
            return;
        }

        CheckpointOccasion occasion = isCheckpointDemanded ? CheckpointOccasion.Demanded
            : activity.WantsCheckpoint ? CheckpointOccasion.LayerFinished
            : CheckpointOccasion.Running;
        Save(now, occasion);
    }

    private void Save(in Moment now, CheckpointOccasion occasion)
    {
        CheckpointDecision decision = checkpoints.Decide(occasion, now.Uptime, lastCheckpointBytes, ledger);
        if (!decision.IsDue || now.Uptime < saveRetryAt)
        {
            return;
        }

        long before = ledger.Totals.BytesEver;
        bool isSaved = TryStorage("write a checkpoint", activity!.Save);
        if (!isSaved)
        {
            saveRetryAt = now.Uptime + FirstRetry;
            return;
        }

        lastCheckpointBytes = ledger.Totals.BytesEver - before;
        isCheckpointDemanded = false;
        checkpoints.Written(now.Uptime);
        reporter.Event(
            EventKinds.CheckpointWritten, TelemetryPriority.Low,
            string.Format(CultureInfo.InvariantCulture, "Checkpoint of {0:N0} bytes: {1}.", lastCheckpointBytes, decision.Reason));
    }

    private void ReportHealth(in Moment now)
    {
        IHealthSource health = platform.Health;
        reporter.Known(MetricNames.MemoryUsed, health.MemoryUsedBytes);
        reporter.Known(MetricNames.MemoryFree, health.MemoryFreeBytes);
        reporter.Known(MetricNames.MemoryLargestBlock, health.LargestFreeBlockBytes);
        reporter.Known(MetricNames.Temperature, float.IsNaN(health.TemperatureCelsius) ? -1 : health.TemperatureCelsius);
        reporter.Point(MetricNames.StorageWritten, ledger.Totals.BytesEver);
        reporter.Known("storage_free", platform.Flash.FreeBytes);
        reporter.Point(MetricNames.Restarts, state.Boot);
        reporter.Point(MetricNames.Uptime, now.Uptime.TotalSeconds);
        reporter.ReportOwnFigures();
    }

    private void Draw(in Moment now)
    {
        activity?.Show(screenModel);
        screenModel.State = Shown;
        screenModel.Uptime = now.Uptime;
        screenModel.SpoolBytes = reporter.WaitingBytes;
        screenModel.MemoryUsedBytes = platform.Health.MemoryUsedBytes;
        screenModel.Uplink = reporter.UplinkState;
        screenModel.Message = fault ?? reporter.LastText;
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

            string name = button == DeviceButton.PauseOrResume ? (isPaused ? CommandCatalog.Resume : CommandCatalog.Pause) : CommandCatalog.Label;
            var args = new TelemetryFields();
            if (name == CommandCatalog.Label)
            {
                args.Add("as", button == DeviceButton.LabelNormal ? "normal" : "fault");
            }

            CommandResult result = Execute(new TelemetryCommand("button", name, args), now);
            reporter.Log(TelemetryLogLevel.Information, "Button: " + result.Text);
        }
    }

    private CommandResult Execute(TelemetryCommand command, in Moment now)
    {
        switch (command.Name)
        {
            case CommandCatalog.Pause:
                isPaused = true;
                isCheckpointDemanded = activity is not null;
                reporter.Event(EventKinds.Paused, TelemetryPriority.Normal, "Paused.");
                return CommandResult.Done("Paused until resume or the next start.");
            case CommandCatalog.Resume:
                isPaused = false;
                reporter.Event(EventKinds.Resumed, TelemetryPriority.Normal, "Going on.");
                return CommandResult.Done("Going on.");
            case CommandCatalog.Restart:
                WantsRestart = true;
                return CommandResult.Done("Restarting.");
            case CommandCatalog.ResetModel:
                return Reset(now);
            case CommandCatalog.Benchmark:
                return MakeRoomForBenchmark(now);
            case CommandCatalog.Set when command.Args.TryGet("report_seconds", out TelemetryValue? seconds):
                report.Period = TimeSpan.FromSeconds(seconds.Number);
                reporter.SetPeriod(report.Period);
                return CommandResult.Done(string.Format(CultureInfo.InvariantCulture, "Reporting every {0} s until the next start.", seconds.Number));
            case var _ when activity is null:
                return CommandResult.Refused(fault ?? "The device has not taken up its work yet; try again later.");
            case CommandCatalog.Checkpoint:
                isCheckpointDemanded = true;
                return CommandResult.Done("Written before the next piece of work.");
            case CommandCatalog.SendReconstructions:
                imagesWanted = command.Args.TryGet("count", out TelemetryValue? count) ? (int)count.Number : 1;
                imagesDue = now.Uptime;
                return CommandResult.Done("On their way.");
            default:
                return activity.Execute(command, now);
        }
    }

    private CommandResult Reset(in Moment now)
    {
        if (settingsResult.Problems.Count > 0)
        {
            return CommandResult.Refused(fault!);
        }

        try
        {
            model.BeginAnew();
        }
        catch (Exception e) when (IsStorageFailure(e))
        {
            return CommandResult.Refused($"The storage failed, and the model is still there: {e.Message}");
        }

        activity?.Dispose();
        activity = null;
        fault = null;
        isPaused = false;
        TryStorage("delete files of forgotten models", model.DeleteForgotten);
        TakeUpActivity(now);
        return CommandResult.Done("The model is forgotten; the run begins anew.");
    }

    /// <summary>The training gives its memory back, and is resumed from its checkpoint afterwards.</summary>
    private CommandResult MakeRoomForBenchmark(in Moment now)
    {
        if (activity is not null)
        {
            Save(now, CheckpointOccasion.Demanded);
            if (saveRetryAt > now.Uptime)
            {
                return CommandResult.Refused("Measuring needs the training's memory, and the training could not be saved; see the log.");
            }

            activity.Dispose();
            activity = null;
            retryAt = TimeSpan.Zero;
        }

        BeginBenchmark();
        return CommandResult.Done("Measuring; the result follows as an event.");
    }

    private void BeginBenchmark()
    {
        benchmark?.Dispose();
        bool isFiles = settings.Source == SampleOrigin.Files;
        benchmark = new BoardBenchmark(
            isFiles ? settings.Training : BoardBenchmark.StandardTraining, inputs: 784, isFiles && settings.Training.Labels == LabelMode.None ? 0 : 10,
            settings.MemoryBudgetBytes, kernels, flash, platform.Clock, BenchmarkPart);
    }

    private void FinishBenchmark()
    {
        BenchmarkResult result = benchmark!.Result;
        benchmark.Dispose();
        benchmark = null;
        reporter.Event(EventKinds.Benchmark, TelemetryPriority.Normal, result.ToString(), result.ToFields());
        if (!state.IsFirstStartCompleted)
        {
            TryStorage("remember that the device was measured", state.CompleteFirstStart);
        }
    }

    private void ReportRecovered(IReadOnlyList<string> rejected)
    {
        foreach (string message in rejected)
        {
            reporter.Event(EventKinds.CheckpointRecovered, TelemetryPriority.High, message);
        }
    }

    private bool TryStorage(string what, Action action)
    {
        try
        {
            action();
            return true;
        }
        catch (Exception e) when (IsStorageFailure(e) || e is NonFiniteParametersException)
        {
            // Counted and told; the application goes on without it, and tries again.
            reporter.Log(TelemetryLogLevel.Error, $"Could not {what}: {e.Message}");
            return false;
        }
    }

    private static bool IsStorageFailure(Exception e) => e is IOException or UnauthorizedAccessException;
}
