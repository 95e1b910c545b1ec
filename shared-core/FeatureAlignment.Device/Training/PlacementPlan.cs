using System;
using System.Collections.Generic;
using System.Globalization;
using FeatureAlignment.Device.Settings;
using FeatureAlignment.Evaluation;
using FeatureAlignment.Kernels;
using FeatureAlignment.Layers;
using FeatureAlignment.Training;

namespace FeatureAlignment.Device.Training;

/// <summary>
/// Where the weights are while they learn, decided before anything is allocated: all in memory; the layer in training in memory and
/// finished ones in storage; or of the layer in training a block of rows. The first that fits the memory budget, or the one that the
/// settings ask for.
/// </summary>
public sealed class PlacementPlan
{
    /// <summary>Samples that are evaluated at a time.</summary>
    public const int EvaluationWindow = 8;

    // Few rows leave room for a large batch, and each batch writes the whole layer; fewer than this and every read becomes small.
    private const int StreamedRows = 16;

    // What a 216 MHz Cortex-M7 surely does at 7.2 instructions a multiply-add, and half of the 10 s after which a watchdog gets nervous.
    private const double MultiplyAddsPerSecond = 20e6;
    private const double LongestStepSeconds = 5;

    private PlacementPlan(LayerPlacement placement, TrainingOptions options, MemoryUse use, MemoryPlan training, string reason)
    {
        Placement = placement;
        Options = options;
        Use = use;
        WrittenBytes = training.WrittenBytes;
        StoredBytes = training.StoredBytes;
        Reason = reason;
    }

    /// <summary>Resident, paged or row-streamed.</summary>
    public LayerPlacement Placement { get; }

    /// <summary>The settings of the training with the schedule, the batch and the rows in memory that follow.</summary>
    public TrainingOptions Options { get; }

    /// <summary>Bytes in memory at the peak, evaluation included.</summary>
    public MemoryUse Use { get; }

    /// <summary>Bytes of parameters that are in storage while others are in memory.</summary>
    public long StoredBytes { get; }

    /// <summary>Bytes that the whole run writes to storage because rows do not fit into memory; checkpoints not counted.</summary>
    public long WrittenBytes { get; }

    /// <summary>Which and why, in a sentence.</summary>
    public string Reason { get; }

    /// <summary>Decides.</summary>
    /// <param name="settings">The device's settings.</param>
    /// <param name="inputs">Features of a sample.</param>
    /// <param name="classes">Classes of the samples, 0 without labels.</param>
    /// <param name="sampleCount">Samples of an epoch.</param>
    /// <param name="kernels">The arithmetic.</param>
    /// <exception cref="PlacementException">Nothing fits, or what fits would wear the storage out; the message has the numbers of every
    /// try.</exception>
    /// <exception cref="ArgumentException">The settings do not fit the samples.</exception>
    public static PlacementPlan Create(DeviceSettings settings, int inputs, int classes, int sampleCount, KernelSet kernels)
    {
        ArgumentChecks.NotNull(settings, nameof(settings));
        ArgumentChecks.NotNull(kernels, nameof(kernels));
        var tries = new List<string>();
        var source = new Source(inputs, classes, sampleCount, kernels, settings);
        PlacementPlan? plan = Wants(settings, LayerPlacement.Resident) ? source.TryResident(tries) : null;
        plan ??= Wants(settings, LayerPlacement.Paged) ? source.TryPaged(tries) : null;
        plan ??= Wants(settings, LayerPlacement.RowStreamed) ? source.TryRowStreamed(tries) : null;
        return plan ?? throw new PlacementException(string.Join(" ", tries));
    }

    private static bool Wants(DeviceSettings settings, LayerPlacement placement) =>
        settings.Placement == LayerPlacement.Auto || settings.Placement == placement;

    private static string Bytes(long bytes) => string.Format(CultureInfo.InvariantCulture, "{0:N0} bytes", bytes);

    /// <summary>What is to be placed.</summary>
    private sealed class Source
    {
        private readonly int inputs;
        private readonly int classes;
        private readonly int sampleCount;
        private readonly KernelSet kernels;
        private readonly DeviceSettings settings;
        private readonly MemoryUse evaluation;

        public Source(int inputs, int classes, int sampleCount, KernelSet kernels, DeviceSettings settings)
        {
            this.inputs = inputs;
            this.classes = classes;
            this.sampleCount = sampleCount;
            this.kernels = kernels;
            this.settings = settings;
            evaluation = StreamedEvaluator.Plan(settings.Training.CreateLayerSpecs(inputs, classes), EvaluationWindow);
        }

        private long Budget => settings.MemoryBudgetBytes;

