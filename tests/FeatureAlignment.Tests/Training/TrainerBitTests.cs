using System.Collections.Generic;
using System.Linq;
using FeatureAlignment.Alignment;
using FeatureAlignment.Kernels;
using FeatureAlignment.Layers;
using FeatureAlignment.Optimizers;
using FeatureAlignment.Tests.Support;
using FeatureAlignment.Training;
using NUnit.Framework;

namespace FeatureAlignment.Tests.Training;

/// <summary>What must not change a bit of the result: threads, windows, the schedule of a single layer. And what must: the seed.</summary>
[TestFixture]
public sealed class TrainerBitTests
{
    private static readonly RandomSamples Samples = new(203, 23, 4);

    private static readonly string[] Forms = KernelForms.Chosen;

    private static readonly TrainingOptions Options = new()
    {
        Layers = [37, 21],
        Batch = 64,
        Epochs = 2,
        Seed = 5,
        LearningRate = new LearningRateSchedule(0.01f, LearningRateDecay.Cosine),
        Alignment = new AlignmentOptions { AlignmentWeight = 0.3f },
    };

    [Test]
    public void Threads_OfAnyNumber_GiveTheSameBits(
        [Values] OptimizerKind optimizer, [Values(1, 64, 65, 100, 128)] int batch, [ValueSource(nameof(Forms))] string form)
    {
        AssertSameForThreads(Options with { Optimizer = optimizer, Batch = batch }, form);
    }

    [Test]
    public void Threads_WithDroppedPixelsAndRandomGuess_GiveTheSameBits(
        [Values(1, 3)] int steps, [Values(65, 128)] int batch, [ValueSource(nameof(Forms))] string form)
    {
        TrainingOptions options = Options with
        {
            DropPixels = 0.2f,
            Batch = batch,
            Optimizer = OptimizerKind.Adam,
            Alignment = new AlignmentOptions { Guess = InputGuess.Random, Steps = steps, AlignmentWeight = 0.3f, StepSize = 0.2f },
        };
        AssertSameForThreads(options, form);
    }

    [Test]
    public void Threads_OfOtherTrainings_GiveTheSameBits(
        [Values("layerwise", "clamped", "backpropagation")] string kind, [ValueSource(nameof(Forms))] string form)
    {
        TrainingOptions options = kind switch
        {
            "layerwise" => Options with { Schedule = LayerSchedule.Layerwise, DropPixels = 0.2f },
            "clamped" => Options with { Labels = LabelMode.Clamped },
            _ => Options with { Rule = LearningRule.Backpropagation, DropPixels = 0.2f },
        };
        AssertSameForThreads(options, form);
    }

    [Test]
    public void Threads_MoreThanTheWindowHasBatches_GiveTheSameBits([ValueSource(nameof(Forms))] string form)
    {
        // Shares of the frozen layers' window must not get so small that the kernels group their sums otherwise.
        TrainingOptions options = Options with { Schedule = LayerSchedule.Layerwise, FrozenWindow = 64, Epochs = 1 };
        string expected = TrainingRun.Digest(options, Samples, KernelForms.Get(form));
        Assert.That(TrainingRun.Digest(options with { Threads = 9 }, Samples, KernelForms.Get(form)), Is.EqualTo(expected));
    }

    [Test]
    public void FrozenWindow_OfAnySize_GivesTheSameBits(
        [Values(1, 4, 12, 64)] int batch, [Values(0f, 0.25f)] float dropPixels, [ValueSource(nameof(Forms))] string form)
    {
        TrainingOptions options = Options with
        {
            Schedule = LayerSchedule.Layerwise,
            Layers = [17, 70, 9],
            Batch = batch,
            DropPixels = dropPixels,
            Epochs = 1,
        };
        string[] digests = new[] { 0, 1, 24, 100, 1000 }
            .Select(window => TrainingRun.Digest(options with { FrozenWindow = window }, Samples, KernelForms.Get(form))).ToArray();
        Assert.That(digests, Is.All.EqualTo(digests[0]));
    }

    [Test]
    public void Schedules_OfASingleLayer_GiveTheSameBits(
        [Values(1, 64)] int batch, [Values] InputGuess guess, [ValueSource(nameof(Forms))] string form)
    {
        TrainingOptions options = Options with
        {
            Layers = [19],
            Batch = batch,
            DropPixels = 0.2f,
            Alignment = Options.Alignment with { Guess = guess },
            Optimizer = OptimizerKind.Momentum,
        };
        KernelSet kernels = KernelForms.Get(form);
        Assert.That(
            TrainingRun.Digest(options with { Schedule = LayerSchedule.Layerwise }, Samples, kernels),
            Is.EqualTo(TrainingRun.Digest(options, Samples, kernels)));
    }

    private static IEnumerable<TestCaseData> SeededTrainings()
    {
        yield return new TestCaseData(Options).SetArgDisplayNames("alignment");
        yield return new TestCaseData(Options with { Rule = LearningRule.Backpropagation }).SetArgDisplayNames("backpropagation");
        yield return new TestCaseData(Options with { Schedule = LayerSchedule.Layerwise }).SetArgDisplayNames("layerwise");
    }

    [TestCaseSource(nameof(SeededTrainings))]
    public void Seed_TheSameGivesTheSameDigest_AnotherGivesAnother(TrainingOptions options)
    {
        string digest = TrainingRun.Digest(options, Samples, KernelSet.Scalar);
        Assert.That(TrainingRun.Digest(options, Samples, KernelSet.Scalar), Is.EqualTo(digest));
        Assert.That(TrainingRun.Digest(options with { Seed = options.Seed + 1 }, Samples, KernelSet.Scalar), Is.Not.EqualTo(digest));
    }

    [Test]
    public void Settings_ThatMatter_ChangeTheDigest()
    {
        TrainingOptions[] others =
        [
            Options, Options with { DropPixels = 0.2f }, Options with { Alignment = Options.Alignment with { Guess = InputGuess.Random } },
            Options with { Alignment = Options.Alignment with { Steps = 2 } }, Options with { Optimizer = OptimizerKind.Adam },
            Options with { Schedule = LayerSchedule.Layerwise }, Options with { InitialWeights = InitialWeights.He },
            Options with { Batch = 63 },
        ];
        Assert.That(others.Select(options => TrainingRun.Digest(options, Samples, KernelSet.Best)), Is.Unique);
    }

    private static void AssertSameForThreads(TrainingOptions options, string form)
    {
        string[] digests = new[] { 1, 2, 3 }
            .Select(threads => TrainingRun.Digest(options with { Threads = threads }, Samples, KernelForms.Get(form))).ToArray();
        Assert.That(digests, Is.All.EqualTo(digests[0]));
    }
}
