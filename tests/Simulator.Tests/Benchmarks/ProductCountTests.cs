using FeatureAlignment.Layers;
using FeatureAlignment.Simulator.Benchmarks;
using FeatureAlignment.Training;
using NUnit.Framework;

namespace FeatureAlignment.Simulator.Tests.Benchmarks;

/// <summary>Counted by hand for 7-5-4 and 3 classes.</summary>
public sealed class ProductCountTests
{
    private static readonly LayerSpec[] Layers = [new(7, 5, Activation.Relu, labelInputs: 3), new(5, 4, Activation.Relu, labelInputs: 3)];

    [Test]
    public void Alignment_IsFiveProductsALayerAndThreeWithTheLabel() =>
        Assert.That(
            ProductCount.OfTraining(LearningRule.Alignment, Layers), Is.EqualTo((5 * 35) + (3 * 3 * 5) + (5 * 20) + (3 * 3 * 4)));

    [Test]
    public void Backpropagation_IsThreeProductsALayer_AndTwoInTheFirst()
    {
        LayerSpec[] layers = [new(7, 5, Activation.Relu), new(5, 4, Activation.Relu), new(4, 3, Activation.Identity)];

        Assert.That(ProductCount.OfTraining(LearningRule.Backpropagation, layers), Is.EqualTo((2 * 35) + (3 * 20) + (3 * 12)));
    }

    [Test]
    public void Inference_IsOutputAndReconstructionOfEachLayer_AndTheDecodingBelowTheTop() =>
        Assert.That(ProductCount.OfInference(Layers), Is.EqualTo(35 + 50 + 20 + 32 + 50));

    [TestCase(0, 3)]
    [TestCase(2, 7)]
    public void Traffic_IsThreeForEachWeight_AndTwoForEachRememberedNumber(int statePerParameter, int numbersPerParameter)
    {
        // W, V, b and the label bias: 5 · (7 + 3 + 1) + 3 and 4 · (5 + 3 + 1) + 3.
        const int Parameters = 58 + 39;

        Assert.That(ProductCount.TrafficOfStep(Layers, statePerParameter), Is.EqualTo(4 * numbersPerParameter * Parameters));
    }
}
