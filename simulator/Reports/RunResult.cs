using System;
using System.Collections.Generic;
using System.IO;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace FeatureAlignment.Simulator.Reports;

/// <summary>
/// What a run was and what it reached: <c>result.json</c> in the run's folder and the file of <c>--json</c>.
/// Accuracies are fractions from 0 to 1, errors are squared errors of the test set averaged over elements, lists by layer start at the
/// input. A number that is not finite (a diverged run) is written as null.
/// </summary>
internal sealed record RunResult
{
    /// <summary>Name of the data set: "digits", "mnist", "fashion-mnist", or the file of one's own data.</summary>
    public required string Dataset { get; init; }

    /// <summary>"alignment" or "backpropagation".</summary>
    public required string Rule { get; init; }

    /// <summary>Outputs of each layer, from the input upwards: [512, 256].</summary>
    public required IReadOnlyList<int> Layers { get; init; }

    /// <summary>Features of one sample: 784 for a 28 x 28 image.</summary>
    public required int Inputs { get; init; }

    /// <summary>Activation of every layer: "relu", "asinh", ...</summary>
    public required string Activation { get; init; }

    /// <summary>How labels enter: "completed", "clamped" or "none".</summary>
    public required string Labels { get; init; }

    /// <summary>"interleaved" (each batch visits every layer) or "layerwise" (one layer after the other).</summary>
    public required string Schedule { get; init; }

    /// <summary>The preset the settings started from; explicit options have been applied on top of it.</summary>
    public required string Preset { get; init; }

    /// <summary>Seed of weights, sample order, dropped pixels and random guess.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Passes over the training samples that were asked for.</summary>
    public required int Epochs { get; init; }

    /// <summary>Samples per update.</summary>
    public required int Batch { get; init; }

    /// <summary>"sgd", "momentum" or "adam".</summary>
    public required string Optimizer { get; init; }

    /// <summary>Learning rate at the start of the run.</summary>
    public required double LearningRate { get; init; }

    /// <summary>Course of the learning rate: "constant", "linear" or "cosine".</summary>
    public required string Decay { get; init; }

    /// <summary>Weight α of the alignment loss.</summary>
    public required double AlignmentWeight { get; init; }

    /// <summary>Weight β of the label loss.</summary>
    public required double LabelWeight { get; init; }

    /// <summary>Feature steps T.</summary>
    public required int Steps { get; init; }

    /// <summary>Step size η of a feature step.</summary>
    public required double StepSize { get; init; }

    /// <summary>The guess the feature steps start from: "zero" or "random".</summary>
    public required string Guess { get; init; }

    /// <summary>Fraction of the input features set to zero while training; the target stays clean.</summary>
    public required double DropPixels { get; init; }

    /// <summary>Only the first so many training samples were used; null for all.</summary>
    public int? Limit { get; init; }

    /// <summary>
    /// Training samples that were held out to measure on; 0 where the test set was used. In such a run the errors, the confusion and the
    /// layers' accuracies are of the samples held out, and the test set was not looked at.
    /// </summary>
    public int Validation { get; init; }

    /// <summary>Threads of the kernels; they never change the result.</summary>
    public required int Threads { get; init; }

    /// <summary>Kernel form the numbers were computed with: "scalar" or the vector form that "auto" chose.</summary>
    public required string Kernels { get; init; }

    /// <summary>Training samples shown so far, repetitions counted.</summary>
    public required long SamplesSeen { get; init; }

    /// <summary>
    /// Test accuracy by the summed log-softmax of all layers (backpropagation: its head); null without labels and in a validation run.
    /// </summary>
    public double? TestAccuracy { get; init; }

    /// <summary>The same on the samples that <see cref="Validation"/> holds out; null without them.</summary>
    public double? ValidationAccuracy { get; init; }

    /// <summary>
    /// Accuracy of each layer's own logits; null for a layer that has none (backpropagation: all but its head, listed last).
    /// </summary>
    public IReadOnlyList<double?>? LayerAccuracies { get; init; }

    /// <summary>Error of each layer's reconstruction of its own input; null for backpropagation.</summary>
    public IReadOnlyList<double>? ReconstructionMse { get; init; }

    /// <summary>Error of the network's input decoded all the way down from the top layer; null for backpropagation.</summary>
    public double? DecodedMse { get; init; }

    /// <summary>Test samples by true class (rows) and predicted class (columns); null without labels.</summary>
    public IReadOnlyList<IReadOnlyList<int>>? Confusion { get; init; }

    /// <summary>Names of the classes in the order of <see cref="Confusion"/>; null where they are called by number.</summary>
    public IReadOnlyList<string>? ClassNames { get; init; }

    /// <summary>
    /// Seconds from the start of training to the finished evaluation; of the sessions before a resume, the training loop alone.
    /// </summary>
    public required double Seconds { get; init; }

    /// <summary>Speed of the training loop alone: without loading, evaluation and checkpoints.</summary>
    public required double SamplesPerSecond { get; init; }

    /// <summary>Peak bytes of everything training held, sample order and batch buffers included, the data set not.</summary>
    public required long TrainingBytes { get; init; }

    /// <summary>The plan made before anything was allocated.</summary>
    public required MemoryPlanSummary MemoryPlan { get; init; }

    /// <summary>Outputs of each layer that can no longer learn or are never active.</summary>
    public IReadOnlyList<int>? DeadNeurons { get; init; }

    /// <summary>Trained numbers of each layer: weights, bias, label weights and label bias.</summary>
    public required IReadOnlyList<long> LayerParameters { get; init; }

    /// <summary>SHA-256 over little-endian W, b, V and label bias, layer by layer, in lower-case hexadecimal digits.</summary>
    public required string WeightsSha256 { get; init; }

    /// <summary>False after Ctrl+C: the checkpoint is whole, the run can be resumed.</summary>
    public required bool Finished { get; init; }

    /// <summary>Where the run took place.</summary>
    public required RunRuntime Runtime { get; init; }

    /// <summary>The command line that repeats the run.</summary>
    public required string Command { get; init; }

    public void WriteJson(Stream stream)
    {
        JsonSerializer.Serialize(stream, this, RunResultJson.Default.RunResult);
        stream.WriteByte((byte)'\n');
    }

    /// <exception cref="RunFileFormatException">The stream does not hold a result.</exception>
    public static RunResult ReadJson(Stream stream)
    {
        try
        {
            return JsonSerializer.Deserialize(stream, RunResultJson.Default.RunResult)
                ?? throw new RunFileFormatException("Result must be a JSON object; null found.");
        }
        catch (JsonException exception)
        {
            throw new RunFileFormatException(
                $"Result must be JSON that `simulator train` writes; {exception.Message} Repeat the run, or name another one.", exception);
        }
    }
}

/// <summary>The memory plan in bytes, by what the memory is for; <see cref="Total"/> is their sum.</summary>
internal sealed record MemoryPlanSummary(
    long Weights, long Gradients, long OptimizerState, long Activations, long WorkBuffers, long Total);

/// <summary>The machine and runtime of a run.</summary>
internal sealed record RunRuntime(string DotNet, string OperatingSystem, string Architecture, int ProcessorCount)
{
    public static RunRuntime Current { get; } = new(
        RuntimeInformation.FrameworkDescription,
        RuntimeInformation.OSDescription,
        RuntimeInformation.ProcessArchitecture.ToString(),
        Environment.ProcessorCount);
}
