using System;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using FeatureAlignment.Checkpoints;
using FeatureAlignment.Device.Platform;
using FeatureAlignment.Device.Uplink;
using FeatureAlignment.Simulation;
using FeatureAlignment.Simulation.Faults;
using FeatureAlignment.Simulation.Screen;
using FeatureAlignment.Simulator.Commands;
using FeatureAlignment.Simulator.Datasets;
using FeatureAlignment.Telemetry;

namespace FeatureAlignment.Simulator.Devices;

/// <summary>The work of <c>device</c>: one life, or the next piece of it.</summary>
internal sealed class DeviceRun : IDisposable
{
    private readonly CommandEnvironment environment;
    private readonly DeviceScenario scenario;
    private readonly DeviceObserver observer;
    private readonly CancellationTokenSource end;
    private readonly CancellationToken cancellation;
    private readonly DevicePace pace;
    private readonly PictureScreen? screen;
    private readonly HttpBatchUplink? http;
    private readonly RealUplink? uplink;
    private readonly BatchLog? batches;
    private readonly SimulatedDevice device;
    private TimeSpan? idleSince;

    private DeviceRun(CommandEnvironment environment, DeviceScenario scenario, CancellationToken cancellation)
    {
        this.environment = environment;
        this.scenario = scenario;
        this.cancellation = cancellation;
        end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        DeviceRequest request = Request;
        observer = new DeviceObserver(scenario.Machine, scenario.SensorNames, scenario.History.Elapsed);
        pace = new DevicePace(request.Speed, environment.Time, end.Token);
        screen = request.PictureFile is null ? null : new PictureScreen(request.Board.ScreenWidth, request.Board.ScreenHeight);
        if (Uri.TryCreate(request.Uplink, UriKind.Absolute, out Uri? address) && address.Scheme is "http" or "https")
        {
            http = new HttpBatchUplink(address, request.Key.Length > 0 ? request.Key : scenario.Settings.UplinkKey);
            uplink = new RealUplink(http, IsNetworkDown, observer.Take, end.Token);
        }

        batches = request.Uplink == DeviceRequest.FileUplink ? new BatchLog(request.Folder.Telemetry) : null;
        device = new SimulatedDevice(scenario.CreateOptions(uplink, screen, PassTime), observer);
        device.Network.Arrived = (_, batch) => observer.Take(batch);
        device.Network.ArrivedBytes = (header, body) => batches?.Write(header, body);
        observer.Attach(device);
    }

    /// <summary>Told before simulated time goes on.</summary>
    public Action? TimePassed { get; set; }

    private DeviceRequest Request => scenario.Request;

