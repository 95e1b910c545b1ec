using System;
using System.Linq;
using FeatureAlignment.Alignment;
using FeatureAlignment.Checkpoints;
using FeatureAlignment.Evaluation;
using FeatureAlignment.Kernels;
using FeatureAlignment.Layers;
using FeatureAlignment.Tests.Support;
using FeatureAlignment.Training;
using NUnit.Framework;

namespace FeatureAlignment.Tests.Evaluation;

[TestFixture]
public sealed class StreamedEvaluatorTests
{
    // Both add the same single-precision products, in blocks of other sizes.
    private const double SumTolerance = 1e-5;

    // Wider than one block of rows, and than two; not multiples of one.
    private static readonly TrainingOptions Options = new() { Layers = [40, 70, 9], Batch = 4, Seed = 5, Epochs = 2 };

    [Test]
    public void Evaluate_AWholeTraining_CountsWhatNetworkEvaluatorCounts(
        [Values(1, 7, 32)] int window, [Values(-1, 0, 8)] int rowsInMemory,
        [ValueSource(typeof(KernelForms), nameof(KernelForms.Chosen))] string form)
    {
        KernelSet kernels = KernelForms.Get(form);
        TrainingOptions options = rowsInMemory < 0
            ? Options
            : Options with { Schedule = LayerSchedule.Layerwise, RowsInMemory = rowsInMemory, InitialWeights = InitialWeights.He };
        var samples = new RandomSamples(101, 12, 3);
        using var checkpoints = new TrainingCheckpoints(
            new CheckpointStore(FolderStorage.OpenExisting(TestFolder.New())), options, samples.Inputs, samples.Classes);
        using Trainer trainer = Trainer.Create(options, samples, kernels, checkpoints);
        while (!trainer.IsFinished)
        {
            trainer.Step();
        }

        checkpoints.Save(trainer);
        using var evaluator = new NetworkEvaluator(checkpoints.LoadNetwork()!, kernels, 1);
        EvaluationResult expected = evaluator.Evaluate(samples);

        var weights = new TrainerLayers(trainer, checkpoints);
        var streamed = new StreamedEvaluator(trainer.LayerSpecs, options.Alignment, kernels, window);
        var tally = new EvaluationTally(trainer.LayerSpecs);
        for (int first = 0; first < samples.Count; first += window)
        {
            streamed.Evaluate(weights, samples, first, Math.Min(window, samples.Count - first), tally, weights.Count);
        }

        Assert.Multiple(() =>
        {
            Assert.That(tally.Samples, Is.EqualTo(101));
            Assert.That(tally.Accuracy, Is.EqualTo(expected.Accuracy));
            Assert.That(tally.Confusion.ToArray(), Is.EqualTo(expected.Confusion!.SelectMany(row => row)));
            for (int layer = 0; layer < 3; layer++)
            {
                Assert.That(tally.LayerAccuracy(layer), Is.EqualTo(expected.LayerAccuracies[layer]));
                Assert.That(tally.ReconstructionMse(layer), Is.EqualTo(expected.ReconstructionMse[layer]).Within(SumTolerance));
            }
        });
    }

    [Test]
    public void Evaluate_InTheMiddleOfALayerInStorage_ChangesNothing()
    {
        TrainingOptions options = Options with { Schedule = LayerSchedule.Layerwise, RowsInMemory = 8, InitialWeights = InitialWeights.He };
        var samples = new RandomSamples(40, 12, 3);
        string[] digests = [.. new[] { false, true }.Select(evaluates =>
        {
            using var checkpoints = new TrainingCheckpoints(
                new CheckpointStore(FolderStorage.OpenExisting(TestFolder.New())), options, samples.Inputs, samples.Classes);
            using Trainer trainer = Trainer.Create(options, samples, KernelSet.Best, checkpoints);
            var weights = new TrainerLayers(trainer, checkpoints);
            var streamed = new StreamedEvaluator(trainer.LayerSpecs, options.Alignment, KernelSet.Best, 8);
            var tally = new EvaluationTally(trainer.LayerSpecs);
            while (!trainer.IsFinished)
            {
                trainer.Step();
                if (evaluates)
                {
                    streamed.Evaluate(weights, samples, 3, 5, tally, weights.Count);
                }
            }

            return checkpoints.LoadNetwork()!.ComputeDigest();
        })];
        Assert.That(digests[1], Is.EqualTo(digests[0]));
    }

    [Test]
    public void Evaluate_AfterOnce_AllocatesNothing()
    {
        var samples = new RandomSamples(40, 12, 3);
        using Trainer trainer = Trainer.Create(Options, samples, KernelSet.Best);
        trainer.Step();
        var weights = new TrainerLayers(trainer);
        var streamed = new StreamedEvaluator(trainer.LayerSpecs, Options.Alignment, KernelSet.Best, 8);
        var tally = new EvaluationTally(trainer.LayerSpecs);
        streamed.Evaluate(weights, samples, 0, 8, tally, weights.Count);

        long allocated = Allocation.Of(() => streamed.Evaluate(weights, samples, 8, 8, tally, weights.Count));

        Assert.That(allocated, Is.Zero);
    }

    [Test]
    public void Plan_IsWhatTheConstructorAllocates([Values(1, 32)] int window, [Values(12, 784)] int inputs)
    {
        var specs = Options.CreateLayerSpecs(inputs, 3);
        GC.KeepAlive(new StreamedEvaluator(specs, Options.Alignment, KernelSet.Best, window));
        long before = GC.GetAllocatedBytesForCurrentThread();
        GC.KeepAlive(new StreamedEvaluator(specs, Options.Alignment, KernelSet.Best, window));
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        // The rest is the objects' own headers.
        Assert.That(allocated, Is.EqualTo(StreamedEvaluator.Plan(specs, window).Total).Within(1024));
    }

    [Test]
    public void Create_ForAnIteratedRule_IsRefused()
    {
        var options = new AlignmentOptions { Steps = 2 };
        Assert.That(
            () => new StreamedEvaluator(Options.CreateLayerSpecs(4, 2), options, KernelSet.Best, 8),
            Throws.ArgumentException.With.Message.Contains("one feature step"));
    }
}
