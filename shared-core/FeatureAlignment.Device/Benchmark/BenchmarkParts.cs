using System;
using System.IO;
using FeatureAlignment.Checkpoints;
using FeatureAlignment.Datasets;
using FeatureAlignment.Kernels;
using FeatureAlignment.Optimizers;
using FeatureAlignment.Training;

namespace FeatureAlignment.Device.Benchmark;

/// <summary>
/// Work of one kind, in units of one size. Opened only when its turn comes, so that only one part's memory is held at a time.
/// </summary>
internal interface IBenchmarkPart : IDisposable
{
    /// <summary>What it measures.</summary>
    BenchmarkKind Kind { get; }

    /// <summary>What a unit counts for in the result: multiply-adds, steps or bytes.</summary>
    double CountPerUnit { get; }

    /// <summary>Units after which it ends, because a medium wears.</summary>
    long MostUnits { get; }

    /// <summary>Allocates, and works once so that what is compiled at first use is compiled.</summary>
    void Open();

    /// <summary>Works. Allocates nothing.</summary>
    void Run(int units);
}

/// <summary>One sample through the weights of a layer.</summary>
internal sealed class ProductPart : IBenchmarkPart
{
    private readonly KernelSet kernels;
    private readonly int rows;
    private readonly int rowLength;
    private readonly int productsPerUnit;
    private ProductWorkload? workload;

    public ProductPart(BenchmarkKind kind, KernelSet kernels, int rows, int rowLength, int productsPerUnit)
    {
        Kind = kind;
        this.kernels = kernels;
        this.rows = rows;
        this.rowLength = rowLength;
        this.productsPerUnit = productsPerUnit;
    }

    public BenchmarkKind Kind { get; }

    public double CountPerUnit => (double)rows * rowLength * productsPerUnit;

    public long MostUnits => long.MaxValue;

    public void Open()
    {
        workload = new ProductWorkload(kernels, rows, rowLength);
        workload.Run(1);
    }

    public void Run(int units) => workload!.Run(units * productsPerUnit);

    public void Dispose() => workload = null;
}

/// <summary>Training steps of a network on made-up samples.</summary>
internal sealed class TrainingPart : IBenchmarkPart
{
    private readonly TrainingOptions options;
    private readonly FixedSamples samples;
    private readonly KernelSet kernels;
    private Trainer? trainer;

    public TrainingPart(TrainingOptions options, int inputs, int classes, KernelSet kernels)
    {
        // A small constant rate, because the weights are thrown away and must only stay finite.
        this.options = options with
        {
            Schedule = LayerSchedule.Interleaved,
            RowsInMemory = 0,
            Epochs = TrainingOptions.LargestEpochCount,
            LearningRate = new LearningRateSchedule(1e-4f, LearningRateDecay.Constant),
        };
        samples = new FixedSamples(inputs, classes);
        this.kernels = kernels;
    }

    public BenchmarkKind Kind => BenchmarkKind.TrainingSample;

    public double CountPerUnit => options.Batch;

    public long MostUnits => long.MaxValue;

    public void Open()
    {
        trainer = Trainer.Create(options, samples, kernels);
        trainer.Step();
    }

    public void Run(int units)
    {
        for (int i = 0; i < units; i++)
        {
            trainer!.Step();
        }
    }

    public void Dispose()
    {
        trainer?.Dispose();
        trainer = null;
    }

    /// <summary>Samples that cost nothing to make, so that the step is measured and not they.</summary>
    private sealed class FixedSamples : ISampleSource
    {
        public FixedSamples(int inputs, int classes)
        {
            Inputs = inputs;
            Classes = classes;
        }

        public int Count => 1 << 16;

        public int Inputs { get; }

        public int Classes { get; }

        public int Read(int sampleIndex, Span<float> features)
        {
            features.Fill((sampleIndex & 7) / 8f);
            return Classes > 0 ? sampleIndex % Classes : -1;
        }
    }
}

/// <summary>Writes blocks behind each other into a temporary file, and flushes after each slice.</summary>
internal sealed class WritePart : IBenchmarkPart
{
    private readonly IStorage storage;
    private readonly byte[] block;
    private Stream? file;

    /// <param name="storage">Where to.</param>
    /// <param name="block">What is written.</param>
    public WritePart(IStorage storage, byte[] block)
    {
        this.storage = storage;
        this.block = block;
    }

    public BenchmarkKind Kind => BenchmarkKind.FileWrite;

    public double CountPerUnit => block.Length;

    public long MostUnits => BoardBenchmark.FileBytes / block.Length;

    public void Open()
    {
        storage.Delete(BoardBenchmark.FileName);
        file = storage.Create(BoardBenchmark.FileName);
    }

    public void Run(int units)
    {
        for (int i = 0; i < units; i++)
        {
            file!.Write(block, 0, block.Length);
        }

        storage.Flush(file!);
    }

    public void Dispose()
    {
        file?.Dispose();
        file = null;
    }
}

/// <summary>Reads that file, again and again.</summary>
internal sealed class ReadPart : IBenchmarkPart
{
    private readonly IStorage storage;
    private readonly byte[] block;
    private Stream? file;

    public ReadPart(IStorage storage, byte[] block)
    {
        this.storage = storage;
        this.block = block;
    }

    public BenchmarkKind Kind => BenchmarkKind.FileRead;

    public double CountPerUnit => block.Length;

    public long MostUnits => long.MaxValue;

    public void Open() => file = storage.OpenRead(BoardBenchmark.FileName);

    public void Run(int units)
    {
        for (int i = 0; i < units; i++)
        {
            for (int filled = 0; filled < block.Length;)
            {
                int read = file!.Read(block, filled, block.Length - filled);
                filled += read;
                if (read == 0)
                {
                    if (file.Position == 0)
                    {
                        throw new EndOfStreamException("The benchmark's file must hold the bytes that were written; it is empty.");
                    }

                    file.Position = 0;
                }
            }
        }
    }

    public void Dispose()
    {
        file?.Dispose();
        file = null;
        storage.Delete(BoardBenchmark.FileName);
    }
}
