using System;
using System.Collections.Generic;
using System.Linq;
using FeatureAlignment.Datasets;
using FeatureAlignment.Evaluation;
using FeatureAlignment.Kernels;
using FeatureAlignment.Layers;
using FeatureAlignment.Tests.Support;
using FeatureAlignment.Training;
using NUnit.Framework;

namespace FeatureAlignment.Tests.Evaluation;

/// <summary>
/// Two identity layers small enough to follow by hand, I = 2, O = 2, K = 2, one feature step from zero with η = 1. With σ' = 1 and
/// g = b a layer has s = h − b = W x, hence x̂ = Wᵀ W x and logits = V s + label bias.
/// <code>
/// layer 0: W = I      b = [1, 2]    V = I           label bias = [0, 0]     h = x + [1, 2]    x̂ = x           logits = x
/// layer 1: W = ½ I    b = [0, 0]    V = [[0, 4],    label bias = [1, 0]     h = ½ x'          x̂' = ¼ x'       logits = [2 x'₁ + 1, 2 x'₀]
///                                        [4, 0]]                            of x' = x + [1, 2]
/// decoded: z = ¼ x', then layer 0: s = z − [1, 2], hence ¼ x' − [1, 2]
/// </code>
/// </summary>
[TestFixture]
public sealed class NetworkEvaluatorTests
{
    private const double Rounding = 1e-6;

    /// <summary>
    /// <code>
    /// x         label   logits 0 → class    x'        logits 1 → class    vote: Σ log-softmax; difference of the two logits, added up
    /// [3, 0]    0       [3, 0]   → 0        [4, 2]    [5, 8]   → 1        3 - 3 = 0 → 0 (first of equals)
    /// [0, 3]    1       [0, 3]   → 1        [1, 5]    [11, 2]  → 0        -3 + 9 = 6 → 0
    /// [8, 0]    1       [8, 0]   → 0        [9, 2]    [5, 18]  → 1        8 - 13 = -5 → 1
    /// [1, 4]    0       [1, 4]   → 1        [2, 6]    [13, 4]  → 0        -3 + 9 = 6 → 0
    /// </code>
    /// </summary>
    private static readonly InMemoryDataset Samples = new([3, 0, 0, 3, 8, 0, 1, 4], 2, [0, 1, 1, 0], 2);

    private static readonly string[] Forms = KernelForms.Chosen;

    [Test]
    public void Evaluate_NetworkByHand_CountsWhatItPredicts([ValueSource(nameof(Forms))] string form)
    {
        using var evaluator = new NetworkEvaluator(CreateNetwork(), KernelForms.Get(form), 1);
        EvaluationResult result = evaluator.Evaluate(Samples);

        // The tie of the first sample is left to rounding: leave it out of what is claimed.
        Assert.That(result.Samples, Is.EqualTo(4));
        Assert.That(result.LayerAccuracies, Is.EqualTo(new double?[] { 0.5, 0.5 }));
        Assert.That(result.Confusion![1], Is.EqualTo(new[] { 1, 1 }), "true class 1");
        Assert.That(result.Confusion[0].Sum(), Is.EqualTo(2));
        Assert.That(result.Confusion[0][0], Is.GreaterThanOrEqualTo(1));
        Assert.That(result.Accuracy, Is.EqualTo((result.Confusion[0][0] + result.Confusion[1][1]) / 4.0));
        Assert.That(result.DeadNeurons, Is.EqualTo(new[] { 0, 0 }));
    }

    [Test]
    public void Evaluate_NetworkByHand_MeasuresReconstructions([ValueSource(nameof(Forms))] string form)
    {
        using var evaluator = new NetworkEvaluator(CreateNetwork(), KernelForms.Get(form), 1);
        EvaluationResult result = evaluator.Evaluate(Samples);

        // Layer 1: (¾)² of the mean of x'² = (16 + 4 + 1 + 25 + 81 + 4 + 4 + 36) / 8.
        Assert.That(result.ReconstructionMse[0], Is.Zero.Within(Rounding));
        Assert.That(result.ReconstructionMse[1], Is.EqualTo(0.5625 * 171 / 8).Within(Rounding * 20));

        // x − decoded = x − ¼ (x + [1, 2]) + [1, 2] = ¾ (x + [1, 2]): the same.
        Assert.That(result.DecodedMse, Is.EqualTo(0.5625 * 171 / 8).Within(Rounding * 20));
    }

