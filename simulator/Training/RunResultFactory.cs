using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using FeatureAlignment.Evaluation;
using FeatureAlignment.Simulator.Commands;
using FeatureAlignment.Simulator.Datasets;
using FeatureAlignment.Simulator.Reports;
using FeatureAlignment.Training;

namespace FeatureAlignment.Simulator.Training;

/// <summary>What a session of a run has measured about itself.</summary>
/// <param name="Seconds">From its start, earlier sessions included.</param>
/// <param name="TrainingSeconds">Of the training loop alone, earlier sessions included.</param>
/// <param name="TrainingBytes">Peak of what the training held.</param>
/// <param name="SamplesSeen">Since the run began.</param>
/// <param name="IsFinished">False when it was stopped.</param>
internal sealed record SessionFigures(double Seconds, double TrainingSeconds, long TrainingBytes, long SamplesSeen, bool IsFinished);

/// <summary>Puts a run's result together from its settings, its plan and what was measured.</summary>
internal static class RunResultFactory
{
    /// <param name="settings">Of the run.</param>
    /// <param name="options">The core's form of them.</param>
    /// <param name="format">Of its samples.</param>
    /// <param name="plan">Its memory as planned.</param>
    /// <param name="session">What was measured on the way.</param>
    /// <param name="network">The layers as they are now.</param>
    /// <param name="evaluation">What the network reaches; null when it was not evaluated.</param>
    public static RunResult Create(
        TrainSettings settings, TrainingOptions options, SampleFormat format, MemoryPlan plan, SessionFigures session, Network network,
        EvaluationResult? evaluation)
    {
        bool isValidation = settings.Validation > 0;
        MemoryUse use = plan.Use;
        IReadOnlyList<double?> layerAccuracies = evaluation?.LayerAccuracies ?? [];
        return new RunResult
        {
            Dataset = format.Name,
            Rule = OptionValue.Write(settings.Rule),
            Layers = settings.Layers,
            Inputs = format.Inputs,
            Activation = OptionValue.Write(settings.Activation),
            Labels = OptionValue.Write(settings.Labels),
            Schedule = OptionValue.Write(settings.Schedule),
            Preset = OptionValue.Write(settings.Preset),
            Seed = settings.Seed,
            Epochs = settings.Epochs,
            Batch = settings.Batch,
            Optimizer = OptionValue.Write(settings.Optimizer),
            LearningRate = Decimal(settings.LearningRate),
            Decay = OptionValue.Write(settings.Decay),
            AlignmentWeight = Decimal(settings.AlignmentWeight),
            LabelWeight = Decimal(settings.LabelWeight),
            Steps = settings.Steps,
            StepSize = Decimal(settings.StepSize),
            Guess = OptionValue.Write(settings.Guess),
            DropPixels = Decimal(settings.DropPixels),
            Limit = settings.Limit,
            Validation = settings.Validation,
            Threads = options.Threads,
            Kernels = settings.ChooseKernels().Name,
            SamplesSeen = session.SamplesSeen,
            TestAccuracy = isValidation ? null : evaluation?.Accuracy,
            ValidationAccuracy = isValidation ? evaluation?.Accuracy : null,
            LayerAccuracies = layerAccuracies.Any(accuracy => accuracy is not null) ? layerAccuracies : null,
            ReconstructionMse = evaluation?.ReconstructionMse is { Count: > 0 } errors ? errors : null,
            DecodedMse = evaluation?.DecodedMse,
            Confusion = evaluation?.Confusion,
            ClassNames = AreNumbers(format.ClassNames) ? null : format.ClassNames,
            Seconds = session.Seconds,
            SamplesPerSecond = session.TrainingSeconds > 0 ? session.SamplesSeen / session.TrainingSeconds : 0,
            TrainingBytes = session.TrainingBytes,
            MemoryPlan = new MemoryPlanSummary(
                use.Weights, use.Gradients, use.OptimizerState, use.Activations, use.WorkBuffers, use.Total),
            DeadNeurons = evaluation?.DeadNeurons,
            LayerParameters = [.. options.CreateLayerSpecs(format.Inputs, format.Classes).Select(layer => layer.ParameterCount)],
            WeightsSha256 = network.ComputeDigest(),
            Finished = session.IsFinished,
            Runtime = RunRuntime.Current,
            Command = new TrainOptions().Call(settings),
        };
    }

    /// <summary>Whether every class is called by its index; so are none at all.</summary>
    private static bool AreNumbers(IReadOnlyList<string> names) =>
        names.Index().All(pair => pair.Item == pair.Index.ToString(CultureInfo.InvariantCulture));

    /// <summary>The number that was typed: 0.0015 as float is 0.001500000013 as double.</summary>
    private static double Decimal(float value) => (double)(decimal)value;
}
