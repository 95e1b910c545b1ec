using System.Collections.Generic;
using FeatureAlignment.Alignment;
using FeatureAlignment.Kernels;
using FeatureAlignment.Layers;
using FeatureAlignment.Optimizers;
using FeatureAlignment.Tests.Support;
using FeatureAlignment.Training;
using NUnit.Framework;

namespace FeatureAlignment.Tests.Training;

[TestFixture]
public sealed class TrainerTests
{
    // 10 samples in batches of 4: steps of 4, 4 and 2.
    private static readonly RandomSamples Samples = new(10, 6, 3);

    private static readonly TrainingOptions Options = new() { Layers = [5, 4], Epochs = 2, Batch = 4, Seed = 1 };

    [Test]
    public void Position_Interleaved_CountsSamplesEpochsAndSteps()
    {
        using Trainer trainer = Create(Options);
        Assert.That(trainer.TotalSamples, Is.EqualTo(20));
        var taken = new List<int>();
        var positions = new List<TrainingPosition>();
        while (!trainer.IsFinished)
        {
            taken.Add(trainer.Step());
            positions.Add(trainer.Position);
        }

        Assert.That(taken, Is.EqualTo(new[] { 4, 4, 2, 4, 4, 2 }));
        Assert.That(positions, Is.EqualTo(new[]
        {
            At(0, 0, 4, 1, 4), At(0, 0, 8, 2, 8), At(0, 1, 0, 3, 10), At(0, 1, 4, 4, 14), At(0, 1, 8, 5, 18), At(0, 2, 0, 6, 20),
        }));
    }

    [Test]
    public void Position_Layerwise_StartsAnewForEveryLayer()
    {
        TrainingOptions options = Options with { Schedule = LayerSchedule.Layerwise, Batch = 8 };
        var store = new MemoryLayerStore(options.CreateLayerSpecs(6, 3));
        using Trainer trainer = Trainer.Create(options, Samples, KernelSet.Scalar, store);
        Assert.That(trainer.TotalSamples, Is.EqualTo(40));
        var positions = new List<TrainingPosition>();
        var resident = new List<int>();
        while (!trainer.IsFinished)
        {
            resident.Add(trainer.ResidentLayers[0].Index);
            trainer.Step();
            positions.Add(trainer.Position);
        }

        Assert.That(positions, Is.EqualTo(new[]
        {
            At(0, 0, 8, 1, 8), At(0, 1, 0, 2, 10), At(0, 1, 8, 3, 18), At(1, 0, 0, 0, 20),
            At(1, 0, 8, 1, 28), At(1, 1, 0, 2, 30), At(1, 1, 8, 3, 38), At(2, 0, 0, 0, 40),
        }));
        Assert.That(resident, Is.EqualTo(new[] { 0, 0, 0, 0, 1, 1, 1, 1 }));
        Assert.That(store.Positions, Is.EqualTo(new[] { At(1, 0, 0, 0, 20), At(2, 0, 0, 0, 40) }));
        Assert.That(trainer.ResidentLayers, Is.Empty);
    }

    [Test]
    public void LearningRate_Layerwise_FallsAnewForEveryLayer()
    {
        TrainingOptions options = Options with
        {
            Schedule = LayerSchedule.Layerwise,
            Batch = 10,
            LearningRate = new LearningRateSchedule(0.5f, LearningRateDecay.Linear),
        };
        var store = new MemoryLayerStore(options.CreateLayerSpecs(6, 3));
        using Trainer trainer = Trainer.Create(options, Samples, KernelSet.Scalar, store);
        var rates = new List<float>();
        while (!trainer.IsFinished)
        {
            trainer.Step();
            rates.Add(trainer.LastLearningRate);
        }

        Assert.That(rates, Is.EqualTo(new[] { 0.5f, 0.25f, 0.5f, 0.25f }));
    }

