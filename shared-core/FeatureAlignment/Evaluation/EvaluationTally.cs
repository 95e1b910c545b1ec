using System;
using System.Collections.Generic;
using FeatureAlignment.Layers;

namespace FeatureAlignment.Evaluation;

/// <summary>Counts and sums of an evaluation that goes on window by window; every figure can be read at any time.</summary>
public sealed class EvaluationTally
{
    private readonly int[] confusion;
    private readonly int[] layerCorrect;
    private readonly double[] layerErrors;
    private readonly int[] layerInputs;

    /// <summary>Starts at zero.</summary>
    /// <param name="layers">The layers that are evaluated, first to last.</param>
    /// <exception cref="ArgumentException">There is no layer.</exception>
    public EvaluationTally(IReadOnlyList<LayerSpec> layers)
    {
        ArgumentChecks.NotNull(layers, nameof(layers));
        if (layers.Count == 0)
        {
            throw new ArgumentException("An evaluation needs a layer at least; there is none.", nameof(layers));
        }

        Classes = layers[0].LabelInputs;
        confusion = new int[Classes * Classes];
        layerCorrect = new int[layers.Count];
        layerErrors = new double[layers.Count];
        layerInputs = new int[layers.Count];
        for (int i = 0; i < layerInputs.Length; i++)
        {
            layerInputs[i] = layers[i].Inputs;
        }
    }

    /// <summary>Number of classes; 0 without labels.</summary>
    public int Classes { get; }

    /// <summary>Samples so far.</summary>
    public int Samples { get; private set; }

    /// <summary>Samples with a label so far.</summary>
    public int Labelled { get; private set; }

    /// <summary>Labelled samples whose class the layers' summed log-probabilities name.</summary>
    public int Correct { get; private set; }

    /// <summary>Share of the labelled samples that are right, from 0 to 1; NaN when there is none.</summary>
    public double Accuracy => Labelled > 0 ? (double)Correct / Labelled : double.NaN;

    /// <summary>How often samples of one class were taken for another, [K x K]: row of the label, column of the prediction.</summary>
    public ReadOnlySpan<int> Confusion => confusion;

    /// <summary>Share of the labelled samples that one layer alone has right, from 0 to 1; NaN when there is none.</summary>
    /// <param name="layerIndex">0-based.</param>
    public double LayerAccuracy(int layerIndex) => Labelled > 0 ? (double)layerCorrect[layerIndex] / Labelled : double.NaN;

    /// <summary>Mean over samples and inputs of (x − x̂)² of one layer; NaN when there is no sample.</summary>
    /// <param name="layerIndex">0-based.</param>
    public double ReconstructionMse(int layerIndex) =>
        Samples > 0 ? layerErrors[layerIndex] / ((double)Samples * layerInputs[layerIndex]) : double.NaN;

    /// <summary>Starts anew.</summary>
    public void Clear()
    {
        Samples = Labelled = Correct = 0;
        Array.Clear(confusion, 0, confusion.Length);
        Array.Clear(layerCorrect, 0, layerCorrect.Length);
        Array.Clear(layerErrors, 0, layerErrors.Length);
    }

    internal void AddLayer(int layerIndex, double squaredError, int correct)
    {
        layerErrors[layerIndex] += squaredError;
        layerCorrect[layerIndex] += correct;
    }

    internal void AddSample(int label, int predicted)
    {
        Samples++;
        if (label >= 0 && Classes > 0)
        {
            Labelled++;
            Correct += label == predicted ? 1 : 0;
            confusion[(label * Classes) + predicted]++;
        }
    }
}
