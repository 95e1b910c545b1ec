using FeatureAlignment.Alignment;
using FeatureAlignment.Checkpoints;
using FeatureAlignment.Kernels;
using FeatureAlignment.Optimizers;
using FeatureAlignment.Tests.Support;
using FeatureAlignment.Training;
using NUnit.Framework;

namespace FeatureAlignment.Tests.Training;

/// <summary>A training that stops after any step and goes on from its checkpoint ends with the bits of one that never stopped.</summary>
[TestFixture]
public sealed class TrainingResumeTests
{
    // 10 samples in batches of 4: the last batch of an epoch is smaller.
    private static readonly RandomSamples Samples = new(10, 7, 3);

    private static readonly string[] Kinds = ["interleaved", "iterated", "clamped", "layerwise", "backpropagation"];

    [Test]
    public void Resume_AfterEveryStep_EndsAsTheUninterruptedRun(
        [ValueSource(nameof(Kinds))] string kind, [Values] OptimizerKind optimizer, [Values("scalar", "best")] string form)
    {
        TrainingOptions options = Options(kind, optimizer);
        KernelSet kernels = KernelForms.Get(form);
        string expected = TrainingRun.Digest(options, Samples, kernels);
        var storage = new FaultyStorage();
        int sessions = 0;
        for (bool finished = false; !finished; sessions++)
        {
            // Nothing but the storage lives on from one session to the next.
            using TrainingCheckpoints checkpoints = Open(storage, options);
            using Trainer trainer = Trainer.Create(options, Samples, kernels, checkpoints);
            Assert.That(checkpoints.Restore(trainer), Is.EqualTo(sessions > 0));
            if (!trainer.IsFinished)
            {
                trainer.Step();
                checkpoints.Save(trainer);
            }

            finished = trainer.IsFinished;
        }

        using TrainingCheckpoints last = Open(storage, options);
        Assert.That(sessions, Is.EqualTo(kind == "layerwise" ? 12 : 6), "one session a step");
        Assert.That(last.LoadNetwork()!.ComputeDigest(), Is.EqualTo(expected));
    }

    [Test]
    public void Resume_FromAnySingleStop_EndsAsTheUninterruptedRun([ValueSource(nameof(Kinds))] string kind)
    {
        TrainingOptions options = Options(kind, OptimizerKind.Adam);
        string expected = TrainingRun.Digest(options, Samples, KernelSet.Best);
        int steps = kind == "layerwise" ? 12 : 6;
        for (int stop = 1; stop < steps; stop++)
        {
            var storage = new FaultyStorage();
            Run(storage, options, stop);
            Run(storage, options, steps - stop);
            using TrainingCheckpoints last = Open(storage, options);
            Assert.That(last.LoadNetwork()!.ComputeDigest(), Is.EqualTo(expected), $"stopped after step {stop}");
        }
    }

    [Test]
    public void Restore_CheckpointOfOtherSettings_IsRefused()
    {
        TrainingOptions options = Options("interleaved", OptimizerKind.Sgd);
        TrainingOptions[] others =
        [
            options with { Seed = 99 }, options with { Rule = LearningRule.Backpropagation }, options with { Layers = [6] },
            options with { Layers = [6, 6] }, options with { Schedule = LayerSchedule.Layerwise },
            options with { Optimizer = OptimizerKind.Adam }, options with { Batch = 3 },
        ];
        var storage = new FaultyStorage();
        Run(storage, options, 1);
        foreach (TrainingOptions other in others)
        {
            using TrainingCheckpoints checkpoints = Open(storage, other);
            using Trainer trainer = Trainer.Create(other, Samples, KernelSet.Scalar, checkpoints);
            Assert.That(() => checkpoints.Restore(trainer), Throws.TypeOf<CheckpointFormatException>(), other.ToString());
        }
    }

    [Test]
    public void Save_ParametersThatAreNotFinite_KeepsTheLastCheckpoint()
    {
        TrainingOptions options = Options("interleaved", OptimizerKind.Sgd);
        var storage = new FaultyStorage();
        Run(storage, options, 2);
        using (TrainingCheckpoints checkpoints = Open(storage, options))
        {
            using Trainer trainer = Trainer.Create(options, Samples, KernelSet.Scalar, checkpoints);
            checkpoints.Restore(trainer);
            trainer.Step();
            trainer.ResidentLayers[1].Layer.Bias[0] = float.NaN;
            Assert.That(() => checkpoints.Save(trainer), Throws.TypeOf<NonFiniteParametersException>());
        }

        using TrainingCheckpoints last = Open(storage, options);
        Assert.That(last.ReadPosition()!.Value.StepIndex, Is.EqualTo(2));
    }

    private static TrainingOptions Options(string kind, OptimizerKind optimizer) => new()
    {
        Layers = [6, 5],
        Epochs = 2,
        Batch = 4,
        Seed = 3,
        Optimizer = optimizer,
        DropPixels = 0.2f,
        LearningRate = new LearningRateSchedule(0.01f, LearningRateDecay.Linear),
        Rule = kind == "backpropagation" ? LearningRule.Backpropagation : LearningRule.Alignment,
        Schedule = kind == "layerwise" ? LayerSchedule.Layerwise : LayerSchedule.Interleaved,
        Labels = kind == "clamped" ? LabelMode.Clamped : LabelMode.Completed,
        Alignment = new AlignmentOptions
        {
            Steps = kind == "iterated" ? 2 : 1,
            Guess = kind == "iterated" ? InputGuess.Random : InputGuess.Zero,
        },
    };

    private static TrainingCheckpoints Open(FaultyStorage storage, TrainingOptions options) =>
        new(new CheckpointStore(storage), options, Samples.Inputs, Samples.Classes);

    private static void Run(FaultyStorage storage, TrainingOptions options, int steps)
    {
        using TrainingCheckpoints checkpoints = Open(storage, options);
        using Trainer trainer = Trainer.Create(options, Samples, KernelSet.Best, checkpoints);
        checkpoints.Restore(trainer);
        for (int step = 0; step < steps; step++)
        {
            trainer.Step();
        }

        checkpoints.Save(trainer);
    }
}