    [Test]
    public void Predict_NetworkByHand_SumsTheLogProbabilitiesOfAllLayers([ValueSource(nameof(Forms))] string form)
    {
        using var evaluator = new NetworkEvaluator(CreateNetwork(), KernelForms.Get(form), 1);
        Prediction prediction = evaluator.Predict([8, 0]);

        // log-odds of class 0: 8 − 13 = −5.
        Assert.That(prediction.Class, Is.EqualTo(1));
        Assert.That(prediction.Probabilities[0], Is.EqualTo(1 / (1 + Math.Exp(5))).Within(Rounding));
        Assert.That(prediction.Probabilities[1], Is.EqualTo(1 / (1 + Math.Exp(-5))).Within(Rounding));
        Assert.That(prediction.ReconstructionMse, Is.Zero.Within(Rounding));
        Assert.That(prediction.DecodedMse, Is.EqualTo(0.5625 * 85 / 2).Within(Rounding * 30));
    }

    [Test]
    public void Reconstruct_ThroughOneOrAllLayers_DecodesDownAgain([ValueSource(nameof(Forms))] string form)
    {
        using var evaluator = new NetworkEvaluator(CreateNetwork(), KernelForms.Get(form), 1);
        var picture = new float[2];
        evaluator.Reconstruct([3, 6], 1, picture);
        Assert.That(picture, Is.EqualTo(new[] { 3f, 6f }));

        evaluator.Reconstruct([3, 6], 2, picture);
        Assert.That(picture, Is.EqualTo(new[] { (4f / 4) - 1, (8f / 4) - 2 }));
        Assert.That(() => evaluator.Reconstruct([3, 6], 3, picture), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => evaluator.Reconstruct([3], 1, picture), Throws.ArgumentException);
    }

