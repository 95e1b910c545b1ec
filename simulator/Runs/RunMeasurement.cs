using System;
using System.Collections.Generic;
using System.Linq;
using FeatureAlignment.Datasets;
using FeatureAlignment.Evaluation;
using FeatureAlignment.Simulator.Datasets;
using FeatureAlignment.Simulator.Reports;
using FeatureAlignment.Simulator.Training;

namespace FeatureAlignment.Simulator.Runs;

/// <summary>Looks at a network with the samples it is measured on: figures, and the pictures of the report.</summary>
internal sealed class RunMeasurement : IDisposable
{
    private const int Shown = 12;

    // Of the samples shown, a third are wrong ones, when so many are found among the first.
    private const int ShownWrong = 4;
    private const int SearchedForWrong = 1_000;

    private readonly NetworkEvaluator evaluator;
    private readonly Network network;
    private readonly SampleFormat format;

    public RunMeasurement(Network network, TrainSettings settings, SampleFormat format)
    {
        this.network = network;
        this.format = format;
        evaluator = new NetworkEvaluator(network, settings.ChooseKernels(), network.Options.Threads);
    }

    private bool DrawsPictures => network.Reconstructs && format.ImageWidth is not null;

    public void Dispose() => evaluator.Dispose();

    public EvaluationResult Evaluate(ISampleSource samples) => evaluator.Evaluate(samples);

    /// <summary>A fixed choice of samples with what layer 1 and the whole network give back, wrong predictions among them.</summary>
    public IReadOnlyList<Reconstruction> ReconstructSome(ISampleSource samples)
    {
        if (!DrawsPictures)
        {
            return [];
        }

        if (evaluator.Classes == 0)
        {
            return [.. Enumerable.Range(0, Math.Min(Shown, samples.Count)).Select(i => Reconstruct(samples, i, null))];
        }

        List<int> right = [];
        List<int> wrong = [];
        float[] features = new float[samples.Inputs];
        for (int i = 0; i < Math.Min(samples.Count, SearchedForWrong) && (right.Count < Shown || wrong.Count < ShownWrong); i++)
        {
            int label = samples.Read(i, features);
            (evaluator.Predict(features).Class == label ? right : wrong).Add(i);
        }

        int[] chosen = [.. right.Take(Shown - Math.Min(wrong.Count, ShownWrong)), .. wrong.Take(ShownWrong)];
        return [.. chosen.Select(i => Reconstruct(samples, i, null))];
    }

    /// <summary>The first samples, decoded from a layer's output.</summary>
    /// <param name="samples">Images.</param>
    /// <param name="count">From 1; no more than there are.</param>
    /// <param name="layerNumber">1-based layer to decode from; null for layer 1 with the decoding from the top beside it.</param>
    public IReadOnlyList<Reconstruction> ReconstructFirst(ISampleSource samples, int count, int? layerNumber) =>
        [.. Enumerable.Range(0, Math.Min(count, samples.Count)).Select(i => Reconstruct(samples, i, layerNumber))];

    /// <summary>What each class draws; empty where there are no classes or no pictures.</summary>
    public IReadOnlyList<GrayImage> DrawClasses() =>
        DrawsPictures ? [.. Enumerable.Range(0, evaluator.Classes).Select(DrawClass)] : [];

    public Prediction Predict(ReadOnlySpan<float> features) => evaluator.Predict(features);

    private Reconstruction Reconstruct(ISampleSource samples, int sampleIndex, int? layerNumber)
    {
        float[] features = new float[samples.Inputs];
        int label = samples.Read(sampleIndex, features);
        int predicted = evaluator.Predict(features).Class;
        bool hasDecoding = layerNumber is null && network.Layers.Count > 1;
        return new Reconstruction(
            Image(features),
            Decode(features, layerNumber ?? 1),
            label < 0 || evaluator.Classes == 0 ? null : label,
            predicted < 0 ? null : predicted,
            hasDecoding ? Decode(features, network.Layers.Count) : null);
    }

    private GrayImage Decode(float[] features, int layerCount)
    {
        float[] pixels = new float[features.Length];
        evaluator.Reconstruct(features, layerCount, pixels);
        return Image(pixels);
    }

    private GrayImage DrawClass(int classIndex)
    {
        float[] pixels = new float[format.Inputs];
        evaluator.DrawClass(classIndex, pixels);
        return Image(pixels);
    }

    private GrayImage Image(float[] pixels) => new(format.ImageWidth!.Value, format.ImageHeight!.Value, pixels);
}
