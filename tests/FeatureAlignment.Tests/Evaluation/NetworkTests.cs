using System;
using System.IO;
using System.Security.Cryptography;
using FeatureAlignment.Evaluation;
using FeatureAlignment.Layers;
using FeatureAlignment.Training;
using NUnit.Framework;

namespace FeatureAlignment.Tests.Evaluation;

[TestFixture]
public sealed class NetworkTests
{
    [Test]
    public void ComputeDigest_IsSha256OverWeightsBiasLabelWeightsLabelBiasLayerByLayer()
    {
        // W̃ rows hold W, then Vᵀ; the digest takes W [2 x 2], b, V [1 x 2] and the label bias.
        var first = new DenseLayer(new LayerSpec(2, 2, Activation.Tanh, labelInputs: 1));
        new[] { 1f, 2f, 50f, 3f, 4f, 60f }.CopyTo(first.WeightData, 0);
        new[] { 5f, 6f }.CopyTo(first.Bias, 0);
        first.LabelBias[0] = 7;
        var second = new DenseLayer(new LayerSpec(2, 1, Activation.Tanh));
        new[] { 8f, 9f }.CopyTo(second.WeightData, 0);
        second.Bias[0] = 10;

        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        foreach (float value in new[] { 1f, 2f, 3f, 4f, 5f, 6f, 50f, 60f, 7f, 8f, 9f, 10f })
        {
            writer.Write(value);
        }

        string expected = Convert.ToHexString(SHA256.HashData(bytes.ToArray())).ToLowerInvariant();
        Assert.That(new Network(new TrainingOptions(), [first, second]).ComputeDigest(), Is.EqualTo(expected));
    }

    [Test]
    public void Constructor_LayersThatDoNotFit_IsRefused()
    {
        var layer = new DenseLayer(new LayerSpec(2, 3, Activation.Tanh));
        Assert.That(() => new Network(new TrainingOptions(), []), Throws.ArgumentException);
        Assert.That(() => new Network(new TrainingOptions(), [layer, layer]), Throws.ArgumentException.With.Message.Contains("Layer 1"));
    }
}
