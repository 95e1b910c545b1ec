using System;
using System.Collections.Generic;
using System.Linq;
using FeatureAlignment.Datasets;
using FeatureAlignment.Kernels;
using FeatureAlignment.Layers;
using FeatureAlignment.Training;

namespace FeatureAlignment.Evaluation;

/// <summary>
/// Sends samples through a trained network and says what it predicts and what it can reconstruct. Threads share the samples; every sum over
/// samples is taken afterwards, in their order, so the result does not depend on the number of threads.
/// </summary>
public sealed class NetworkEvaluator : IDisposable
{
    private const int ChunkSamples = 128;

    private readonly Network network;
    private readonly ThreadTeam team;
    private readonly Worker[] workers;
    private readonly int classes;

    /// <summary>Allocates the buffers.</summary>
    /// <param name="network">The trained network; read only.</param>
    /// <param name="kernels">The arithmetic.</param>
    /// <param name="threads">Threads that share the samples, from 1 to 256.</param>
    public NetworkEvaluator(Network network, KernelSet kernels, int threads)
    {
        ArgumentChecks.NotNull(network, nameof(network));
        ArgumentChecks.NotNull(kernels, nameof(kernels));
        this.network = network;
        classes = ClassCount(network);
        team = new ThreadTeam(threads);
        workers = new Worker[threads];
        for (int i = 0; i < threads; i++)
        {
            workers[i] = new Worker(network, kernels, classes);
        }
    }

    /// <summary>Classes that the network predicts; 0 when it predicts none.</summary>
    public int Classes => classes;

    /// <summary>Ends the threads.</summary>
    public void Dispose() => team.Dispose();

    /// <summary>Evaluates all samples of a source.</summary>
    /// <exception cref="ArgumentException">The samples do not have the network's number of inputs or classes.</exception>
    public EvaluationResult Evaluate(ISampleSource samples)
    {
        ArgumentChecks.NotNull(samples, nameof(samples));
        CheckSource(samples);
        var results = new SampleResults(network, samples.Count);
        team.Run(
            workerIndex =>
            {
                int first = Share(samples.Count, workerIndex), next = Share(samples.Count, workerIndex + 1);
                for (int i = first; i < next; i += ChunkSamples)
                {
                    workers[workerIndex].Evaluate(samples, i, Math.Min(ChunkSamples, next - i), results);
                }
            },
            team.Count);
        return Summarize(samples, results);
    }

    /// <summary>What the network says of one sample.</summary>
    /// <param name="features">[inputs].</param>
    /// <exception cref="ArgumentException">The sample does not have the network's number of inputs.</exception>
    public Prediction Predict(ReadOnlySpan<float> features)
    {
        ArgumentChecks.SameLength(features.Length, network.Layers[0].Spec.Inputs, nameof(features));
        return workers[0].Predict(features);
    }

    /// <summary>Reconstructs one sample: sends it up through some layers and decodes it all the way down again.</summary>
    /// <param name="features">[inputs].</param>
    /// <param name="layerCount">Layers to go through, from 1 to all of them.</param>
    /// <param name="reconstruction">[inputs], overwritten.</param>
    /// <exception cref="ArgumentException">The sample does not fit, or the network does not reconstruct.</exception>
    public void Reconstruct(ReadOnlySpan<float> features, int layerCount, Span<float> reconstruction)
    {
        RequireReconstruction();
        ArgumentChecks.InRange(layerCount, 1, network.Layers.Count, "Number of layers to go through");
        ArgumentChecks.SameLength(features.Length, network.Layers[0].Spec.Inputs, nameof(features));
        ArgumentChecks.SameLength(reconstruction.Length, features.Length, nameof(reconstruction));
        workers[0].Reconstruct(features, layerCount, reconstruction);
    }

    /// <summary>What a class draws: its one-hot label alone, decoded down to the inputs.</summary>
    /// <param name="classIndex">From 0 to <see cref="Classes"/> − 1.</param>
    /// <param name="picture">[inputs], overwritten. Completed labels: the label's row of V is added to the top layer's output for a zero
    /// input, σ(b); clamped labels: the top layer's output is the one-hot label.</param>
    /// <exception cref="ArgumentException">The network does not reconstruct or has no classes.</exception>
    public void DrawClass(int classIndex, Span<float> picture)
    {
        RequireReconstruction();
        ArgumentChecks.InRange(classIndex, 0, classes - 1, "Class");
        ArgumentChecks.SameLength(picture.Length, network.Layers[0].Spec.Inputs, nameof(picture));
        workers[0].DrawClass(classIndex, picture);
    }

    internal static int ClassCount(Network network)
    {
        LayerSpec top = network.Layers[network.Layers.Count - 1].Spec;
        return network.Options.Rule == LearningRule.Backpropagation ? top.Outputs : Math.Max(top.LabelInputs, top.ClassOutputs);
    }

