using System;
using FeatureAlignment.Checkpoints;
using FeatureAlignment.Datasets;
using FeatureAlignment.Kernels;
using FeatureAlignment.Layers;
using FeatureAlignment.Tests.Support;
using FeatureAlignment.Training;
using NUnit.Framework;

namespace FeatureAlignment.Tests.Training;

/// <summary>A layer whose weights stay in storage learns what it would have learned in memory.</summary>
[TestFixture]
public class StreamedRowsTests
{
    private const int Inputs = 784;
    private const int Classes = 10;
    private const int Samples = 48;

    [Test]
    public void Training_RowsInStorage_GivesTheBitsOfTrainingInMemory(
        [Values("scalar", "best")] string kernelName, [Values(256 * 1024, 512 * 1024)] int budget)
    {
        KernelSet kernels = kernelName == "scalar" ? KernelSet.Scalar : KernelSet.Best;
        TrainingOptions streamed = MemoryPlan.FitBatch(Options(2048, rowsInMemory: 8), Inputs, Classes, Samples, kernels, budget);
        Assert.That(streamed.Batch, Is.GreaterThan(1), "the budget leaves room for a batch");
        Assert.That(Train(streamed, kernels), Is.EqualTo(Train(streamed with { RowsInMemory = 0 }, kernels)));
    }

    [Test]
    public void Training_TwoLayersInStorage_GivesTheBitsOfTrainingInMemory([Values(8, 24, 64)] int rows, [Values(1, 5, 16)] int batch)
    {
        TrainingOptions options = Options(64, rows) with { Layers = [64, 40], Batch = batch };
        Assert.That(
            Train(options, KernelSet.Best), Is.EqualTo(Train(options with { RowsInMemory = 0 }, KernelSet.Best)));
    }

    [Test]
    public void Training_RowsInStorage_ResumesToTheBit()
    {
        TrainingOptions options = Options(64, 16) with { Layers = [64, 40], Batch = 7 };
        Assert.That(Train(options, KernelSet.Scalar, stopAfter: 5), Is.EqualTo(Train(options, KernelSet.Scalar)));
    }

    [Test]
    public void Plan_RowsInStorage_CountsWhatIsWritten()
    {
        TrainingOptions options = Options(64, 16) with { Batch = 10, Epochs = 3 };
        MemoryPlan plan = MemoryPlan.Create(options, Inputs, Classes, Samples, KernelSet.Scalar);
        var rows = new CountingRows(64 * (Inputs + Classes));
        using Trainer trainer = Trainer.Create(options, TestSamples(), KernelSet.Scalar, rows);
        while (!trainer.IsFinished)
        {
            trainer.Step();
        }

        Assert.That(plan.WrittenBytes, Is.EqualTo(rows.BytesWritten));
        Assert.That(
            () => plan.RequireWrittenAtMost(plan.WrittenBytes - 1),
            Throws.TypeOf<WearBudgetException>()
                .With.Message.Contains($"{plan.WrittenBytes:N0}").And.Message.Contains($"{plan.WrittenBytes - 1:N0}"));
        Assert.That(() => plan.RequireWrittenAtMost(plan.WrittenBytes), Throws.Nothing);
    }

    [Test]
    public void FitBatch_BudgetBelowSingleSamples_Throws() => Assert.That(
        () => MemoryPlan.FitBatch(Options(2048, 8), Inputs, Classes, Samples, KernelSet.Scalar, 40_000),
        Throws.TypeOf<MemoryBudgetException>());

    [Test]
    public void Options_RowsInStorageWithAdam_Throws() => Assert.That(
        () => (Options(64, 8) with { Optimizer = OptimizerKind.Adam }).CreateLayerSpecs(Inputs, Classes),
        Throws.ArgumentException.With.Message.Contains("sgd"));

    private static TrainingOptions Options(int width, int rowsInMemory) => new()
    {
        Layers = [width],
        Schedule = LayerSchedule.Layerwise,
        InitialWeights = InitialWeights.He,
        Batch = 128,
        RowsInMemory = rowsInMemory,
        Seed = 3,
    };

    private static string Train(TrainingOptions options, KernelSet kernels, int stopAfter = 0)
    {
        var storage = FolderStorage.OpenOrCreate(TestFolder.New());
        ISampleSource samples = TestSamples();
        if (stopAfter > 0)
        {
            using var first = new TrainingCheckpoints(new CheckpointStore(storage), options, Inputs, Classes);
            using Trainer trainer = Trainer.Create(options, samples, kernels, first);
            for (int step = 0; step < stopAfter; step++)
            {
                trainer.Step();
            }

            first.Save(trainer);
        }

        using var checkpoints = new TrainingCheckpoints(new CheckpointStore(storage), options, Inputs, Classes);
        using (Trainer trainer = Trainer.Create(options, samples, kernels, checkpoints))
        {
            Assert.That(checkpoints.Restore(trainer), Is.EqualTo(stopAfter > 0));
            while (!trainer.IsFinished)
            {
                trainer.Step();
            }
        }

        return checkpoints.LoadNetwork()!.ComputeDigest();
    }

    private static InMemoryDataset TestSamples()
    {
        var random = new RandomSource(11);
        var features = new float[Samples * Inputs];
        var labels = new int[Samples];
        for (int i = 0; i < features.Length; i++)
        {
            features[i] = random.NextSingle();
        }

        for (int i = 0; i < Samples; i++)
        {
            labels[i] = i % Classes;
        }

        return new InMemoryDataset(features, Inputs, labels, Classes);
    }

    /// <summary>Rows in an array, with a count of what is written.</summary>
    private sealed class CountingRows(int length) : ILayerStore, IRowStorage
    {
        private readonly float[] values = new float[length];

        public long BytesWritten { get; private set; }

        public IRowStorage OpenRows(int layerIndex) => this;

        public void Read(int firstRow, Span<float> rows) => values.AsSpan(firstRow * (Inputs + Classes), rows.Length).CopyTo(rows);

        public void Write(int firstRow, ReadOnlySpan<float> rows)
        {
            rows.CopyTo(values.AsSpan(firstRow * (Inputs + Classes)));
            BytesWritten += rows.Length * sizeof(float);
        }

        public void Freeze(int layerIndex, DenseLayer layer, in TrainingPosition resumeAt)
        {
        }

        public void ReadRows(int layerIndex, int firstRow, Span<float> rows) => throw new NotSupportedException();

        public void ReadBias(int layerIndex, Span<float> bias) => throw new NotSupportedException();

        public void ReadLabelBias(int layerIndex, Span<float> labelBias) => throw new NotSupportedException();
    }
}
