using System.Linq;
using FeatureAlignment.Evaluation;
using FeatureAlignment.Kernels;
using FeatureAlignment.Layers;
using FeatureAlignment.Tests.Support;
using FeatureAlignment.Training;
using NUnit.Framework;

namespace FeatureAlignment.Tests.Evaluation;

[TestFixture]
public sealed class SampleCoderTests
{
    // The middle layer is the widest: its row is the longest.
    private static readonly TrainingOptions Options = new() { Layers = [40, 70, 9], Batch = 4, Seed = 5 };

    [Test]
    public void Classify_NamesWhatNetworkEvaluatorNames()
    {
        var samples = new RandomSamples(101, 12, 3);
        using Trainer trainer = Trainer.Create(Options, samples, KernelSet.Scalar);
        while (!trainer.IsFinished)
        {
            trainer.Step();
        }

        DenseLayer[] layers = [.. trainer.ResidentLayers.Select(resident => resident.Layer)];
        using var evaluator = new NetworkEvaluator(new Network(Options, layers), KernelSet.Scalar, 1);
        var coder = new SampleCoder(layers, Options.Alignment, KernelSet.Scalar);
        var confusion = new int[coder.Classes * coder.Classes];
        var features = new float[12];
        for (int i = 0; i < samples.Count; i++)
        {
            int label = samples.Read(i, features);
            confusion[(label * coder.Classes) + coder.Classify(features)]++;
        }

        Assert.That(confusion, Is.EqualTo(evaluator.Evaluate(samples).Confusion!.SelectMany(row => row)));
        Assert.That(confusion.Count(count => count > 0), Is.GreaterThan(3), "more than one class is named");
    }

    [Test]
    public void Classify_WithoutLabels_NamesNone()
    {
        var coder = new SampleCoder([new DenseLayer(new LayerSpec(2, 3, Activation.Tanh))], Options.Alignment, KernelSet.Scalar);
        Assert.That(coder.Classes, Is.Zero);
        Assert.That(coder.Classify([1, 2]), Is.EqualTo(-1));
    }
}
