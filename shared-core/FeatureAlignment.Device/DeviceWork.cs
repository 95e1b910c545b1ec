using System;
using System.Collections.Generic;
using System.Globalization;
using FeatureAlignment.Checkpoints;
using FeatureAlignment.Datasets;
using FeatureAlignment.Device.Activities;
using FeatureAlignment.Device.Benchmark;
using FeatureAlignment.Device.Commands;
using FeatureAlignment.Device.Platform;
using FeatureAlignment.Device.Settings;
using FeatureAlignment.Device.Storage;
using FeatureAlignment.Device.Training;
using FeatureAlignment.Kernels;
using FeatureAlignment.Telemetry;
using FeatureAlignment.Training;

namespace FeatureAlignment.Device;

/// <summary>
/// What the device is at: it measures itself, takes its activity up, learns or watches, is paused, or waits for another try or
/// for a person.
/// </summary>
internal sealed class DeviceWork : IDisposable
{
    private static readonly TimeSpan BenchmarkPart = TimeSpan.FromSeconds(1);

    private readonly IDevicePlatform platform;
    private readonly DeviceSettings settings;
    private readonly IReadOnlyList<string> settingsProblems;
    private readonly KernelSet kernels;
    private readonly DeviceState state;
    private readonly MeteredStorage flash;
    private readonly MeteredStorage? card;
    private readonly DeviceReporter reporter;
    private readonly AutoSave autoSave;
    private readonly Backoff backoff = new();

    // What holds until the next start, and so outlives an activity that makes room for the benchmark or is taken up again.
    private readonly SortedDictionary<string, TelemetryCommand> adjustments = new(StringComparer.Ordinal);
    private ModelArea? model;
    private BoardBenchmark? benchmark;
    private bool needsPerson;
    private long stepAtLeave;

    public DeviceWork(
        IDevicePlatform platform, SettingsResult settingsResult, KernelSet kernels, DeviceState state, MeteredStorage flash,
        WearLedger ledger, DeviceReporter reporter)
    {
        this.platform = platform;
        settings = settingsResult.Settings;
        settingsProblems = settingsResult.Problems;
        this.kernels = kernels;
        this.state = state;
        this.flash = flash;
        this.reporter = reporter;

        // A card bears what is written to it: counted, not rationed.
        var cardLedger = new WearLedger(long.MaxValue, default);
        card = settings.UseCard && platform.Card is { } medium ? new MeteredStorage(medium, cardLedger, platform.Watchdog.Feed) : null;
        autoSave = new AutoSave(new CheckpointSchedule(settings.CheckpointPeriod), card is null ? ledger : cardLedger, reporter);
    }

    /// <summary>The activity; null until it is taken up, while the device is measured, and while something is wrong.</summary>
    public IActivity? Activity { get; private set; }

    /// <summary>What is wrong; null when all is well.</summary>
    public string? Fault { get; private set; }

    /// <summary>True between the commands pause and resume.</summary>
    public bool IsPaused { get; private set; }

    /// <summary>Samples seen in the run; after a failure as many as there were, since what is reported then is later, not of the run's
    /// beginning.</summary>
    public long Step => Activity?.SamplesSeen ?? stepAtLeave;

    public IndicatorState State => Fault is not null ? IndicatorState.Fault
        : benchmark is not null || Activity is null ? IndicatorState.Starting
        : IsPaused ? IndicatorState.Paused
        : Activity.State;

    private bool IsCardMissing => settings.UseCard && card is null;

    /// <summary>When there is work, by the time since the start.</summary>
    public TimeSpan NextDue
    {
        get
        {
            if (benchmark is not null)
            {
                return TimeSpan.Zero;
            }

            TimeSpan wanted = needsPerson ? TimeSpan.MaxValue
                : Activity is null ? TimeSpan.Zero
                : IsPaused ? TimeSpan.MaxValue
                : Activity.NextDue;
            return wanted > backoff.NotBefore ? wanted : backoff.NotBefore;
        }
    }

    /// <summary>Measures the device, the first time, before its training takes the memory.</summary>
    public void Start()
    {
        if (settingsProblems.Count > 0)
        {
            // Never on with other settings than the person wanted: it waits for right ones, and says so.
            Fail("Settings are refused: " + settingsProblems[0]);
            return;
        }

        if (settings.BenchmarkAtFirstStart && !state.IsFirstStartCompleted)
        {
            BeginBenchmark();
        }
    }