    [Test]
    public void DrawClass_CompletedLabel_DecodesItsRowOfV([ValueSource(nameof(Forms))] string form)
    {
        // Layer 1: h = b + V[k], s = V[k]; x̂' = ½ V[k]; layer 0 takes off its bias. V[0] = [0, 4], V[1] = [4, 0].
        using var evaluator = new NetworkEvaluator(CreateNetwork(), KernelForms.Get(form), 1);
        var picture = new float[2];
        evaluator.DrawClass(0, picture);
        Assert.That(picture, Is.EqualTo(new[] { -1f, 0f }));
        evaluator.DrawClass(1, picture);
        Assert.That(picture, Is.EqualTo(new[] { 1f, -2f }));
        Assert.That(() => evaluator.DrawClass(2, picture), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Clamped_NetworkByHand_PredictsTheLargestClassOutputAndDrawsTheOneHotLabel([ValueSource(nameof(Forms))] string form)
    {
        // Two class neurons and one latent one, identity, b = [1, 0, 0], W = [[1, 0], [0, 1], [2, 2]]: class outputs [x₀ + 1, x₁].
        var layer = new DenseLayer(new LayerSpec(2, 3, Activation.Identity, classOutputs: 2));
        new[] { 1f, 0, 0, 1, 2, 2 }.CopyTo(layer.WeightData, 0);
        layer.Bias[0] = 1;
        var network = new Network(new TrainingOptions { Labels = LabelMode.Clamped }, [layer]);
        using var evaluator = new NetworkEvaluator(network, KernelForms.Get(form), 1);

        Assert.That(evaluator.Predict([2, 2.5f]).Class, Is.Zero);
        Assert.That(evaluator.Predict([2, 3.5f]).Class, Is.EqualTo(1));

        // One-hot of class 1, [0, 1, 0], less b: s = [-1, 1, 0].
        var picture = new float[2];
        evaluator.DrawClass(1, picture);
        Assert.That(picture, Is.EqualTo(new[] { -1f, 1f }));
    }

    [Test]
    public void Evaluate_SamplesWithoutLabel_CountsOnlyTheOthers()
    {
        var samples = new RandomSamples(4, 2, 2);
        samples.SetLabel(0, -1);
        samples.SetLabel(3, -1);
        using var evaluator = new NetworkEvaluator(CreateNetwork(), KernelSet.Scalar, 1);
        EvaluationResult result = evaluator.Evaluate(samples);
        Assert.That(result.Confusion!.Sum(row => row.Sum()), Is.EqualTo(2));
        Assert.That(result.Accuracy * 2, Is.EqualTo(result.Confusion![0][0] + result.Confusion[1][1]));
    }

    [Test]
    public void Evaluate_OnAnyNumberOfThreads_GivesTheSame(
        [Values(1, 7, 128, 130, 300)] int count, [Values("alignment", "backpropagation")] string rule,
        [ValueSource(nameof(Forms))] string form)
    {
        // 130 samples: two are left for the last chunk, which the kernels would sum in another order than a chunk of many.
        var samples = new RandomSamples(count, 19, 3);
        Network network = CreateTrained(samples, rule);
        EvaluationResult[] results = new[] { 1, 2, 3 }.Select(threads => Evaluate(network, samples, form, threads)).ToArray();
        foreach (EvaluationResult result in results)
        {
            Assert.That(result.Accuracy, Is.EqualTo(results[0].Accuracy));
            Assert.That(result.LayerAccuracies, Is.EqualTo(results[0].LayerAccuracies));
            Assert.That(result.Confusion, Is.EqualTo(results[0].Confusion));
            Assert.That(result.ReconstructionMse, Is.EqualTo(results[0].ReconstructionMse));
            Assert.That(result.DecodedMse, Is.EqualTo(results[0].DecodedMse));
            Assert.That(result.DeadNeurons, Is.EqualTo(results[0].DeadNeurons));
        }
    }

    [Test]
    public void Evaluate_InSmallerBatches_GivesTheSame([Values(1, 5, 60)] int batch, [ValueSource(nameof(Forms))] string form)
    {
        var samples = new RandomSamples(60, 19, 3);
        Network network = CreateTrained(samples, "alignment");
        using var evaluator = new NetworkEvaluator(network, KernelForms.Get(form), threads: 2, batch);
        EvaluationResult result = evaluator.Evaluate(samples), expected = Evaluate(network, samples, form, threads: 1);

        Assert.That(result.Confusion, Is.EqualTo(expected.Confusion));
        Assert.That(result.ReconstructionMse, Is.EqualTo(expected.ReconstructionMse).Within(Rounding));
        Assert.That(result.DecodedMse, Is.EqualTo(expected.DecodedMse).Within(Rounding));
    }

    [TestCase(0)]
    [TestCase(129)]
    public void Create_BatchOutOfRange_Throws(int batch) => Assert.That(
        () => new NetworkEvaluator(CreateNetwork(), KernelSet.Scalar, 1, batch),
        Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("from 1 to 128"));

    [Test]
    public void Predict_EverySample_AgreesWithEvaluate(
        [Values("alignment", "backpropagation")] string rule, [ValueSource(nameof(Forms))] string form)
    {
        // The forms may sum single samples in another order than many.
        const double Agreement = 1e-5;
        var samples = new RandomSamples(60, 19, 3);
        Network network = CreateTrained(samples, rule);
        using var evaluator = new NetworkEvaluator(network, KernelForms.Get(form), 1);
        EvaluationResult result = evaluator.Evaluate(samples);
        var features = new float[samples.Inputs];
        var predictions = new List<Prediction>();
        int correct = 0;
        for (int i = 0; i < samples.Count; i++)
        {
            int label = samples.Read(i, features);
            predictions.Add(evaluator.Predict(features));
            correct += predictions[i].Class == label ? 1 : 0;
            Assert.That(predictions[i].Probabilities.Sum(), Is.EqualTo(1).Within(Agreement));
        }

        Assert.That((double)correct / samples.Count, Is.EqualTo(result.Accuracy));
        if (rule == "alignment")
        {
            Assert.That(predictions.Average(one => one.ReconstructionMse), Is.EqualTo(result.ReconstructionMse[0]).Within(Agreement));
            Assert.That(predictions.Average(one => one.DecodedMse), Is.EqualTo(result.DecodedMse).Within(Agreement));
        }
    }

    [Test]
    public void Evaluate_DeadNeurons_AreThoseOfTheSamplesGivenAlone()
    {
        // Backpropagation, relu: the neuron answers to the second feature alone.
        var hidden = new DenseLayer(new LayerSpec(2, 1, Activation.Relu));
        hidden.WeightData[1] = 1;
        var head = new DenseLayer(new LayerSpec(1, 2, Activation.Identity));
        var network = new Network(new TrainingOptions { Rule = LearningRule.Backpropagation }, [hidden, head]);
        using var evaluator = new NetworkEvaluator(network, KernelSet.Scalar, 1);
        Assert.That(evaluator.Evaluate(new InMemoryDataset([0, 1], 2, [0], 2)).DeadNeurons[0], Is.Zero);
        Assert.That(evaluator.Evaluate(new InMemoryDataset([1, 0], 2, [0], 2)).DeadNeurons[0], Is.EqualTo(1));
    }

    [Test]
    public void Evaluator_WhatDoesNotFit_IsRefused()
    {
        using var evaluator = new NetworkEvaluator(CreateNetwork(), KernelSet.Scalar, 1);
        Assert.That(() => evaluator.Evaluate(new RandomSamples(3, 5, 2)), Throws.ArgumentException);
        Assert.That(() => evaluator.Evaluate(new RandomSamples(3, 2, 3)), Throws.ArgumentException);
        Assert.That(() => evaluator.Predict([1, 2, 3]), Throws.ArgumentException);

        Network other = CreateTrained(new RandomSamples(9, 4, 3), "backpropagation");
        using var withoutDecoder = new NetworkEvaluator(other, KernelSet.Scalar, 1);
        Assert.That(() => withoutDecoder.DrawClass(0, new float[4]), Throws.ArgumentException);
        Assert.That(() => withoutDecoder.Reconstruct(new float[4], 1, new float[4]), Throws.ArgumentException);
    }

    private static Network CreateNetwork()
    {
        var first = new DenseLayer(new LayerSpec(2, 2, Activation.Identity, labelInputs: 2));
        new[] { 1f, 0, 1, 0, 0, 1, 0, 1 }.CopyTo(first.WeightData, 0);
        new[] { 1f, 2 }.CopyTo(first.Bias, 0);
        var second = new DenseLayer(new LayerSpec(2, 2, Activation.Identity, labelInputs: 2));
        new[] { 0.5f, 0, 0, 4, 0, 0.5f, 4, 0 }.CopyTo(second.WeightData, 0);
        second.LabelBias[0] = 1;
        return new Network(new TrainingOptions { Layers = [2, 2], Activation = Activation.Identity }, [first, second]);
    }

    private static Network CreateTrained(ISampleSource samples, string rule) => TrainingRun.ToEnd(
        new TrainingOptions
        {
            Layers = [23, 11],
            Batch = 8,
            Rule = rule == "alignment" ? LearningRule.Alignment : LearningRule.Backpropagation,
        },
        samples,
        KernelSet.Scalar);

    private static EvaluationResult Evaluate(Network network, ISampleSource samples, string form, int threads)
    {
        using var evaluator = new NetworkEvaluator(network, KernelForms.Get(form), threads);
        return evaluator.Evaluate(samples);
    }
}
