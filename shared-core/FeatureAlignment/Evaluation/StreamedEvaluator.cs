using System;
using System.Collections.Generic;
using FeatureAlignment.Alignment;
using FeatureAlignment.Datasets;
using FeatureAlignment.Kernels;
using FeatureAlignment.Layers;
using FeatureAlignment.Training;

namespace FeatureAlignment.Evaluation;

/// <summary>
/// Evaluates a window of samples at a call, with a block of rows of one layer in memory at a time: for a board whose layers are in storage
/// and whose watchdog wants to be fed.
/// </summary>
/// <remarks>
/// Row j of W̃ gives output j, and output j gives its part of [x̂ ; logits]: so one pass over the rows does both, as in training
/// (docs/algorithm.md). What it counts equals <see cref="NetworkEvaluator"/>'s, but for the last digits of the sums.
/// </remarks>
public sealed class StreamedEvaluator
{
    private const int BlockRows = 32;

    private readonly IReadOnlyList<LayerSpec> layers;
    private readonly AlignmentOptions options;
    private readonly KernelSet kernels;
    private readonly int window;
    private readonly float[] input;
    private readonly float[] evenOutputs;
    private readonly float[] oddOutputs;
    private readonly float[] reconstruction;
    private readonly float[] features;
    private readonly float[] rows;
    private readonly float[] bias;
    private readonly float[] labelBias;
    private readonly float[] votes;
    private readonly float[] firstReconstruction;
    private readonly float[] guessOutput = new float[BlockRows];
    private readonly float[] guessSlope = new float[BlockRows];
    private readonly int[] labels;

    /// <summary>Allocates the buffers.</summary>
    /// <param name="layers">Shapes of the layers, first to last, as <see cref="TrainingOptions.CreateLayerSpecs"/> makes them.</param>
    /// <param name="options">The rule's settings that the layers learned with.</param>
    /// <param name="kernels">The arithmetic.</param>
    /// <param name="window">Most samples a call, from 1 to 4,096.</param>
    /// <exception cref="ArgumentException">The rule takes more than one feature step from a zero guess, or labels are clamped.</exception>
    public StreamedEvaluator(IReadOnlyList<LayerSpec> layers, AlignmentOptions options, KernelSet kernels, int window)
    {
        ArgumentChecks.NotNull(layers, nameof(layers));
        ArgumentChecks.NotNull(options, nameof(options));
        ArgumentChecks.NotNull(kernels, nameof(kernels));
        ArgumentChecks.InRange(window, 1, 4096, "Window of an evaluation");
        if (!options.IsSingleStepFromZero || layers[layers.Count - 1].ClassOutputs > 0)
        {
            throw new ArgumentException(
                "Evaluation in one pass needs one feature step from a zero guess and no clamped labels; use NetworkEvaluator.");
        }

        this.layers = layers;
        this.options = options;
        this.kernels = kernels;
        this.window = window;
        var size = new Sizes(layers);
        input = new float[window * layers[0].Inputs];
        evenOutputs = new float[window * size.Even];
        oddOutputs = new float[window * size.Odd];
        reconstruction = new float[window * size.RowLength];
        firstReconstruction = new float[layers[0].Inputs];
        features = new float[window * BlockRows];
        rows = new float[BlockRows * size.RowLength];
        bias = new float[size.Outputs];
        labelBias = new float[layers[0].LabelInputs];
        votes = new float[window * layers[0].LabelInputs];
        labels = new int[window];
    }

    /// <summary>First sample of the last window, [I].</summary>
    public ReadOnlySpan<float> LastInput => input.AsSpan(0, layers[0].Inputs);

    /// <summary>What the first layer reconstructed of it, [I].</summary>
    public ReadOnlySpan<float> LastReconstruction => firstReconstruction;

    /// <summary>Its label, −1 without one, and what the layers took it for, −1 when they learned no labels.</summary>
    public (int Label, int Predicted) LastClass { get; private set; } = (-1, -1);

    /// <summary>Bytes that the constructor allocates.</summary>
    /// <param name="layers">As in the constructor.</param>
    /// <param name="window">As in the constructor.</param>
    public static MemoryUse Plan(IReadOnlyList<LayerSpec> layers, int window)
    {
        ArgumentChecks.NotNull(layers, nameof(layers));
        var size = new Sizes(layers);
        long classes = layers[0].LabelInputs, inputs = layers[0].Inputs;
        return new MemoryUse
        {
            Activations = sizeof(float) * ((window * (inputs + size.Even + size.Odd + size.RowLength + classes + BlockRows + 1)) + inputs),
            WorkBuffers = sizeof(float) * (((long)BlockRows * (size.RowLength + 2)) + size.Outputs + classes),
        };
    }

