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
    /// <summary>Most samples that go through a layer together; more would not be faster.</summary>
    public const int LargestBatch = 128;

    private readonly Network network;
    private readonly ThreadTeam team;
    private readonly SampleWorker[] workers;
    private readonly int classes;
    private readonly int batch;

    /// <summary>Allocates the buffers.</summary>
    /// <param name="network">The trained network; read only.</param>
    /// <param name="kernels">The arithmetic.</param>
    /// <param name="threads">Threads that share the samples, from 1 to 256.</param>
    /// <param name="batch">
    /// Samples that go through a layer together, from 1 to <see cref="LargestBatch"/>: each takes two inputs and three outputs of memory,
    /// and the vector kernels round differently for another number.
    /// </param>
    public NetworkEvaluator(Network network, KernelSet kernels, int threads, int batch = LargestBatch)
    {
        ArgumentChecks.NotNull(network, nameof(network));
        ArgumentChecks.NotNull(kernels, nameof(kernels));
        ArgumentChecks.InRange(batch, 1, LargestBatch, "Batch");
        this.batch = batch;
        this.network = network;
        classes = ClassCount(network);
        team = new ThreadTeam(threads);
        workers = new SampleWorker[threads];
        for (int i = 0; i < threads; i++)
        {
            workers[i] = new SampleWorker(network, kernels, classes, batch);
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
        foreach (SampleWorker worker in workers)
        {
            worker.ForgetActive();
        }

        // Threads take whole batches: the kernels group sums by the number of samples, which must not depend on the threads.
        team.Run(
            workerIndex =>
            {
                for (int first = workerIndex * batch; first < samples.Count; first += team.Count * batch)
                {
                    workers[workerIndex].Evaluate(samples, first, Math.Min(batch, samples.Count - first), results);
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

    private void RequireReconstruction()
    {
        if (!network.Reconstructs)
        {
            throw new ArgumentException(
                "Reconstruction needs a network that the alignment rule trained; this one was trained by backpropagation.");
        }
    }

    private void CheckSource(ISampleSource samples)
    {
        int inputs = network.Layers[0].Spec.Inputs;
        if (samples.Inputs != inputs || (classes > 0 && samples.Classes != classes))
        {
            throw new ArgumentException(
                $"The samples must have {inputs} inputs and {classes} classes, as the network; "
                + $"they have {samples.Inputs} and {samples.Classes}.",
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
                predicted is null || labelled == 0
                    ? null
                    : (double)predicted.Where((one, i) => one == results.Labels[i]).Count() / labelled);
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
}
