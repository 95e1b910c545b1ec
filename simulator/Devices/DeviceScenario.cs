using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using FeatureAlignment.Checkpoints;
using FeatureAlignment.Device.Platform;
using FeatureAlignment.Device.Settings;
using FeatureAlignment.Device.Training;
using FeatureAlignment.Kernels;
using FeatureAlignment.Layers;
using FeatureAlignment.Simulation;
using FeatureAlignment.Simulation.Faults;
using FeatureAlignment.Simulation.Sensors;
using FeatureAlignment.Simulator.Commands;
using FeatureAlignment.Simulator.Datasets;
using FeatureAlignment.Simulator.Training;
using FeatureAlignment.Training;

namespace FeatureAlignment.Simulator.Devices;

/// <summary>What a call of <c>device</c> simulates: settings, samples or sensors, faults, and the time that work takes.</summary>
internal sealed class DeviceScenario
{
    // Measured on the board proxy, and the board's clock.
    private const double InstructionsPerMultiplyAdd = 7.2;
    private const double InstructionsPerSecond = 216e6;

    private static readonly TimeSpan UsualDuration = TimeSpan.FromDays(18);
    private static readonly TimeSpan LongestDuration = TimeSpan.FromDays(3_650);
    private static readonly TimeSpan FailureBeforeEnd = TimeSpan.FromHours(12);
    private static readonly TimeSpan FilesMemoryPeriod = TimeSpan.FromMinutes(1);

    private DeviceScenario(
        DeviceRequest request, IReadOnlyList<KeyValuePair<string, string>> pairs, DeviceSettings settings, DeviceHistory history)
    {
        Request = request;
        Pairs = pairs;
        Settings = settings;
        History = history;
        Kernels = request.Kernels == KernelForm.Scalar ? KernelSet.Scalar : KernelSet.Best;
    }

    public DeviceRequest Request { get; }

    public IReadOnlyList<KeyValuePair<string, string>> Pairs { get; }

    public DeviceSettings Settings { get; }

    /// <summary>As it was when the call began.</summary>
    public DeviceHistory History { get; private set; }

    public KernelSet Kernels { get; }

    /// <summary>How long this call lives at most.</summary>
    public TimeSpan Duration { get; private set; }

    /// <summary>Where the weights will be; null with sensors.</summary>
    public PlacementPlan? Plan { get; private set; }

    /// <summary>Inputs and classes of the samples; null with sensors.</summary>
    public (int Inputs, int Classes)? Samples { get; private set; }

    /// <summary>Samples of the whole run; null with sensors.</summary>
    public long? TotalSamples { get; private set; }

    /// <summary>The machine that is watched; null for other sources.</summary>
    public MachineGenerator? Machine { get; private set; }

    public IReadOnlyList<string> SensorNames { get; private set; } = [];

    private SensorTable? Table { get; set; }

    private FaultPlan Faults { get; set; } = FaultPlan.None;

    private IStorage? Data { get; set; }

    /// <summary>Reads everything that the call names.</summary>
    /// <exception cref="UsageException">Settings, faults or source are wrong.</exception>
    public static async Task<DeviceScenario> CreateAsync(
        CommandEnvironment environment, DatasetCatalog catalog, DeviceRequest request, CancellationToken cancellation)
    {
        (IReadOnlyList<KeyValuePair<string, string>> pairs, DeviceSettings settings) = DeviceDefaults.Read(request);
        DeviceHistory history = DeviceHistory.Read(request)
            ?? new DeviceHistory { Seed = request.Seed ?? 1, Source = request.Source, Board = request.Board.Name };
        DeviceScenario scenario = new(request, pairs, settings, history);
        scenario.RequireSource();
        if (request.IsFiles)
        {
            await scenario.LoadFilesAsync(environment, catalog, cancellation);
        }
        else if (request.Source == DeviceRequest.Sensors)
        {
            scenario.Machine = new MachineGenerator(history.Seed);
            scenario.SensorNames = [.. MachineGenerator.Channels.Select(channel => channel.Name)];
            scenario.Duration = request.Duration ?? UsualDuration;
        }
        else
        {
            scenario.Table = SensorTable.Read(request.Source);
            scenario.SensorNames = scenario.Table.Names;
            scenario.Duration = request.Duration ?? settings.SensorPeriod * scenario.Table.RowCount;
        }

        scenario.OrderFaults();
        return scenario;
    }

