using System;

namespace FeatureAlignment.Layers;

/// <summary>The shape of one layer: how many inputs and outputs it has, what it applies to them, and which labels it learns.</summary>
public sealed record LayerSpec
{
    /// <summary>Widest layer that is accepted, inputs or outputs.</summary>
    public const int LargestWidth = 65_536;

    /// <summary>Most classes that are accepted.</summary>
    public const int LargestClassCount = 4_096;

    /// <summary>Describes a layer.</summary>
    /// <param name="inputs">From 1 to <see cref="LargestWidth"/>.</param>
    /// <param name="outputs">From 1 to <see cref="LargestWidth"/>.</param>
    /// <param name="activation">The function σ.</param>
    /// <param name="labelInputs">Classes that the layer completes as blank inputs, from 0 to <see cref="LargestClassCount"/>.</param>
    /// <param name="classOutputs">Leading outputs that stand for classes, from 0 to <paramref name="outputs"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is outside its range.</exception>
    public LayerSpec(int inputs, int outputs, Activation activation, int labelInputs = 0, int classOutputs = 0)
    {
        ArgumentChecks.InRange(inputs, 1, LargestWidth, "Number of inputs");
        ArgumentChecks.InRange(outputs, 1, LargestWidth, "Number of outputs");
        ArgumentChecks.InRange(labelInputs, 0, LargestClassCount, "Number of label inputs");
        ArgumentChecks.InRange(classOutputs, 0, outputs, "Number of class outputs");
        if ((long)outputs * (inputs + labelInputs) > int.MaxValue / 2)
        {
            throw new ArgumentOutOfRangeException(
                nameof(outputs),
                $"A layer must have fewer than {int.MaxValue / 2:N0} weights; {outputs} x {inputs + labelInputs} were asked for.");
        }

        Inputs = inputs;
        Outputs = outputs;
        Activation = activation;
        LabelInputs = labelInputs;
        ClassOutputs = classOutputs;
    }

    /// <summary>I: features that come in.</summary>
    public int Inputs { get; }

    /// <summary>O: features that go out.</summary>
    public int Outputs { get; }

    /// <summary>The function σ.</summary>
    public Activation Activation { get; }

    /// <summary>K: label neurons among the inputs, blank on the way in and reconstructed on the way out; 0 without labels.</summary>
    public int LabelInputs { get; }

    /// <summary>Leading outputs replaced by the one-hot label in the feature loss (the authors' output layer); 0 otherwise.</summary>
    public int ClassOutputs { get; }

    /// <summary>N = I + K: the length of a row of weights.</summary>
    public int RowLength => Inputs + LabelInputs;

    /// <summary>Weights, biases and label biases together.</summary>
    public long ParameterCount => ((long)Outputs * (RowLength + 1)) + LabelInputs;
}
