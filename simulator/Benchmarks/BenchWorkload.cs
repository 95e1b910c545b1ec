using System;
using System.Collections.Generic;
using System.Linq;
using FeatureAlignment.Datasets;
using FeatureAlignment.Evaluation;
using FeatureAlignment.Kernels;
using FeatureAlignment.Layers;
using FeatureAlignment.Optimizers;
using FeatureAlignment.Simulator.Training;
using FeatureAlignment.Training;

namespace FeatureAlignment.Simulator.Benchmarks;

/// <summary>One row of the benchmark: something that goes through samples again and again.</summary>
internal abstract class BenchWorkload(string name, string rule, TrainingOptions options, int threads) : IDisposable
{
    // So small that weights stay where they are and no loss grows without bound; time does not depend on the values.
    private const float LearningRate = 1e-5f;

    // The shape of MNIST.
    private const int Inputs = 784;
    private const int Classes = 10;

    /// <summary>The preset, or the net whose batch varies.</summary>
    public string Name { get; } = name;

    /// <summary>alignment, backpropagation or inference.</summary>
    public string Rule { get; } = rule;

    public TrainingOptions Options { get; } = options;

    public int Threads { get; } = threads;

    public List<double> SamplesPerSecond { get; } = [];

    public List<double> BytesPerStep { get; } = [];

    /// <summary>Multiply-accumulates of one sample.</summary>
    public abstract long Products { get; }

    /// <summary>Least bytes of weights and optimizer state that a step moves; null where it is not counted.</summary>
    public abstract long? Traffic { get; }

    /// <summary>Takes one step.</summary>
    /// <returns>Its samples.</returns>
    public abstract int Step();

    public abstract void Dispose();

    /// <summary>Samples in memory, the same ones each time.</summary>
    public static InMemoryDataset RandomSamples(int count)
    {
        RandomSource random = new(seed: 1);
        float[] features = new float[count * Inputs];
        for (int i = 0; i < features.Length; i++)
        {
            features[i] = random.NextSingle();
        }

        int[] labels = [.. Enumerable.Range(0, count).Select(_ => random.NextInt32(Classes))];
        return new InMemoryDataset(features, Inputs, labels, Classes);
    }

    /// <summary>The core's form of a preset, to be run without end.</summary>
    public static TrainingOptions OptionsOf(TrainSettings settings, LearningRule rule, int sampleCount, int threads) =>
        (settings with { Rule = rule, Threads = threads }).ToTrainingOptions(sampleCount) with
        {
            Epochs = TrainingOptions.LargestEpochCount,
            // Orthogonal rows take longer to make than to measure.
            InitialWeights = InitialWeights.He,
            LearningRate = new LearningRateSchedule(LearningRate, LearningRateDecay.Constant),
        };
}

/// <summary>Steps of a training.</summary>
internal sealed class TrainingWorkload : BenchWorkload
{
    private readonly Trainer trainer;

    public TrainingWorkload(string name, TrainingOptions options, ISampleSource samples)
        : base(name, Commands.OptionValue.Write(options.Rule), options, options.Threads) =>
        trainer = Trainer.Create(options, samples, KernelSet.Best);

    public override long Products => ProductCount.OfTraining(Options.Rule, trainer.LayerSpecs);

    public override long? Traffic => ProductCount.TrafficOfStep(
        trainer.LayerSpecs, Options.Optimizer switch { OptimizerKind.Adam => 2, OptimizerKind.Momentum => 1, _ => 0 });

    public override int Step() => trainer.Step();

    public override void Dispose() => trainer.Dispose();
}

/// <summary>Classification, reconstruction and decoding of the same batch; a single sample as <c>predict</c> does it.</summary>
internal sealed class InferenceWorkload : BenchWorkload
{
    private readonly NetworkEvaluator evaluator;
    private readonly IReadOnlyList<LayerSpec> layers;
    private readonly ISampleSource batch;
    private readonly float[] sample;

    public InferenceWorkload(string name, TrainingOptions options, ISampleSource samples)
        : base(name, "inference", options, options.Threads)
    {
        layers = options.CreateLayerSpecs(samples.Inputs, samples.Classes);
        DenseLayer[] network = [.. layers.Select(layer => new DenseLayer(layer))];
        for (int i = 0; i < network.Length; i++)
        {
            WeightInitializer.Initialize(network[i], options.InitialWeights, options.Gain, options.Seed, i);
        }

        evaluator = new NetworkEvaluator(new Network(options, network), KernelSet.Best, options.Threads);
        batch = SampleSubset.Take(samples, options.Batch);
        sample = new float[samples.Inputs];
        samples.Read(0, sample);
    }

    public override long Products => ProductCount.OfInference(layers);

    public override long? Traffic => null;

    public override int Step()
    {
        if (batch.Count == 1)
        {
            evaluator.Predict(sample);
        }
        else
        {
            evaluator.Evaluate(batch);
        }

        return batch.Count;
    }

    public override void Dispose() => evaluator.Dispose();
}