    /// <summary>Does one piece of work when there is any.</summary>
    /// <returns>True when something was done, which may have taken long.</returns>
    public bool Continue(in Moment now)
    {
        if (now.Uptime < NextDue)
        {
            return false;
        }

        if (benchmark is not null)
        {
            benchmark.Step();
            if (benchmark.IsFinished)
            {
                FinishBenchmark();
            }
        }
        else if (Activity is null)
        {
            TakeUp(now);
        }
        else
        {
            StepActivity(now);
        }

        return true;
    }

    public void SaveWhenDue(in Moment now)
    {
        if (Activity is not null)
        {
            autoSave.SaveWhenDue(Activity, now.Uptime);
        }
    }

    /// <summary>Saves what has not been saved: the application is about to stop.</summary>
    public void Stop(in Moment now)
    {
        if (Activity is not null)
        {
            autoSave.TrySave(Activity, now.Uptime, "stop");
        }
    }

    /// <summary>Carries out a command that is about the work.</summary>
    public CommandResult Execute(TelemetryCommand command, in Moment now)
    {
        switch (command.Name)
        {
            case CommandCatalog.Pause:
                IsPaused = true;
                autoSave.IsDemanded |= Activity is { IsUnsaved: true };
                reporter.Event(EventKinds.Paused, TelemetryPriority.Normal, "Paused.");
                return CommandResult.Done("Paused until resume or the next start.");
            case CommandCatalog.Resume:
                IsPaused = false;
                reporter.Event(EventKinds.Resumed, TelemetryPriority.Normal, "Going on.");
                return CommandResult.Done("Going on.");
            case CommandCatalog.ResetModel:
                return Reset();
            case CommandCatalog.Benchmark:
                return MakeRoomForBenchmark(now);
            case var _ when Activity is null:
                return CommandResult.Refused(Fault ?? "The device has not taken up its work yet; send the command again later.");
            case CommandCatalog.Checkpoint:
                autoSave.IsDemanded = true;
                return CommandResult.Done("Written before the next piece of work.");
            default:
                CommandResult result = Activity.Execute(command, now);
                if (result.IsDone && AdjustmentOf(command) is { } adjustment)
                {
                    adjustments[adjustment] = command;
                }

                return result;
        }
    }

    public void Dispose()
    {
        benchmark?.Dispose();
        Activity?.Dispose();
    }

    /// <summary>What a command changes until the next start; null for what is done at once.</summary>
    private static string? AdjustmentOf(TelemetryCommand command)
    {
        if (command.Name is CommandCatalog.Train or CommandCatalog.Detect)
        {
            return "mode";
        }

        foreach (KeyValuePair<string, TelemetryValue> argument in command.Args)
        {
            if (command.Name == CommandCatalog.Set)
            {
                return argument.Key;
            }
        }

        return null;
    }

    private void StepActivity(in Moment now)
    {
        try
        {
            Activity!.Step(now);
            backoff.Succeeded();
            Fault = null;
        }
        catch (Exception e) when (e is NonFiniteLossException or NonFiniteParametersException)
        {
            // The parameters in memory are lost; the last good checkpoint is not touched.
            reporter.Event(EventKinds.NonFiniteLoss, TelemetryPriority.High, e.Message);
            Fail("Learning has stopped: " + e.Message + " Choose a smaller Training.LearningRate and restart, or send reset_model.");
        }
        catch (Exception e) when (StorageFailure.Is(e))
        {
            // A piece of work that left everything as it was can be done again. Files that are dead are opened anew as soon as nothing gets
            // lost by it.
            if (!Activity!.CanRepeat || autoSave.TrySave(Activity, now.Uptime, "storage failure"))
            {
                Leave();
            }

            Retry(now, e);
        }
    }

