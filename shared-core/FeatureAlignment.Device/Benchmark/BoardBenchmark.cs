using System;
using System.Collections.Generic;
using System.IO;
using FeatureAlignment.Device.Platform;
using FeatureAlignment.Kernels;
using FeatureAlignment.Training;

namespace FeatureAlignment.Device.Benchmark;

/// <summary>
/// Measures the device that it runs on, in slices of a few tenths of a second, so that the caller feeds the watchdog between them. Run
/// it before the training takes its memory: it holds 0.4 MB, and for the training step what that needs.
/// </summary>
public sealed class BoardBenchmark : IDisposable
{
    /// <summary>The temporary file; one that a power cut left is deleted at the next benchmark.</summary>
    public const string FileName = "benchmark-file";

    /// <summary>Most bytes that a benchmark writes: wear.</summary>
    public const long FileBytes = 256 * 1024;

    private const int BlockBytes = 4096;
    private const int MostUnitsASlice = 256;

    // 100,000 multiply-adds a unit in both, so that a slice is short on a slow device and the clock seldom read on a fast one.
    private const int CachedRows = 8, CachedRowLength = 256, CachedProductsPerUnit = 49;
    private const int StreamedRows = 128, StreamedRowLength = 784, StreamedProductsPerUnit = 1;

    private readonly IReadOnlyList<IBenchmarkPart> parts;
    private readonly IDeviceClock clock;
    private readonly TimeSpan partDuration;
    private int partIndex;
    private long writtenBytes;
    private RateMeter? meter;

    /// <summary>Prepares; nothing is measured and hardly anything allocated.</summary>
    /// <param name="training">The network whose step is measured, all layers in memory.</param>
    /// <param name="inputs">Inputs of a sample, 1 or more.</param>
    /// <param name="classes">Classes of the samples; 0 for none.</param>
    /// <param name="memoryBudgetBytes">A network that needs more is not measured.</param>
    /// <param name="kernels">The arithmetic.</param>
    /// <param name="storage">Where the file goes; it counts what is written as wear.</param>
    /// <param name="clock">Its uptime is read before and after each slice.</param>
    /// <param name="partDuration">About how long each of the five measurements takes, greater than 0, at most 2 s.</param>
    /// <exception cref="ArgumentException">The training does not fit such samples, or the duration is out of range.</exception>
    public BoardBenchmark(
        TrainingOptions training, int inputs, int classes, long memoryBudgetBytes, KernelSet kernels, IDeviceStorage storage,
        IDeviceClock clock, TimeSpan partDuration)
        : this(CreateParts(training, inputs, classes, memoryBudgetBytes, kernels, storage), clock, partDuration)
    {
    }

    internal BoardBenchmark(IReadOnlyList<IBenchmarkPart> parts, IDeviceClock clock, TimeSpan partDuration)
    {
        ArgumentChecks.NotNull(clock, nameof(clock));
        if (partDuration <= TimeSpan.Zero || partDuration > TimeSpan.FromSeconds(2))
        {
            throw new ArgumentOutOfRangeException(
                nameof(partDuration), $"The duration of a measurement must be greater than 0 and at most 2 s; was {partDuration}.");
        }

        this.parts = parts;
        this.clock = clock;
        this.partDuration = partDuration;
    }

    /// <summary>The network that is measured where the settings have none yet: 784 inputs, 128 outputs, labels completed.</summary>
    public static TrainingOptions StandardTraining { get; } = new() { Layers = new[] { 128 }, Labels = LabelMode.Completed };

    /// <summary>Whether everything has been measured.</summary>
    public bool IsFinished => partIndex == parts.Count;

    /// <summary>What has been measured so far; complete when <see cref="IsFinished"/>.</summary>
    public BenchmarkResult Result { get; private set; } = new();

    /// <summary>
    /// Works for one slice: the first of a part allocates, later ones do not. Storage that fails makes its part not measurable. Does
    /// nothing when finished.
    /// </summary>
    public void Step()
    {
        if (IsFinished)
        {
            return;
        }

        IBenchmarkPart part = parts[partIndex];
        try
        {
            if (meter is null)
            {
                meter = new RateMeter(partDuration, part.MostUnits, MostUnitsASlice);
                part.Open();
                return;
            }

            int units = meter.NextUnits;
            writtenBytes += part.Kind == BenchmarkKind.FileWrite ? (long)(units * part.CountPerUnit) : 0;
            TimeSpan start = clock.Uptime;
            part.Run(units);
            meter.Record(clock.Uptime - start);
            if (meter.IsFinished)
            {
                Note(part.Kind, meter.UnitsPerSecond * part.CountPerUnit);
                Close(part);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NonFiniteLossException)
        {
            Close(part);
        }
    }

    /// <summary>Gives up what is held and deletes the file; a benchmark that is not finished stays so.</summary>
    public void Dispose()
    {
        foreach (IBenchmarkPart part in parts)
        {
            Release(part);
        }
    }

    private static List<IBenchmarkPart> CreateParts(
        TrainingOptions training, int inputs, int classes, long memoryBudgetBytes, KernelSet kernels, IDeviceStorage storage)
    {
        ArgumentChecks.NotNull(training, nameof(training));
        ArgumentChecks.NotNull(kernels, nameof(kernels));
        ArgumentChecks.NotNull(storage, nameof(storage));
        var parts = new List<IBenchmarkPart>
        {
            new ProductPart(BenchmarkKind.CachedProduct, kernels, CachedRows, CachedRowLength, CachedProductsPerUnit),
            new ProductPart(BenchmarkKind.StreamedProduct, kernels, StreamedRows, StreamedRowLength, StreamedProductsPerUnit),
        };
        TrainingOptions resident = training with { Schedule = LayerSchedule.Interleaved, RowsInMemory = 0 };
        if (MemoryPlan.Create(resident, inputs, classes, sampleCount: 1, kernels).Use.Total <= memoryBudgetBytes)
        {
            parts.Add(new TrainingPart(resident, inputs, classes, kernels));
        }

        var block = new byte[BlockBytes];
        for (int i = 0; i < block.Length; i++)
        {
            block[i] = (byte)(i * 31);
        }

        parts.Add(new WritePart(storage, block));
        parts.Add(new ReadPart(storage, block));
        return parts;
    }

    private void Close(IBenchmarkPart part)
    {
        meter = null;
        partIndex++;
        Result = Result with { WrittenBytes = writtenBytes };
        Release(part);
    }

    private static void Release(IBenchmarkPart part)
    {
        try
        {
            part.Dispose();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A file that cannot be deleted now is deleted by the next benchmark, before it writes.
        }
    }

    private void Note(BenchmarkKind kind, double? rate) => Result = kind switch
    {
        BenchmarkKind.CachedProduct => Result with { CachedMultiplyAddsPerSecond = rate },
        BenchmarkKind.StreamedProduct => Result with { StreamedMultiplyAddsPerSecond = rate },
        BenchmarkKind.TrainingSample => Result with { TrainingSamplesPerSecond = rate },
        BenchmarkKind.FileWrite => Result with { WriteBytesPerSecond = rate },
        _ => Result with { ReadBytesPerSecond = rate },
    };
}
