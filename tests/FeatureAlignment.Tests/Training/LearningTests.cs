using FeatureAlignment.Alignment;
using FeatureAlignment.Datasets;
using FeatureAlignment.Evaluation;
using FeatureAlignment.Kernels;
using FeatureAlignment.Layers;
using FeatureAlignment.Optimizers;
using FeatureAlignment.Tests.Support;
using FeatureAlignment.Training;
using NUnit.Framework;

namespace FeatureAlignment.Tests.Training;

/// <summary>Real learning on drawn digits: bounds well below what was measured, far above what a broken rule reaches.</summary>
[TestFixture]
public sealed class LearningTests
{
    private const int TrainingCount = 2_000;
    private const ulong Seed = 1;

    private static readonly TrainingOptions Reconstruction = new()
    {
        Layers = [64],
        Seed = Seed,
        Labels = LabelMode.None,
        Activation = Activation.Asinh,
        Batch = 32,
        Epochs = 2,
        Optimizer = OptimizerKind.Adam,
        LearningRate = new LearningRateSchedule(0.002f, LearningRateDecay.Linear),
        Alignment = new AlignmentOptions { AlignmentWeight = 1 },
    };

    private static readonly SyntheticDigits Training = new(Seed, TrainingCount);
    private static readonly SyntheticDigits Test = new(Seed, 500, firstIndex: TrainingCount);

    // Measured: 74.6 %.
    [Test]
    public void Completed_BoardSettings_LearnDigitsInOnePass()
    {
        EvaluationResult result = Train(new TrainingOptions { Layers = [128], Seed = Seed });
        Assert.That(result.Accuracy, Is.GreaterThan(0.65));
    }

    // Measured: 60.8 %.
    [Test]
    public void Clamped_SmallLayer_LearnsMoreThanChance()
    {
        EvaluationResult result = Train(Reconstruction with { Labels = LabelMode.Clamped });
        Assert.That(result.Accuracy, Is.GreaterThan(0.45));
    }

    [Test]
    public void None_ReconstructsBetterThanTheMeanImage()
    {
        EvaluationResult result = Train(Reconstruction);
        Assert.That(result.Accuracy, Is.Null);
        Assert.That(result.ReconstructionMse[0], Is.LessThan(0.5 * MeanImageError()));
    }

    private static EvaluationResult Train(TrainingOptions options)
    {
        using var evaluator = new NetworkEvaluator(TrainingRun.ToEnd(options, Training, KernelSet.Best), KernelSet.Best, 2);
        EvaluationResult result = evaluator.Evaluate(Test);
        TestContext.Out.WriteLine($"accuracy {result.Accuracy:P1}, reconstruction {result.ReconstructionMse[0]:F4}");
        return result;
    }

    /// <summary>Mean squared error of answering every sample with the mean of all: the variance.</summary>
    private static double MeanImageError()
    {
        var sum = new double[Test.Inputs];
        var squares = 0.0;
        var pixels = new float[Test.Inputs];
        for (int i = 0; i < Test.Count; i++)
        {
            Test.Read(i, pixels);
            for (int p = 0; p < pixels.Length; p++)
            {
                sum[p] += pixels[p];
                squares += (double)pixels[p] * pixels[p];
            }
        }

        double ofMean = 0;
        foreach (double one in sum)
        {
            ofMean += one / Test.Count * (one / Test.Count);
        }

        return ((squares / Test.Count) - ofMean) / Test.Inputs;
    }
}