    [Test]
    public void Step_AfterTheEnd_Throws([Values] LayerSchedule schedule)
    {
        TrainingOptions options = Options with { Schedule = schedule };
        using Trainer trainer = Create(options);
        while (!trainer.IsFinished)
        {
            trainer.Step();
        }

        Assert.That(trainer.Step, Throws.InvalidOperationException);
    }

    [Test]
    public void Create_LayerwiseWithoutStore_IsRefused()
    {
        TrainingOptions options = Options with { Schedule = LayerSchedule.Layerwise };
        Assert.That(() => Trainer.Create(options, Samples, KernelSet.Scalar), Throws.ArgumentException.With.Message.Contains("store"));
    }

    private static IEnumerable<TestCaseData> BadPositions()
    {
        yield return new TestCaseData(LayerSchedule.Interleaved, At(-1, 0, 0, 0, 0)).SetArgDisplayNames("layer below 0");
        yield return new TestCaseData(LayerSchedule.Interleaved, At(1, 0, 0, 0, 0)).SetArgDisplayNames("layer of an interleaved training");
        yield return new TestCaseData(LayerSchedule.Layerwise, At(3, 0, 0, 0, 60)).SetArgDisplayNames("layer beyond the end");
        yield return new TestCaseData(LayerSchedule.Layerwise, At(2, 1, 0, 3, 50)).SetArgDisplayNames("epoch after the end");
        yield return new TestCaseData(LayerSchedule.Layerwise, At(0, 2, 0, 6, 20)).SetArgDisplayNames("layer that should be frozen");
        yield return new TestCaseData(LayerSchedule.Interleaved, At(0, -1, 0, 0, 0)).SetArgDisplayNames("epoch below 0");
        yield return new TestCaseData(LayerSchedule.Interleaved, At(0, 3, 0, 9, 30)).SetArgDisplayNames("epoch beyond the end");
        yield return new TestCaseData(LayerSchedule.Interleaved, At(0, 2, 4, 7, 24)).SetArgDisplayNames("sample after the end");
        yield return new TestCaseData(LayerSchedule.Interleaved, At(0, 0, -4, 0, 0)).SetArgDisplayNames("sample below 0");
        yield return new TestCaseData(LayerSchedule.Interleaved, At(0, 0, 10, 3, 10)).SetArgDisplayNames("sample beyond the epoch");
        yield return new TestCaseData(LayerSchedule.Interleaved, At(0, 0, 3, 1, 3)).SetArgDisplayNames("sample inside a batch");
        yield return new TestCaseData(LayerSchedule.Interleaved, At(0, 0, 4, 2, 4)).SetArgDisplayNames("step of another batch size");
        yield return new TestCaseData(LayerSchedule.Interleaved, At(0, 1, 0, 3, 11)).SetArgDisplayNames("samples of another data set");
    }

    [TestCaseSource(nameof(BadPositions))]
    public void Restore_PositionOfAnotherTraining_IsRefused(LayerSchedule schedule, TrainingPosition position)
    {
        using Trainer trainer = Create(Options with { Schedule = schedule });
        Assert.That(() => trainer.Restore(position), Throws.ArgumentException.With.Message.Contains("position"));
        Assert.That(trainer.Position, Is.EqualTo(default(TrainingPosition)));
    }

    [Test]
    public void Restore_EveryPositionOfItsOwn_IsAccepted([Values] LayerSchedule schedule)
    {
        using Trainer trainer = Create(Options with { Schedule = schedule }), other = Create(Options with { Schedule = schedule });
        while (!trainer.IsFinished)
        {
            trainer.Step();
            other.Restore(trainer.Position);
            Assert.That(other.Position, Is.EqualTo(trainer.Position));
        }

        Assert.That(other.IsFinished);
    }

