using System;
using FeatureAlignment.Datasets;
using FeatureAlignment.Device.Detection;
using FeatureAlignment.Device.Sensors;
using FeatureAlignment.Evaluation;
using FeatureAlignment.Kernels;
using FeatureAlignment.Layers;
using FeatureAlignment.Training;
using NUnit.Framework;

namespace FeatureAlignment.Device.Tests.Detection;

[TestFixture]
public sealed class WindowCoderTests
{
    // Two channels of three readings, the second twice the first: a network with one latent value learns that.
    private static Trainer TrainedOnPairs()
    {
        var random = new RandomSource(4);
        var features = new float[2000 * 6];
        for (int i = 0; i < features.Length; i += 6)
        {
            float level = random.NextNormal();
            for (int reading = 0; reading < 3; reading++)
            {
                features[i + reading] = 0.5f * level;
                features[i + 3 + reading] = level;
            }
        }

        var options = new TrainingOptions
        {
            Layers = [1],
            Activation = Activation.Asinh,
            Labels = LabelMode.None,
            Epochs = 10,
            Seed = 1,
            LearningRate = new(0.02f, Optimizers.LearningRateDecay.Linear),
        };
        Trainer trainer = Trainer.Create(options, new InMemoryDataset(features, 6), KernelSet.Scalar);
        while (!trainer.IsFinished)
        {
            trainer.Step();
        }

        return trainer;
    }

    [Test]
    public void Run_WholeWindow_IsWhatTheEvaluatorReconstructs()
    {
        using Trainer trainer = TrainedOnPairs();
        DenseLayer[] layers = [trainer.ResidentLayers[0].Layer];
        var coder = new WindowCoder(layers, trainer.Options.Alignment, KernelSet.Scalar);
        var window = new SensorWindow(2, 3);
        new float[] { 0.1f, 0.2f, 0.3f, -1, 0, 1 }.CopyTo(window.Values, 0);
        coder.Run(window);

        using var evaluator = new NetworkEvaluator(new Network(trainer.Options, layers), KernelSet.Scalar, 1);
        var expected = new float[6];
        evaluator.Reconstruct(window.Values, 1, expected);
        Assert.That(coder.Reconstruction.ToArray(), Is.EqualTo(expected));
    }

    [Test]
    public void Run_AChannelLeftOut_IsCompletedFromTheOther()
    {
        using Trainer trainer = TrainedOnPairs();
        var coder = new WindowCoder([trainer.ResidentLayers[0].Layer], trainer.Options.Alignment, KernelSet.Scalar);
        var window = new SensorWindow(2, 3);
        window.Values.AsSpan(3, 3).Fill(1);
        window.LeaveOut(0, true);
        coder.Run(window);

        // 0.5 is right, 0 is what it started from.
        Assert.That(window.Channel(0).ToArray(), Has.All.InRange(0.3f, 0.6f));
    }
}
