using System;
using System.Linq;
using FeatureAlignment.Datasets;
using FeatureAlignment.Kernels;
using FeatureAlignment.Layers;
using FeatureAlignment.Training;

namespace FeatureAlignment.Evaluation;

/// <summary>The buffers of one thread and what it does to a batch of samples.</summary>
internal sealed class SampleWorker
{
    private readonly Network network;
    private readonly LayerInference inference;
    private readonly Matrix[] outputs;
    private readonly Matrix[] reconstructions;
    private readonly Matrix input;
    private readonly float[] votes;
    private readonly int[] labels;
    private readonly bool[][] active;
    private readonly int classes;

    public SampleWorker(Network network, KernelSet kernels, int classes, int batch)
    {
        this.network = network;
        this.classes = classes;
        inference = new LayerInference(network.Layers, network.Options.Alignment, kernels, batch);
        input = NewMatrix(batch, network.Layers[0].Spec.Inputs);
        outputs = network.Layers.Select(layer => NewMatrix(batch, layer.Spec.Outputs)).ToArray();
        reconstructions = network.Layers.Select(layer => NewMatrix(batch, layer.Spec.RowLength)).ToArray();
        active = network.Layers.Select(layer => new bool[layer.Spec.Outputs]).ToArray();
        votes = new float[batch * Math.Max(1, classes)];
        labels = new int[batch];
    }

    private int Top => network.Layers.Count - 1;

    public static bool LayerPredicts(Network network, int layerIndex)
    {
        LayerSpec spec = network.Layers[layerIndex].Spec;
        return spec.LabelInputs > 0 || spec.ClassOutputs > 0
            || (network.Options.Rule == LearningRule.Backpropagation && layerIndex == network.Layers.Count - 1);
    }

    /// <summary>Starts to note anew which neurons are ever active.</summary>
    public void ForgetActive()
    {
        foreach (bool[] flags in active)
        {
            Array.Clear(flags, 0, flags.Length);
        }
    }

    public bool WasActive(int layerIndex, int outputIndex) => active[layerIndex][outputIndex];

    public void Evaluate(ISampleSource samples, int first, int count, SampleResults results)
    {
        for (int i = 0; i < count; i++)
        {
            labels[i] = results.Labels[first + i] = samples.Read(first + i, input.Row(i));
        }

        GoUp(count, network.Layers.Count);
        Vote(count, results, first);
        for (int i = 0; i < count; i++)
        {
            results.Predicted[first + i] = classes > 0 ? LabelReadout.IndexOfLargest(Votes(i)) : -1;
        }

        if (network.Reconstructs)
        {
            for (int l = 0; l <= Top; l++)
            {
                NoteErrors(l == 0 ? input : outputs[l - 1], reconstructions[l], count, results.LayerErrors[l], first);
            }

            GoDown(count, Top);
            NoteErrors(input, reconstructions[0], count, results.DecodedErrors, first);
        }
    }

    public Prediction Predict(ReadOnlySpan<float> features)
    {
        features.CopyTo(input.Row(0));
        GoUp(1, network.Layers.Count);
        Vote(1, null, 0);
        double reconstruction = double.NaN, decoded = double.NaN;
        if (network.Reconstructs)
        {
            reconstruction = MeanSquare(input.Row(0), reconstructions[0].Row(0));
            GoDown(1, Top);
            decoded = MeanSquare(input.Row(0), reconstructions[0].Row(0));
        }

        float[] probabilities = Votes(0).ToArray();
        if (classes > 0)
        {
            LabelReadout.LogSoftmax(probabilities);
        }

        return new Prediction(
            classes > 0 ? LabelReadout.IndexOfLargest(probabilities) : -1, probabilities.Select(ElementaryFunctions.Exp).ToArray(),
            reconstruction, decoded);
    }

    public void Reconstruct(ReadOnlySpan<float> features, int layerCount, Span<float> reconstruction)
    {
        features.CopyTo(input.Row(0));
        GoUp(1, layerCount);
        GoDown(1, layerCount - 1);
        reconstructions[0].Row(0).Slice(0, features.Length).CopyTo(reconstruction);
    }

