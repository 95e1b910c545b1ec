using System;
using BenchmarkDotNet.Attributes;
using FeatureAlignment.Simulator.Benchmarks;
using FeatureAlignment.Simulator.Training;
using FeatureAlignment.Training;

namespace FeatureAlignment.Benchmarks;

/// <summary>A whole training step of each preset of the simulator's <c>train</c>, one thread, by each rule.</summary>
[MemoryDiagnoser]
public class TrainingStepBenchmarks : IDisposable
{
    private const int Samples = 1_024;

    private TrainingWorkload? training;

    [Params("quick", "board", "accurate")]
    public string PresetName { get; set; } = "quick";

    [Params(LearningRule.Alignment, LearningRule.Backpropagation)]
    public LearningRule Rule { get; set; }

    [GlobalSetup]
    public void Create()
    {
        TrainSettings preset = TrainPresets.Of(Enum.Parse<Preset>(PresetName, ignoreCase: true));
        training = new TrainingWorkload(
            PresetName, BenchWorkload.OptionsOf(preset, Rule, Samples, threads: 1), BenchWorkload.RandomSamples(Samples));
    }

    [GlobalCleanup]
    public void Dispose()
    {
        training?.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>One batch: divide by its size for the time of a sample.</summary>
    [Benchmark]
    public int Step() => training!.Step();
}
