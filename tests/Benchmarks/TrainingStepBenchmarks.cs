using System.Collections.Generic;
using System.Linq;
using BenchmarkDotNet.Attributes;
using FeatureAlignment.Datasets;
using FeatureAlignment.Kernels;
using FeatureAlignment.Layers;
using FeatureAlignment.Optimizers;
using FeatureAlignment.Training;

namespace FeatureAlignment.Benchmarks;

/// <summary>A whole training step of each preset of the simulator's <c>train</c>, one thread, by each rule.</summary>
[MemoryDiagnoser]
public class TrainingStepBenchmarks
{
    private const int Inputs = 784;
    private const int Classes = 10;
    private const int Samples = 1_024;

    private Trainer? trainer;

    [Params("quick", "board", "accurate")]
    public string Preset { get; set; } = "quick";

    [Params(LearningRule.Alignment, LearningRule.Backpropagation)]
    public LearningRule Rule { get; set; }

    [GlobalSetup]
    public void Create()
    {
        (IReadOnlyList<int> layers, int batch, OptimizerKind optimizer, float dropPixels) = Preset switch
        {
            "quick" => (new[] { 256 }, 32, OptimizerKind.Adam, 0f),
            "board" => (new[] { 128 }, 1, OptimizerKind.Sgd, 0f),
            _ => (new[] { 512, 256 }, 128, OptimizerKind.Adam, 0.2f),
        };
        TrainingOptions options = new()
        {
            Rule = Rule,
            Layers = layers,
            Batch = batch,
            Optimizer = optimizer,
            DropPixels = dropPixels,
            Epochs = int.MaxValue,
            InitialWeights = InitialWeights.He,
            // The weights stay about where they are; time does not depend on them.
            LearningRate = new LearningRateSchedule(1e-6f, LearningRateDecay.Constant),
        };
        RandomSource random = new(seed: 1);
        float[] features = [.. Enumerable.Range(0, Samples * Inputs).Select(_ => random.NextSingle())];
        int[] labels = [.. Enumerable.Range(0, Samples).Select(i => i % Classes)];
        trainer = Trainer.Create(options, new InMemoryDataset(features, Inputs, labels, Classes), KernelSet.Best);
    }

    [GlobalCleanup]
    public void End() => trainer?.Dispose();

    /// <summary>One batch: divide by its size for the time of a sample.</summary>
    [Benchmark]
    public int Step() => trainer!.Step();
}
