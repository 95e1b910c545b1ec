using System;
using FeatureAlignment.Layers;
using FeatureAlignment.Optimizers;

namespace FeatureAlignment.Checkpoints;

/// <summary>The fields of a layer's file: shape, parameters, and what the optimizer remembers (nothing for a finished layer).</summary>
internal static class LayerFile
{
    public const string Kind = "layer";

    public static string NameOf(int layerIndex) => $"layer-{layerIndex}";

    public static void Write(CheckpointWriter writer, DenseLayer layer, OptimizerState? state)
    {
        LayerSpec spec = layer.Spec;
        writer.Write("inputs", spec.Inputs);
        writer.Write("outputs", spec.Outputs);
        writer.Write("activation", (int)spec.Activation);
        writer.Write("label-inputs", spec.LabelInputs);
        writer.Write("class-outputs", spec.ClassOutputs);
        writer.BeginFloats("weights", spec.Outputs * spec.RowLength);
        for (int row = 0; row < spec.Outputs; row += layer.BlockRows)
        {
            int rows = Math.Min(layer.BlockRows, spec.Outputs - row);
            layer.LoadRows(row, rows);
            writer.AppendFloats(layer.WeightData.AsSpan(0, rows * spec.RowLength));
        }

        writer.Write("bias", layer.Bias);
        writer.Write("label-bias", layer.LabelBias);
        writer.Write("steps", state?.StepCount ?? 0);
        writer.Write("state", state?.StatePerParameter ?? 0);
        for (int i = 0; i < (state?.StatePerParameter ?? 0); i++)
        {
            writer.Write("weights-state", state!.Weights(i));
            writer.Write("bias-state", state.Bias(i));
            writer.Write("label-bias-state", state.LabelBias(i));
        }
    }

    /// <summary>Reads parameters and optimizer state into a layer of the same shape.</summary>
    public static void Read(CheckpointReader reader, DenseLayer layer, OptimizerState state)
    {
        RequireShape(reader, layer.Spec);
        ReadParameters(reader, layer);
        state.StepCount = reader.ReadLong("steps");
        Require(reader, "state", state.StatePerParameter);
        for (int i = 0; i < state.StatePerParameter; i++)
        {
            reader.ReadFloats("weights-state", state.Weights(i));
            reader.ReadFloats("bias-state", state.Bias(i));
            reader.ReadFloats("label-bias-state", state.LabelBias(i));
        }
    }

    /// <summary>Reads the parameters and passes over what an optimizer remembered.</summary>
    public static void ReadParametersOnly(CheckpointReader reader, DenseLayer layer)
    {
        RequireShape(reader, layer.Spec);
        ReadParameters(reader, layer);
        PassState(reader, layer.Spec);
    }

    /// <summary>Finds the parameters, to be read in parts.</summary>
    /// <returns>Offsets in the file, in bytes.</returns>
    public static (long Weights, long Bias, long LabelBias) Locate(CheckpointReader reader, LayerSpec spec)
    {
        RequireShape(reader, spec);
        long weights = reader.LocateFloats("weights", spec.Outputs * spec.RowLength);
        long bias = reader.LocateFloats("bias", spec.Outputs);
        long labelBias = reader.LocateFloats("label-bias", spec.LabelInputs);
        PassState(reader, spec);
        return (weights, bias, labelBias);
    }

    private static void ReadParameters(CheckpointReader reader, DenseLayer layer)
    {
        LayerSpec spec = layer.Spec;
        reader.BeginFloats("weights", spec.Outputs * spec.RowLength);
        for (int row = 0; row < spec.Outputs; row += layer.BlockRows)
        {
            int rows = Math.Min(layer.BlockRows, spec.Outputs - row);
            reader.ReadPart(layer.WeightData.AsSpan(0, rows * spec.RowLength));
            layer.SaveRows(row, rows);
        }

        reader.ReadFloats("bias", layer.Bias);
        reader.ReadFloats("label-bias", layer.LabelBias);
    }

    private static void PassState(CheckpointReader reader, LayerSpec spec)
    {
        reader.ReadLong("steps");
        int count = reader.ReadInt("state");
        for (int i = 0; i < count; i++)
        {
            reader.LocateFloats("weights-state", spec.Outputs * spec.RowLength);
            reader.LocateFloats("bias-state", spec.Outputs);
            reader.LocateFloats("label-bias-state", spec.LabelInputs);
        }
    }

    private static void RequireShape(CheckpointReader reader, LayerSpec spec)
    {
        Require(reader, "inputs", spec.Inputs);
        Require(reader, "outputs", spec.Outputs);
        Require(reader, "activation", (int)spec.Activation);
        Require(reader, "label-inputs", spec.LabelInputs);
        Require(reader, "class-outputs", spec.ClassOutputs);
    }

    private static void Require(CheckpointReader reader, string name, int expected)
    {
        int found = reader.ReadInt(name);
        if (found != expected)
        {
            throw new CheckpointFormatException(
                reader.FileName,
                $"field '{name}' must be {expected}, as the settings say; is {found}. Use the settings the checkpoint was written with.");
        }
    }
}