    /// <summary>The simulated device, to be run once.</summary>
    /// <param name="uplink">A real way out; null for the simulated network.</param>
    /// <param name="screen">The screen; null for none.</param>
    /// <param name="pace">Told before simulated time goes on.</param>
    public SimulatedDeviceOptions CreateOptions(IUplink? uplink, IScreen? screen, Action<TimeSpan> pace) => new()
    {
        DeviceId = Request.DeviceId,
        Model = Request.Board,
        Settings = Pairs,
        Faults = Faults,
        Seed = History.Seed + (ulong)History.ElapsedSeconds,
        Duration = Duration,
        StartMilliseconds = new SimulatedDeviceOptions().StartMilliseconds + (long)History.Elapsed.TotalMilliseconds,
        Sensors = CreateSensors,
        Data = Data,
        FlashMedium = Request.Folder.OpenFlash(),
        CardMedium = Request.Board.Card is null ? null : Request.Folder.OpenCard(),
        Uplink = uplink,
        IsNetworkUnreliable = Request.Faults is not null,
        Screen = screen,
        Kernels = Kernels,
        Pace = pace,
        TickTime = Plan is null ? new SimulatedDeviceOptions().TickTime : TimeOfPiece(Plan.Options),
        MemoryCeilingBytes = Request.MemoryBytes ?? Request.Board.HeapBytes,
        MemoryPeriod = Plan is null ? new SimulatedDeviceOptions().MemoryPeriod : FilesMemoryPeriod,
    };

    private IReadOnlyList<ISensor> CreateSensors(Func<TimeSpan> time)
    {
        TimeSpan Lived() => History.Elapsed + time();
        return Machine is { } machine
            ? [.. SensorNames.Select((_, channel) => (ISensor)new MachineSensor(machine, channel, Lived))]
            : Table?.CreateSensors(Settings.SensorPeriod, Lived) ?? [];
    }

    private void RequireSource()
    {
        bool isFiles = Settings.Source == SampleOrigin.Files;
        if (isFiles != Request.IsFiles)
        {
            throw new UsageException(
                isFiles
                    ? "The settings have Source files: name the files with --source mnist or fashion-mnist."
                    : $"The settings have Source sensors: --source {Request.Source} needs Source files, or leave it out.");
        }

        if (Settings.UseCard && Request.Board.Card is null)
        {
            throw new UsageException(
                $"The settings have Storage.UseCard, and {Request.Board.Name} has no card; choose --board corecompute.");
        }
    }

    private async Task LoadFilesAsync(CommandEnvironment environment, DatasetCatalog catalog, CancellationToken cancellation)
    {
        TrainSettings like = TrainPresets.Board with { Dataset = Request.Source, Data = Request.Data };
        LoadedDataset dataset = await RunSamples.LoadDatasetAsync(catalog, like, environment, cancellation);
        Data = BoardData.Create(dataset, Request.Limit, Settings.Files);
        Samples = (dataset.Training.Inputs, dataset.Training.Classes);
        int count = Math.Min(Request.Limit ?? int.MaxValue, dataset.Training.Count);
        Plan = PlacementPlan.Create(Settings, dataset.Training.Inputs, dataset.Training.Classes, count, Kernels);
        TrainingOptions options = Plan.Options;
        TotalSamples = (long)options.Epochs * count * (options.Schedule == LayerSchedule.Layerwise ? options.Layers.Count : 1);
        Duration = Request.Duration ?? LongestDuration;
    }

    private void OrderFaults()
    {
        if (Request.Faults is { } name && File.Exists(name))
        {
            FaultFile file = ReadFaults(name);
            Faults = file.Plan.After(History.Elapsed);
            foreach (MachineFault fault in file.Machine)
            {
                (Machine ?? throw new UsageException($"{name}: faults of the machine need --source sensors.")).Order(fault);
            }

            return;
        }

        if (Request.Faults is { } plan)
        {
            Faults = FaultPlan.Create(plan, History.Seed, History.Elapsed + Duration, SensorNames).After(History.Elapsed);
        }

        OrderWear();
    }

    /// <summary>
    /// Something to find: the bearing fails half a day before the end, if that leaves time to learn the machine as it should be.
    /// </summary>
    private void OrderWear()
    {
        TimeSpan start = Duration - FailureBeforeEnd - MachineFault.WearTime;
        if (History.ElapsedSeconds == 0 && start >= Settings.LearnFor)
        {
            History = History with { WearSeconds = start.TotalSeconds };
        }

        if (Machine is not null && History.WearSeconds is { } seconds)
        {
            Machine.Order(MachineFault.BearingWear(TimeSpan.FromSeconds(seconds), TimeSpan.MaxValue));
        }
    }

    private static FaultFile ReadFaults(string path)
    {
        try
        {
            return FaultFile.Parse(File.ReadAllText(path));
        }
        catch (FormatException exception)
        {
            throw new UsageException($"{path}: {exception.Message}");
        }
    }

    /// <summary>What the longest piece of work takes a board: a step, or a block of rows.</summary>
    private TimeSpan TimeOfPiece(TrainingOptions options)
    {
        const double PassesOverWeights = 5;
        double together = 0, longest = 0;
        foreach (LayerSpec layer in options.CreateLayerSpecs(Samples!.Value.Inputs, Samples.Value.Classes))
        {
            int rows = options.RowsInMemory > 0 ? Math.Min(options.RowsInMemory, layer.Outputs) : layer.Outputs;
            double work = PassesOverWeights * layer.RowLength * rows * options.Batch;
            together += work;
            longest = Math.Max(longest, work);
        }

        return TimeSpan.FromSeconds(
            (options.Schedule == LayerSchedule.Layerwise ? longest : together) * InstructionsPerMultiplyAdd / InstructionsPerSecond);
    }
}