    /// <summary>Evaluates samples [first, first + count) and adds them to a tally. Allocates nothing.</summary>
    /// <param name="weights">Gives the layers' parameters.</param>
    /// <param name="samples">Has the first layer's number of inputs.</param>
    /// <param name="first">0-based.</param>
    /// <param name="count">From 1 to the window.</param>
    /// <param name="tally">Of the same layers, or of the first few of them: those alone are evaluated.</param>
    /// <param name="layerCount">How many of the layers to use, from the first on.</param>
    public void Evaluate(ILayerReader weights, ISampleSource samples, int first, int count, EvaluationTally tally, int layerCount)
    {
        ArgumentChecks.NotNull(weights, nameof(weights));
        ArgumentChecks.NotNull(samples, nameof(samples));
        ArgumentChecks.NotNull(tally, nameof(tally));
        ArgumentChecks.InRange(count, 1, window, "Number of samples");
        ArgumentChecks.InRange(layerCount, 1, layers.Count, "Number of layers");
        ArgumentChecks.SameLength(samples.Inputs, layers[0].Inputs, nameof(samples));
        var x = new Matrix(input, count, layers[0].Inputs);
        for (int i = 0; i < count; i++)
        {
            labels[i] = samples.Read(first + i, x.Row(i));
        }

        Array.Clear(votes, 0, votes.Length);
        for (int l = 0; l < layerCount; l++)
        {
            var h = new Matrix(l % 2 == 0 ? evenOutputs : oddOutputs, count, layers[l].Outputs);
            var r = new Matrix(reconstruction, count, layers[l].RowLength);
            Pass(weights, l, x, h, r);
            weights.ReadLabelBias(l, labelBias);
            Note(l, x, r, tally);
            x = h;
        }

        for (int i = count - 1; i >= 0; i--)
        {
            int predicted = tally.Classes > 0 ? LabelReadout.IndexOfLargest(Votes(i)) : -1;
            tally.AddSample(labels[i], predicted);
            LastClass = (labels[i], predicted);
        }
    }

    private Span<float> Votes(int sample) => votes.AsSpan(sample * layers[0].LabelInputs, layers[0].LabelInputs);

    /// <summary>h = σ(W x + b) and r = W̃ᵀ (η d ⊙ (h − g)), a block of rows at a time.</summary>
    private void Pass(ILayerReader weights, int layerIndex, in Matrix x, in Matrix h, in Matrix r)
    {
        LayerSpec spec = layers[layerIndex];
        weights.ReadBias(layerIndex, bias.AsSpan(0, spec.Outputs));
        for (int i = 0; i < r.Rows; i++)
        {
            r.Row(i).Clear();
        }

        for (int row = 0; row < spec.Outputs; row += BlockRows)
        {
            int count = Math.Min(BlockRows, spec.Outputs - row);
            weights.ReadRows(layerIndex, row, rows.AsSpan(0, count * spec.RowLength));
            var block = new Matrix(rows, count, spec.RowLength);
            ReadOnlySpan<float> blockBias = bias.AsSpan(row, count);
            Span<float> g = guessOutput.AsSpan(0, count), d = guessSlope.AsSpan(0, count);
            ActivationFunctions.ApplyWithSlope(spec.Activation, blockBias, g, d);

            Matrix output = h.ColumnRange(row, count);
            var s = new Matrix(features, x.Rows, count);
            kernels.MultiplyTransposed(x, block.ColumnRange(0, spec.Inputs), output);
            for (int i = 0; i < x.Rows; i++)
            {
                Spans.Add(blockBias, output.Row(i));
                ActivationFunctions.Apply(spec.Activation, output.Row(i), output.Row(i));
                kernels.MakeFeatures(output.Row(i), g, d, options.StepSize, s.Row(i));
            }

            kernels.AddMultiply(s, block, r);
        }
    }

    private void Note(int layerIndex, in Matrix x, in Matrix r, EvaluationTally tally)
    {
        LayerSpec spec = layers[layerIndex];
        double squares = 0;
        int correct = 0;
        for (int i = 0; i < x.Rows; i++)
        {
            Span<float> completed = r.Row(i), reconstructed = completed.Slice(0, spec.Inputs), logits = completed.Slice(spec.Inputs);
            if (layerIndex == 0 && i == 0)
            {
                reconstructed.CopyTo(firstReconstruction);
            }

            squares += kernels.ReplaceByResidual(x.Row(i), reconstructed, 1);
            if (!logits.IsEmpty)
            {
                Spans.Add(labelBias, logits);
                correct += LabelReadout.IndexOfLargest(logits) == labels[i] ? 1 : 0;
                LabelReadout.LogSoftmax(logits);
                Spans.Add(logits, Votes(i));
            }
        }

        tally.AddLayer(layerIndex, squares, correct);
    }

    private readonly struct Sizes
    {
        public Sizes(IReadOnlyList<LayerSpec> layers)
        {
            Even = Odd = RowLength = Outputs = 0;
            for (int i = 0; i < layers.Count; i++)
            {
                Even = i % 2 == 0 ? Math.Max(Even, layers[i].Outputs) : Even;
                Odd = i % 2 == 1 ? Math.Max(Odd, layers[i].Outputs) : Odd;
                RowLength = Math.Max(RowLength, layers[i].RowLength);
                Outputs = Math.Max(Outputs, layers[i].Outputs);
            }
        }

        public int Even { get; }

        public int Odd { get; }

        public int RowLength { get; }

        public int Outputs { get; }
    }
}