    [Test]
    public void Step_NaNSample_StopsWithLayerAndStep([Values] LearningRule rule, [Values("scalar", "best")] string kernels)
    {
        var samples = new RandomSamples(10, 6, 3);
        samples.SetFeature(7, 2, float.NaN);
        using Trainer trainer = Trainer.Create(Options with { Rule = rule, Batch = 1, Epochs = 1 }, samples, KernelForms.Get(kernels));
        int steps = 0;
        var failure = Assert.Throws<NonFiniteLossException>(() =>
        {
            for (; !trainer.IsFinished; steps++)
            {
                trainer.Step();
            }
        });

        Assert.That(failure!.StepNumber, Is.EqualTo(steps + 1));
        Assert.That(failure.LayerIndex, Is.EqualTo(rule == LearningRule.Alignment ? 0 : 2));
        Assert.That(failure.Message, Does.Contain($"layer {failure.LayerIndex + 1}").And.Contains($"step {failure.StepNumber}"));
        Assert.That(trainer.Position.StepIndex, Is.EqualTo(steps), "the failed step does not count");
    }

    [TestCase(LearningRule.Alignment, LayerSchedule.Interleaved)]
    [TestCase(LearningRule.Alignment, LayerSchedule.Layerwise)]
    [TestCase(LearningRule.Backpropagation, LayerSchedule.Interleaved)]
    public void Step_AbsurdLearningRate_StopsInsteadOfGoingOn(LearningRule rule, LayerSchedule schedule)
    {
        TrainingOptions options = Options with
        {
            Rule = rule,
            Schedule = schedule,
            Epochs = 50,
            Batch = 1,
            Activation = Activation.Identity,
            Alignment = new AlignmentOptions { AlignmentWeight = 1 },
            LearningRate = new LearningRateSchedule(1e6f, LearningRateDecay.Constant),
        };
        Assert.That(() => TrainingRun.ToEnd(options, Samples, KernelSet.Best), Throws.TypeOf<NonFiniteLossException>());
    }

    private static Trainer Create(TrainingOptions options) =>
        Trainer.Create(options, Samples, KernelSet.Scalar, new MemoryLayerStore(options.CreateLayerSpecs(Samples.Inputs, Samples.Classes)));

    private static TrainingPosition At(int layer, int epoch, int sample, long step, long seen) => new()
    {
        LayerIndex = layer,
        EpochIndex = epoch,
        SampleIndex = sample,
        StepIndex = step,
        SamplesSeen = seen,
    };

    [Test]
    public void EndPhase_Interleaved_EndsTheTraining()
    {
        var options = new TrainingOptions { Layers = [5], Epochs = 1000 };
        using Trainer trainer = Trainer.Create(options, new RandomSamples(6, 9, 3), KernelSet.Best);
        trainer.Step();
        trainer.EndPhase();
        Assert.That(trainer.IsFinished, Is.True);
        Assert.That(trainer.Position.SamplesSeen, Is.EqualTo(1));
        Assert.That(trainer.EndPhase, Throws.InvalidOperationException);
    }

    [Test]
    public void EndPhase_Layerwise_GoesOnWithTheNextLayer_AndCanBeRestoredThere()
    {
        var samples = new RandomSamples(6, 9, 3);
        var options = new TrainingOptions { Layers = [5, 4], Epochs = 1000, Schedule = LayerSchedule.Layerwise };
        var store = new MemoryLayerStore(options.CreateLayerSpecs(9, 3));
        using Trainer trainer = Trainer.Create(options, samples, KernelSet.Best, store);
        trainer.Step();
        trainer.Step();
        trainer.EndPhase();
        trainer.Step();
        Assert.That(trainer.Position, Is.EqualTo(new TrainingPosition { LayerIndex = 1, SampleIndex = 1, StepIndex = 1, SamplesSeen = 3 }));
        Assert.That(store.Layers[0].Bias, Has.Some.Not.Zero);

        using Trainer resumed = Trainer.Create(options, samples, KernelSet.Best, store);
        resumed.Restore(trainer.Position);
        Assert.That(resumed.Position, Is.EqualTo(trainer.Position));
        Assert.That(
            () => resumed.Restore(trainer.Position with { SamplesSeen = 0 }), Throws.ArgumentException, "fewer than this layer's own");
    }
}