    public void DrawClass(int classIndex, Span<float> picture)
    {
        DenseLayer top = network.Layers[Top];
        Span<float> output = outputs[Top].Row(0);
        output.Clear();
        if (top.Spec.ClassOutputs > 0)
        {
            output[classIndex] = 1;
        }
        else
        {
            ActivationFunctions.Apply(top.Spec.Activation, top.Bias, output);
            for (int j = 0; j < output.Length; j++)
            {
                output[j] += top.Weights.Row(j)[top.Spec.Inputs + classIndex];
            }
        }

        inference.Reconstruct(top, outputs[Top].RowRange(0, 1), reconstructions[Top].RowRange(0, 1));
        GoDown(1, Top);
        reconstructions[0].Row(0).Slice(0, picture.Length).CopyTo(picture);
    }

    private static Matrix NewMatrix(int rows, int columns) => new(new float[rows * columns], rows, columns);

    private Span<float> Votes(int sample) => votes.AsSpan(sample * classes, classes);

    /// <summary>Outputs of the first layers, and what each reconstructs of its input and label.</summary>
    private void GoUp(int count, int layerCount)
    {
        for (int l = 0; l < layerCount; l++)
        {
            DenseLayer layer = network.Layers[l];
            Matrix output = outputs[l].RowRange(0, count);
            inference.Forward(layer, (l == 0 ? input : outputs[l - 1]).RowRange(0, count), output);
            if (network.Reconstructs)
            {
                inference.Reconstruct(layer, output, reconstructions[l].RowRange(0, count));
            }

            NoteActive(l, output);
        }
    }

    /// <summary>Decodes the reconstruction of layer <paramref name="from"/>'s input through the layers below it.</summary>
    private void GoDown(int count, int from)
    {
        for (int l = from; l > 0; l--)
        {
            Matrix decoded = reconstructions[l].RowRange(0, count).ColumnRange(0, network.Layers[l].Spec.Inputs);
            inference.Reconstruct(network.Layers[l - 1], decoded, reconstructions[l - 1].RowRange(0, count));
        }
    }

    /// <summary>Adds up the log-probabilities of all layers that predict, and notes what each would say alone.</summary>
    private void Vote(int count, SampleResults? results, int first)
    {
        Array.Clear(votes, 0, votes.Length);
        for (int l = 0; l <= Top; l++)
        {
            if (!LayerPredicts(network, l))
            {
                continue;
            }

            LayerSpec spec = network.Layers[l].Spec;
            for (int i = 0; i < count; i++)
            {
                ReadOnlySpan<float> logits = spec.LabelInputs > 0
                    ? reconstructions[l].Row(i).Slice(spec.Inputs)
                    : outputs[l].Row(i).Slice(0, classes);
                AddLogProbabilities(logits, Votes(i));
                if (results?.LayerPredicted[l] is { } predicted)
                {
                    predicted[first + i] = LabelReadout.IndexOfLargest(logits);
                }
            }
        }
    }

    private static void AddLogProbabilities(ReadOnlySpan<float> logits, Span<float> votes)
    {
        Span<float> logProbabilities = logits.Length <= 256 ? stackalloc float[logits.Length] : new float[logits.Length];
        logits.CopyTo(logProbabilities);
        LabelReadout.LogSoftmax(logProbabilities);
        for (int k = 0; k < votes.Length; k++)
        {
            votes[k] += logProbabilities[k];
        }
    }

    private void NoteActive(int layerIndex, in Matrix output)
    {
        bool[] flags = active[layerIndex];
        for (int i = 0; i < output.Rows; i++)
        {
            ReadOnlySpan<float> values = output.Row(i);
            for (int j = 0; j < values.Length; j++)
            {
                flags[j] |= values[j] > 0;
            }
        }
    }

    private static void NoteErrors(in Matrix x, in Matrix reconstruction, int count, double[] errors, int first)
    {
        for (int i = 0; i < count; i++)
        {
            errors[first + i] = MeanSquare(x.Row(i), reconstruction.Row(i));
        }
    }

    private static double MeanSquare(ReadOnlySpan<float> x, ReadOnlySpan<float> reconstruction)
    {
        double sum = 0;
        for (int i = 0; i < x.Length; i++)
        {
            double difference = x[i] - reconstruction[i];
            sum += difference * difference;
        }

        return sum / x.Length;
    }
}
