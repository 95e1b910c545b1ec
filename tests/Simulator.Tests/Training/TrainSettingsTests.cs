using FeatureAlignment.Alignment;
using FeatureAlignment.Kernels;
using FeatureAlignment.Layers;
using FeatureAlignment.Optimizers;
using FeatureAlignment.Simulator.Training;
using FeatureAlignment.Training;
using NUnit.Framework;

namespace FeatureAlignment.Simulator.Tests.Training;

[TestFixture]
internal sealed class TrainSettingsTests
{
    [Test]
    public void ToTrainingOptions_TakesEverySetting()
    {
        TrainSettings settings = new()
        {
            Layers = [7, 5],
            Activation = Activation.Asinh,
            Labels = LabelMode.Clamped,
            Schedule = LayerSchedule.Layerwise,
            Epochs = 9,
            Batch = 11,
            Optimizer = OptimizerKind.Momentum,
            LearningRate = 0.003f,
            Decay = LearningRateDecay.Cosine,
            AlignmentWeight = 0.5f,
            LabelWeight = 0.75f,
            Steps = 3,
            StepSize = 0.25f,
            Guess = InputGuess.Random,
            DropPixels = 0.125f,
            Seed = ulong.MaxValue,
            Threads = 3,
            InitialWeights = InitialWeights.He,
            RowsInMemory = 16,
        };

        TrainingOptions options = settings.ToTrainingOptions(trainingCount: 100);

        Assert.That(options, Is.EqualTo(new TrainingOptions
        {
            Layers = settings.Layers,
            Activation = Activation.Asinh,
            Labels = LabelMode.Clamped,
            Schedule = LayerSchedule.Layerwise,
            Epochs = 9,
            Batch = 11,
            Optimizer = OptimizerKind.Momentum,
            LearningRate = new LearningRateSchedule(0.003f, LearningRateDecay.Cosine),
            Alignment = new AlignmentOptions
            {
                AlignmentWeight = 0.5f,
                LabelWeight = 0.75f,
                Steps = 3,
                StepSize = 0.25f,
                Guess = InputGuess.Random,
            },
            InitialWeights = InitialWeights.He,
            RowsInMemory = 16,
            DropPixels = 0.125f,
            Seed = ulong.MaxValue,
            Threads = 3,
        }));
    }

    [Test]
    public void ToTrainingOptions_FewerSamplesThanABatch_ReservesNoMore() =>
        Assert.That(TrainPresets.Accurate.ToTrainingOptions(trainingCount: 50).Batch, Is.EqualTo(50));

    [Test]
    public void ToTrainingOptions_SingleSamples_TakesOneThreadUnlessAsked()
    {
        Assert.That(TrainPresets.Board.ToTrainingOptions(1000).Threads, Is.EqualTo(1));
        Assert.That((TrainPresets.Board with { Threads = 4 }).ToTrainingOptions(1000).Threads, Is.EqualTo(4));
    }

    [TestCase(LearningRule.Alignment, Activation.Tanh, 4)]
    [TestCase(LearningRule.Alignment, Activation.Relu, 1)]
    [TestCase(LearningRule.Backpropagation, Activation.Tanh, 1)]
    public void ToTrainingOptions_OnlyTanhStartsWithAGain(LearningRule rule, Activation activation, float gain) =>
        Assert.That((TrainPresets.Quick with { Rule = rule, Activation = activation }).ToTrainingOptions(1000).Gain, Is.EqualTo(gain));

    [Test]
    public void Kernels_Scalar_AreTheBoards() =>
        Assert.That((TrainPresets.Quick with { Kernels = KernelForm.Scalar }).ChooseKernels(), Is.SameAs(KernelSet.Scalar));
}
