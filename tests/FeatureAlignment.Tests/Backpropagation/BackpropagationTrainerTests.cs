using System;
using System.Collections.Generic;
using System.Linq;
using FeatureAlignment.Datasets;
using FeatureAlignment.Evaluation;
using FeatureAlignment.Kernels;
using FeatureAlignment.Layers;
using FeatureAlignment.Optimizers;
using FeatureAlignment.Tests.Support;
using FeatureAlignment.Training;
using NUnit.Framework;

namespace FeatureAlignment.Tests.Backpropagation;

[TestFixture]
public sealed class BackpropagationTrainerTests
{
    private const int Inputs = 4;
    private const int Classes = 3;

    private static readonly string[] Forms = KernelForms.Chosen;

    [Test]
    public void Gradient_OfTwoHiddenLayers_MatchesFiniteDifferences(
        [Values] Activation activation, [Values(1, 7, 33)] int batch, [ValueSource(nameof(Forms))] string form)
    {
        AssertGradientIsRight(new RandomSamples(batch, Inputs, Classes), activation, form);
    }

    [Test]
    public void Gradient_SamplesWithoutLabel_LeavesThemOut([ValueSource(nameof(Forms))] string form)
    {
        var samples = new RandomSamples(5, Inputs, Classes);
        samples.SetLabel(1, -1);
        samples.SetLabel(4, -1);
        AssertGradientIsRight(samples, Activation.Tanh, form);
    }

    [Test]
    public void Training_ExclusiveOr_IsLearned()
    {
        var samples = new InMemoryDataset([0, 0, 0, 1, 1, 0, 1, 1], 2, [0, 1, 1, 0], 2);
        var options = new TrainingOptions
        {
            Rule = LearningRule.Backpropagation,
            Layers = [8],
            Activation = Activation.Tanh,
            Epochs = 300,
            Batch = 4,
            Optimizer = OptimizerKind.Adam,
            LearningRate = new LearningRateSchedule(0.05f, LearningRateDecay.Constant),
            Seed = 1,
        };
        using var evaluator = new NetworkEvaluator(TrainingRun.ToEnd(options, samples, KernelSet.Scalar), KernelSet.Scalar, 1);
        EvaluationResult result = evaluator.Evaluate(samples);
        Assert.That(result.Accuracy, Is.EqualTo(1));
        Assert.That(result.DecodedMse, Is.Null);
        Assert.That(result.ReconstructionMse, Is.Empty);
    }

    /// <summary>One step of plain gradient descent at rate 1 changes every parameter by its downhill gradient.</summary>
    private static void AssertGradientIsRight(RandomSamples samples, Activation activation, string form)
    {
        var options = new TrainingOptions
        {
            Rule = LearningRule.Backpropagation,
            Layers = [6, 5],
            Activation = activation,
            Batch = samples.Count,
            LearningRate = new LearningRateSchedule(1, LearningRateDecay.Constant),
            Seed = 2,
        };
        using Trainer trainer = Trainer.Create(options, samples, KernelForms.Get(form));
        double[][] parameters = Parameters(trainer);
        trainer.Step();
        double[][] after = Parameters(trainer);

        double Loss() => PlainLoss(trainer.LayerSpecs, parameters, samples);
        Assert.That(trainer.LastLosses[^1].Label, Is.EqualTo(Loss()).Within(Tolerance.Reference * Math.Max(1, Loss())));
        for (int i = 0; i < parameters.Length; i++)
        {
            float[] change = after[i].Zip(parameters[i], (late, early) => (float)(late - early)).ToArray();
            double[] gradient = parameters[i].Select((_, p) => PlainAlignment.DownhillDifference(parameters[i], p, Loss)).ToArray();
            Tolerance.AssertClose(change, gradient, $"{(i % 2 == 0 ? "weights" : "bias")} of layer {i / 2}, seed 2");
        }
    }

    private static double[][] Parameters(Trainer trainer) => trainer.ResidentLayers
        .SelectMany(resident => new[] { resident.Layer.WeightData, resident.Layer.Bias })
        .Select(values => values.Select(value => (double)value).ToArray()).ToArray();

    /// <summary>Mean cross-entropy of the softmax over the last layer, sample by sample in double precision.</summary>
    private static double PlainLoss(IReadOnlyList<LayerSpec> specs, double[][] parameters, RandomSamples samples)
    {
        double sum = 0;
        var features = new float[samples.Inputs];
        for (int sample = 0; sample < samples.Count; sample++)
        {
            int label = samples.Read(sample, features);
            double[] h = features.Select(value => (double)value).ToArray();
            for (int l = 0; l < specs.Count; l++)
            {
                double[] weights = parameters[2 * l], bias = parameters[(2 * l) + 1], x = h;
                h = bias.Select((b, j) => PlainActivation.Value(
                    specs[l].Activation, b + x.Select((value, i) => value * weights[(j * x.Length) + i]).Sum())).ToArray();
            }

            sum += label < 0 ? 0 : Math.Log(h.Sum(Math.Exp)) - h[label];
        }

        return sum / samples.Count;
    }
}