        public PlacementPlan? TryResident(List<string> tries)
        {
            TrainingOptions options = settings.Training with { Schedule = LayerSchedule.Interleaved, RowsInMemory = 0 };
            (MemoryPlan plan, MemoryUse use) = PlanOf(options);
            if (use.Total > Budget)
            {
                tries.Add($"All layers in memory need {Bytes(use.Total)}; the budget is {Bytes(Budget)}.");
                return null;
            }

            RequireShortSteps(options);
            return new PlacementPlan(
                LayerPlacement.Resident, options, use, plan, $"Resident: all layers in memory, {Bytes(use.Total)} of {Bytes(Budget)}.");
        }

        public PlacementPlan? TryPaged(List<string> tries)
        {
            TrainingOptions options = settings.Training with { Schedule = LayerSchedule.Layerwise, RowsInMemory = 0 };
            (MemoryPlan plan, MemoryUse use) = PlanOf(options);
            if (use.Total > Budget)
            {
                tries.Add($"One layer at a time needs {Bytes(use.Total)}.");
                return null;
            }

            RequireShortSteps(options);
            return new PlacementPlan(
                LayerPlacement.Paged, options, use, plan,
                $"Paged: one layer in memory, {Bytes(use.Total)} of {Bytes(Budget)}; "
                + $"{Bytes(plan.StoredBytes)} of layers in storage. {string.Join(" ", tries)}".TrimEnd());
        }

        public PlacementPlan? TryRowStreamed(List<string> tries)
        {
            TrainingOptions options = settings.Training with { Schedule = LayerSchedule.Layerwise, RowsInMemory = StreamedRows };
            try
            {
                options = MemoryPlan.FitBatch(options, inputs, classes, sampleCount, kernels, Budget - evaluation.Total);
            }
            catch (ArgumentException fault)
            {
                tries.Add($"Blocks of rows: {fault.Message}");
                return null;
            }
            catch (MemoryBudgetException fault)
            {
                tries.Add(
                    $"Blocks of {StreamedRows} rows need {Bytes(fault.NeededBytes + evaluation.Total)}; "
                    + "choose smaller layers or a larger Memory.Budget.");
                return null;
            }

            (MemoryPlan plan, MemoryUse use) = PlanOf(options);
            if (!settings.UseCard)
            {
                tries.Add(
                    $"Blocks of rows would write {Bytes(plan.WrittenBytes)} to flash, which does not bear it; "
                    + "a card does (Storage.UseCard: true).");
                return null;
            }

            if (plan.WrittenBytes > settings.RowWearBytes)
            {
                tries.Add(
                    $"Blocks of rows would write {Bytes(plan.WrittenBytes)} to the card, in batches of {options.Batch}; "
                    + $"Storage.RowWear allows {Bytes(settings.RowWearBytes)}. "
                    + "Choose fewer epochs, a larger Training.Batch or Memory.Budget, or a larger Storage.RowWear.");
                return null;
            }

            return new PlacementPlan(
                LayerPlacement.RowStreamed, options, use, plan,
                $"Row-streamed: {StreamedRows} rows in memory, batches of {options.Batch}, {Bytes(use.Total)} of {Bytes(Budget)}; "
                + $"the run writes {Bytes(plan.WrittenBytes)} to the card. {string.Join(" ", tries)}".TrimEnd());
        }

        private (MemoryPlan Plan, MemoryUse Use) PlanOf(TrainingOptions options)
        {
            var plan = MemoryPlan.Create(options, inputs, classes, sampleCount, kernels);
            return (plan, plan.Use + evaluation);
        }

        /// <summary>A step on layers in memory is one piece of work, so it must end before the watchdog is hungry.</summary>
        private void RequireShortSteps(TrainingOptions options)
        {
            double multiplyAdds = 0;
            foreach (LayerSpec spec in options.CreateLayerSpecs(inputs, classes))
            {
                double layer = 5.0 * spec.RowLength * spec.Outputs;
                multiplyAdds = options.Schedule == LayerSchedule.Layerwise ? Math.Max(multiplyAdds, layer) : multiplyAdds + layer;
            }

            int most = (int)Math.Min(int.MaxValue, MultiplyAddsPerSecond * LongestStepSeconds / multiplyAdds);
            if (options.Batch > Math.Max(1, most))
            {
                throw new PlacementException(
                    $"Training.Batch must be at most {Math.Max(1, most)} for these layers, so that a step on a board ends within "
                    + $"{LongestStepSeconds} s and its watchdog is fed in time; was {options.Batch}.");
            }
        }
    }
}

/// <summary>No way of placing the layers fits the device.</summary>
public sealed class PlacementException : Exception
{
    internal PlacementException(string message)
        : base(message)
    {
    }
}