    private int Share(int total, int workerIndex) => (int)((long)total * workerIndex / team.Count);

    private void RequireReconstruction()
    {
        if (!network.Reconstructs)
        {
            throw new ArgumentException("Reconstruction needs a network that the alignment rule trained; this one was trained by backpropagation.");
        }
    }

    private void CheckSource(ISampleSource samples)
    {
        int inputs = network.Layers[0].Spec.Inputs;
        if (samples.Inputs != inputs || (classes > 0 && samples.Classes != classes))
        {
            throw new ArgumentException(
                $"The samples must have {inputs} inputs and {classes} classes, as the network; they have {samples.Inputs} and {samples.Classes}.",
                nameof(samples));
        }
    }

    private EvaluationResult Summarize(ISampleSource samples, SampleResults results)
    {
        int count = samples.Count;
        bool predicts = classes > 0;
        int[][]? confusion = predicts ? Enumerable.Range(0, classes).Select(_ => new int[classes]).ToArray() : null;
        int labelled = results.Labels.Count(label => label >= 0), correct = 0;
        for (int i = 0; i < count && predicts; i++)
        {
            if (results.Labels[i] >= 0)
            {
                confusion![results.Labels[i]][results.Predicted[i]]++;
                correct += results.Predicted[i] == results.Labels[i] ? 1 : 0;
            }
        }

        var layerAccuracies = new List<double?>();
        var errors = new List<double>();
        var dead = new List<int>();
        for (int l = 0; l < network.Layers.Count; l++)
        {
            int[]? predicted = results.LayerPredicted[l];
            layerAccuracies.Add(
                predicted is null || labelled == 0 ? null : (double)predicted.Where((one, i) => one == results.Labels[i]).Count() / labelled);
            if (network.Reconstructs)
            {
                errors.Add(results.LayerErrors[l].Average());
            }

            dead.Add(network.Reconstructs ? network.Layers[l].CountDeadNeurons() : CountNeverActive(l));
        }

        return new EvaluationResult
        {
            Samples = count,
            Accuracy = predicts && labelled > 0 ? (double)correct / labelled : null,
            LayerAccuracies = layerAccuracies,
            Confusion = confusion,
            ReconstructionMse = errors,
            DecodedMse = network.Reconstructs ? results.DecodedErrors.Average() : null,
            DeadNeurons = dead,
        };
    }

    private int CountNeverActive(int layerIndex)
    {
        LayerSpec spec = network.Layers[layerIndex].Spec;
        return ActivationFunctions.CanDie(spec.Activation)
            ? Enumerable.Range(0, spec.Outputs).Count(j => !workers.Any(worker => worker.WasActive(layerIndex, j)))
            : 0;
    }

    /// <summary>What is noted of each sample until all are through.</summary>
    private sealed class SampleResults
    {
        public SampleResults(Network network, int count)
        {
            Labels = new int[count];
            Predicted = new int[count];
            DecodedErrors = new double[count];
            LayerPredicted = new int[]?[network.Layers.Count];
            LayerErrors = new double[network.Layers.Count][];
            for (int l = 0; l < network.Layers.Count; l++)
            {
                LayerPredicted[l] = Worker.LayerPredicts(network, l) ? new int[count] : null;
                LayerErrors[l] = new double[count];
            }
        }

        public int[] Labels { get; }

        public int[] Predicted { get; }

        public int[]?[] LayerPredicted { get; }

        public double[][] LayerErrors { get; }

        public double[] DecodedErrors { get; }
    }

    /// <summary>The buffers of one thread and what it does to a chunk of samples.</summary>
    private sealed class Worker
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

        public Worker(Network network, KernelSet kernels, int classes)
        {
            this.network = network;
            this.classes = classes;
            int widest = network.Layers.Max(layer => Math.Max(layer.Spec.RowLength, layer.Spec.Outputs));
            inference = new LayerInference(network.Options.Alignment, kernels, ChunkSamples, widest);
            input = NewMatrix(network.Layers[0].Spec.Inputs);
            outputs = network.Layers.Select(layer => NewMatrix(layer.Spec.Outputs)).ToArray();
            reconstructions = network.Layers.Select(layer => NewMatrix(layer.Spec.RowLength)).ToArray();
            active = network.Layers.Select(layer => new bool[layer.Spec.Outputs]).ToArray();
            votes = new float[ChunkSamples * Math.Max(1, classes)];
            labels = new int[ChunkSamples];
        }

        private int Top => network.Layers.Count - 1;

        public static bool LayerPredicts(Network network, int layerIndex)
        {
            LayerSpec spec = network.Layers[layerIndex].Spec;
            return spec.LabelInputs > 0 || spec.ClassOutputs > 0
                || (network.Options.Rule == LearningRule.Backpropagation && layerIndex == network.Layers.Count - 1);
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

        private static Matrix NewMatrix(int columns) => new(new float[ChunkSamples * columns], ChunkSamples, columns);

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
}