    /// <summary>Carries out a call.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(
        CommandEnvironment environment, DatasetCatalog catalog, DeviceRequest request, CancellationToken cancellation)
    {
        try
        {
            using IDisposable folderLock = request.Folder.Lock();
            DeviceScenario scenario = await DeviceScenario.CreateAsync(environment, catalog, request, cancellation);
            using DeviceRun run = new(environment, scenario, cancellation);
            return run.Live();
        }
        finally
        {
            request.Folder.RemoveIfEmpty();
        }
    }

    public void Dispose()
    {
        device.Dispose();
        batches?.Dispose();
        http?.Dispose();
        end.Dispose();
    }

    private int Live()
    {
        long start = environment.Time.GetTimestamp();
        KeepSettings();
        DeviceDisplay.Announce(environment, scenario);
        try
        {
            DeviceDisplay.Show(environment, scenario, device, observer, this, () => device.Run(end.Token));
        }
        finally
        {
            // However it ended: the flash is as the device left it, and time does not go back.
            (scenario.History with { ElapsedSeconds = observer.Now.TotalSeconds }).Write(Request.Folder.History);
            if (Request.PictureFile is { } picture)
            {
                screen!.SavePng(picture);
            }
        }

        DeviceResult result = CreateResult(environment.Time.GetElapsedTime(start));
        if (Request.JsonFile is { } jsonFile)
        {
            OutputFile.Write(jsonFile, result.WriteJson);
        }

        DeviceSummary.Write(environment.Output, result, scenario);
        return result.End switch
        {
            "fault" => ExitCode.Failure,
            "stopped" => ExitCode.Interrupted,
            _ => ExitCode.Success,
        };
    }

    /// <summary>So that the next call finds them, and so that people see what the device has.</summary>
    private void KeepSettings()
    {
        DeviceRequest request = Request;
        string text = string.Concat(scenario.Pairs.Where(pair => pair.Key != FeatureAlignment.Device.Settings.SettingDefinitions.SecretKey)
            .Select(pair => $"{pair.Key}: {pair.Value}\n"));
        if (!File.Exists(request.Folder.Settings) || request.SettingsFile is not null)
        {
            OutputFile.Write(request.Folder.Settings, stream =>
            {
                using StreamWriter writer = new(stream, leaveOpen: true);
                writer.Write(text);
            });
        }
    }

    private bool IsNetworkDown() => device.Faults.IsPresent(FaultKind.NoNetwork, device.World.Now);

    private void PassTime(TimeSpan duration)
    {
        TimePassed?.Invoke();
        pace.Pass(duration);

        // A device that needs a person, or has nothing more to learn, would wait for ever; what it has still to say is given time.
        bool isIdle = device.Light == IndicatorState.Fault || (Request.IsFiles && device.Light == IndicatorState.Paused);
        idleSince = isIdle ? idleSince ?? device.World.Now : null;
        if (device.World.Now - idleSince > 3 * scenario.Settings.ReportPeriod)
        {
            end.Cancel();
        }
    }

    private DeviceResult CreateResult(TimeSpan realTime) => new()
    {
        DeviceId = Request.DeviceId,
        Board = Request.Board.Name,
        Source = Request.Source,
        Faults = Request.Faults ?? "none",
        Seed = scenario.History.Seed,
        Kernels = scenario.Kernels.Name,
        End = device.Light == IndicatorState.Fault ? "fault"
            : cancellation.IsCancellationRequested ? "stopped"
            : idleSince is not null ? "finished"
            : "time",
        Fault = device.Light == IndicatorState.Fault ? observer.LastFault : "",
        SimulatedHours = device.World.Now.TotalHours,
        LifeHours = observer.Now.TotalHours,
        RealSeconds = realTime.TotalSeconds,
        Starts = device.Starts,
        PowerCuts = device.PowerCuts,
        Samples = observer.Samples,
        Placement = scenario.Plan?.Placement.ToString(),
        PlacementReason = scenario.Plan?.Reason,
        Batch = scenario.Plan?.Options.Batch,
        PlannedBytes = scenario.Plan?.Use.Total,
        PlannedWrittenBytes = scenario.Plan?.WrittenBytes,
        TestAccuracy = observer.Accuracy,
        WeightsSha256 = ComputeDigest(),
        PeakMemoryBytes = device.PeakMemoryBytes,
        MemoryCeilingBytes = device.Options.MemoryCeilingBytes,
        LongestUnfedSeconds = device.LongestUnfed.TotalSeconds,
        FlashWrittenBytes = device.Flash.Wear.BytesWritten,
        FlashErases = device.Flash.Wear.Erases,
        CardWrittenBytes = device.Card?.Wear.BytesWritten,
        CardRowBytes = device.Card?.Wear.WorkingBytesWritten,
        BatchesSent = observer.Batches,
        RecordsSent = observer.Records,
        RecordsDropped = observer.Dropped,
        SpoolBytes = observer.Value(MetricNames.SpoolBytes) is var spool && double.IsNaN(spool) ? null : spool,
        Violations = device.Network.Violations,
        UplinkFailures = uplink?.Failures ?? 0,
        Alarms =
        [
            .. observer.Alarms.Select(
                alarm => new DeviceAlarm(alarm.Start.TotalHours, alarm.End?.TotalHours, alarm.Text, alarm.Truth)),
        ],
    };

    private string? ComputeDigest()
    {
        if (scenario.Plan is not { } plan)
        {
            return null;
        }

        try
        {
            using TrainingCheckpoints checkpoints = new(
                new CheckpointStore(Request.Folder.OpenModel(scenario.Settings)), plan.Options, scenario.Samples!.Value.Inputs,
                scenario.Samples.Value.Classes);
            return checkpoints.LoadNetwork()?.ComputeDigest();
        }
        catch (CheckpointFormatException)
        {
            // The device has said so itself: its light is red.
            return null;
        }
    }
}