    private void TakeUp(in Moment now)
    {
        if (IsCardMissing)
        {
            Fail("Storage.UseCard needs a card; there is none. Put one in and restart, or set Storage.UseCard to false.");
            return;
        }

        CheckpointStore? store = null;
        try
        {
            model ??= new ModelArea(card ?? flash, state, settings.Run);
            reporter.TryStorage("delete files of forgotten models", model.DeleteForgotten);
            store = model.OpenCheckpoints();
            if (settings.Source == SampleOrigin.Files)
            {
                var learning = new FileLearning(settings, model.Storage, store, kernels, reporter, platform.Watchdog.Feed);
                Activity = learning;
                ReportTakenUp(learning.Plan, learning.IsResumed, now);
            }
            else
            {
                var watching = new SensorWatching(settings, platform.Sensors, store, kernels, reporter, now.Uptime);
                Activity = watching;
                ReportTakenUp(watching.Plan, watching.IsResumed, now);
            }

            reporter.Recovered(store.Rejected);
            Fault = null;
            foreach (TelemetryCommand adjustment in adjustments.Values)
            {
                Activity.Execute(adjustment, now);
            }
        }
        catch (Exception e) when (e is PlacementException or InvalidOperationException or ArgumentException or DataFormatException)
        {
            Fail(e.Message);
        }
        catch (CheckpointFormatException e)
        {
            reporter.Recovered(store!.Rejected);
            Fail(e.Message + " Put the settings back, give the Run another name, or send reset_model.");
        }
        catch (Exception e) when (StorageFailure.Is(e))
        {
            Retry(now, e);
        }
    }

    private void ReportTakenUp(PlacementPlan plan, bool isResumed, in Moment now)
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
        reporter.Begin(now, Step);
        reporter.Event(isResumed ? EventKinds.Resumed : EventKinds.RunStarted, TelemetryPriority.High, text, data);
        if (!isResumed)
        {
            reporter.RunSettings();
        }

        // From the start on there is a checkpoint: files of other settings are told apart from none.
        autoSave.IsDemanded = !isResumed;
    }

    private void Retry(in Moment now, Exception failure)
    {
        backoff.Failed(now.Uptime);
        Fault = failure.Message;
        reporter.Log(
            TelemetryLogLevel.Error,
            string.Format(CultureInfo.InvariantCulture, "{0} Tried again in {1:N0} s.", failure.Message, backoff.Wait.TotalSeconds));
    }

    /// <summary>Does nothing more until a person does something: a command, or other settings and a restart.</summary>
    private void Fail(string message)
    {
        Leave();
        needsPerson = true;
        Fault = message;
        reporter.Log(TelemetryLogLevel.Critical, message);
    }

    private void Leave()
    {
        stepAtLeave = Step;
        Activity?.Dispose();
        Activity = null;
    }

    private CommandResult Reset()
    {
        if (settingsProblems.Count > 0 || IsCardMissing)
        {
            return CommandResult.Refused(Fault ?? "There is no card, and so no model.");
        }

        try
        {
            model ??= new ModelArea(card ?? flash, state, settings.Run);
            model.BeginAnew();
        }
        catch (Exception e) when (StorageFailure.Is(e))
        {
            return CommandResult.Refused($"The storage failed, and the model is still there: {e.Message}");
        }

        Leave();
        stepAtLeave = 0;
        needsPerson = false;
        Fault = null;
        IsPaused = false;
        backoff.Succeeded();
        return CommandResult.Done("The model is forgotten; the run begins anew.");
    }

    /// <summary>The training gives its memory back, and is resumed from its checkpoint afterwards.</summary>
    private CommandResult MakeRoomForBenchmark(in Moment now)
    {
        if (Activity is not null && !autoSave.TrySave(Activity, now.Uptime, "benchmark"))
        {
            return CommandResult.Refused("Measuring needs the training's memory, and the training could not be saved; see the log.");
        }

        Leave();
        BeginBenchmark();
        return CommandResult.Done("Measuring; the result follows as an event.");
    }

    private void BeginBenchmark()
    {
        benchmark?.Dispose();
        bool isFiles = settings.Source == SampleOrigin.Files;
        int classes = isFiles && settings.Training.Labels == LabelMode.None ? 0 : 10;
        benchmark = new BoardBenchmark(
            isFiles ? settings.Training : BoardBenchmark.StandardTraining, inputs: 784, classes,
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
            reporter.TryStorage("remember that the device was measured", state.CompleteFirstStart);
        }
    }
}
