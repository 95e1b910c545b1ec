using System;
using System.Collections.Generic;
using FeatureAlignment.Layers;
using FeatureAlignment.Optimizers;
using FeatureAlignment.Training;

namespace FeatureAlignment.Simulator.Training;

/// <summary>Starting points of <c>train</c>; each option given on the command line replaces one value.</summary>
internal static class TrainPresets
{
    /// <summary>Seconds on two cores with the drawn digits.</summary>
    public static readonly TrainSettings Quick = new()
    {
        Preset = Preset.Quick,
        Layers = [256, 128],
        Activation = Activation.Relu,
        Epochs = 3,
        Batch = 32,
        Optimizer = OptimizerKind.Adam,
        LearningRate = 0.003f,
        Decay = LearningRateDecay.Linear,
        AlignmentWeight = 0.01f,
        DropPixels = 0f,
    };

    /// <summary>What fits a microcontroller: single samples, one pass, neither gradient nor optimizer state in memory.</summary>
    public static readonly TrainSettings Board = new()
    {
        Preset = Preset.Board,
        Layers = [128],
        Activation = Activation.Relu,
        Epochs = 1,
        Batch = 1,
        Optimizer = OptimizerKind.Sgd,
        LearningRate = 0.025f,
        Decay = LearningRateDecay.Linear,
        AlignmentWeight = 0.01f,
        DropPixels = 0f,
    };

    /// <summary>The best accuracy in minutes.</summary>
    public static readonly TrainSettings Accurate = new()
    {
        Preset = Preset.Accurate,
        Layers = [512, 256],
        Activation = Activation.Relu,
        Epochs = 20,
        Batch = 128,
        Optimizer = OptimizerKind.Adam,
        LearningRate = 0.002f,
        Decay = LearningRateDecay.Linear,
        AlignmentWeight = 0.003f,
        DropPixels = 0.2f,
    };

    public static IReadOnlyList<TrainSettings> All { get; } = [Quick, Board, Accurate];

    public static TrainSettings Of(Preset preset) => preset switch
    {
        Preset.Quick => Quick,
        Preset.Board => Board,
        Preset.Accurate => Accurate,
        _ => throw new ArgumentOutOfRangeException(nameof(preset), preset, "Preset must be a defined value."),
    };
}
